"""`astralint test`: the example pack passes, what is wrong with a pack is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .conftest import Command

PACK = Path(__file__).parents[2] / "examples" / "pack"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    copy = tmp_path / "pack"
    shutil.copytree(PACK, copy, ignore=shutil.ignore_patterns("__pycache__"))
    # A package is imported once by its name: a copy needs one of its own.
    (copy / "acme_rules").rename(copy / tmp_path.name.replace("-", "_"))
    return copy


def test_the_example_pack(command: Command) -> None:
    called = command("test", PACK)
    assert called.status == 0, called.out + called.err
    assert "ACME001  personal-bucket  1     1    5      as expected" in called.out
    assert "1 rules, 2 fixtures: all as expected" in called.out


def test_what_is_not_as_expected_is_told_by_line(command: Command, pack: Path) -> None:
    bad = pack / "fixtures" / "personal-bucket" / "bad" / "prod" / "main.tf"
    bad.write_text(bad.read_text().replace("alice-stuff", "stuff"))
    called = command("test", pack)
    assert called.status == 1
    assert "NOT as expected" in called.out
    assert "missing     prod/main.tf:10: expect: ACME001" in called.out


def test_a_rule_without_fixtures_is_said(command: Command, pack: Path) -> None:
    shutil.rmtree(pack / "fixtures")
    called = command("test", pack)
    assert (called.status, "has no fixtures" in called.out) == (1, True)


def test_a_rule_that_fails_shows_its_line(command: Command, pack: Path) -> None:
    (code,) = pack.rglob("personal_bucket.py")
    code.write_text(code.read_text().replace('name = bucket["bucket"]', "name = 1 / 0"))
    line = next(number for number, row in enumerate(code.read_text().split("\n"), 1) if "1 / 0" in row)
    called = command("test", pack)
    assert called.status == 1
    assert "ZeroDivisionError" in called.out
    assert f"`personal_bucket.py` line {line}" in called.out


def test_no_rules_is_an_error(command: Command, tmp_path: Path) -> None:
    called = command("test", tmp_path)
    assert (called.status, "there is no rule below" in called.err) == (2, True)
    assert command("test", tmp_path / "nowhere").status == 2


def test_why_each_rule_runs_or_not(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "main.tf").write_text('provider "aws" {\n  region = "eu-west-1"\n}\n')
    (tmp_path / "astralint.hcl").write_text(
        'account "prod" {\n  kind = "production"\n  workspace "prod" {\n    path = "."\n  }\n}\n'
        'rule "al901" {\n  severity = "off"\n}\n'
    )
    monkeypatch.chdir(tmp_path)
    called = command("rules", "--explain-selection")
    rows = {row.split()[0]: row for row in called.out.splitlines()}
    assert "off" in rows["AL901"]
    assert "the configuration switches it off (astralint.hcl:7)" in rows["AL901"]
    assert "the configuration has no contract of this type" in rows["AC01"]
    assert "runs" in rows["AL110"]
