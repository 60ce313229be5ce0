"""Import blocks and resources for what nobody manages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from astralint.cli.main import run
from astralint.inventory.adoption import quoted, written

NUMBER = "111122223333"
ROOT = f"""
provider "aws" {{
  region              = "eu-west-1"
  allowed_account_ids = ["{NUMBER}"]
}}

provider "aws" {{
  alias               = "global"
  region              = "us-east-1"
  allowed_account_ids = ["{NUMBER}"]
}}

resource "aws_iam_user" "rescue" {{
  name = "someone"
}}
"""


def build(tmp_path: Path, *live: dict[str, Any]) -> Path:
    (tmp_path / "production").mkdir()
    (tmp_path / "production" / "main.tf").write_text(ROOT)
    workspace = 'workspace "live" {\n    path = "production"\n  }'
    (tmp_path / "astralint.hcl").write_text(
        f'account "production" {{\n  kind = "production"\n  id = "{NUMBER}"\n  {workspace}\n}}\n'
    )
    resources = [{"account": NUMBER, "region": "eu-west-1", **one} for one in live]
    inventory = {"format": "astralint-inventory", "format_version": "1.0", "resources": resources}
    (tmp_path / "inventory.json").write_text(json.dumps(inventory))
    return tmp_path


def adopt(directory: Path, *arguments: str) -> int:
    fixed = [str(directory / "inventory.json"), str(directory), "--boundary", str(directory), "--no-cache"]
    return run(["inventory", "adopt", *fixed, *arguments])


USER = {"region": "global", "type": "aws_iam_user", "id": "rescue", "arguments": {"name": "rescue", "path": "/"}}
TOPIC = {
    "region": "us-east-1",
    "type": "aws_sns_topic",
    "id": f"arn:aws:sns:us-east-1:{NUMBER}:alarms",
    "name": "alarms",
    "tags": {"Team": "${data}", "aws:x": "y"},
    "arguments": {"name": "alarms"},
}


def test_it_is_imported_with_its_resource(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt(build(tmp_path, USER, TOPIC)) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("# production (workspace live)\n")
    # The name is taken.
    assert 'import {\n  to = aws_iam_user.rescue_2\n  id = "rescue"\n}\n' in shown
    assert '  name = "rescue"\n  path = "/"\n' in shown
    assert "ignore_changes = [force_destroy]" in shown
    assert f'  to       = aws_sns_topic.alarms\n  provider = aws.global\n  id       = "{TOPIC["id"]}"\n' in shown
    assert '  tags = {\n    Team = "$${data}"\n  }\n' in shown


def test_the_type_may_be_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt(build(tmp_path, USER, TOPIC), "--only", "production/*/aws_sns_topic/*") == 0
    assert "aws_iam_user" not in capsys.readouterr().out


def test_without_arguments_it_is_left_to_terraform(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt(build(tmp_path, {"type": "aws_dynamodb_table", "id": "items"})) == 0
    shown = capsys.readouterr()
    assert "resource" not in shown.out
    assert "1 of 1 have no resource yet: `terraform plan -generate-config-out=generated.tf` writes them" in shown.err


def test_what_has_no_place_is_left_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert adopt(build(tmp_path, {"region": "eu-north-1", "type": "aws_sqs_queue", "id": "q"})) == 3
    assert "`live` has no provider configuration for `eu-north-1`" in capsys.readouterr().err


def test_a_file_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path, USER)
    assert adopt(tmp_path, "--write", "main.tf") == 2
    assert "is there already" in capsys.readouterr().err
    assert adopt(tmp_path, "--write", "../adopted.tf") == 2
    assert adopt(tmp_path, "--write", "adopted.tf") == 0
    assert "import {" in (tmp_path / "production" / "adopted.tf").read_text()
    # Once it is imported, nothing is unmanaged any more.
    assert adopt(tmp_path) == 0
    assert "nothing is unmanaged" in capsys.readouterr().err


def test_values_are_written_as_hcl() -> None:
    assert quoted('a "b" ${c} %{d}\n') == r'"a \"b\" $${c} %%{d}\n"'
    assert written({"a": [1, True, None], "b c": {}}, 0) == '{\n  a     = [1, true, null]\n  "b c" = {}\n}'
    assert written(["x", 2], 0) == '["x", 2]'
