"""The page in a real browser: what a person does with it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from astralint.draw import DrawOptions, draw
from tests.draw.names import NASTY
from tests.draw.oracles import absent, mermaid_home
from tests.draw.platforms import generated, hostile, nine_accounts
from tests.draw.relations import every_relation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.oracle
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


class Page:
    """A page in the browser, by what can be seen and done."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, path: Path, *, width: int = 1280, height: int = 800, dark: bool = False) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(path.as_uri())
        assert self.js("return document.documentElement.dataset.ready") == "true"

    def js(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def all(self, selector: str) -> list[Any]:
        return list(self.driver.find_elements("css selector", selector))

    def box(self, name: str) -> Any:
        return next(box for box in self.all("g.box") if box.get_attribute("aria-label").startswith(name))

    def click(self, element: Any) -> None:
        self.js("arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true}))", element)

    def press(self, *keys: str) -> None:
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()

    def focused(self) -> str:
        return str(self.js("return document.activeElement.getAttribute('aria-label') || document.activeElement.id"))

    def panel(self) -> str:
        return str(self.js("const p = document.getElementById('panel'); return p.hidden ? '' : p.innerText"))

    def rows(self, name: str) -> list[str]:
        return [
            row.get_attribute("aria-label").split(", ")[0]
            for row in self.box(name).find_elements("css selector", ".row-item")
        ]

    def wires(self, extra: str = "") -> int:
        return len(self.all(f".wire{extra}"))

    def quiet(self) -> None:
        """Nothing went wrong, and nothing was fetched but the page."""
        assert self.driver.get_log("browser") == []
        requests = [
            json.loads(entry["message"])["message"]["params"]["request"]["url"]
            for entry in self.driver.get_log("performance")
            if '"Network.requestWillBeSent"' in entry["message"]
        ]
        assert len(requests) == 1, requests
        assert requests[0].startswith("file://")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    selenium = pytest.importorskip("selenium.webdriver") if shutil.which("chromium") else None
    driver_path = shutil.which("chromedriver")
    if selenium is None or driver_path is None:
        absent("needs chromium, chromedriver and selenium")
    options = selenium.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = selenium.Chrome(options=options, service=selenium.ChromeService(driver_path))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pages")
    drawings = {
        "nine": draw(nine_accounts(), "html", DrawOptions(title="Astradot")),
        "roles": draw(nine_accounts(), "html", DrawOptions(title="Astradot", level="role")),
        "many": draw(generated(150, 20), "html", DrawOptions(title="Many")),
    }
    for name, text in drawings.items():
        (root / f"{name}.html").write_text(text, "utf-8")
    return root


@pytest.fixture
def page(browser: Any, pages: Path) -> Iterator[Page]:
    found = Page(browser)
    found.open(pages / "nine.html")
    yield found
    found.quiet()


def test_an_account_opens_and_closes(page: Page) -> None:
    assert page.box("production").get_attribute("aria-expanded") == "false"
    before = page.wires()
    page.click(page.box("production"))
    assert page.box("production").get_attribute("aria-expanded") == "true"
    assert {"deploy", "operator", "vendor_metrics"} <= set(page.rows("production"))
    assert page.wires() > before
    assert "Can be assumed by · 10" in page.panel()
    page.click(page.box("production"))
    assert page.rows("production") == []
    assert page.wires() == before


def test_an_edge_shows_verdict_condition_and_both_sides(page: Page) -> None:
    page.click(page.box("production"))
    wire = next(
        wire
        for wire in page.all(".wire")
        if wire.find_element("css selector", "title")
        .get_attribute("textContent")
        .startswith("artifact → production / deploy")
    )
    page.click(wire)
    text = page.panel()
    assert "→ production / deploy" in text
    assert "conditional" in text
    assert "aws:PrincipalTag/release is approved" in text
    assert "Trust policy" in text
    assert "workspaces/production/roles.tf:" in text
    assert "Identity policy" in text
    assert "workspaces/artifact/roles.tf:" in text
    assert page.wires(".chosen") == 1
    assert page.wires(":not(.dim)") == 1


def test_a_half_open_edge_says_which_side_is_missing(page: Page) -> None:
    wire = page.js("return document.querySelector('.wire .edge.half-open').parentNode")
    page.click(wire)
    assert "one side" not in page.panel()
    assert "no identity policy of the caller allows it" in page.panel()


def test_choosing_a_node_lights_all_it_reaches_and_all_that_reach_it(page: Page) -> None:
    page.click(page.box("sandbox-karpenter"))
    dimmed = {box.get_attribute("aria-label").split(",")[0] for box in page.all("g.box.dim")}
    assert dimmed == {"monitoring-vendor", "Not resolved", "production", "email", "management"}
    assert "violates" not in page.panel()
    assert page.wires(".dim") > 0
    page.press("\ue00c")
    assert page.all(".dim") == []


def test_search_finds_roles_in_closed_accounts(page: Page) -> None:
    page.press("/")
    assert page.js("return document.activeElement.id") == "search"
    page.press("vendor_met")
    assert [button.text for button in page.all("#results button")] == ["vendor_metrics\nrole in production"]
    assert [box.get_attribute("aria-label").split(",")[0] for box in page.all("g.box.match")] == ["production"]
    page.press("\ue007")
    assert "vendor_metrics" in page.rows("production")
    assert page.panel().startswith("vendor_metrics")
    assert page.focused() == "vendor_metrics, role, production"
    place = page.js(
        "const r = document.activeElement.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]"
    )
    stage = page.js(
        "const r = document.getElementById('stage').getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]"
    )
    assert stage[0] <= place[0] < place[2] <= stage[2]
    assert stage[1] <= place[1] < place[3] <= stage[3]


def test_search_says_when_nothing_is_found(page: Page) -> None:
    page.press("/", "no such thing")
    assert page.all("#results")[0].text == "Nothing has this name."
    page.press("\ue00c")
    assert page.js("return document.getElementById('results').hidden")


@pytest.mark.parametrize(
    ("selector", "gone"),
    [
        ('[data-filter="allowed"]', ".edge.allowed"),
        ('[data-filter="conditional"]', ".edge.conditional"),
        ('[data-filter="half-open"]', ".edge.half-open"),
        ('[data-filter="kind:service"]', ".edge.quiet"),
    ],
)
def test_the_legend_filters(page: Page, selector: str, gone: str) -> None:
    button = page.all(f".toggle{selector}")[0]
    before = len(page.all(f"#world {gone}"))
    assert before > 0
    button.click()
    assert page.all(f"#world {gone}") == []
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert len(page.all(f"#world {gone}")) == before


def test_only_findings_can_be_shown(page: Page) -> None:
    page.all("#only-findings")[0].click()
    assert page.wires() == 2
    assert len(page.all("#world .edge.violation")) == 2


def test_everything_is_done_with_the_keyboard(page: Page) -> None:
    page.press("\ue004", "\ue004")  # the search field, then the picture
    assert page.js("return document.activeElement.id") == "stage"
    before = page.js("return document.getElementById('world').getAttribute('transform')")
    page.press("\ue014")
    assert page.js("return document.getElementById('world').getAttribute('transform')") != before
    for _ in range(40):
        page.press("\ue004")
        if page.focused().startswith("production"):
            break
    assert page.focused().startswith("production, account")
    page.press("\ue007")
    assert page.box("production").get_attribute("aria-expanded") == "true"
    assert page.focused().startswith("production, account")
    page.press("\ue004")
    assert page.focused().endswith(", role, production")
    page.press(" ")
    assert page.panel().startswith(page.focused().split(",")[0])
    page.press("\ue00c")
    assert page.panel() == ""
    assert page.focused().endswith(", role, production")
    page.press("\ue00c")
    assert page.box("production").get_attribute("aria-expanded") == "false"


def test_edges_are_reached_through_the_panel_and_back(page: Page) -> None:
    page.click(page.box("email"))
    page.all("#panel .item")[0].click()
    assert "Trust policy" in page.panel()
    page.all('#panel [aria-label="Back"]')[0].click()
    assert page.panel().startswith("email")
    page.all('#panel [aria-label="Close"]')[0].click()
    assert page.panel() == ""


def test_the_wheel_zooms_and_dragging_pans_without_choosing(page: Page) -> None:
    from selenium.webdriver import ActionChains

    start = page.js("return document.getElementById('world').getAttribute('transform')")
    page.all("#zoom-in")[0].click()
    zoomed = page.js("return document.getElementById('world').getAttribute('transform')")
    assert zoomed != start
    ActionChains(page.driver).move_to_element(page.box("dns")).click_and_hold().move_by_offset(
        90, 40
    ).release().perform()
    assert page.js("return document.getElementById('world').getAttribute('transform')") != zoomed
    assert page.panel() == ""
    page.all("#zoom-fit")[0].click()
    ActionChains(page.driver).click(page.box("dns")).perform()
    assert page.panel().startswith("dns")


def test_dark_and_light_follow_the_system(browser: Any, pages: Path) -> None:
    page = Page(browser)
    grounds = []
    for dark in (False, True):
        page.open(pages / "nine.html", dark=dark)
        grounds.append(page.js("return getComputedStyle(document.body).backgroundColor"))
        card = page.js("return getComputedStyle(document.querySelector('.card')).fill")
        ink = page.js("return getComputedStyle(document.querySelector('text.name')).fill")
        assert card != ink
    assert grounds == ["rgb(251, 252, 253)", "rgb(16, 21, 29)"]
    page.quiet()


@pytest.mark.parametrize(("width", "height"), [(360, 720), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("name", ["nine", "roles", "many"])
def test_texts_stay_in_their_boxes_and_the_page_in_its_window(
    browser: Any, pages: Path, name: str, width: int, height: int
) -> None:
    page = Page(browser)
    page.open(pages / f"{name}.html", width=width, height=height)
    spill = page.js(
        """return [...document.querySelectorAll('g.box')].flatMap(box => {
             const card = box.querySelector('.card').getBoundingClientRect();
             return [...box.querySelectorAll('text')].filter(text => {
               const area = text.getBoundingClientRect();
               return area.left < card.left || area.right > card.right + 1 || area.top < card.top - 1 || area.bottom > card.bottom + 1;
             }).map(text => text.textContent);
           })"""
    )
    assert spill == []
    assert page.js("return document.documentElement.scrollWidth") <= width
    assert page.js("return document.documentElement.scrollHeight") <= height
    size = page.js("return document.querySelector('text.name').getBoundingClientRect().height")
    assert size > 7
    page.quiet()


def test_the_page_draws_the_same_lines_as_the_still_picture(browser: Any, pages: Path) -> None:
    page = Page(browser)
    page.open(pages / "nine.html")
    text = (pages / "nine.html").read_text("utf-8")
    still = text.split('<g id="world">')[1].split("</svg>")[0]
    assert page.wires() == still.count('class="edge ')
    assert len(page.all("g.box")) == still.count('<g class="box')
    page.quiet()


def test_hostile_names_run_nothing(browser: Any, tmp_path: Path) -> None:
    page = Page(browser)
    for number in range(0, len(NASTY) - 6, 6):
        path = tmp_path / f"{number}.html"
        names = list(NASTY[number : number + 6])
        path.write_text(draw(hostile(names), "html", DrawOptions(level="role", title=names[0])), "utf-8")
        page.open(path)
        for index in range(len(page.all("g.box"))):
            page.click(page.all("g.box")[index])
        for index in range(page.wires()):
            page.click(page.all(".wire")[index])
        page.press("/", "e")
        assert page.js("return document.querySelectorAll('img, iframe, b, a, script:not([id])').length") == 1 + page.js(
            "return document.querySelectorAll('.toggle b').length"
        )
        page.quiet()


def test_mermaid_lays_out_what_is_drawn(browser: Any, tmp_path: Path) -> None:
    script = (mermaid_home() / "node_modules" / "mermaid" / "dist" / "mermaid.min.js").as_uri()
    path = tmp_path / "mermaid.html"
    path.write_text(f'<div id="x"></div><script src="{script}"></script>', "utf-8")
    browser.get(path.as_uri())
    browser.set_script_timeout(60)
    graphs = [
        nine_accounts(),
        hostile(list(NASTY[:20])),
        hostile(list(NASTY[20:40])),
        *(generated(n, 5) for n in (14, 22, 40)),
    ]
    for number, graph in enumerate(graphs):
        for level in ("account", "role", "resource"):
            answer = browser.execute_async_script(
                """const [text, id, done] = arguments;
                mermaid.initialize({startOnLoad: false, securityLevel: 'strict'});
                mermaid.render(id, text).then(({svg}) => {
                  const x = document.getElementById('x');
                  x.innerHTML = svg;
                  const heights = [...x.querySelectorAll('g.cluster > rect')].map(rect => Number(rect.getAttribute('height')));
                  done({collapsed: heights.filter(height => height < 30).length, bad: x.querySelectorAll('script, img, a').length});
                }, error => done({error: String(error)}));""",
                draw(graph, "mermaid", DrawOptions(level=level)),
                f"{level}{number}",
            )
            assert answer == {"collapsed": 0, "bad": 0}


def test_a_district_opens_into_its_accounts_and_they_into_their_roles(browser: Any, pages: Path) -> None:
    page = Page(browser)
    page.open(pages / "many.html")
    boxes = len(page.all("g.box"))
    assert boxes < 25
    page.click(page.box("production"))
    assert len(page.all("g.box")) == boxes + 47
    assert page.box("billing-core-production").find_element("css selector", "text.name").text == "billing-core"
    page.click(page.box("billing-core-production"))
    assert "deploy" in page.rows("billing-core-production")
    page.click(page.box("production"))
    assert len(page.all("g.box")) == boxes
    page.press("/", "fraud-web-staging audit", "\ue007")
    assert page.panel().startswith("audit")
    assert page.box("staging").get_attribute("aria-expanded") == "true"
    assert page.focused() == "audit, role, fraud-web-staging"
    page.quiet()


def test_every_relation_is_filtered_by_its_kind(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "relations.html"
    path.write_text(draw(every_relation(), "html", DrawOptions(level="role")), "utf-8")
    page = Page(browser)
    page.open(path)
    off = [button.get_attribute("data-filter") for button in page.all('.toggle[aria-pressed="false"][data-filter]')]
    assert off == ["kind:can-access", "kind:shared-with"]
    assert "aws_s3_bucket.packages" not in page.rows("artifact")
    assert page.all("#world .edge.access, #world .edge.access-if") == []
    page.all('[data-filter="kind:can-access"]')[0].click()
    assert "aws_s3_bucket.packages" in page.rows("artifact")
    assert len(page.all("#world .edge.access-if")) == 1
    assert len(page.all("#world .edge.access")) == 3
    page.all('[data-filter="kind:teleports-into"]')[0].click()
    titles = [title.get_attribute("textContent") for title in page.all(".wire title")]
    assert not any("teleports into" in title for title in titles)
    assert any(title.endswith(": delegates to") for title in titles)
    wire = next(wire for wire in page.all(".wire") if "deploy → artifact / aws_s3" in wire.get_attribute("textContent"))
    page.click(wire)
    assert "may access: allowed" in page.panel()
    assert "s3:GetObject, s3:ListBucket" in page.panel()
    page.quiet()
