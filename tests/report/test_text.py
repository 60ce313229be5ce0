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
EVERYTHING = {"show_undecided": True, "show_suppressed": True, "elapsed": 1.25}
CASES = {
    "plain.txt": (RESULT, "full", {"width": 90}),
    "colour.ansi": (RESULT, "full", {"width": 90, "color": True}),
    "narrow.txt": (CheckResult(RESULT.findings), "full", {"width": 40}),
    "everything.txt": (RESULT, "full", EVERYTHING),
    "clean.txt": (CLEAN, "text", {}),
    "text-60.txt": (RESULT, "text", {"width": 60}),
    "text-80.txt": (RESULT, "text", {"width": 80}),
    "text-120.txt": (RESULT, "text", {"width": 120}),
    "text-unbroken.txt": (RESULT, "text", {"width": 80, "wrap": False}),
    "text-colour.ansi": (RESULT, "text", {"width": 90, "color": True}),
    "text-everything.txt": (RESULT, "text", EVERYTHING),
    "text-statistics.txt": (RESULT, "text", {"statistics": True}),
    "concise.txt": (RESULT, "concise", {"show_suppressed": True}),
    "concise-statistics.txt": (RESULT, "concise", {"statistics": True}),
}


@pytest.mark.parametrize("name", CASES)
def test_snapshot(name: str) -> None:
    result, format_, options = CASES[name]
    output = render(result, format_, context(**options))
    path = SNAPSHOTS / name
    if os.environ.get("ASTRALINT_UPDATE_SNAPSHOTS"):
        path.write_bytes(output.encode())
    assert output == path.read_bytes().decode()


@pytest.mark.parametrize("format_", ["text", "concise", "full"])
def test_colour_changes_nothing_else(format_: str) -> None:
    plain = render(RESULT, format_, context())
    coloured = render(RESULT, format_, context(color=True))
    assert "\x1b" not in plain
    assert [row.rstrip() for row in re.sub(r"\x1b\[[\d;]*m", "", coloured).split("\n")] == plain.split("\n")


def test_many_places_are_counted() -> None:
    many = msgspec.structs.replace(USER, evidence=USER.evidence * 40, path=USER.evidence * 60)
    output = render(CheckResult((many,)), "full", context())
    assert "30 further places left out" in output
    assert "70 further steps left out" in output


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_row_is_wider_than_the_terminal(width: int) -> None:
    """But for names that can't be broken, and what follows the findings."""
    output = render(CheckResult(RESULT.findings), "text", context(width=width))
    for row in output.partition("\nAnalysed")[0].split("\n"):
        assert len(row) <= width or " " not in row.strip() or "^" in row, row


def test_concise_is_a_line_a_finding() -> None:
    output = render(CheckResult(RESULT.findings), "concise", context()).split("\n")
    rows = [row for row in output if re.match(r".+?:\d+:\d+: AL\d+ (error|warning|note) ", row)]
    assert len(rows) == len(RESULT.findings)


def test_instances_are_listed_when_they_are_asked_for() -> None:
    from astralint.rules.finding import Instance

    each = [msgspec.structs.replace(USER, subject=f"module.a[{n}].aws_iam_user.x") for n in range(5)]
    many = msgspec.structs.replace(USER, instances=tuple(Instance(one, one.primary) for one in each))
    output = render(CheckResult((many,)), "text", context(width=200))
    assert "in 5 instances: `module.a[0].aws_iam_user.x`, " in output
    assert "and 2 more (`--show-instances`)" in output
    assert "module.a[4]" not in output
    assert "module.a[4]" in render(CheckResult((many,)), "text", context(width=200, show_instances=True))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_many_findings_are_shown_with_less_each(width: int) -> None:
    """Until the report can be read: 400 rows where there are fewer findings than that; all of them are named."""
    many = tuple(
        msgspec.structs.replace(USER, rule=f"AL{number // 4:03}", message=f"the user {number} is here. " + "why " * 40)
        for number in range(80)
    )
    output = render(CheckResult(many), "text", context(width=width))
    assert len(output.splitlines()) <= 400
    assert all(f"the user {number} is here" in " ".join(output.split()) for number in range(80))
    assert "--format full" in output
    assert "--format full" not in render(CheckResult(many[:4]), "text", context(width=width))
