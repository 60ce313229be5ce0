"""Compares the decision with the IAM simulator; ASTRALINT_IAM_CASES says how many cases (20000 for a thorough run)."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from tests.oracle.iam.cases import cases, to_request
from tests.oracle.iam.simulator import Simulator, simulator

from astralint.aws.decision import decide

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.oracle
COUNT = int(os.environ.get("ASTRALINT_IAM_CASES", "400"))


@pytest.fixture(scope="module")
def iam() -> Iterator[Simulator]:
    with simulator() as found:
        yield found


def test_verdicts_are_those_of_the_simulator(iam: Simulator) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=COUNT, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases())
    def compare(case: dict[str, object]) -> None:
        answer = iam.ask(case)
        assert "error" not in answer, answer["error"]
        decision = decide(to_request(case))
        seen[decision.verdict] += 1
        # First what must never be: a way in that is denied here.
        assert not (decision.verdict == "denied" and answer["discovery"] == "Allowed"), decision.explanation
        assert decision.verdict.upper() == answer["verdict"], decision.explanation

    compare()
    total = sum(seen.values())
    for verdict in ("allowed", "conditional", "denied"):
        assert seen[verdict] >= 0.15 * total, f"the cases are one-sided: {seen}"
