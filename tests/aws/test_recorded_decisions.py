"""The recorded answers of the IAM simulator, which needs no node."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from astralint.aws.authorization import authorize
from astralint.aws.decision import decide
from tests.oracle.iam.accesses import to_access
from tests.oracle.iam.cases import to_request
from tests.oracle.iam.features import EXPECTED, features

_RECORDED = Path(__file__).parent / "golden" / "assume_role.jsonl"
_EMPTY = {"identity": [], "boundary": None, "session": None, "scps": [], "rcps": [], "known": {}, "absent": []}


def test_recorded_cases() -> None:
    lines = _RECORDED.read_text().splitlines()
    assert len(lines) >= 1500
    wrong = []
    for line in lines:
        case = {**_EMPTY, **json.loads(line)}
        decision = decide(to_request(case))
        if decision.verdict.upper() != case["verdict"]:
            wrong.append((line, decision.explanation))
    assert wrong == []


def test_recorded_cases_have_everything_in_them() -> None:
    cases = [json.loads(line) for line in _RECORDED.read_text().splitlines()]
    verdicts = Counter(case["verdict"] for case in cases)
    assert set(verdicts) == {"ALLOWED", "CONDITIONAL", "DENIED"}
    assert min(verdicts.values()) >= len(cases) / 5
    assert EXPECTED - set().union(*map(features, cases)) == set()


def test_each_verdict_explains_itself() -> None:
    for line in _RECORDED.read_text().splitlines():
        decision = decide(to_request({**_EMPTY, **json.loads(line)}))
        assert (decision.verdict == "conditional") == bool(decision.conditions)
        assert "may assume" in decision.explanation or "may not assume" in decision.explanation
        if decision.verdict == "allowed":
            assert any(source.side == "trust" for source in decision.deciding)
            assert decision.trust
            assert decision.refused is False


def test_recorded_access() -> None:
    """Who may do something with a resource, over identity and resource policies."""
    lines = (Path(__file__).parent / "golden" / "access.jsonl").read_text().splitlines()
    assert len(lines) >= 500
    cases = [{**_EMPTY, "trust": None, **json.loads(line)} for line in lines]
    assert {case["verdict"] for case in cases} == {"ALLOWED", "CONDITIONAL", "DENIED"}
    wrong = [case for case in cases if authorize(to_access(case)).verdict.upper() != case["verdict"]]
    assert wrong == []
