"""The model platform as a Terragrunt team runs it: the same findings, and the same graph."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from scripts.write_terragrunt_platform import write

from astralint.api import Report, ScanOptions, scan
from tests.cli.conftest import Command

PLATFORMS = Path(__file__).parents[2] / "fixtures" / "platforms"
NAMES = ("astradot", "astradot-drifted")


def said_plainly(text: str) -> str:
    """Return a text without what differs by design: where files are, and how the state of others is read."""
    text = re.sub(r"live/([\w-]+)/main\b", r"\1", text)
    text = re.sub(r"(?:workspaces|roots)/", "", text).replace("data.terraform_remote_state.", "dependency.")
    return re.sub(r"#[0-9a-f]{8}\b", "#", text)


def findings(report: Report) -> list[str]:
    return sorted(
        said_plainly(f"{f.rule} {f.severity} {f.subject} {f.workspace} {f.account} {f.message}")
        for f in report.result.findings
    )


def edges(report: Report) -> list[str]:
    """Return the edges of the whole graph; data sources that read the state of others are dependencies here."""
    return sorted(
        said_plainly(f"{source} -{kind}- {target} {data.get('verdict')}")
        for source, target, kind, data in report.platform.graph.edges(data=True, keys=True)
        if "data.terraform_remote_state." not in source + target
    )


@pytest.mark.parametrize("name", NAMES)
def test_units_of_the_platform_say_the_same(name: str) -> None:
    plain, units = (
        scan([PLATFORMS / each], ScanOptions(jobs=1, boundary=PLATFORMS / each))
        for each in (name, name.replace("astradot", "astradot-terragrunt"))
    )
    assert {each.spec.layout for each in units.platform.workspaces.values()} == {"terragrunt"}
    assert [d.message for d in units.result.diagnostics if d.severity == "error"] == []
    assert findings(units) == findings(plain)
    assert edges(units) == edges(plain)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_committed_is_what_is_made_of_the_model_platform(tmp_path: Path, name: str) -> None:
    target = name.replace("astradot", "astradot-terragrunt")
    write(PLATFORMS / name, tmp_path / target)
    assert contents(tmp_path / target) == contents(PLATFORMS / target), "run scripts/write_terragrunt_platform.py"


def contents(top: Path) -> dict[str, bytes]:
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def test_what_init_writes_gives_the_same_workspaces(command: Command, tmp_path: Path) -> None:
    units = tmp_path / "platform"
    shutil.copytree(PLATFORMS / "astradot-terragrunt", units)
    (units / "astralint.hcl").unlink()
    before = shown(command, units)
    assert command("init", units, "--boundary", units).status == 0
    assert shown(command, units) == before
    assert {layout for _, layout, _ in before} == {"terragrunt"}


def shown(command: Command, path: Path) -> list[Any]:
    found = json.loads(command("show", path, "--boundary", path, "--format", "json").out)["workspaces"]
    return [(each["name"], each["layout"], each["account"]) for each in found]
