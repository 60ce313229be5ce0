"""`astralint show` and `astralint eval`: values as far as they are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import MODEL, Command


def workspace_of(called: Any) -> dict[str, Any]:
    data = json.loads(called.out)
    assert data["format_version"] == "1"
    [workspace] = data["workspaces"]
    return dict(workspace)


def test_show_as_json(command: Command, root: Path) -> None:
    called = command("show", root, "--format", "json")
    assert called.status == 3
    assert "local.names[7]" in called.err
    workspace = workspace_of(called)
    assert workspace["path"] == "."
    resources = {resource["address"]: resource for resource in workspace["resources"]}
    assert list(resources) == [
        "data.aws_caller_identity.this",
        'aws_iam_role.this["a"]',
        'aws_iam_role.this["b"]',
        "aws_ssm_parameter.this",
    ]
    role = resources['aws_iam_role.this["a"]']
    assert role["mode"] == "managed"
    assert (role["type"], role["name"], role["module"], role["index"]) == ("aws_iam_role", "this", "", "a")
    assert role["region"] == "eu-central-1"
    assert role["values"]["name"] == "role-a"
    assert role["values"]["arn"] == "arn:aws:iam::111111111111:role/role-a"
    assert role["values"]["tags"] == {"plain": "x"}
    assert 'tags["a b"]' in role["unknown"]
    assert not set(role["unknown"]) & role["values"].keys()
    assert role["location"] == {"file": "main.tf", "line": 20, "column": 1, "end_line": 20, "end_column": 31}
    assert resources["data.aws_caller_identity.this"]["values"]["account_id"] == "111111111111"
    assert resources["aws_ssm_parameter.this"]["values"]["value"] == "(sensitive value)"
    assert workspace["outputs"] == {
        "arns": {
            "value": ["arn:aws:iam::111111111111:role/role-a", "arn:aws:iam::111111111111:role/role-b"],
            "type": ["tuple", ["string", "string"]],
        },
        "secret": {"value": "(sensitive value)", "type": "string"},
        "unknown": {"unknown": True, "reason": "variable `given` has no value"},
        "wrong": workspace["outputs"]["wrong"],
    }
    assert list(workspace["outputs"]["wrong"]) == ["error"]


def test_sensitive_values_are_printed_nowhere(command: Command, root: Path) -> None:
    for arguments in (["--format", "json"], [], ["--trace"], ["--trace", "--format", "json"]):
        called = command("show", root, *arguments)
        assert "aws_ssm_parameter.this" in called.out
        assert "hunter2" not in called.out + called.err
    assert "hunter2" not in command("eval", root, "[var.secret, { a = var.secret }]").out


def test_show_as_text(command: Command, root: Path) -> None:
    out = command("show", root).out
    assert '  aws_iam_role.this["a"]  (main.tf:20' in out
    assert '    arn = "arn:aws:iam::111111111111:role/role-a"' in out
    assert "variable `given` has no value" in out


def test_trace_shows_where_values_come_from(command: Command, root: Path) -> None:
    out = command("show", root, "--trace").out
    _, _, outputs = out.partition("  outputs\n")
    assert "<- resource aws_iam_role.this" in outputs
    assert "main.tf:10" in outputs  # the local value behind `for_each`
    assert "! variable `given` has no value [variable-without-value] at main.tf:7" in outputs
    data = workspace_of(command("show", root, "--trace", "--format", "json"))
    steps = data["outputs"]["unknown"]["trace"]
    assert ("variable", "var.given") in {(step["kind"], step["address"]) for step in steps}


def test_a_workspace_by_name_and_by_path(command: Command) -> None:
    by_name = workspace_of(command("show", MODEL, "--workspace", "dns", "--format", "json"))
    by_path = workspace_of(command("show", MODEL / "workspaces" / "dns", "--format", "json"))
    assert by_name == by_path
    assert by_name["account"] == "dns"
    wrong = command("show", MODEL, "--workspace", "dnss")
    assert wrong.status == 2
    assert "did you mean `dns`?" in wrong.err


def test_remote_state_of_siblings_is_known(command: Command) -> None:
    # The e-mail workspace's role, as the DNS workspace reads it.
    called = command("eval", MODEL / "workspaces" / "dns", "data.terraform_remote_state.email.outputs.sender_role_arn")
    value = json.loads(called.out)["value"]
    assert value.startswith("arn:aws:iam::")


def test_eval_reads_expressions_from_standard_input(command: Command, root: Path) -> None:
    lines = [
        "1 + 1",
        '"role ${local.names[0]}"',
        "",
        "var.given",
        "local.nothing",
        "1 +",
        'aws_iam_role.this["b"].name',
    ]
    called = command("eval", root, stdin="\n".join(lines))
    assert called.status == 0
    said = [json.loads(line) for line in called.out.splitlines()]
    assert said[:3] == [
        {"expression": "1 + 1", "value": 2, "type": "number"},
        {"expression": lines[1], "value": "role a", "type": "string"},
        {"expression": "var.given", "unknown": True, "reason": "variable `given` has no value"},
    ]
    assert said[3]["error"].startswith("local value `nothing` is not declared")
    assert said[4].keys() == {"expression", "error"}
    assert said[5]["value"] == "role-b"


def test_eval_needs_no_terraform(command: Command, tmp_path: Path) -> None:
    called = command("eval", tmp_path, stdin="0.1 + 0.2\npow(2, 80)\n")
    assert [line.partition('"value":')[2] for line in called.out.splitlines()] == [
        '0.3,"type":"number"}',
        '1208925819614629200000000,"type":"number"}',  # a power has 53 bits, as in Terraform
    ]


def test_eval_in_one_of_several_workspaces(command: Command) -> None:
    called = command("eval", MODEL, "1")
    assert called.status == 2
    assert "choose one with `--workspace`: `artifact`" in called.err
    assert json.loads(command("eval", MODEL, "terraform.workspace", "-w", "dns").out)["value"] == "dns"
