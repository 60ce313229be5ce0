"""Workspaces of the configuration that a layout makes: the configuration lies over what was found."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Command
from tests.layouts.trees import built, messages, shown, write

UNIT = {
    "live/root.hcl": "",
    "live/terragrunt.stack.hcl": 'unit "a" {\n  source = "../units/a"\n  path = "a"\n  values = { name = "x" }\n}\n',
    "units/a/terragrunt.hcl": 'terraform {\n  source = "/MODULE"\n}\ninputs = { name = values.name }\n',
    "module/main.tf": 'variable "name" {\n  type = string\n}\noutput "name" {\n  value = var.name\n}\n',
}
STACK = {
    "stack/main.tfcomponent.hcl": 'variable "name" {\n  type = string\n}\ncomponent "a" {\n  source = "../module"\n'
    "  inputs = { name = var.name }\n}\n"
    'output "name" {\n  type = string\n  value = component.a.name\n}\n',
    "stack/main.tfdeploy.hcl": "".join(
        f'deployment "{name}" {{\n  inputs = {{ name = "{name}" }}\n}}\n' for name in ("one", "two")
    ),
    "module/main.tf": UNIT["module/main.tf"],
}


def unit_files() -> dict[str, str]:
    return {name: text.replace("/MODULE", "${get_repo_root()}/module") for name, text in UNIT.items()}


def configuration(name: str, rest: str) -> dict[str, str]:
    text = f'account "p" {{\n  kind = "production"\n  workspace "{name}" {{\n    {rest}\n  }}\n}}\n'
    return {"astralint.hcl": text}


def test_a_unit_that_a_stack_makes(tmp_path: Path) -> None:
    files = unit_files() | configuration("chosen", 'path = "live/.terragrunt-stack/a"')
    found = shown(built(tmp_path, files))
    assert {name: (each["account"], each["outputs"]["name"]["value"]) for name, each in found.items()} == {
        "chosen": ("p", "x")
    }


def test_one_deployment_of_a_stack(tmp_path: Path) -> None:
    build = built(tmp_path, STACK | configuration("chosen", 'path = "stack"\n    workspace = "two"'))
    assert {name: each["outputs"]["name"]["value"] for name, each in shown(build).items()} == {
        "chosen": "two",
        "stack/one": "one",
    }
    assert shown(build)["chosen"]["account"] == "p"


def test_a_place_that_no_stack_makes_is_an_error(tmp_path: Path) -> None:
    files = unit_files() | configuration("chosen", 'path = "live/.terragrunt-stack/b"')
    said = messages(built(tmp_path, files))
    assert said == ["workspace `chosen` is in `live/.terragrunt-stack/b`, which is not there and made by no stack"]


def test_what_init_writes_of_made_workspaces_is_read_again(command: Command, tmp_path: Path) -> None:
    for top, files in ((tmp_path / "units", unit_files()), (tmp_path / "stack", STACK)):
        write(top, files)
        before = show(command, top)
        assert command("init", top, "--boundary", top).status == 0
        assert show(command, top) == before
        assert 'workspace "' in (top / "astralint.hcl").read_text()


def show(command: Command, top: Path) -> list[tuple[str, str, str]]:
    found = json.loads(command("show", top, "--boundary", top, "--format", "json").out)["workspaces"]
    return [(each["name"], each["layout"], json.dumps(each["outputs"])) for each in found]
