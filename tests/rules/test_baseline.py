"""The baseline keeps back what was there, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from astralint.api import Report, ScanOptions, UsageError, scan
from astralint.rules.baseline import BaselineError, make, read, write
from astralint.rules.fingerprint import lines_of

CONFIGURATION = """
account "identity" {
  kind = "identity"
}
account "production" {
  kind = "production"
  workspace "production" { path = "production" }
}
"""
PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'


def user(name: str) -> str:
    return f'resource "aws_iam_user" "{name}" {{\n  name = "{name}"\n}}\n'


class Tree:
    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "production").mkdir()
        (root / "astralint.hcl").write_text(CONFIGURATION)
        self.baseline = root / "baseline.json"

    def check(self, *users: str, before: str = "", **options: object) -> Report:
        text = before + PROVIDER + "".join(user(name) for name in users)
        (self.root / "production" / "main.tf").write_text(text)
        given = {"boundary": self.root, "jobs": 1, "today": date(2026, 1, 1), **options}
        return scan(self.root, ScanOptions(**given))  # type: ignore[arg-type]

    def accept(self, report: Report) -> None:
        write(self.baseline, make(report.result.findings, lines_of(report.source_text)))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_what_was_there_is_kept_back(tree: Tree) -> None:
    tree.accept(tree.check("a", "b"))
    result = tree.check("new", "a", "b", before="# Lines move.\n\n", baseline=tree.baseline).result
    assert [finding.subject for finding in result.findings] == ["aws_iam_user.new"]
    assert [(kept.by, kept.finding.subject) for kept in result.suppressed] == [
        ("baseline", "aws_iam_user.a"),
        ("baseline", "aws_iam_user.b"),
    ]
    assert not [d for d in result.diagnostics if d.code == "baseline-stale"]


def test_what_is_gone_is_said(tree: Tree) -> None:
    tree.accept(tree.check("a", "b"))
    result = tree.check("b", baseline=tree.baseline).result
    (note,) = (d for d in result.diagnostics if d.code == "baseline-stale")
    assert note.severity == "note"
    assert note.message == "1 entry of the baseline can be pruned: `AL101` of `aws_iam_user.a`"
    other = tree.check("b", baseline=tree.baseline, select=("AL103",)).result
    assert not [d for d in other.diagnostics if d.code == "baseline-stale"]


def test_the_file_is_stable(tree: Tree) -> None:
    report = tree.check("a", "b")
    tree.accept(report)
    text = tree.baseline.read_text()
    assert [line.count("fingerprint") for line in text.splitlines()] == [0, 0, 0, 1, 1, 0, 0]
    write(tree.baseline, read(tree.baseline))
    assert tree.baseline.read_text() == text
    tree.accept(tree.check())
    assert read(tree.baseline).findings == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "can't be read"),
        ("", "is no baseline"),
        ("[]", "is no baseline"),
        ('{"version": 1}', "is no baseline"),
        ('{"version": 2, "findings": []}', "is of version 2, not 1"),
        ('{"version": 1, "findings": [{"rule": 1}]}', "is no baseline"),
    ],
)
def test_what_can_not_be_used_is_a_usage_error(tree: Tree, content: str | None, says: str) -> None:
    if content is not None:
        tree.baseline.write_text(content)
    with pytest.raises(UsageError) as caught:
        tree.check("a", baseline=tree.baseline)
    assert says in str(caught.value)
    with pytest.raises(BaselineError):
        read(tree.baseline)
