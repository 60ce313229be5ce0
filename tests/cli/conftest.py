"""The command as it is called: in this process for most tests, in another where streams and signals count."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from astralint.cli.main import run

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "fixtures" / "platforms" / "astradot"
DRIFTED = ROOT / "fixtures" / "platforms" / "astradot-drifted"


@dataclass
class Called:
    status: int
    out: str
    err: str


class Command:
    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *arguments: str | Path, stdin: str | None = None) -> Called:
        if stdin is not None:
            import io

            self._monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        self._capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        return Called(status, captured.out, captured.err)


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Command:
    monkeypatch.setenv("ASTRALINT_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    for name in ("NO_COLOR", "FORCE_COLOR", "ASTRALINT_TRACEBACK", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)
    return Command(capsys, monkeypatch)


def process(*arguments: str | Path, **more: object) -> subprocess.Popen[str]:
    code = "from astralint.cli.main import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
        **more,  # type: ignore[call-overload]
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory with one root module: two roles, a data source, outputs of all sorts."""
    (tmp_path / "main.tf").write_text(
        """
variable "secret" {
  sensitive = true
  default   = "hunter2hunter2"
}

variable "given" {}

locals {
  names = ["a", "b"]
}

provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["111111111111"]
}

data "aws_caller_identity" "this" {}

resource "aws_iam_role" "this" {
  for_each           = toset(local.names)
  name               = "role-${each.key}"
  assume_role_policy = jsonencode({ Statement = [] })
  tags = {
    "a b" = var.given
    plain = "x"
  }
}

resource "aws_ssm_parameter" "this" {
  name  = "/x"
  type  = "SecureString"
  value = var.secret
}

output "arns" {
  value = [for role in aws_iam_role.this : role.arn]
}

output "secret" {
  value     = var.secret
  sensitive = true
}

output "unknown" {
  value = "x-${var.given}"
}

output "wrong" {
  value = local.names[7]
}
"""
    )
    return tmp_path
