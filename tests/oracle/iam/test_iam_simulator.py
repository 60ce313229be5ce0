"""Compares the decisions with the IAM simulator: who may assume a role, and who may do something.

`ASTRALINT_IAM_CASES` says how many cases (20000 for a thorough run), `ASTRALINT_IAM_SEED` which ones.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from tests.oracle.iam.accesses import random_accesses, to_access
from tests.oracle.iam.cases import cases, random_cases, to_request
from tests.oracle.iam.conditions import Case
from tests.oracle.iam.features import EXPECTED, features
from tests.oracle.iam.simulator import Simulator, simulator

from astralint.aws.authorization import authorize
from astralint.aws.decision import decide

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.oracle
COUNT = int(os.environ.get("ASTRALINT_IAM_CASES", "2000"))
ACCESSES = max(COUNT, 5_000)
SEED = int(os.environ.get("ASTRALINT_IAM_SEED", "1"))
LEAST_SHARE = 0.2
# So few cases need not have everything in them.
_ENOUGH = 2000


@pytest.fixture(scope="module")
def iam() -> Iterator[Simulator]:
    with simulator() as found:
        yield found


def test_verdicts_are_those_of_the_simulator(
    iam: Simulator, record_property: pytest.RecordProperty, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = list(random_cases(SEED, COUNT))
    seen: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    wrong: list[str] = []
    for case, answer in zip(asked, iam.ask_all(asked), strict=True):
        assert "error" not in answer, answer["error"]
        decision = decide(to_request(case))
        seen[decision.verdict] += 1
        covered.update(features(case))
        # First what must never be: a way in that is denied here.
        assert not (decision.verdict == "denied" and answer["discovery"] == "Allowed"), case
        if decision.verdict == "allowed":
            assert answer["verdict"] == "ALLOWED", case
        if decision.verdict.upper() != answer["verdict"]:
            wrong.append(f"{answer['verdict']}: {decision.explanation}\n{json.dumps(case)}")
    shares = {verdict: round(seen[verdict] / COUNT, 3) for verdict in ("allowed", "conditional", "denied")}
    distinct = len({json.dumps(case, sort_keys=True) for case in asked})
    with capsys.disabled():
        print(f"\n{COUNT} cases, {distinct} of them different, {len(wrong)} verdicts differ; shares {shares}")  # noqa: T201
    record_property("shares", str(shares))
    assert not wrong, "\n".join(wrong[:5])
    assert min(shares.values()) >= LEAST_SHARE, shares
    if COUNT >= _ENOUGH:
        assert EXPECTED - set(covered) == set()


def test_access_is_what_the_simulator_says(iam: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    """Who can do what, over identity and resource policies: at least 5,000 requests."""
    asked = list(random_accesses(SEED, ACCESSES))
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    for case, answer in zip(asked, iam.ask_all(asked), strict=True):
        assert "error" not in answer, answer["error"]
        permission = authorize(to_access(case))
        seen[permission.verdict] += 1
        if permission.verdict.upper() != answer["verdict"]:
            wrong.append(f"{answer['verdict']}: {permission.conditions}\n{json.dumps(case)}")
    shares = {verdict: round(seen[verdict] / ACCESSES, 3) for verdict in ("allowed", "conditional", "denied")}
    with capsys.disabled():
        print(f"\n{ACCESSES} requests for access, {len(wrong)} verdicts differ; shares {shares}")  # noqa: T201
    assert not wrong, "\n".join(wrong[:5])
    assert min(shares.values()) > LEAST_SHARE / 2, shares


@settings(max_examples=50, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=cases())
def test_shrunk_to_the_smallest_case_that_differs(iam: Simulator, case: Case) -> None:
    assert decide(to_request(case)).verdict.upper() == iam.ask(case)["verdict"]
