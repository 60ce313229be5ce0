"""A small platform, ways in which it changes, and what a run over it says with and without a cache."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from astralint.api import Report, ScanOptions, Session, check, open_session
from astralint.assembly import workers
from astralint.cli.session import context
from astralint.report import render
from astralint.terraform.codec import fingerprint

FILES = {
    "accounts.yaml": "production: '111111111111'\nidentity: '222222222222'\n",
    "modules/role/main.tf": """
variable "name" {}
resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
    Principal = { AWS = "arn:aws:iam::${yamldecode(file("../accounts.yaml")).identity}:root" } }] })
}
output "arn" { value = aws_iam_role.this.arn }
""",
    "production/main.tf": """
terraform {
  backend "s3" {
    bucket = "states"
    key    = "production"
  }
}
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = [yamldecode(file("../accounts.yaml")).production]
}
variable "name" {}
variable "password" {
  sensitive = true
  default   = "correct-horse-battery"
}
module "role" {
  source = "../modules/role"
  name   = var.name
}
resource "aws_s3_object" "page" {
  for_each = fileset("pages", "*.html")
  bucket   = "site"
  key      = each.key
}
resource "aws_iam_user" "someone" { name = "someone" }
output "role" { value = module.role.arn }
""",
    "production/terraform.tfvars": 'name = "deploy"\n',
    "production/pages/index.html": "<p>",
    "identity/main.tf": """
terraform {
  backend "s3" {
    bucket = "states"
    key    = "identity"
  }
}
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = [yamldecode(file("../accounts.yaml")).identity]
}
data "terraform_remote_state" "production" {
  backend = "s3"
  config  = { bucket = "states", key = "production" }
}
data "aws_iam_user" "missing" { user_name = "someone" }
resource "aws_iam_policy" "assume" {
  policy = templatefile("assume.tftpl", { role = data.terraform_remote_state.production.outputs.role })
}
locals {
  extra = fileexists("extra.txt") ? "1" : "2"
}
resource "aws_sns_topic" "extra" { name = "extra-${local.extra}" }
output "fraction" { value = 0.1 }
""",
    "identity/assume.tftpl": (
        '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "${role}"}]}'
    ),
    "late/main.tf": """
locals {
  text     = try(file("late.txt"), "none")
  blob     = try(filesha256("../shared/blob.bin"), "none")
  names    = join(",", fileset("later", "**"))
  template = try(templatefile("late.tftpl", {}), "none")
  linked   = try(file("link/word.txt"), "none")
  dangling = fileexists("dangling") ? "there" : "not there"
}
resource "aws_sns_topic" "late" {
  for_each = { text = local.text, blob = local.blob, names = local.names, template = local.template,
    linked = local.linked, dangling = local.dangling, inner = try(module.inner.word, "none"),
    vendored = try(module.vendored.word, "none") }
  name         = each.key
  display_name = each.value
}
module "inner" { source = "./inner" }
module "vendored" { source = "registry.example.org/some/thing/aws" }
""",
    "words/one/word.txt": "one",
    "words/two/word.txt": "two",
    "secret/main.tf": """
