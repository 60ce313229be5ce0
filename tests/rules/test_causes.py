"""A finding in a module names what the call gives it."""

from __future__ import annotations

from pathlib import Path

from astralint.api import scan

FILES = {
    "astralint.hcl": """
account "artifact" {
  kind     = "artifact"
  id       = "210000000004"
  external = true
}
account "production" {
  kind = "production"
  id   = "210000000007"
  workspace "production" {
    path      = "production"
    var_files = ["production/staging.tfvars"]
  }
}
""",
    "production/staging.tfvars": "create_repository = true\n",
    "production/main.tf": """
provider "aws" { region = "eu-west-1" }
variable "create_repository" { type = bool }
module "ci" {
  source       = "../modules/ci"
  provider_arn = "arn:aws:iam::999999999999:root"
  create       = var.create_repository
}
""",
    "modules/ci/main.tf": """
variable "provider_arn" {}
variable "create" {}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [var.provider_arn]
    }
  }
}
resource "aws_iam_role" "ci" {
  name               = "ci"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_ecr_repository" "app" {
  count                = var.create ? 1 : 0
  name                 = "app"
  image_tag_mutability = "IMMUTABLE"
}
""",
}


def test_the_argument_that_decides_is_named_up_to_the_variable_file(tmp_path: Path) -> None:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.removeprefix("\n"))
    findings = {finding.rule: finding for finding in scan([tmp_path]).result.findings}
    places = {
        rule: [(item.span.file, item.span.line, item.text) for item in finding.evidence]
        for rule, finding in findings.items()
    }
    assert places == {
        "AL109": [("production/main.tf", 5, "`provider_arn` is given here")],
        "AL201": [
            ("production/main.tf", 6, "`create` is given here"),
            ("production/staging.tfvars", 1, "`create_repository` is set here"),
        ],
    }
