"""`astralint diff`: what a bad year does to the model platform, and what changes weaken."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from astralint.api import ScanOptions, UsageError, compare_revisions
from astralint.cli.main import run
from astralint.compare.comparison import Comparison
from astralint.compare.render import render
from astralint.compare.trust import TrustEdge
from astralint.rules.finding import single
from tests.compare.repository import FIXTURES, commit, git, replace_with, repository

SEEDS = FIXTURES / "astradot-drifted" / "SEEDS.md"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = repository(tmp_path_factory.mktemp("both"))
    replace_with(root, FIXTURES / "astradot")
    commit(root, "model")
    replace_with(root, FIXTURES / "astradot-drifted")
    commit(root, "drift")
    return root


@pytest.fixture(scope="module")
def drift(both: Path) -> Comparison:
    return compare_revisions("HEAD~1", "HEAD", [both], both, ScanOptions(jobs=1))[0]


def seeded() -> set[tuple[str, str]]:
    """Return the pairs of the table in SEEDS.md: who is called what there, without the accounts of outsiders."""
    table = SEEDS.read_text("utf-8").split("## Trust edges that the model doesn't have", 1)[1]
    found: set[tuple[str, str]] = set()
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 4 or cells[0] in ("from", "---"):
            continue
        sources = re.findall(r"`([^`]+)`", cells[0]) or [cells[0]]
        if cells[0].startswith("GitHub"):
            sources = ["token.actions.githubusercontent.com"]
        for source in sources:
            found.update((source.removesuffix("'s root"), target) for target in re.findall(r"`([^`]+)`", cells[1]))
    return found


def called(edge: TrustEdge) -> tuple[str, str]:
    source = edge.source.removesuffix(" (the whole account)").removesuffix(".amazonaws.com")
    names = {"*": "everybody"}
    source = names.get(source, source.rpartition("/")[2])
    if edge.kind == "deploys-as":
        source = edge.source
    return source, edge.target.rpartition("/")[2]


def test_exactly_the_seeded_edges_of_trust(drift: Comparison) -> None:
    assert not drift.trust.removed
    assert not drift.trust.changed
    # preprod is a whole new environment: within it, everything is as in every account, the way from management included.
    inside = [e for e in drift.trust.added if e.target.startswith("preprod/") and not e.source.startswith("security/")]
    assert len(inside) == 6
    others = [
        edge for edge in drift.trust.added if edge not in inside and not edge.source.endswith("workspaces/data-lake")
    ]
    # The role that is gone from artifact stands with the other principals of the canary.
    expected = {(s if s not in ("production", "staging") else f"workspace {s}", t) for s, t in _workspaces(seeded())}
    assert {called(edge) for edge in others} == expected | {("astradot-jenkins", "astradot-canary")}


def _workspaces(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(source.replace("workspace ", ""), target) for source, target in pairs}


def test_findings_that_the_change_adds(drift: Comparison) -> None:
    assert not drift.removed
    assert len(drift.added) == len(single(drift.after.result.findings)) > 70


def test_back_again_everything_is_removed(both: Path, drift: Comparison) -> None:
    back, _ = compare_revisions("HEAD", "HEAD~1", [both], both, ScanOptions(jobs=1))
    assert [edge.key for edge in back.trust.removed] == [edge.key for edge in drift.trust.added]
    assert {mark for _, mark in back.removed} == {mark for _, mark in drift.added}
    assert not back.added


def test_the_work_tree_is_the_other_side_without_head(both: Path) -> None:
    same, _ = compare_revisions("HEAD", None, [both], both, ScanOptions(jobs=1))
    assert not (same.added)
    assert not (same.removed)
    assert not (same.trust.added)
    assert not (same.trust.changed)
    assert not (same.weakened)


def test_markdown_holds_a_picture_of_the_difference_alone(drift: Comparison) -> None:
    text = render(drift, "markdown")
    assert len(text) <= 60_000
    assert text.count("```mermaid") == 1
    assert "astradot-findings-writer" in text
    assert "ci_deploy" not in text


def test_json(drift: Comparison) -> None:
    document = json.loads(render(drift, "json", "infrastructure"))
    edge = next(e for e in document["trust"]["added"] if e["from"] == "staging/astradot-etl")
    assert edge["verdict"] == "allowed"
    assert edge["evidence"][0]["location"]["file"] == "infrastructure/workspaces/production/data_access.tf"
    assert document["trust"]["removed"] == document["findings"]["removed"] == []


def test_the_command(both: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(both)
    status = git(both, "status", "--porcelain")
    assert run(["diff", "HEAD~1", "HEAD", "--no-cache"]) == 1
    assert "+ staging/astradot-etl -> production/astradot-data-export: allowed" in capsys.readouterr().out
    assert run(["diff", "HEAD", "HEAD~1", "--no-cache"]) == 0
    assert run(["diff", "HEAD", "--no-cache"]) == 0
    capsys.readouterr()
    assert run(["diff", "nope", "--no-cache"]) == 2
    assert "there is no revision `nope`" in capsys.readouterr().err
    assert run(["diff", "HEAD", "nope", "--no-cache"]) == 2
    assert git(both, "status", "--porcelain") == status


USER = 'resource "aws_iam_user" "deploy" {\n  name = "deploy"\n}\n'
CONFIGURATION = """
account "identity" {
  kind = "identity"
  id   = "100000000002"
}

