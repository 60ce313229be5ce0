"""What would make the most known is said, with its count, and each undecided verdict says what would settle it."""

from __future__ import annotations

import pytest

from astralint.api import ScanOptions, scan
from astralint.rules.finding import CheckResult

CONFIGURATION = """
account "production" {
  kind = "production"
  workspace "prod" { path = "live/prod" }
}
account "staging" {
  kind = "staging"
  workspace "staging" { path = "live/staging" }
}
account "identity" {
  kind = "identity"
  id   = "210000000001"
}
"""
ROOT = """
provider "aws" {
  region = "eu-west-1"
}
variable "principal" {}
variable "people" {}
variable "bucket" {}
variable "size" {}
resource "aws_iam_user" "this" {
  for_each = toset(var.people)
  name     = each.key
}
resource "aws_s3_bucket" "this" {
  bucket = var.bucket
}
resource "aws_instance" "this" {
  ami           = "ami-1"
  instance_type = var.size
}
resource "aws_iam_role" "this" {
  name = "this"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = var.principal } }] })
}
"""
FILES = {
    "live/envs/prod.tfvars": 'principal = "arn:aws:iam::210000000012:role/x"\npeople = ["a"]\nbucket = "b"\nelse = 1\n',
    "live/envs/staging.tfvars": 'principal = "arn:aws:iam::210000000012:role/x"\npeople = ["a"]\nbucket = "b"\nelse = 1\n',
    "attic/far/away/from/all/prod.tfvars": 'size = "small"\nprincipal = "x"\nbucket = "b"\n',
}
PROD = "`live/envs/prod.tfvars` is loaded by no workspace: add `var_files` to `prod`"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> CheckResult:
    root = tmp_path_factory.mktemp("platform")
    for name in ("live/prod", "live/staging"):
        (root / name).mkdir(parents=True)
        (root / name / "main.tf").write_text(ROOT)
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "astralint.hcl").write_text(CONFIGURATION)
    return scan([root], ScanOptions()).result


def test_a_file_that_nobody_loads_is_named_with_the_workspace_it_is_for(result: CheckResult) -> None:
    remedies = dict(result.coverage.remedies)
    assert remedies[PROD] >= 2
    assert remedies[PROD.replace("prod", "staging")] >= 2
    assert not any("attic" in remedy for remedy in remedies)


def test_what_no_file_sets_is_asked_for(result: CheckResult) -> None:
    assert any("give workspace `prod` values of `size`" in remedy for remedy, _ in result.coverage.remedies)


def test_an_undecided_verdict_says_what_would_settle_it(result: CheckResult) -> None:
    open_ = [u for u in result.undecided if u.workspace == "prod" and "variable `people` has no value" in u.reason]
    assert open_
    assert {u.remedy for u in open_} == {PROD}


def test_the_number_of_an_account_is_asked_for(result: CheckResult) -> None:
    assert any(remedy == "give account `production` its `id`" for remedy, _ in result.coverage.remedies)
