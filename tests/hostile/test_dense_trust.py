"""Accounts that all trust each other: what is decided ends, and says what it left out."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from astralint.api import Report, ScanOptions, scan
from astralint.estate.views import Undecided
from tests.hostile.platforms import run

ACCOUNTS = 25


def write(root: Path, count: int) -> Path:
    """Write accounts with a role each that trusts all accounts, and may assume any role."""
    roots = ", ".join(f'"arn:aws:iam::{100000000000 + number}:root"' for number in range(count))
    configuration = []
    for number in range(count):
        (root / f"a{number}").mkdir()
        (root / f"a{number}/main.tf").write_text(
            'resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = jsonencode({ Statement = '
            f'[{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ AWS = [{roots}] }} }}] }})\n}}\n'
            'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.r.name\n  name = "p"\n  policy = jsonencode('
            '{ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "*" }] })\n}\n'
        )
        configuration.append(
            f'account "a{number}" {{\n  kind = "production"\n  id = "{100000000000 + number}"\n'
            f'  workspace "w{number}" {{ path = "a{number}" }}\n}}\n'
        )
    (root / "astralint.hcl").write_text("".join(configuration))
    return root


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("dense"), ACCOUNTS)


def report_of(root: Path) -> Report:
    return scan(root, ScanOptions(boundary=root, jobs=1))


def test_every_pair_is_decided_where_they_are_few(tmp_path: Path) -> None:
    root = write(tmp_path, 9)
    report = report_of(root)
    assert not [d for d in report.result.diagnostics if d.code == "limit"]
    certain = {
        (a.account.name, a.role.account.name)
        for a in report.platform.trust.assumptions
        if a.identity is not None and a.account and a.role.account and a.decision.verdict == "allowed"
    }
    names = {f"a{number}" for number in range(9)}
    assert certain == {(one, other) for one in names for other in names}


def test_what_is_left_out_is_said(dense: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTRALINT_TRUST_PAIRS", "30")
    report = report_of(dense)
    limits = [d for d in report.result.diagnostics if d.code == "limit"]
    assert len(limits) == 1
    assert limits[0].broken
    assert limits[0].span is not None
    assert "was left out" in limits[0].message
    # Whose trust was not read is trusted by nobody only as far as that goes: no rule concludes anything from it.
    index = report.platform.trust
    unread = [role for role in index.roles if not index.read_of(role)]
    assert unread
    for role in unread:
        with pytest.raises(Undecided):
            index.trusts_of(role)
    assert "unassumable-role" not in {finding.rule for finding in report.result.findings}
    for call in (["graph"], ["who-can", "sts:AssumeRole"], ["why", "a0/r", f"a{ACCOUNTS - 1}/r"]):
        assert "was left out" in run(dense, *call).stderr, call


def test_time_grows_with_the_pairs(dense: Path) -> None:
    """Each pair once, each with its own entry of the policy: with all entries, this took three times as long."""
    start = time.process_time()
    report = report_of(dense)
    took = time.process_time() - start
    assert len(report.platform.trust.assumptions) == 2 * ACCOUNTS**2
    assert took < 8
