"""The terminal's report as a whole, compared with snapshots (ASTRALINT_UPDATE_SNAPSHOTS=1 writes them)."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest

from astralint.report import render
from astralint.rules.finding import CheckResult, Coverage

from .sample import RESULT, USER, context

SNAPSHOTS = Path(__file__).parent / "snapshots"
CLEAN = CheckResult((), coverage=Coverage(files=3, workspaces=1, resources=2, rules_run=40))
CASES = {
    "plain.txt": (RESULT, {"width": 90}),
    "colour.ansi": (RESULT, {"width": 90, "color": True}),
    "narrow.txt": (CheckResult(RESULT.findings), {"width": 40}),
    "everything.txt": (RESULT, {"show_undecided": True, "show_suppressed": True, "elapsed": 1.25}),
    "clean.txt": (CLEAN, {}),
}


@pytest.mark.parametrize("name", CASES)
def test_snapshot(name: str) -> None:
    result, options = CASES[name]
    output = render(result, "text", context(**options))
    path = SNAPSHOTS / name
    if os.environ.get("ASTRALINT_UPDATE_SNAPSHOTS"):
        path.write_bytes(output.encode())
    assert output == path.read_bytes().decode()


def test_colour_changes_nothing_else() -> None:
    plain = render(RESULT, "text", context())
    coloured = render(RESULT, "text", context(color=True))
    assert "\x1b" not in plain
    assert [row.rstrip() for row in re.sub(r"\x1b\[[\d;]*m", "", coloured).split("\n")] == plain.split("\n")


def test_many_places_are_counted() -> None:
    many = msgspec.structs.replace(USER, evidence=USER.evidence * 40, path=USER.evidence * 60)
    output = render(CheckResult((many,)), "text", context())
    assert "30 further places left out" in output
    assert "70 further steps left out" in output
