"""The roles that workspaces act as: providers, backends, remote states, runs of HCP Terraform."""

from __future__ import annotations

from pathlib import Path

import pytest

from astralint.api import ScanOptions, open_session, scan
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


BY_IDS = """
locals {
  spaces = { production = { id = "100000000007", name = "prod" } }
}
data "tfe_workspace_ids" "all" {
  organization = "o"
  names        = NAMES
}
resource "tfe_variable" "role" {
  for_each     = local.spaces
  key          = "TFC_AWS_RUN_ROLE_ARN"
  value        = "arn:aws:iam::${each.value.id}:role/terraform"
  category     = "env"
  workspace_id = data.tfe_workspace_ids.all.ids[KEY]
}
"""
SETS = """
resource "tfe_variable" "role" {
  key             = "TFC_AWS_RUN_ROLE_ARN"
  value           = "arn:aws:iam::100000000007:role/terraform"
  category        = "env"
  variable_set_id = REFERENCE.id
}
resource "tfe_project" "shop" {
  name = "shop"
}
resource "tfe_workspace" "production" {
  name       = "prod"
  project_id = tfe_project.shop.id
}
"""
OWN_SET = 'resource "tfe_variable_set" "aws" {\n  name = "aws"\n%s}\n'
BY_ANY = {
    "ids by name": BY_IDS.replace("NAMES", "[for space in local.spaces : space.name]").replace(
        "KEY", "each.value.name"
    ),
    "ids by pattern": BY_IDS.replace("NAMES", '["*"]').replace("KEY", '"prod"'),
    "workspaces by name": BY_IDS.replace("NAMES", "[]")
    .replace("data.tfe_workspace_ids.all.ids[KEY]", "data.tfe_workspace.each[each.key].id")
    .replace(
        'data "tfe_workspace_ids" "all" {',
        'data "tfe_workspace" "each" {\n  for_each = local.spaces\n  name = each.value.name',
    )
    .replace("  names        = []\n", ""),
    "a map of ids": BY_IDS.replace("NAMES", "[]").replace("data.tfe_workspace_ids.all.ids[KEY]", "local.made[each.key]")
    + "locals {\n  made = { for key, each in tfe_workspace.each : key => each.id }\n}\n"
    + 'resource "tfe_workspace" "each" {\n  for_each = local.spaces\n  name = each.value.name\n}\n',
    "a set for all": SETS.replace("REFERENCE", "tfe_variable_set.aws") + OWN_SET % "  global = true\n",
    "a set with ids": SETS.replace("REFERENCE", "tfe_variable_set.aws")
    + OWN_SET % "  workspace_ids = [tfe_workspace.production.id]\n",
    "a set of a project": SETS.replace("REFERENCE", "tfe_variable_set.aws")
    + OWN_SET % ""
    + 'resource "tfe_project_variable_set" "aws" {\n'
    + "  variable_set_id = tfe_variable_set.aws.id\n  project_id = tfe_project.shop.id\n}\n",
}


@pytest.mark.parametrize("form", BY_ANY)
def test_the_role_of_a_run_tells_the_account(form: str, tmp_path: Path) -> None:
    (tmp_path / "global").mkdir()
    (tmp_path / "global" / "main.tf").write_text(BY_ANY[form], "utf-8")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "main.tf").write_text(CLOUD + 'resource "aws_iam_role" "a" {\n  name = "a"\n}\n', "utf-8")
    platform = open_session([tmp_path], ScanOptions(boundary=tmp_path, jobs=1)).build().platform
    found = [(d.workspace.name, str(d.arn), d.through) for d in platform.trust.deployments]
    assert found == [("shop", "arn:aws:iam::100000000007:role/terraform", "run")]
    account = platform.workspaces["shop"].account
    assert account.number == "100000000007"
    made = next(iter(platform.resources("aws_iam_role")))
    assert (made.account, made["arn"]) == (account, "arn:aws:iam::100000000007:role/a")


def test_roles_of_runs_in_several_accounts_tell_none(tmp_path: Path) -> None:
    other = BY_ANY["a set for all"].replace('"role"', '"plan"').replace("100000000007", "100000000008")
    other = "\n}\n".join(other.split("\n}\n")[:1]) + "\n}\n"
    (tmp_path / "global").mkdir()
    (tmp_path / "global" / "main.tf").write_text(
        BY_ANY["a set for all"] + other.replace("RUN_ROLE", "PLAN_ROLE"), "utf-8"
    )
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "main.tf").write_text(CLOUD, "utf-8")
    platform = open_session([tmp_path], ScanOptions(boundary=tmp_path, jobs=1)).build().platform
    assert len(platform.trust.deployments) == 2
    assert platform.workspaces["shop"].account.number == ""


@pytest.mark.parametrize(
    ("profile", "account"),
    [
        ("acme-production-deploy", "production"),
        ("acme_Production", "production"),
        ("shop", "staging"),
        ("acme-productions", None),
        ("production-to-staging", None),
        ("default", None),
    ],
)
def test_a_profile_is_a_deployment_to_its_account(profile: str, account: str | None, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "main.tf").write_text(f'provider "aws" {{\n  profile = "{profile}"\n}}\n', "utf-8")
    (tmp_path / "astralint.hcl").write_text(
        'account "production" {\n  kind = "production"\n}\n'
        'account "staging" {\n  kind = "staging"\n  profiles = ["shop"]\n}\n'
        'workspace "a" {\n  path = "a"\n}\n',
        "utf-8",
    )
    platform = open_session([tmp_path], ScanOptions(boundary=tmp_path, jobs=1)).build().platform
    found = {(d.node, d.through) for d in platform.trust.deployments}
    assert found == ({(f"account:{account}", "profile")} if account else set())


def test_a_profile_is_no_role_that_somebody_has_to_make(tmp_path: Path) -> None:
    (tmp_path / "production").mkdir()
    (tmp_path / "production" / "main.tf").write_text('provider "aws" {\n  profile = "production"\n}\n', "utf-8")
    (tmp_path / "astralint.hcl").write_text(
        'account "production" {\n  kind = "production"\n  workspace "production" {\n    path = "production"\n  }\n}\n',
        "utf-8",
    )
    report = scan([tmp_path], ScanOptions(boundary=tmp_path, jobs=1, rule_errors=True))
    assert len(report.platform.trust.deployments) == 1
    assert [finding for finding in report.result.findings if finding.rule == "AL111"] == []
