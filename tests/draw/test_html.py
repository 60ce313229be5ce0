from __future__ import annotations

import base64
import hashlib
import json
import re
import resource
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.draw import DrawOptions, draw, draw_with_notes, html
from astralint.draw.escape import visible
from astralint.draw.reduce import view_of
from tests.draw.names import names
from tests.draw.platforms import generated, hostile, nine_accounts

html5lib = pytest.importorskip("html5lib")
HTML = "{http://www.w3.org/1999/xhtml}"


def parsed(text: str) -> Any:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=True)
    return parser.parse(text)


def shape(root: Any) -> set[tuple[str, ...]]:
    """Each kind of element with the attributes it may have."""
    return {
        (element.tag, name) for element in root.iter() for name in ("", *element.attrib) if isinstance(element.tag, str)
    }


def data_of(root: Any) -> dict[str, Any]:
    (found,) = [element for element in root.iter(HTML + "script") if element.get("id") == "data"]
    result: dict[str, Any] = json.loads(found.text)
    return result


def data_in(text: str) -> dict[str, Any]:
    """The same without parsing the whole page."""
    (encoded,) = re.findall(r'id="data">(.*?)</script>', text)
    result: dict[str, Any] = json.loads(encoded)
    return result


def test_the_page_names_the_hashes_of_its_own_style_and_script_and_nothing_else() -> None:
    text = draw(nine_accounts(), "html", DrawOptions(title="T"))
    root = parsed(text)
    (policy,) = [e.get("content") for e in root.iter(HTML + "meta") if e.get("http-equiv") == "Content-Security-Policy"]
    (style,) = [e.text for e in root.iter(HTML + "style")]
    (script,) = [e.text for e in root.iter(HTML + "script") if e.get("type") is None]

    def digest(content: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() + "'"

    assert policy == (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function|fetch\(|XMLHttp", script
    )
    assert not re.search(r"\b(?:src|href)=|url\((?!#)|https?://(?!www\.w3\.org/2000/svg)", text)


def test_the_data_holds_every_role_and_every_edge_with_both_sides() -> None:
    data = data_of(parsed(draw(nine_accounts(), "html", DrawOptions())))
    assert data["deep"]
    assert sum(edge[6] for edge in data["edges"]) == 66
    boxes = {box["name"]: box for box in data["boxes"]}
    assert [row[0] for row in boxes["email"]["rows"]] == ["hcp_run", "mailer", "security_audit", "terraform", "email"]
    sides = {data["strings"][place[2]] for edge in data["edges"] for place in edge[10]}
    assert sides == {"trust", "identity", "provider"}


def test_at_the_role_level_accounts_are_open_at_first() -> None:
    for level, expected in (("account", False), ("role", True), ("resource", True)):
        data = data_of(parsed(draw(nine_accounts(), "html", DrawOptions(level=level))))
        (box,) = [box for box in data["boxes"] if box["name"] == "production"]
        assert box["open"] is expected


def test_a_thousand_accounts_with_all_their_roles_fit_into_a_page() -> None:
    drawing = draw_with_notes(generated(1000, 20), "html", DrawOptions(title="Large"))
    assert drawing.notes == ()
    assert len(drawing.text.encode()) < 5_000_000
    data = data_in(drawing.text)
    assert data["deep"]
    assert sum(1 for box in data["boxes"] if box["kind"] == "account") == 1001


def test_roles_that_do_not_fit_are_left_out_and_the_page_says_how_to_get_them() -> None:
    drawing = draw_with_notes(generated(1000, 60), "html", DrawOptions(title="Large"))
    assert len(drawing.text.encode()) < 5_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000
    assert "astralint graph --format html --level role --from A --to B" in drawing.notes[0]
    data = data_in(drawing.text)
    assert not data["deep"]
    assert sum(1 for box in data["boxes"] if box["kind"] == "account") == 1001
    (box,) = [box for box in data["boxes"] if box["name"] == "billing-core-production"]
    assert box["command"] == "astralint graph --format html --level role --to billing-core-production -o part.html"
    assert "<code>astralint graph" in drawing.text


@pytest.mark.parametrize(("limit", "said"), [(260_000, "without the lines of code"), (150_000, "are left out")])
def test_what_still_does_not_fit_is_said_and_violations_stay(
    limit: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = generated(300, 20)
    edges = view_of(graph, DrawOptions()).edges
    monkeypatch.setattr(html, "LIMIT", limit)
    drawing = draw_with_notes(graph, "html", DrawOptions())
    data = data_in(drawing.text)
    assert len(json.dumps(data, separators=(",", ":"))) <= limit
    assert any(said in note for note in drawing.notes)
    assert sum(1 for edge in data["edges"] if edge[9]) == sum(1 for edge in edges if edge.findings)


@given(st.lists(names, min_size=2, max_size=6), st.sampled_from(["account", "role", "resource"]))
@settings(max_examples=40, deadline=None)
def test_names_add_neither_elements_nor_attributes(chosen: list[str], level: str) -> None:
    options = DrawOptions(level=level, title=chosen[0], version=chosen[1])
    text = draw(hostile(chosen), "html", options)
    text.encode("utf-8")
    root = parsed(text)
    assert shape(root) <= ALLOWED, shape(root) - ALLOWED
    assert len(list(root.iter(HTML + "script"))) == 2
    (title,) = root.iter(HTML + "title")
    assert title.text == visible(chosen[0] or "Who can become whom").replace("\r", "\n")
    data = data_of(root)
    assert visible(chosen[0]) in {box["name"] for box in data["boxes"]} or not chosen[0]


def _allowed() -> set[tuple[str, ...]]:
    whole = shape(parsed(draw(nine_accounts(), "html", DrawOptions(title="T", version="1", source="account:dns"))))
    inner = shape(parsed(draw(hostile(["plain", "name", "x"]), "html", DrawOptions(level="role"))))
    badge = shape(parsed(draw(nine_accounts(), "html", DrawOptions(level="resource", title="T", version="1"))))
    return whole | inner | badge


ALLOWED = _allowed()
