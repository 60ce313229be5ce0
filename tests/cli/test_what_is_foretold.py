"""What only an apply makes stands apart from what is planned, and what is known in part is shown so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    path = tmp_path / "accounts" / "production"
    path.mkdir(parents=True)
    return path


def shown(command: Command, root: Path, text: str) -> dict[str, Any]:
    (root / "main.tf").write_text(PROVIDER + text, encoding="utf-8")
    called = command("show", root, "--format", "json")
    assert called.status == 0, called.err
    return json.loads(called.out)["workspaces"][0]  # type: ignore[no-any-return]


def resource(workspace: dict[str, Any], address: str) -> dict[str, Any]:
    return next(each for each in workspace["resources"] if each["address"] == address)


def test_what_is_foretold_and_what_is_made_of_it_are_listed(command: Command, root: Path) -> None:
    workspace = shown(
        command,
        root,
        """
resource "aws_iam_role" "r" {
  name               = "r"
  tags               = { a = "b" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
locals { role = aws_iam_role.r }
resource "aws_iam_role_policy_attachment" "named" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
resource "aws_lambda_permission" "p" {
  action         = "lambda:InvokeFunction"
  function_name  = "f"
  principal      = "s3.amazonaws.com"
  source_arn     = local.role.arn
  source_account = length(aws_iam_role.r.arn) > 0 ? local.role.name : ""
}
resource "terraform_data" "d" { input = 1 }
""",
    )
    role = resource(workspace, "aws_iam_role.r")
    assert set(role["predicted"]) >= {"id"}
    assert "tags_all" not in role["predicted"]
    assert role["values"]["tags_all"] == {"a": "b"}
    attachment = resource(workspace, "aws_iam_role_policy_attachment.named")
    assert "role" not in attachment["predicted"]
    assert resource(workspace, "terraform_data.d")["predicted"] == ["output"]


def test_outputs_that_are_known_in_part(command: Command, root: Path) -> None:
    workspace = shown(
        command,
        root,
        """
resource "aws_instance" "i" {
  ami           = "ami-1"
  instance_type = "t3.micro"
}
output "object" { value = { id = aws_instance.i.private_ip, size = "t3.micro" } }
output "list" { value = ["a", aws_instance.i.private_ip] }
output "whole" { value = aws_instance.i.private_ip }
output "blocks" { value = length(aws_instance.i.root_block_device) }
""",
    )
    outputs = workspace["outputs"]
    assert outputs["object"]["value"] == {"size": "t3.micro"}
    assert outputs["object"]["unknown"] == ["id"]
    assert outputs["list"]["value"] == ["a", None]
    assert outputs["list"]["unknown"] == ["[1]"]
    assert outputs["whole"]["unknown"] is True
    assert outputs["blocks"]["unknown"] is True


def test_objects_of_other_providers_may_have_more(command: Command, root: Path) -> None:
    workspace = shown(
        command,
        root,
        """
resource "render_postgres" "db" {
  name          = "db"
  plan          = null
  read_replicas = [{ name = "one" }]
}
output "replica" { value = render_postgres.db.read_replicas[0].id }
output "name" { value = render_postgres.db.read_replicas[0].name }
output "plan" { value = render_postgres.db.plan }
""",
    )
    assert workspace["outputs"]["replica"]["unknown"] is True
    assert workspace["outputs"]["plan"]["unknown"] is True
    assert workspace["outputs"]["name"]["value"] == "one"


def test_state_files_are_read(command: Command, root: Path) -> None:
    state = {
        "version": 4,
        "outputs": {
            "vpc": {"value": {"id": "vpc-1", "size": 1.5}, "type": ["object", {"id": "string", "size": "number"}]},
            "secret": {"value": "x", "type": "string", "sensitive": True},
        },
    }
    (root / "network.json").write_text(json.dumps(state), encoding="utf-8")
    (root / "broken.json").write_text("no state", encoding="utf-8")
    workspace = shown(
        command,
        root,
        """
data "terraform_remote_state" "n" {
  backend = "local"
  config  = { path = "network.json" }
}
data "terraform_remote_state" "broken" {
  backend = "local"
  config  = { path = "${path.module}/broken.json" }
}
output "vpc" { value = data.terraform_remote_state.n.outputs.vpc }
output "broken" { value = data.terraform_remote_state.broken.outputs.vpc }
output "secret" {
  value     = data.terraform_remote_state.n.outputs.secret
  sensitive = true
}
""",
    )
    assert workspace["outputs"]["vpc"]["value"] == {"id": "vpc-1", "size": 1.5}
    assert workspace["outputs"]["secret"]["value"] == "(sensitive value)"
    assert workspace["outputs"]["broken"]["unknown"] is True


def test_accounts_are_found_by_name(command: Command, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "astralint.hcl").write_text(
        """
account "root" {
  kind = "management"
  id   = "111111111111"
  workspace "root" { path = "root" }
}
account "Users" {
  kind     = "identity"
  id       = "222222222222"
  external = true
}
"""
    )
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "main.tf").write_text(
        PROVIDER
        + """
data "aws_organizations_organization" "o" {}
locals {
  accounts = data.aws_organizations_organization.o.accounts
  by_name  = { for account in local.accounts : account.name => account.id }
}
output "first" { value = [for account in local.accounts : account.id if account.name == "Users"][0] }
output "one" { value = one([for account in local.accounts : account.id if account.name == "Users"]) }
output "key" { value = local.by_name["Users"] }
output "looked_up" { value = lookup(local.by_name, "Users", "") }
output "zipped" { value = zipmap(local.accounts[*].name, local.accounts[*].id)["Users"] }
output "missing" { value = lookup(local.by_name, "Others", "none") }
output "all" { value = length(local.accounts) }
output "others" { value = [for account in local.accounts : account.id if account.name != "Users"] }
""",
        encoding="utf-8",
    )
    outputs = json.loads(command("show", tmp_path, "--format", "json").out)["workspaces"][0]["outputs"]
    for name in ("first", "one", "key", "looked_up", "zipped"):
        assert outputs[name]["value"] == "222222222222", name
    for name in ("missing", "all", "others"):
        assert outputs[name]["unknown"] is True, name


def test_where_a_root_lies_and_how_it_is_run(command: Command, root: Path) -> None:
    workspace = shown(
        command,
        root,
        """
output "cwd" { value = basename(path.cwd) }
output "above" { value = basename(dirname(abspath(path.root))) }
output "workspace" { value = terraform.workspace }
output "directory" { value = try(fileexists(path.module), "a directory") }
output "count" { value = data.aws_caller_identity.me.account_id != "" && data.aws_caller_identity.me.account_id != "none" }
data "aws_caller_identity" "me" {}
""",
    )
    values = {name: output.get("value") for name, output in workspace["outputs"].items()}
    assert values == {
        "cwd": "production",
        "above": "accounts",
        "workspace": "default",
        "directory": "a directory",
        "count": True,
    }


def test_a_workspace_is_not_assumed_where_that_fails(command: Command, root: Path) -> None:
    workspace = shown(
        command,
        root,
        """
locals { names = { production = "p", staging = "s" } }
output "name" { value = local.names[terraform.workspace] }
""",
    )
    assert workspace["outputs"]["name"]["unknown"] is True


def test_eval_fails_where_declarations_do(command: Command, root: Path) -> None:
    (root / "main.tf").write_text('output "x" { value = nothing.here }\n')
    called = command("eval", root, "1 + 1")
    assert called.status == 3
    assert "nothing.here" in called.err
    (root / "main.tf").write_text('output "x" { value = tonumber("a") }\n')
    assert command("eval", root, "1 + 1").status == 0