variable "password" {
  sensitive = true
  default   = "correct-horse-battery"
}
resource "aws_ssm_parameter" "password" {
  name  = "password"
  type  = "SecureString"
  value = var.password
}
output "password" {
  value     = var.password
  sensitive = true
}
""",
}


def edited(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        text = (root / path).read_text("utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new), "utf-8")

    return edit


def added(path: str, text: str) -> Callable[[Path], None]:
    def add(root: Path) -> None:
        assert not (root / path).exists()
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")

    return add


def both(*edits: Callable[[Path], None]) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        for each in edits:
            each(root)

    return edit


def removed(path: str) -> Callable[[Path], None]:
    return lambda root: (root / path).unlink()


def linked(path: str, target: str) -> Callable[[Path], None]:
    def link(root: Path) -> None:
        (root / path).unlink()
        (root / path).symlink_to(target)

    return link


MUTATIONS: dict[str, Callable[[Path], None]] = {
    "nothing": lambda root: None,
    "touched": lambda root: os.utime(root / "production/main.tf"),
    "content": edited("production/main.tf", "someone", "somebody"),
    "lines moved": edited("production/main.tf", "\nterraform {", "\n\n\nterraform {"),
    "module": edited("modules/role/main.tf", "identity", "production"),
    "broken file": edited("modules/role/main.tf", "output", "output {"),
    "variable file": edited("production/terraform.tfvars", "deploy", "release"),
    "variable file goes": removed("production/terraform.tfvars"),
    "automatic variable file": added("production/x.auto.tfvars", 'name = "other"\n'),
    "file that a function reads": edited("accounts.yaml", "222222222222", "333333333333"),
    "file that a function reads goes": removed("accounts.yaml"),
    "template": edited("identity/assume.tftpl", "sts:AssumeRole", "sts:TagSession"),
    "file set grows": added("production/pages/more.html", "<p>"),
    "file set shrinks": removed("production/pages/index.html"),
    "file that is asked for": added("identity/extra.txt", ""),
    "new file of a module": added("modules/role/more.tf", 'output "name" { value = var.name }\n'),
    "override": added("production/override.tf", 'resource "aws_iam_user" "someone" { name = "x" }\n'),
    "file goes": removed("identity/main.tf"),
    "producer": edited("production/main.tf", "value = module.role.arn", 'value = "arn:aws:iam::9:role/x"'),
    "state moves": edited("production/main.tf", 'key    = "production"', 'key    = "elsewhere"'),
    "circle": edited(
        "production/main.tf",
        'output "role" { value = module.role.arn }',
        'data "terraform_remote_state" "identity" {\n backend = "s3"\n'
        ' config = { bucket = "states", key = "identity" }\n}\n'
        'output "role" { value = data.terraform_remote_state.identity.outputs.role }\n',
    ),
    "secret": edited("secret/main.tf", "correct-horse-battery", "staple"),
    "link": linked("production/terraform.tfvars", "../accounts.yaml"),
    "file that could not be read": added("late/late.txt", "here"),
    "file outside of the root module": added("shared/blob.bin", "x"),
    "directory of a file set": added("late/later/x/y.txt", ""),
    "template that could not be read": added("late/late.tftpl", "here"),
    "link to another directory": linked("late/link", "../words/two"),
    "what a link leads to": edited("words/one/word.txt", "one", "three"),
    "link that led nowhere": added("late/nowhere", ""),
    "link that leaves the tree": linked("late/link", "../../.."),
    "directory in place of a file": both(
        removed("production/terraform.tfvars"), lambda root: (root / "production/terraform.tfvars").mkdir()
    ),
    "module that was not there": added("late/inner/main.tf", 'output "word" { value = "w" }\n'),
    "module that is fetched": both(
        added(
            "late/.terraform/modules/modules.json",
            '{"Modules": [{"Key": "vendored", "Source": "registry.example.org/some/thing/aws", '
            '"Dir": ".terraform/modules/vendored"}]}',
        ),
        added("late/.terraform/modules/vendored/main.tf", 'output "word" { value = "w" }\n'),
    ),
    "variable file in JSON": added("production/terraform.tfvars.json", '{"name": "json"}'),
    "workspace of the configuration": both(
        added("production/other.tfvars", 'name = "configured"\n'),
        added(
            "astralint.hcl",
            'account "main" {\n  kind = "production"\n  workspace "production" {\n    path = "production"\n'
            '    var_files = ["production/other.tfvars"]\n  }\n}\n',
        ),
    ),
    "configuration": added("astralint.hcl", 'account "main" {\n  id = "111111111111"\n  kind = "production"\n}\n'),
    "suppression": edited(
        "production/main.tf", 'resource "aws_iam_user"', '# astralint: ignore[AL101] -- x\nresource "aws_iam_user"'
    ),
}


def run(root: Path, kept: Path | None, jobs: int = 1) -> tuple[Session, Report]:
    session = open_session([root], ScanOptions(boundary=root, cache=kept, jobs=jobs, today=date(2030, 1, 1)))
    return session, check(session)


def said(root: Path, kept: Path | None, jobs: int = 1) -> list[object]:
    """Return all that a run says, and all that it evaluated."""
    session, report = run(root, kept, jobs)
    texts: list[object] = [render(report.result, form, context(session)) for form in ("text", "json", "sarif")]
    results = [fingerprint(workspace.result) for workspace in report.platform.workspaces.values()]
    return [*texts, results]


def evaluations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the workspaces that are really evaluated."""
    names: list[str] = []
    real = workers.LocalWorkers.evaluate_recorded

    def noted(self: workers.LocalWorkers, jobs: list[workers.Job]) -> object:
        names.extend(spec.name for spec, _ in jobs)
        return real(self, jobs)

    monkeypatch.setattr(workers.LocalWorkers, "evaluate_recorded", noted)
    return names
