"""The baseline keeps back what was there, and nothing else."""

from __future__ import annotations

import re
import shutil
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


DRIFTED = Path(__file__).parents[2] / "fixtures" / "platforms" / "astradot-drifted"
TOP = re.compile(r"(?<![\w/.-])((?:\.\./)+|\$\{path\.module\}/(?:\.\./)+)?(modules|workspaces|policies)/([\w-]+)?")


def test_a_baseline_survives_moving_everything(tmp_path: Path) -> None:
    """Every directory and file renamed, the blocks of each file in another order, and a new violation."""
    before = tmp_path / "before"
    shutil.copytree(DRIFTED, before)
    options = {"jobs": 1, "today": date(2026, 1, 1)}
    first = scan(before, ScanOptions(boundary=before, **options))  # type: ignore[arg-type]
    baseline = tmp_path / "baseline.json"
    write(baseline, make(first.result.findings, lines_of(first.source_text)))
    after = tmp_path / "after"
    for file in sorted(before.rglob("*")):
        if not file.is_file():
            continue
        way = file.relative_to(before).as_posix()
        moved = re.sub(r"^(modules|workspaces|policies)/", r"new-\1/", way)
        if "/" in moved and moved.startswith(("new-modules/", "new-workspaces/")):
            top, directory, *rest = moved.split("/")
            name = rest.pop()
            is_code = name.endswith(".tf") and not name.endswith("override.tf")
            rest.append(f"zz_{name}" if is_code else name)
            moved = "/".join((top, f"moved-{directory}", *rest))
        text = file.read_text()
        if file.suffix in (".tf", ".hcl"):
            text = re.sub(r'(source\s*=\s*"\.\./)(?=[a-z])', r"\1moved-", TOP.sub(_moved, text))
        if file.suffix == ".tf":
            text = _reordered(text)
        target = after / moved
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    kept = ScanOptions(boundary=after, baseline=baseline, **options)  # type: ignore[arg-type]
    moved_result = scan(after, kept).result
    assert [(f.rule, f.subject, f.message) for f in moved_result.findings] == []
    assert not [d for d in moved_result.diagnostics if d.code == "baseline-stale" or d.usage]
    added = after / "new-workspaces" / "moved-production" / "zz_new.tf"
    added.write_text('resource "aws_iam_user" "new" {\n  name = "new"\n}\n')
    assert [(f.rule, f.subject) for f in scan(after, kept).result.findings] == [("AL101", "aws_iam_user.new")]


def _moved(found: re.Match[str]) -> str:
    before, top, name = found[1] or "", found[2], found[3] or ""
    inner = f"moved-{name}" if name and top != "policies" else name
    return f"{before}new-{top}/{inner}"


def _reordered(text: str) -> str:
    """Return a file with its top-level blocks in the opposite order."""
    blocks = re.split(r"\n(?=\S+ .*\{|\S+ \{|#)", "\n" + text)
    joined: list[str] = []
    for block in blocks:
        # A comment belongs to what follows it.
        if joined and all(not row.strip() or row.startswith("#") for row in joined[-1].split("\n")):
            joined[-1] += "\n" + block
        else:
            joined.append(block)
    return "\n".join(reversed(joined)).strip("\n") + "\n"
