"""One small platform as plain roots, as Stacks and for Atmos: the same findings, and the same graph."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from astralint.api import Report, ScanOptions, scan

PLATFORMS = Path(__file__).parents[2] / "fixtures" / "platforms" / "layouts"


@cache
def report(name: str) -> Report:
    return scan([PLATFORMS / name], ScanOptions(jobs=1, boundary=PLATFORMS / name))


def findings(report: Report) -> list[str]:
    return sorted(
        f"{f.rule} {f.severity} {f.subject} {f.workspace} {f.account} {f.message}" for f in report.result.findings
    )


def edges(report: Report) -> list[str]:
    """Return the edges of the whole graph; data sources that read the state of others are only in plain roots."""
    return sorted(
        f"{source} -{kind}- {target} {data.get('verdict')}"
        for source, target, kind, data in report.platform.graph.edges(data=True, keys=True)
        if "data.terraform_remote_state." not in source + target
    )


@pytest.mark.parametrize(("name", "layout"), [("stacks", "stack"), ("atmos", "atmos")])
def test_other_layouts_say_the_same(name: str, layout: str) -> None:
    plain, other = report("plain"), report(name)
    assert {each.spec.layout for each in other.platform.workspaces.values()} == {layout}
    assert [d.message for d in other.result.diagnostics if d.severity == "error"] == []
    assert len(findings(plain)) > 3
    assert findings(other) == findings(plain)
    assert edges(other) == edges(plain)
