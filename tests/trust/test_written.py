"""The evidence of a trust is the statement as it is written where the role is, wherever its numbers come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.tiny import NUMBERS, tiny

NUMBER = NUMBERS["staging"]
LOCALS = f'locals {{\n  ids = {{ staging = "{NUMBER}" }}\n  people = {{\n    staging = "{NUMBER}"\n  }}\n}}\n'
ARN = '"arn:aws:iam::${local.ids["staging"]}:role/a"'
ARN_IN_JSON = ARN.replace('["staging"]', ".staging")
HEAD = 'resource "aws_iam_role" "copy" {\n  name = "copy"\n'
OBJECT = f"""{{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ AWS = {ARN} }} # here
    }}]
  }}"""
JSON = f"""{{
    "Version": "2012-10-17",
    "Statement": [
      {{
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {{ "AWS": {ARN_IN_JSON} }}
      }}
    ]
  }}"""
EXTRA = f"""{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ AWS = {ARN} }} # here
    }}"""
LOOPED = EXTRA.replace('local.ids["staging"]', "id")
FORMS = {
    "jsonencode": f"{HEAD}  assume_role_policy = jsonencode({OBJECT})\n}}\n",
    "heredoc": f"{HEAD}  assume_role_policy = <<EOF\n  {JSON}\nEOF\n}}\n",
    "indented heredoc": f"{HEAD}  assume_role_policy = <<-EOF\n    {JSON}\n  EOF\n}}\n",
    "merge": f"{HEAD}  assume_role_policy = jsonencode(merge({{ Version = 1 }}, {OBJECT}))\n}}\n",
    "local value": f"{HEAD}  assume_role_policy = local.trust\n}}\nlocals {{\n  trust = jsonencode({OBJECT})\n}}\n",
    "local value within": f"{HEAD}  assume_role_policy = jsonencode(local.trust)\n}}\nlocals {{\n  trust = {OBJECT}\n}}\n",
    "local value of a local value": (
        f"{HEAD}  assume_role_policy = local.handed\n}}\n"
        f"locals {{\n  handed = local.trust\n  trust = jsonencode({OBJECT})\n}}\n"
    ),
    "statement in a local value": (
        f'{HEAD}  assume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = [local.extra] }})\n}}\n'
        f"locals {{\n  extra = {EXTRA}\n}}\n"
    ),
    "concat": (
        f'{HEAD}  assume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = concat([], [{EXTRA}]) }})\n}}\n'
    ),
    "loop": (
        f"{HEAD}  assume_role_policy = jsonencode({{ Statement = [for id in values(local.ids) : {LOOPED}] }})\n}}\n"
    ),
    "a condition": f'{HEAD}  assume_role_policy = local.ids == "" ? null : jsonencode({OBJECT})\n}}\n',
}


def line_of(content: str) -> int:
    """Return the line on which the principal is written, in the file that `tiny` makes of a content."""
    lines = (LOCALS + content).splitlines()
    return 5 + next(number for number, line in enumerate(lines) if "Principal" in line and "role/a" in line)


def evidence(directory: Path, content: str, **accounts: str) -> list[tuple[str, int]]:
    platform = tiny(directory, production=LOCALS + content, **accounts)
    return [
        (trust.evidence.span.file, trust.evidence.span.line)
        for trust in platform.trust.trusts
        if "role/a" in str(trust.principal.entry.text)
    ]


@pytest.mark.parametrize("form", FORMS)
def test_the_line_of_the_principal(form: str, tmp_path: Path) -> None:
    assert evidence(tmp_path, FORMS[form]) == [("production/main.tf", line_of(FORMS[form]))]


def test_what_a_principal_takes_its_value_from_is_no_place_of_a_trust(tmp_path: Path) -> None:
    content = FORMS["jsonencode"].replace(f"AWS = {ARN}", "AWS = local.arn")
    content += f"locals {{\n  arn = {ARN}\n}}\n"
    lines = (LOCALS + content).splitlines()
    line = 5 + next(number for number, text in enumerate(lines) if "Principal" in text)
    assert evidence(tmp_path, content) == [("production/main.tf", line)]


def test_a_module_that_is_given_the_document(tmp_path: Path) -> None:
    (tmp_path / "modules" / "role").mkdir(parents=True)
    (tmp_path / "modules" / "role" / "main.tf").write_text(
        'variable "trust" {}\n' + HEAD + "  assume_role_policy = var.trust\n}\n", "utf-8"
    )
    content = f'module "role" {{\n  source = "../modules/role"\n  trust = jsonencode({OBJECT})\n}}\n'
    assert evidence(tmp_path, content) == [("production/main.tf", line_of(content))]


def test_a_module_that_writes_the_document_itself(tmp_path: Path) -> None:
    own = FORMS["jsonencode"].replace('local.ids["staging"]', "var.id")
    (tmp_path / "modules" / "role").mkdir(parents=True)
    (tmp_path / "modules" / "role" / "main.tf").write_text('variable "id" {}\n' + own, "utf-8")
    content = f'module "role" {{\n  source = "../modules/role"\n  id = "{NUMBER}"\n}}\n'
    line = next(number for number, text in enumerate(own.splitlines(), 2) if "Principal" in text)
    assert evidence(tmp_path, content) == [("modules/role/main.tf", line)]


def test_a_template_file_is_at_the_argument(tmp_path: Path) -> None:
    (tmp_path / "production").mkdir()
    (tmp_path / "production" / "trust.json").write_text(JSON.replace("local.ids.staging", "id"), "utf-8")
    content = f'{HEAD}  assume_role_policy = templatefile("trust.json", {{ id = local.ids["staging"] }})\n}}\n'
    lines = (LOCALS + content).splitlines()
    line = 5 + next(number for number, text in enumerate(lines) if "templatefile" in text)
    assert evidence(tmp_path, content) == [("production/main.tf", line)]
