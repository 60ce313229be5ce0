"""The model platform keeps the architecture; the drifted one breaks it exactly where its marks say so.

Both hold whatever the directories, workspaces, accounts, modules and roles are called.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from astralint.api import Report, ScanOptions, open_session, scan
from tests.platforms.renaming import Renaming

PLATFORMS = Path(__file__).parents[2] / "fixtures" / "platforms"
MARK = re.compile(r"# expect: (?P<rules>AL\d{3}(?:, AL\d{3})*)$")
OPTIONS = ScanOptions(jobs=1, rule_errors=True)


@cache
def known_rules() -> frozenset[str]:
    return frozenset(rule.id for rule in open_session([PLATFORMS / "astradot"]).rules().rules)


@pytest.fixture(scope="module", params=["as it is", "renamed"])
def platforms(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("platforms")
    for name in ("astradot", "astradot-drifted"):
        source = PLATFORMS / name
        if request.param == "renamed":
            Renaming(source).copy(source, directory / name)
        else:
            shutil.copytree(source, directory / name)
    return directory


def marks(platform: Path) -> set[tuple[str, int, str]]:
    return {
        (path.relative_to(platform).as_posix(), number, rule)
        for path in platform.rglob("*")
        if path.suffix in {".tf", ".hcl", ".tfvars"}
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (mark := MARK.search(line))
        for rule in mark["rules"].split(", ")
    }


def places(report: Report) -> set[tuple[str, int, str]]:
    return {(f.primary.span.file, f.primary.span.line, f.rule) for f in report.result.findings}


def test_the_model_platform_has_no_findings(platforms: Path) -> None:
    report = scan([platforms / "astradot"], OPTIONS)
    assert report.result.findings == ()
    assert [d.message for d in report.result.diagnostics if d.severity == "error"] == []
    assert report.result.coverage.workspaces == 9
    assert report.result.coverage.remote_state_resolved == report.result.coverage.remote_state_reads == 15


def test_the_drifted_platform_has_the_findings_that_its_marks_expect(platforms: Path) -> None:
    report = scan([platforms / "astradot-drifted"], OPTIONS)
    expected = {mark for mark in marks(platforms / "astradot-drifted") if mark[2] in known_rules()}
    assert len(expected) > 60
    assert places(report) == expected


def test_nothing_has_kept_its_name(tmp_path: Path) -> None:
    source = PLATFORMS / "astradot"
    Renaming(source).copy(source, tmp_path)
    old = {path.name for kind in ("workspaces", "modules") for path in (source / kind).iterdir()}
    assert not old & {path.name for path in tmp_path.rglob("*") if path.is_dir()}
    text = "".join(path.read_text() for path in tmp_path.rglob("*.tf"))
    assert "astradot" not in text
    assert not re.findall(r'workspaces \{\s+name = "(?!q)', text)
    assert not re.findall(r'^module "(?!m)', text, re.MULTILINE)
