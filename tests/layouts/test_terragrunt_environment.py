"""`get_env`: what the configuration declares, for all units or for each of several workspaces of one."""

from __future__ import annotations

from pathlib import Path

from tests.layouts.trees import built, evaluated, messages

MODULE = {"modules/echo/main.tf": 'variable "x" {\n  default = ""\n}\noutput "x" {\n  value = var.x\n}\n'}
SOURCE = 'terraform {\n  source = "${get_repo_root()}/modules//echo"\n}\n'
ENVIRONMENT = 'inputs = { x = get_env("STAGE", "none") }\n'


def test_what_is_declared_for_the_platform(tmp_path: Path) -> None:
    files = {
        **MODULE,
        "astralint.hcl": 'platform {\n  environment = { STAGE = "dev" }\n}\n',
        "app/terragrunt.hcl": SOURCE + ENVIRONMENT,
    }
    assert evaluated(tmp_path, files)["app"]["variables"] == {"x": "dev"}


def test_several_sets_are_several_workspaces_and_depend_on_their_own(tmp_path: Path) -> None:
    block = 'workspace "{0}-{1}" {{\n  path = "{0}"\n  environment = {{ STAGE = "{1}" }}\n}}\n'
    dependency = 'dependency "base" {\n  config_path = "../base"\n}\ninputs = { x = dependency.base.outputs.x }\n'
    files = {
        **MODULE,
        "astralint.hcl": "".join(block.format(unit, stage) for unit in ("base", "app") for stage in ("dev", "prod")),
        "base/terragrunt.hcl": SOURCE + ENVIRONMENT,
        "app/terragrunt.hcl": SOURCE + dependency,
    }
    found = evaluated(tmp_path, files)
    assert {name: each["variables"]["x"] for name, each in found.items()} == {
        "app-dev": "dev",
        "app-prod": "prod",
        "base-dev": "dev",
        "base-prod": "prod",
    }
    assert found["app-prod"]["depends_on"] == ["base-prod"]


def test_what_is_not_declared_is_noted_once(tmp_path: Path) -> None:
    files = {**MODULE, "a/terragrunt.hcl": SOURCE + ENVIRONMENT, "b/terragrunt.hcl": SOURCE + ENVIRONMENT}
    (said,) = messages(built(tmp_path, files))
    assert said.startswith('`get_env("STAGE", "none")` is read from the environment')
    assert said.endswith("values of 2 units are unknown by it")
