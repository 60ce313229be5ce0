"""A run with a cache says what a run without one says, whatever changed in between."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from astralint.api import Report, ScanOptions, Session, check
from astralint.cli.session import context
from astralint.platform import cache, workers
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
resource "aws_ssm_parameter" "extra" {
  name  = "extra-${local.extra}"
  type  = "String"
  value = 0.1
}
""",
    "identity/assume.tftpl": (
        '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "${role}"}]}'
    ),
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
        (root / path).write_text(text, "utf-8")

    return add


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
    "configuration": added("astralint.hcl", 'account "main" {\n  id = "111111111111"\n  kind = "production"\n}\n'),
    "suppression": edited(
        "production/main.tf", 'resource "aws_iam_user"', '# astralint: ignore[AL101] -- x\nresource "aws_iam_user"'
    ),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def run(root: Path, kept: Path | None, jobs: int = 1) -> tuple[Session, Report]:
    session = Session([root], ScanOptions(boundary=root, cache=kept, jobs=jobs, today=date(2030, 1, 1)))
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


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_cache_changes_nothing(tree: Path, tmp_path: Path, name: str) -> None:
    kept = tmp_path / "cache"
    before = said(tree, None)
    assert said(tree, kept) == before
    assert said(tree, kept) == before
    MUTATIONS[name](tree)
    after = said(tree, None)
    assert (after == before) == (name in ("nothing", "touched"))
    assert said(tree, kept) == after
    assert said(tree, kept) == after


def test_the_way_back_is_right_too(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    before = said(tree, kept)
    MUTATIONS["producer"](tree)
    said(tree, kept)
    (tree / "production/main.tf").write_text(FILES["production/main.tf"], "utf-8")
    assert said(tree, kept) == before


def test_only_what_changed_is_evaluated(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "cache"
    run(tree, kept)
    names = evaluations(monkeypatch)
    run(tree, kept)
    assert names == []
    MUTATIONS["template"](tree)
    run(tree, kept)
    assert set(names) == {"identity", "secret"}  # results that hold secrets are not kept


def test_nothing_sensitive_is_written(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    (tree / "secret/other.tf").write_text(
        'variable "db" {\n  sensitive = true\n}\n'
        'resource "aws_iam_user" "u" {\n  name = "u-${var.db}"\n}\n'
        'output "db" {\n  value = "x${var.db}"\n  sensitive = true\n}\n',
        "utf-8",
    )
    (tree / "secret/terraform.tfvars").write_text('db = "hunter2"\n', "utf-8")
    run(tree, kept)
    for pack in kept.iterdir():
        assert b"correct-horse-battery" not in pack.read_bytes()
        assert b"hunter2" not in pack.read_bytes()
        assert b"production" in pack.read_bytes()
        assert stat.S_IMODE(pack.stat().st_mode) == 0o600
    assert {pack.name.partition("-")[0] for pack in kept.iterdir()} == {"evaluation", "syntax"}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "other version"])
def test_what_is_not_ours_is_ignored(tree: Path, tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "cache"
    before = said(tree, kept)
    (pack,) = kept.glob("evaluation-*.pack")
    content = pack.read_bytes()
    if damage == "cut":
        pack.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        pack.write_bytes(bytes(byte ^ 1 if number > 300 else byte for number, byte in enumerate(content)))
    elif damage == "foreign":
        kept.chmod(0o777)
    else:
        monkeypatch.setattr(cache, "code_version", lambda: b"x" * 16)
    names = evaluations(monkeypatch)
    assert said(tree, kept) == before
    assert names


def test_other_options_are_another_run(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    run(tree, kept)
    for options in (
        ScanOptions(boundary=tree, select=("AL101",)),
        ScanOptions(boundary=tree, ignore=("AL1",)),
        ScanOptions(boundary=tree, today=date(2031, 1, 1)),
    ):
        cold = check(Session([tree], options)).result
        assert check(Session([tree], msgspec.structs.replace(options, cache=kept))).result == cold


def test_old_packs_go(tmp_path: Path) -> None:
    for number in range(cache.MAXIMUM_PACKS + 3):
        path = tmp_path / f"evaluation-{number}.pack"
        path.write_bytes(b"")
        os.utime(path, (number, number))
    cache.remove_old_packs(tmp_path)
    assert len(list(tmp_path.iterdir())) == cache.MAXIMUM_PACKS
    assert not (tmp_path / "evaluation-0.pack").exists()


def test_the_same_in_several_processes(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = said(tree, None)
    monkeypatch.setattr("astralint.api.PARALLEL_FROM", 1)
    assert said(tree, None, jobs=4) == before
    kept = tmp_path / "cache"
    assert said(tree, kept, jobs=4) == before
    assert said(tree, kept, jobs=4) == before


def test_the_same_whatever_the_order_of_files(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = said(tree, None)
    real = os.scandir

    class Backwards:
        def __init__(self, path: str) -> None:
            with real(path) as listing:
                self.items = sorted(listing, key=lambda item: item.name, reverse=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.items

        def __exit__(self, *error: object) -> None:
            return

    monkeypatch.setattr("astralint.source.tree.os.scandir", Backwards)
    assert said(tree, None) == before
