"""Units: the root that Terragrunt would make, and how units depend on each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.layouts.trees import built, evaluated, messages, shown

ROLE = (
    'variable "name" {\n  default = "none"\n}\n'
    'resource "aws_iam_role" "r" {\n  name = var.name\n  assume_role_policy = "{}"\n}\n'
    'output "arn" {\n  value = aws_iam_role.r.arn\n}\n'
)
MODULES = {
    "modules/role/main.tf": ROLE,
    "modules/echo/main.tf": 'variable "x" {\n  default = "default"\n}\noutput "x" {\n  value = var.x\n}\n',
}
ROOT = """
locals {
  account = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
}
remote_state {
  backend  = "s3"
  generate = { path = "backend.tf", if_exists = "overwrite" }
  config = {
    bucket              = "state-${local.account.account_name}"
    key                 = "${path_relative_to_include()}/terraform.tfstate"
    region              = "eu-west-1"
    skip_bucket_versioning = true
  }
}
generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<EOF
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["${local.account.aws_account_id}"]
}
EOF
}
"""
ACCOUNT = 'locals {\n  account_name   = "prod"\n  aws_account_id = "111122223333"\n}\n'
LIVE = {**MODULES, "live/root.hcl": ROOT, "live/prod/account.hcl": ACCOUNT}
INCLUDE = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n'


def unit(module: str, body: str = "") -> str:
    return f'{INCLUDE}terraform {{\n  source = "${{get_repo_root()}}/modules//{module}"\n}}\n{body}'


def test_a_unit_has_its_account_state_and_resources(tmp_path: Path) -> None:
    found = evaluated(tmp_path, {**LIVE, "live/prod/app/terragrunt.hcl": unit("role", 'inputs = { name = "n" }\n')})
    app = found["live/prod/app"]
    assert (app["layout"], app["account"], app["variables"]) == ("terragrunt", "prod", {"name": "n"})
    assert app["state"] == {
        "backend": "s3",
        "bucket": "state-prod",
        "key": "prod/app/terraform.tfstate",
        "region": "eu-west-1",
    }
    assert app["outputs"]["arn"]["value"] == "arn:aws:iam::111122223333:role/n"
    assert app["resources"][0]["region"] == "eu-west-1"


def test_places_in_generated_files_are_where_they_are_written(tmp_path: Path) -> None:
    build = built(tmp_path, {**LIVE, "live/prod/app/terragrunt.hcl": unit("role")})
    (provider,) = build.platform.workspaces["live/prod/app"].result.providers
    assert provider.span is not None
    assert (provider.span.file, provider.span.line) == ("live/root.hcl", 19)


def test_outputs_of_a_dependency(tmp_path: Path) -> None:
    dependency = 'dependency "role" {\n  config_path = "../role"\n  mock_outputs = { arn = "arn:aws:iam::123456789012:role/mock" }\n}\n'
    files = {
        **LIVE,
        "live/prod/role/terragrunt.hcl": unit("role", 'inputs = { name = "n" }\n'),
        "live/prod/app/terragrunt.hcl": unit("echo", dependency + "inputs = { x = dependency.role.outputs.arn }\n"),
    }
    app = evaluated(tmp_path, files)["live/prod/app"]
    assert app["depends_on"] == ["live/prod/role"]
    assert app["outputs"]["x"]["value"] == "arn:aws:iam::111122223333:role/n"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("skip_outputs = true", "gives mocks in place of outputs"),
        ("enabled = false", "gives mocks in place of outputs"),
        ('mock_outputs_merge_strategy_with_state = "shallow"', "has only a mock for it"),
    ],
)
def test_a_mock_is_never_a_value(tmp_path: Path, settings: str, expected: str) -> None:
    dependency = (
        f'dependency "role" {{\n  config_path = "../role"\n  mock_outputs = {{ other = "mock" }}\n  {settings}\n}}\n'
    )
    files = {
        **LIVE,
        "live/prod/role/terragrunt.hcl": unit("role"),
        "live/prod/app/terragrunt.hcl": unit("echo", dependency + "inputs = { x = dependency.role.outputs.other }\n"),
    }
    said = evaluated(tmp_path, files)["live/prod/app"]["variables"]["x"]
    assert said["unknown"] is True
    assert expected in said["reason"]


def test_an_output_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    dependency = 'dependency "role" {\n  config_path = "../role"\n}\n'
    files = {
        **LIVE,
        "live/prod/role/terragrunt.hcl": unit("role"),
        "live/prod/app/terragrunt.hcl": unit("echo", dependency + "inputs = { x = dependency.role.outputs.other }\n"),
    }
    assert any("declares no such output" in message for message in messages(built(tmp_path, files)))


def test_dependencies_that_lead_nowhere_are_said(tmp_path: Path) -> None:
    dependency = 'dependency "vpc" {\n  config_path = "../vpc"\n}\n'
    build = built(tmp_path, {**LIVE, "live/prod/app/terragrunt.hcl": unit("echo", dependency)})
    assert "dependency `vpc` leads to `live/prod/vpc`, where there is no unit" in messages(build)


def test_an_include_that_leads_nowhere_is_said(tmp_path: Path) -> None:
    files = {
        **MODULES,
        "app/terragrunt.hcl": 'include "x" {\n  path = "../x.hcl"\n}\n' + unit("echo").removeprefix(INCLUDE),
    }
    assert "the included file `x.hcl` is not there" in messages(built(tmp_path, files))


def test_the_role_that_terragrunt_assumes_tells_the_account(tmp_path: Path) -> None:
    role = 'iam_role = "arn:aws:iam::444455556666:role/deploy"\n'
    files = {**MODULES, "app/terragrunt.hcl": role + 'terraform {\n  source = "../modules//role"\n}\n'}
    assert evaluated(tmp_path, files)["app"]["account"] == "444455556666"


def test_the_old_root_file_is_no_unit(tmp_path: Path) -> None:
    files = {
        **MODULES,
        "live/terragrunt.hcl": 'inputs = { x = find_in_parent_folders("account.hcl") }\n',
        "live/prod/account.hcl": ACCOUNT,
        "live/prod/app/terragrunt.hcl": 'include {\n  path = find_in_parent_folders()\n}\nterraform {\n  source = "../../../modules//echo"\n}\n',
    }
    build = built(tmp_path, files)
    assert list(build.platform.workspaces) == ["live/prod/app"]
    assert messages(build) == []


@pytest.mark.parametrize(
    "source",
    [
        "git::git@github.com:acme/modules.git//role?ref=v1",
        "git::https://github.com/acme/modules.git//role?ref=v1",
        "github.com/acme/modules//role?ref=v1",
        "tfr:///acme/role/aws?version=1.0.0",
    ],
)
def test_a_remote_source_is_one_blind_spot(tmp_path: Path, source: str) -> None:
    body = f'{INCLUDE}terraform {{\n  source = "{source}"\n}}\ninputs = {{ name = "n" }}\n'
    dependency = 'dependency "role" {\n  config_path = "../role"\n}\ninputs = { x = dependency.role.outputs.arn }\n'
    files = {**LIVE, "live/prod/role/terragrunt.hcl": body, "live/prod/app/terragrunt.hcl": unit("echo", dependency)}
    build = built(tmp_path, files)
    found = shown(build)
    role, app = found["live/prod/role"], found["live/prod/app"]
    assert (role["account"], role["variables"], role["state"]["key"]) == (
        "prod",
        {"name": "n"},
        "prod/role/terraform.tfstate",
    )
    assert app["depends_on"] == ["live/prod/role"]
    assert "is not in the tree" in app["variables"]["x"]["reason"]
    assert build.discovery.layouts[0].undecided == (("its source is not in the tree", 1),)
    assert messages(build) == []


def test_a_remote_source_that_the_configuration_maps(tmp_path: Path) -> None:
    body = f'{INCLUDE}terraform {{\n  source = "git::git@github.com:acme/modules.git//role?ref=v1"\n}}\n'
    files = {
        **LIVE,
        "astralint.hcl": 'module_source "github.com/acme/modules" {\n  directory = "modules"\n}\n',
        "live/prod/app/terragrunt.hcl": body,
    }
    assert evaluated(tmp_path, files)["live/prod/app"]["resources"][0]["address"] == "aws_iam_role.r"


def test_a_source_that_is_not_there_is_said(tmp_path: Path) -> None:
    build = built(tmp_path, {**LIVE, "live/prod/app/terragrunt.hcl": unit("nowhere")})
    assert any("`modules/nowhere`, which is not there" in message for message in messages(build))


CALLER = 'module "m" {\n  source = "../echo"\n}\noutput "x" {\n  value = module.m.x\n}\n'


@pytest.mark.parametrize(("slashes", "reached"), [("//", True), ("/", False)])
def test_only_what_is_copied_is_there(tmp_path: Path, slashes: str, reached: bool) -> None:
    source = f'{INCLUDE}terraform {{\n  source = "${{get_repo_root()}}/modules{slashes}caller"\n}}\n'
    files = {**LIVE, "modules/caller/main.tf": CALLER, "live/prod/app/terragrunt.hcl": source}
    build = built(tmp_path, files)
    assert any("which is all that is copied" in message for message in messages(build)) is not reached
    if reached:
        assert shown(build)["live/prod/app"]["outputs"]["x"]["value"] == "default"


def test_files_of_the_unit_lie_over_those_of_the_module(tmp_path: Path) -> None:
    files = {
        **LIVE,
        "live/prod/app/terragrunt.hcl": unit("echo"),
        "live/prod/app/more.tf": 'output "more" {\n  value = path.module\n}\n',
    }
    assert set(evaluated(tmp_path, files)["live/prod/app"]["outputs"]) == {"x", "more"}


def test_a_unit_without_a_source_runs_in_place(tmp_path: Path) -> None:
    files = {**LIVE, "live/prod/app/terragrunt.hcl": INCLUDE, "live/prod/app/main.tf": ROLE}
    found = evaluated(tmp_path, files)
    assert list(found) == ["live/prod/app"]
    assert found["live/prod/app"]["account"] == "prod"


def test_a_module_that_units_are_made_of_is_no_root_of_its_own(tmp_path: Path) -> None:
    files = {
        **LIVE,
        "modules/role/versions.tf": 'terraform {\n  backend "s3" {}\n}\n',
        "live/prod/app/terragrunt.hcl": unit("role"),
    }
    assert list(evaluated(tmp_path, files)) == ["live/prod/app"]


# --- variables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "given", "expected"),
    [
        ("string", '"text"', "text"),
        ("string", "[1, 2]", "[1,2]"),
        ("string", "{ a = 1 }", '{"a":1}'),
        ("string", "true", "true"),
        ("string", "3", "3"),
        ("", "[1, 2]", "[1,2]"),
        ("", '"text"', "text"),
        ("number", '"3"', 3),
        ("list(string)", '["a"]', ["a"]),
        ("list(string)", '"[\\"a\\"]"', ["a"]),
        ("any", "{ a = [1] }", {"a": [1]}),
        ("map(string)", "{ a = 1 }", {"a": "1"}),
    ],
)
def test_the_declared_type_reads_an_input(tmp_path: Path, type_: str, given: str, expected: object) -> None:
    declared = f"  type = {type_}\n" if type_ else ""
    files = {
        **LIVE,
        "modules/typed/main.tf": f'variable "x" {{\n{declared}}}\noutput "x" {{\n  value = var.x\n}}\n',
        "live/prod/app/terragrunt.hcl": unit("typed", f"inputs = {{ x = {given} }}\n"),
    }
    assert evaluated(tmp_path, files)["live/prod/app"]["outputs"]["x"]["value"] == expected


def test_inputs_that_are_not_declared_or_null_are_passed_over(tmp_path: Path) -> None:
    files = {**LIVE, "live/prod/app/terragrunt.hcl": unit("echo", "inputs = { x = null, other = 1 }\n")}
    build = built(tmp_path, files)
    assert shown(build)["live/prod/app"]["outputs"]["x"]["value"] == "default"
    assert messages(build) == []


@pytest.mark.parametrize(
    ("files", "arguments", "expected"),
    [
        ({"terraform.tfvars": 'x = "file"\n'}, "", "file"),
        ({"z.auto.tfvars": 'x = "auto"\n', "terraform.tfvars": 'x = "file"\n'}, "", "auto"),
        ({"more.tfvars": 'x = "more"\n'}, 'required_var_files = ["${get_terragrunt_dir()}/more.tfvars"]', "more"),
        ({"more.tfvars": 'x = "more"\n'}, 'optional_var_files = ["${get_terragrunt_dir()}/no.tfvars"]', "input"),
        ({}, 'env_vars = { TF_VAR_x = "env" }', "env"),
        ({"a.tfvars": 'x = "a"\n'}, 'arguments = ["-var-file=${get_terragrunt_dir()}/a.tfvars"]', "a"),
        ({}, 'arguments = ["-var", "y=1", "-lock-timeout=20m"]', "input"),
    ],
)
def test_what_beats_inputs(tmp_path: Path, files: dict[str, str], arguments: str, expected: str) -> None:
    extra = (
        'terraform {\n  source = "${get_repo_root()}/modules//echo"\n  extra_arguments "x" {\n'
        f"    commands = get_terraform_commands_that_need_vars()\n    {arguments}\n  }}\n}}\n"
    )
    beside = {f"live/prod/app/{name}": content for name, content in files.items()}
    body = INCLUDE + extra + 'inputs = { x = "input" }\n'
    found = evaluated(tmp_path, {**LIVE, **beside, "live/prod/app/terragrunt.hcl": body})
    assert found["live/prod/app"]["outputs"]["x"]["value"] == expected


def test_a_required_variable_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    extra = (
        'terraform {\n  source = "${get_repo_root()}/modules//echo"\n  extra_arguments "x" {\n'
        '    commands = ["plan"]\n    required_var_files = ["no.tfvars"]\n  }\n}\n'
    )
    build = built(tmp_path, {**LIVE, "live/prod/app/terragrunt.hcl": INCLUDE + extra})
    assert "the variable file `no.tfvars` is not there" in messages(build)


# --- generated files -------------------------------------------------------------------------------------


def test_what_is_not_known_in_a_generated_file_is_unknown_there(tmp_path: Path) -> None:
    generated = (
        'generate "more" {\n  path = "more.tf"\n  if_exists = "overwrite"\n  contents = <<EOF\n'
        'output "quoted" {\n  value = "a-${get_env("NAME")}-b"\n}\n'
        'output "bare" {\n  value = ${get_env("COUNT")}\n}\noutput "known" {\n  value = "$${path.module}"\n}\nEOF\n}\n'
    )
    outputs = evaluated(tmp_path, {**LIVE, "live/prod/app/terragrunt.hcl": unit("echo", generated)})["live/prod/app"]
    assert outputs["outputs"]["known"]["value"] == "."
    assert 'get_env("NAME")' in outputs["outputs"]["quoted"]["reason"]
    assert 'get_env("COUNT")' in outputs["outputs"]["bare"]["reason"]
    assert outputs["variables"] == {}


@pytest.mark.parametrize(
    ("behaviour", "region", "wrong"),
    [
        ("overwrite", "eu-west-1", False),
        ("skip", "us-east-1", False),
        ("overwrite_terragrunt", "eu-west-1", True),
        ("error", "eu-west-1", True),
    ],
)
def test_what_happens_to_a_file_that_is_there(tmp_path: Path, behaviour: str, region: str, wrong: bool) -> None:
    generated = (
        f'generate "provider" {{\n  path = "provider.tf"\n  if_exists = "{behaviour}"\n  contents = <<EOF\n'
        'provider "aws" {\n  region = "eu-west-1"\n}\nEOF\n}\n'
    )
    files = {
        **MODULES,
        "modules/role/provider.tf": 'provider "aws" {\n  region = "us-east-1"\n}\n',
        "app/terragrunt.hcl": unit("role", generated).removeprefix(INCLUDE),
    }
    build = built(tmp_path, files)
    assert shown(build)["app"]["resources"][0]["region"] == region
    assert any("is there already" in message for message in messages(build)) is wrong


def test_a_generated_file_that_does_not_parse_is_said_where_it_is_written(tmp_path: Path) -> None:
    generated = 'generate "x" {\n  path = "x.tf"\n  if_exists = "overwrite"\n  contents = "output {"\n}\n'
    build = built(tmp_path, {**LIVE, "live/prod/app/terragrunt.hcl": unit("echo", generated)})
    (problem,) = [d for d in build.diagnostics if d.code == "syntax-error"]
    assert problem.span is not None
    assert problem.span.file == "live/prod/app/terragrunt.hcl"


# --- hostile trees -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "locals {\n  a = local.b\n  b = local.a\n}\ninputs = { x = local.a }\n",
        'inputs = { x = read_terragrunt_config("terragrunt.hcl").inputs.x }\n',
        'dependency "self" {\n  config_path = "."\n}\ninputs = { x = dependency.self.outputs.x }\n',
        'inputs = { x = file("/etc/passwd") }\n',
        'inputs = { x = read_terragrunt_config("../../../../../etc/x.hcl") }\n',
        'include "self" {\n  path = "terragrunt.hcl"\n}\n',
        "inputs = { x = find_in_parent_folders() }\n",
        "inputs = 1\n",
        'generate "x" {}\n',
        "include {\n",
    ],
)
def test_nothing_brings_it_down(tmp_path: Path, body: str) -> None:
    build = built(tmp_path, {**MODULES, "app/terragrunt.hcl": body + 'terraform {\n  source = "../modules//echo"\n}\n'})
    assert "app" in build.platform.workspaces
