"""The documentation says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import write_rule_pages

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_the_pages_of_rules_are_current() -> None:
    assert write_rule_pages.stale() == [], "run python scripts/write_rule_pages.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    broken = [link for link in LINK.findall(text) if "://" not in link and not (page.parent / link).exists()]
    assert broken == []


def test_every_command_of_the_documentation_exists() -> None:
    from astralint.cli.main import COMMANDS

    said = {
        name
        for page in PAGES
        for block in re.findall(r"```(?:sh|console|bash|yaml)\n(.*?)```", page.read_text(), re.DOTALL)
        for name in re.findall(r"(?:^|[\s/$])astralint ([a-z]+(?:-[a-z]+)*)", block)
    }
    assert said
    assert said <= COMMANDS.keys()


def test_before_the_first_release_nothing_is_promised_of_one() -> None:
    if re.search(r"^## \d\S* \(\d{4}-", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE):
        pytest.skip("there is a release")
    promise = re.compile(r"rev: v\d|(?:pip|pipx|uv tool) install (?:-\S+ )*astralint|uvx astralint|astralint==")
    assert [str(page) for page in PAGES if promise.search(page.read_text())] == []
