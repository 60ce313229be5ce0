"""Nothing that configures infrastructure is passed over in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

ROOT = 'provider "aws" {\n  region = "eu-west-1"\n}\nresource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
CLOUD = 'terraform {\n  cloud {\n    organization = "acme"\n    workspaces { name = "test" }\n  }\n}\n'


def write(top: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return top


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"Pulumi.yaml": "name: x\n"}, "1 project of Pulumi is not evaluated"),
        (
            {"atmos.yaml": "", "components/terraform/vpc/main.tf": ROOT, "components/terraform/eks/main.tf": ROOT},
            "`atmos.yaml` leads to no stacks in `stacks`",
        ),
        ({"cdktf.json": "{}"}, "1 project of CDK for Terraform is not evaluated"),
        ({"cdk.json": "{}"}, "1 project of AWS CDK is not evaluated"),
        ({"a/stack.tm.hcl": "stack {}\n", "b/stack.tm.hcl": "stack {}\n"}, "2 stacks of Terramate are not evaluated"),
        ({"x/template.yaml": "AWSTemplateFormatVersion: '2010-09-09'\n"}, "1 template of CloudFormation"),
        ({"main.tf.jinja": "{{ x }}"}, "1 template of templates of Terraform files"),
    ],
)
def test_what_is_not_understood_is_named_and_fails_when_strict(
    command: Command, tmp_path: Path, files: dict[str, str], said: str
) -> None:
    write(tmp_path, files)
    called = command("check", tmp_path)
    assert called.status == 0
    assert said in called.out
    assert "help:" in called.out
    assert command("check", tmp_path, "--strict").status == 3


def test_the_json_report_says_how_far_each_layout_was_understood(command: Command, tmp_path: Path) -> None:
    write(tmp_path, {"Pulumi.yaml": "name: x\n", "a/main.tf": ROOT})
    layouts = json.loads(command("check", tmp_path, "--format", "json").out)["coverage"]["layouts"]
    assert [(each["name"], each["units"], each["evaluated"], each["understood"]) for each in layouts] == [
        ("pulumi", 1, 0, False),
        ("plain", 1, 1, True),
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"a/main.tf": ROOT, "a/template.yaml": "AWSTemplateFormatVersion: '2010-09-09'\n"},
        {"a/main.tf": ROOT, "b/template.yaml": "kind: pod\n"},
        {"a/main.tf": ROOT, "a/stack.tm.hcl": "stack {}\n"},
        {"cdktf.json": "{}", "cdktf.out/stacks/s/cdk.tf.json": '{"resource": {"aws_sqs_queue": {"q": {}}}}'},
    ],
)
def test_what_terraform_reads_or_a_tool_has_generated_is_no_warning(
    command: Command, tmp_path: Path, files: dict[str, str]
) -> None:
    write(tmp_path, files)
    assert "not evaluated" not in command("check", tmp_path).out


def test_a_directory_with_a_cloud_block_is_a_root_whatever_it_is_called(command: Command, tmp_path: Path) -> None:
    write(tmp_path, {"test/main.tf": CLOUD + ROOT, "examples/main.tf": ROOT})
    shown = json.loads(command("show", tmp_path, "--format", "json").out)
    assert [workspace["path"] for workspace in shown["workspaces"]] == ["test"]


def test_variable_files_beside_no_root_make_no_workspace(command: Command, tmp_path: Path) -> None:
    files = {f"env/{name}.tfvars": "x = 1\n" for name in ("dev", "staging", "production")}
    write(tmp_path, {"app/main.tf": ROOT, "env/variables.tf": 'variable "x" {}\n', **files})
    shown = json.loads(command("show", tmp_path, "--format", "json").out)
    assert [workspace["path"] for workspace in shown["workspaces"]] == ["app"]


def test_show_discovery_lists_what_is_left_out_and_why(command: Command, tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": ROOT, "examples/b/main.tf": ROOT})
    called = command("check", tmp_path, "--show-discovery")
    assert "examples/b: example, `examples` in its path" in called.out
    said = json.loads(command("check", tmp_path, "--show-discovery", "--format", "json").out)["discovery"]
    assert said[1] == {"path": "examples/b", "kind": "example", "reason": "`examples` in its path"}
