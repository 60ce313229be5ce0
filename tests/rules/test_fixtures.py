"""Every rule gives exactly what the lines of its fixtures say."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from astralint.hcl import parse
from astralint.rules.api import Rule
from astralint.rules.harness import FixtureResult, find_fixtures, run_fixture
from astralint.rules.loader import LoadedRules, load_rules

FIXTURES = Path(__file__).parents[2] / "fixtures" / "rules"
CASES = list(find_fixtures(FIXTURES))
SNIPPET = re.compile(r"^```hcl\n(.*?)^```", re.DOTALL | re.MULTILINE)


@cache
def rules() -> LoadedRules:
    return load_rules()


@cache
def result(directory: Path) -> FixtureResult:
    return run_fixture(directory, rules())


def name_of(case: tuple[str, str, Path]) -> str:
    return case[2].relative_to(FIXTURES).as_posix()


def test_all_rules_load() -> None:
    assert not rules().diagnostics
    assert len(rules().rules) >= 29


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_fixture(case: tuple[str, str, Path]) -> None:
    rule, kind, directory = case
    came = result(directory)
    assert came.ok, str(came)
    assert came.result is not None
    if kind == "good":
        assert not came.result.findings
        assert not any(mark.kind == "expect" for mark in came.marks)
    else:
        assert any(finding.name == rule for finding in came.result.findings)


@pytest.mark.parametrize("rule", rules().rules, ids=lambda rule: rule.name)
class TestRule:
    def test_has_good_and_bad_fixtures(self, rule: Rule) -> None:
        assert {kind for name, kind, _ in CASES if name == rule.name} == {"good", "bad"}

    def test_marks_what_looks_like_a_violation_but_is_none(self, rule: Rule) -> None:
        kinds = {
            mark.kind
            for name, _, directory in CASES
            if name == rule.name
            for mark in result(directory).marks
            if mark.what == rule.id
        }
        assert "expect" in kinds
        assert kinds & {"ok", "undecided", "silent", "suppressed"}

    def test_is_documented(self, rule: Rule) -> None:
        assert rule.summary
        assert len(rule.summary) < 110
        headings = re.findall(r"^## (.*)$", rule.documentation, re.MULTILINE)
        assert [h for h in headings if h in ("Why", "Bad", "Good")] == ["Why", "Bad", "Good"]
        assert set(headings) <= {"Why", "Bad", "Good", "Exceptions", "Options"}

    def test_snippets_are_valid(self, rule: Rule) -> None:
        for snippet in SNIPPET.findall(rule.documentation):
            parse(snippet.replace("# …", "#"))


def test_every_fixture_is_of_a_rule() -> None:
    assert {name for name, _, _ in CASES} <= {rule.name for rule in rules().rules}
