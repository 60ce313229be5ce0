"""Terragrunt's functions, as its documentation describes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.layouts.trees import evaluated

MODULE = {"modules/m/main.tf": 'variable "x" {}\noutput "x" { value = var.x }\n'}
ROOT = {
    "live/root.hcl": "inputs = {\n  of_root = path_relative_to_include()\n  back = path_relative_from_include()\n"
    "  dir = get_terragrunt_dir()\n  parent = get_parent_terragrunt_dir()\n}\n",
    "live/account.hcl": 'locals {\n  name = "production"\n}\n',
    "live/values/list.tfvars": 'names = ["a", "b"]\n',
}


def given(top: Path, expression: str, *, label: str = "root") -> object:
    unit = (
        f'include "{label}" {{\n  path = find_in_parent_folders("root.hcl")\n}}\n'
        'terraform {\n  source = "${get_repo_root()}/modules//m"\n}\n'
        f"inputs = {{\n  x = {expression}\n}}\n"
    )
    found = evaluated(top, {**MODULE, **ROOT, "live/prod/eu/app/terragrunt.hcl": unit})
    return found["live/prod/eu/app"]["variables"]["x"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('find_in_parent_folders("account.hcl")', "{top}/live/account.hcl"),
        ('find_in_parent_folders("values/list.tfvars")', "{top}/live/values/list.tfvars"),
        ('find_in_parent_folders("values")', "{top}/live/values"),
        ('find_in_parent_folders("nowhere.hcl", "fallback")', "fallback"),
        ('find_in_parent_folders("terragrunt.hcl", "none above")', "none above"),
        ("path_relative_to_include()", "prod/eu/app"),
        ('path_relative_to_include("root")', "prod/eu/app"),
        ("path_relative_from_include()", "../../.."),
        ('path_relative_from_include("root")', "../../.."),
        ("get_parent_terragrunt_dir()", "{top}/live"),
        ('get_parent_terragrunt_dir("root")', "{top}/live"),
        ("get_terragrunt_dir()", "{top}/live/prod/eu/app"),
        ("get_original_terragrunt_dir()", "{top}/live/prod/eu/app"),
        ("get_repo_root()", "{top}"),
        ("get_path_from_repo_root()", "live/prod/eu/app"),
        ("get_path_to_repo_root()", "../../../.."),
        ("get_terraform_command()", "plan"),
        ("get_terraform_cli_args()", ["plan"]),
        (
            "get_terraform_commands_that_need_vars()",
            ["apply", "console", "destroy", "import", "plan", "push", "refresh"],
        ),
        ("get_terraform_commands_that_need_input()", ["apply", "import", "init", "plan", "refresh"]),
        ("get_terraform_commands_that_need_parallelism()", ["apply", "plan", "destroy"]),
        ("get_terragrunt_source_cli_flag()", ""),
        ('mark_as_read("/a/b")', "/a/b"),
        ('read_terragrunt_config(find_in_parent_folders("account.hcl")).locals.name', "production"),
        ('read_terragrunt_config("nowhere.hcl", { locals = { name = "default" } }).locals.name', "default"),
        ('try(read_terragrunt_config("nowhere.hcl").locals.name, "caught")', "caught"),
        ('jsondecode(read_tfvars_file("../../../values/list.tfvars")).names', ["a", "b"]),
        ('split("/", path_relative_to_include())[0]', "prod"),
        ("basename(get_terragrunt_dir())", "app"),
        ('startswith(get_path_from_repo_root(), "live/")', True),
        ("deep_merge({ a = [1], b = { c = 1 } }, { a = [2], b = { d = 2 } })", {"a": [1, 2], "b": {"c": 1, "d": 2}}),
    ],
)
def test_functions(tmp_path: Path, expression: str, expected: object) -> None:
    text = expected.replace("{top}", str(tmp_path)) if isinstance(expected, str) else expected
    assert given(tmp_path, expression) == text


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ('get_env("NAME")', '`get_env("NAME")` is read from the environment'),
        ('get_env("NAME", "dev")', '`get_env("NAME", "dev")` is read from the environment'),
        ('run_cmd("echo", "x")', "`run_cmd(…)` is never run"),
        ('sops_decrypt_file("secrets.yaml")', "`sops_decrypt_file(…)` is never run"),
        ("get_aws_account_id()", "asks AWS"),
        ("get_aws_caller_identity_arn()", "is never run"),
        ("get_platform()", "is never run"),
        ('try(get_env("NAME"), "not this")', '`get_env("NAME")` is read from the environment'),
        ('upper(get_env("NAME"))', '`get_env("NAME")` is read from the environment'),
        ('"${get_env("NAME")}-x"', '`get_env("NAME")` is read from the environment'),
    ],
)
def test_what_depends_on_who_runs_it_is_unknown(tmp_path: Path, expression: str, reason: str) -> None:
    said = given(tmp_path, expression)
    assert isinstance(said, dict)
    assert said["unknown"] is True
    assert reason in said["reason"]


def test_an_included_file_is_evaluated_in_the_place_of_the_unit(tmp_path: Path) -> None:
    files = {
        **MODULE,
        **ROOT,
        "live/prod/eu/app/terragrunt.hcl": 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n'
        'terraform {\n  source = "../../../../modules//m"\n}\n',
    }
    variables = evaluated(tmp_path, files)["live/prod/eu/app"]["variables"]
    assert variables == {
        "of_root": "prod/eu/app",
        "back": "../../..",
        "dir": f"{tmp_path}/live/prod/eu/app",
        "parent": f"{tmp_path}/live",
    }


def test_files_are_relative_to_the_file_in_which_they_are_written(tmp_path: Path) -> None:
    files = {
        **MODULE,
        "live/name.txt": "of the root",
        "live/app/name.txt": "of the unit",
        "live/root.hcl": 'inputs = {\n  x = file("name.txt")\n}\n',
        "live/app/terragrunt.hcl": 'include {\n  path = find_in_parent_folders("root.hcl")\n}\n'
        'terraform {\n  source = "../../modules//m"\n}\ninputs = {\n  y = file("name.txt")\n}\n',
    }
    variables = evaluated(tmp_path, files)["live/app"]["variables"]
    assert variables == {"x": "of the root", "y": "of the unit"}


def test_a_read_configuration_counts_paths_from_its_own_place(tmp_path: Path) -> None:
    files = {
        **MODULE,
        "live/shared/common.hcl": "locals {\n  here = get_terragrunt_dir()\n  whose = get_original_terragrunt_dir()\n}\n",
        "live/app/terragrunt.hcl": 'locals {\n  common = read_terragrunt_config("../shared/common.hcl")\n}\n'
        'terraform {\n  source = "../../modules//m"\n}\n'
        "inputs = {\n  here = local.common.locals.here\n  whose = local.common.locals.whose\n}\n",
    }
    variables = evaluated(tmp_path, files)["live/app"]["variables"]
    assert variables == {"here": f"{tmp_path}/live/shared", "whose": f"{tmp_path}/live/app"}
