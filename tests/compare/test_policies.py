"""What changed policies newly allow, as `astralint diff` says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from astralint.api import ScanOptions, compare_revisions
from astralint.compare.comparison import Comparison
from astralint.compare.render import render
from tests.compare.repository import commit, repository

CONFIGURATION = """
account "production" {
  kind = "production"
  id   = "100000000007"

  workspace "production" {
    path = "production"
  }
}
"""
BEFORE = """
provider "aws" {
  region = "eu-west-1"
}

variable "bucket" {}

variable "other" {}

resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::100000000007:role/ci" }
    }]
  })
}

data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::logs/*"]
  }
  statement {
    actions   = ["sqs:SendMessage", "sqs:ReceiveMessage"]
    resources = [aws_sqs_queue.work.arn]
  }
}

resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = data.aws_iam_policy_document.app.json
}

resource "aws_iam_role_policy" "bucket" {
  role = aws_iam_role.app.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::${var.bucket}/*" }]
  })
}

resource "aws_iam_role_policy" "other" {
  role = aws_iam_role.app.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "arn:aws:s3:::${var.bucket}/*" }]
  })
}

resource "aws_iam_role_policy" "moved" {
  role   = aws_iam_role.app.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:List*", Resource = "*" }] })
}

resource "aws_sqs_queue" "work" {
  name = "work"
}

resource "aws_organizations_policy" "guard" {
  name    = "guard"
  content = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = ["iam:CreateUser", "iam:CreateAccessKey"], Resource = "*" }]
  })
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.logs.arn}/*"
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1" } }
    }]
  })
}
"""
CHANGES = (
    ('"s3:GetObject"]', '"s3:GetObject", "s3:PutObject"]'),
    ('"sqs:SendMessage", "sqs:ReceiveMessage"', '"sqs:SendMessage"'),
    ("role/ci", "root"),
    ('"aws_iam_role_policy" "moved"', '"aws_iam_role_policy" "renamed"'),
    ('["iam:CreateUser", "iam:CreateAccessKey"]', '"iam:CreateUser"'),
    ('      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1" } }\n', ""),
)


@pytest.fixture(scope="module")
def change(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    root = repository(tmp_path_factory.mktemp("policies"))
    (root / "production").mkdir()
    (root / "astralint.hcl").write_text(CONFIGURATION)
    file = root / "production" / "main.tf"
    file.write_text(BEFORE)
    commit(root)
    text = BEFORE
    for old, new in CHANGES:
        assert text.count(old) == 1
        text = text.replace(old, new)
    first, other, last = text.split("${var.bucket}/*")
    file.write_text(f"{first.replace('s3:*', 's3:Get*')}${{var.bucket}}/*{other}${{var.other}}/*{last}")
    return compare_revisions("HEAD", None, [root], root, ScanOptions(jobs=1))[0]


def test_what_each_policy_does(change: Comparison) -> None:
    queue = "arn:aws:s3:::logs/example"
    assert {one.address: one.sentence for one in change.policies} == {
        "aws_iam_role_policy.app": f"newly allows `s3:PutObject` on `{queue}`",
        "aws_iam_role.app": "newly allows `sts:AssumeRole` by `arn:aws:iam::100000000007:role/example`",
        "aws_iam_role_policy.bucket": "allows no more",
        "aws_iam_role_policy.other": "cannot tell whether it allows more, because variable `other` has no value; "
        "variable `bucket` has no value",
        "aws_organizations_policy.guard": "newly allows `iam:CreateAccessKey` on "
        "`arn:aws:iam::123456789012:user/example`, which it denied",
        "aws_s3_bucket_policy.logs": f"newly allows `s3:GetObject` on `{queue}` by `anybody` without `aws:PrincipalOrgID`",
    }


def test_formats(change: Comparison) -> None:
    text = render(change, "text")
    assert "4 policies widened, 2 policies changed" in text.splitlines()[0]
    assert (
        "\nPolicies:\n  + production: aws_iam_role.app (assume_role_policy): newly allows `sts:AssumeRole` by " in text
    )
    assert "  = production: aws_iam_role_policy.bucket (policy): allows no more (production/main.tf:" in text
    assert "  ? production: aws_iam_role_policy.other (policy): cannot tell" in text
    document = json.loads(render(change, "json"))
    found = next(one for one in document["policies"] if one["address"] == "aws_s3_bucket_policy.logs")
    assert (found["kind"], found["change"], found["verdict"], found["was_denied"]) == (
        "resource",
        "changed",
        "allows-more",
        False,
    )
    assert found["request"] == {
        "principal": "anybody",
        "without_own_policy": False,
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::logs/example",
        "keys": {"aws:PrincipalOrgID": []},
        "exists": True,
    }
    assert Path(found["location"]["file"]).name == "main.tf"
    assert "#### Policies" in render(change, "markdown")


def test_the_line_is_that_of_the_statement(change: Comparison) -> None:
    spans = {one.address: one.span for one in change.policies}
    lines = change.after.texts.text("production/main.tf")
    assert lines is not None
    span = spans["aws_iam_role_policy.app"]
    assert span is not None
    assert lines.splitlines()[span.line - 1] == "  statement {"
