"""The model platform as a Terragrunt team would run it: the same findings, and the same graph."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import DRIFTED, MODEL, Command


def as_units(platform: Path, top: Path) -> Path:
    """Copy a platform; each workspace becomes a unit whose module lacks its providers, which are generated."""
    target = top / "platform"
    shutil.copytree(platform, target)
    configuration = target / "astralint.hcl"
    configuration.write_text(re.sub(r'"workspaces/([^"]*)"', r'"live/\1"', configuration.read_text()))
    (target / "root.hcl").write_text("locals {\n  top = get_repo_root()\n}\n")
    for workspace in sorted((target / "workspaces").iterdir()):
        if not (workspace / "providers.tf").is_file():
            continue
        provider = (workspace / "providers.tf").read_text().replace("${", "$${").replace("%{", "%%{")
        (workspace / "providers.tf").unlink()
        unit = target / "live" / workspace.name
        unit.mkdir(parents=True)
        (unit / "terragrunt.hcl").write_text(
            'include "root" {\n  path   = find_in_parent_folders("root.hcl")\n  expose = true\n}\n'
            f'terraform {{\n  source = "${{include.root.locals.top}}//workspaces/{workspace.name}"\n}}\n'
            f'generate "providers" {{\n  path      = "providers.tf"\n  if_exists = "overwrite"\n  contents  = <<EOF\n{provider}EOF\n}}\n'
        )
    return target


def findings(command: Command, path: Path) -> list[Any]:
    report = json.loads(command("check", path, "--boundary", path, "--format", "json").out)
    return sorted(
        [each["rule"], each["severity"], each["subject"], each["workspace"], each["account"], each["message"]]
        for each in report["findings"]
    )


def edges(command: Command, path: Path) -> list[Any]:
    graph = json.loads(command("graph", path, "--boundary", path, "--format", "json").out)
    links = graph.get("links") or graph["edges"]
    return sorted([each["source"], each["target"], each["kind"], str(each.get("verdict"))] for each in links)


@pytest.mark.parametrize("platform", [MODEL, DRIFTED], ids=["model", "drifted"])
def test_units_of_the_platform_say_the_same(command: Command, tmp_path: Path, platform: Path) -> None:
    plain = tmp_path / "plain" / "platform"
    shutil.copytree(platform, plain)
    units = as_units(platform, tmp_path / "units")
    assert findings(command, units) == findings(command, plain)
    assert edges(command, units) == edges(command, plain)


def test_what_init_writes_gives_the_same_workspaces(command: Command, tmp_path: Path) -> None:
    units = as_units(MODEL, tmp_path)
    (units / "astralint.hcl").unlink()
    before = json.loads(command("show", units, "--boundary", units, "--format", "json").out)["workspaces"]
    assert command("init", units, "--boundary", units).status == 0
    after = json.loads(command("show", units, "--boundary", units, "--format", "json").out)["workspaces"]
    assert [(w["name"], w["layout"], w["account"]) for w in before] == [
        (w["name"], w["layout"], w["account"]) for w in after
    ]
    assert {w["layout"] for w in after} == {"terragrunt"}