account "production" {
  kind = "production"
  id   = "100000000007"

  workspace "production" {
    path = "production"
  }
}
"""


def small(root: Path) -> Path:
    repository(root)
    (root / "production").mkdir()
    (root / "production" / "main.tf").write_text('provider "aws" {\n  region = "eu-west-1"\n}\n\n' + USER)
    (root / "astralint.hcl").write_text(CONFIGURATION)
    commit(root)
    return root


def compared(root: Path) -> Comparison:
    return compare_revisions("HEAD", None, [root], root, ScanOptions(jobs=1))[0]


def test_lines_that_move_change_nothing(tmp_path: Path) -> None:
    root = small(tmp_path / "r")
    file = root / "production" / "main.tf"
    file.write_text("# A comment.\n\n" + file.read_text())
    found = compared(root)
    assert not (found.added)
    assert not (found.removed)
    assert not (found.weakened)


def test_a_new_suppression_weakens(tmp_path: Path) -> None:
    root = small(tmp_path / "r")
    file = root / "production" / "main.tf"
    file.write_text(file.read_text().replace(USER, "# astralint: ignore[AL101] -- because\n" + USER))
    found = compared(root)
    assert [(w.kind, w.text) for w in found.weakened] == [("suppression", "a new comment silences `AL101`: because")]
    assert [finding.rule for finding, _ in found.removed] == ["AL101"]


@pytest.mark.parametrize(
    ("addition", "kind", "part"),
    [
        ('rule "AL101" {\n  severity = "off"\n}\n', "rule-off", "does not run any more"),
        ('rule "AL101" {\n  severity = "note"\n}\n', "severity", "is of severity note, it was of error"),
        (
            'rule "AL101" {\n  except "break glass" {\n    subjects = ["aws_iam_user.deploy"]\n  }\n}\n',
            "exception",
            "break glass",
        ),
        ('vendor "v" {\n  accounts = ["390000000001"]\n}\n', "vendor", "390000000001"),
    ],
)
def test_a_weaker_configuration(tmp_path: Path, addition: str, kind: str, part: str) -> None:
    root = small(tmp_path / "r")
    (root / "astralint.hcl").write_text(CONFIGURATION + "\n" + addition)
    found = compared(root)
    assert [item.kind for item in found.weakened] == [kind]
    assert part in found.weakened[0].text
    assert not compare_revisions("HEAD", "HEAD", [root], root, ScanOptions(jobs=1))[0].weakened


def test_paths_outside_of_the_repository(tmp_path: Path) -> None:
    root = small(tmp_path / "r")
    with pytest.raises(UsageError):
        compare_revisions("HEAD", None, [tmp_path], root, ScanOptions(jobs=1))
