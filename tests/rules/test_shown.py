"""PATH, --workspace and --account choose whose findings are shown; the whole platform is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from astralint.api import ScanOptions, UsageError, scan
from astralint.rules.finding import CheckResult

CONFIGURATION = """
account "identity" {
  kind = "identity"
  id   = "210000000011"
  workspace "identity" { path = "identity" }
}
account "production" {
  kind = "production"
  id   = "210000000012"
  workspace "production" { path = "accounts/production" }
}
account "staging" {
  kind = "staging"
  id   = "210000000013"
  workspace "staging" { path = "accounts/staging" }
}
"""
ROLE = """
provider "aws" {
  region = "eu-west-1"
}
resource "aws_iam_user" "this" {
  name = "this"
}
resource "aws_iam_role" "%s" {
  name = "%s"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::%s:role/%s" } }] })
}
resource "aws_iam_role_policy" "may" {
  role   = aws_iam_role.%s.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::%s:role/%s" }] })
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("identity", "accounts/production", "accounts/staging", "attic"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "astralint.hcl").write_text(CONFIGURATION)
    (tmp_path / "identity" / "main.tf").write_text('provider "aws" {\n  region = "eu-west-1"\n}\n')
    texts = {"production": ("p", "210000000013", "s"), "staging": ("s", "210000000012", "p")}
    for name, (own, number, other) in texts.items():
        text = ROLE % (own, own, number, other, own, number, other)
        (tmp_path / "accounts" / name / "main.tf").write_text(text)
    (tmp_path / "README.md").write_text("# Us\n")
    return tmp_path


def check(root: Path, *paths: str, **options: object) -> CheckResult:
    given = {"boundary": root, "jobs": 1, "select": ("AL101", "AL114"), **options}
    return scan([root / path for path in paths] or [root], ScanOptions(**given)).result  # type: ignore[arg-type]


def told(result: CheckResult) -> set[tuple[str, str]]:
    return {(finding.rule, finding.workspace) for finding in result.findings}


BOTH = {("AL101", "production"), ("AL101", "staging"), ("AL114", "production"), ("AL114", "staging")}


def test_all_of_it(root: Path) -> None:
    assert (
        told(check(root))
        == told(check(root, "accounts"))
        == told(check(root, "accounts/production", "accounts/staging"))
        == BOTH
    )


def test_a_part_of_it(root: Path) -> None:
    """What AL114 says of production is only known where staging is read too."""
    production = {pair for pair in BOTH if pair[1] == "production"}
    assert told(check(root, "accounts/production")) == production
    assert told(check(root, workspaces=("production",))) == production
    assert told(check(root, accounts=("production",))) == production
    assert told(check(root, "accounts", accounts=("production",), workspaces=("staging",))) == set()
    assert told(check(root, "accounts/production/main.tf")) == production
    assert check(root, "accounts/production").coverage == check(root).coverage


@pytest.mark.parametrize(
    ("paths", "options", "message", "help_"),
    [
        (("README.md",), {}, "is no Terraform file", None),
        ((), {"workspaces": ("producton",)}, "there is no workspace `producton`", "did you mean `production`?"),
        ((), {"accounts": ("stagin",)}, "there is no account `stagin`", "did you mean `staging`?"),
    ],
)
def test_what_there_is_not_is_an_error(
    root: Path, paths: tuple[str, ...], options: dict[str, object], message: str, help_: str | None
) -> None:
    with pytest.raises(UsageError) as caught:
        check(root, *paths, **options)
    (diagnostic,) = caught.value.diagnostics
    assert message in diagnostic.message
    if help_ is not None:
        assert diagnostic.help == help_
