from __future__ import annotations

import re

import pytest

from astralint.draw import DrawOptions, draw
from astralint.draw.escape import cells
from tests.draw.names import NASTY
from tests.draw.platforms import hostile, nine_accounts

COLOR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [24, 40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("level", ["account", "role", "resource"])
def test_the_table_fits_the_terminal(width: int, level: str) -> None:
    text = draw(
        nine_accounts(), "text", DrawOptions(level=level, width=width, title="A title that goes on and on and on")
    )
    assert max(cells(line) for line in text.splitlines()) <= width


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_places_are_never_cut(width: int) -> None:
    text = draw(nine_accounts(), "text", DrawOptions(level="role", width=width))
    joined = re.sub(r"\n\s+", " ", text)
    assert "workspaces/sandbox-karpenter/roles.tf:" in joined
    assert not re.search(r"roles\.tf:?\d*…|workspaces/\S*…", text)


def test_each_edge_says_who_whom_verdict_condition_and_both_places() -> None:
    text = draw(nine_accounts(), "text", DrawOptions(level="role", width=200))
    section = text.split("\nproduction")[1].split("\n\n")[0]
    lines = section.splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith("  artifact / ci_build"))
    assert re.match(
        r"  artifact / ci_build +deploy +conditional +workspaces/production/roles\.tf:\d+ \(trust\)$", lines[at]
    )
    assert re.match(r" +workspaces/artifact/roles\.tf:\d+ \(identity\)$", lines[at + 1])
    assert lines[at + 2] == "    if aws:PrincipalTag/release is approved"


def test_color_changes_nothing_but_color() -> None:
    for width in (50, 120):
        plain = draw(nine_accounts(), "text", DrawOptions(width=width, level="role"))
        colored = draw(nine_accounts(), "text", DrawOptions(width=width, level="role", color=True))
        assert colored != plain
        assert COLOR.sub("", colored) == plain


@pytest.mark.parametrize("name", NASTY)
def test_no_name_reaches_the_terminal_raw(name: str) -> None:
    for width in (40, 120):
        text = draw(hostile([name, "other"]), "text", DrawOptions(level="role", width=width, title=name, version=name))
        assert all(
            character == "\n" or character.isprintable() or character == " " for character in text.replace("\u3000", "")
        )
        text.encode("utf-8")
        assert max(cells(line) for line in text.splitlines()) <= width
