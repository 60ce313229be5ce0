"""The roles that workspaces act as: providers, backends, remote states, runs of HCP Terraform."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.tiny import NUMBERS, role, tiny

STATE = f"arn:aws:iam::{NUMBERS['artifact']}:role/state"
BACKEND = {
    "block": 'backend "s3" {\n    bucket = "b"\n    key = "k"\n    assume_role = {\n      role_arn = "ARN"\n    }\n  }',
    "deprecated argument": 'backend "s3" {\n    bucket = "b"\n    key = "k"\n    role_arn = "ARN"\n  }',
}
READ = {
    "map": 'assume_role = { role_arn = "ARN" }',
    "deprecated argument": 'role_arn = "ARN"',
}


def found(platform_directory: Path, **accounts: str) -> set[tuple[str, str, str]]:
    platform = tiny(platform_directory, artifact=role("state"), **accounts)
    return {
        (source, target, data["through"])
        for source, target, data in platform.graph.edges(data=True)
        if data["kind"] == "deploys-as"
    }


@pytest.mark.parametrize("form", BACKEND)
def test_a_backend(form: str, tmp_path: Path) -> None:
    content = "terraform {\n  " + BACKEND[form].replace("ARN", STATE) + "\n}\n"
    edge = ("workspace:production", "resource:artifact/aws_iam_role.state", "backend")
    assert found(tmp_path, production=content) == {edge}


@pytest.mark.parametrize("form", READ)
def test_a_remote_state(form: str, tmp_path: Path) -> None:
    config = f'    bucket = "b"\n    key = "k"\n    region = "eu-west-1"\n    {READ[form].replace("ARN", STATE)}\n'
    content = "".join(
        f'data "terraform_remote_state" "{name}" {{\n  backend = "s3"\n  config = {{\n{config}  }}\n}}\n'
        for name in "ab"
    )
    edge = ("workspace:production", "resource:artifact/aws_iam_role.state", "remote-state")
    assert found(tmp_path, production=content) == {edge}


RUNS = """
resource "tfe_workspace" "production" {
  name = "prod"
}
resource "tfe_variable" "role" {
  key          = "TFC_AWS_RUN_ROLE_ARN"
  value        = "ARN"
  category     = "env"
  workspace_id = tfe_workspace.production.id
}
"""
BY_SET = """
resource "tfe_workspace" "production" {
  name = "prod"
}
resource "tfe_variable_set" "aws" {
  name = "aws"
}
resource "tfe_workspace_variable_set" "production" {
  variable_set_id = tfe_variable_set.aws.id
  workspace_id    = tfe_workspace.production.id
}
resource "tfe_variable" "role" {
  key             = "TFC_AWS_APPLY_ROLE_ARN"
  value           = "ARN"
  category        = "env"
  variable_set_id = tfe_variable_set.aws.id
}
"""
CLOUD = 'terraform {\n  cloud {\n    organization = "o"\n    workspaces {\n      name = "prod"\n    }\n  }\n}\n'


def with_role(content: str) -> str:
    return content.replace('"ARN"', f'"{STATE}"')


@pytest.mark.parametrize("content", [RUNS, BY_SET], ids=["by itself", "by a variable set"])
def test_runs_of_hcp_terraform(content: str, tmp_path: Path) -> None:
    edge = ("workspace:production", "resource:artifact/aws_iam_role.state", "run")
    assert found(tmp_path, management=with_role(content), production=CLOUD) == {edge}


@pytest.mark.parametrize(
    "change",
    [
        ('"TFC_AWS_RUN_ROLE_ARN"', '"AWS_REGION"'),
        ('name = "prod"', 'name = "other"'),
        (f'value        = "{STATE}"', f'value = sensitive("{STATE}")'),
    ],
    ids=["another variable", "another workspace", "a secret"],
)
def test_what_is_no_role_of_a_run(change: tuple[str, str], tmp_path: Path) -> None:
    content = with_role(RUNS)
    assert change[0] in content
    assert found(tmp_path, management=content.replace(*change), production=CLOUD) == set()
