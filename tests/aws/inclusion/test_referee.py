"""Generated pairs of policies: our answers beside z3's, recorded and live."""

from __future__ import annotations

import importlib.util
import os
from collections import Counter
from pathlib import Path

import pytest

from tests.aws.inclusion.generated import pair

RECORDED = Path(__file__).parent / "golden" / "pairs.txt"
EVERYDAY, LIVE = 150, int(os.environ.get("ASTRALINT_POLICY_PAIRS", "400"))


def test_recorded_answers() -> None:
    answers = "".join(RECORDED.read_text().split())
    assert len(answers) > 2_000
    assert Counter(answers)["?"] < len(answers) / 100
    assert min(Counter(answers)[sign] for sign in "+=") > len(answers) / 3
    from tests.aws.inclusion.ours import VERDICTS, ours

    asked = [seed for seed in range(EVERYDAY) if answers[seed] != "?"]
    wrong = {seed: pair(seed) for seed in asked if ours(seed).verdict != VERDICTS[answers[seed]]}
    assert not wrong


@pytest.mark.oracle
@pytest.mark.slow
def test_live_answers() -> None:
    """What z3 proves or confirms is what we say; never do we say "no more" where there is more.

    `ASTRALINT_POLICY_PAIRS=2040` asks about all pairs of which the answers are recorded.
    """
    if importlib.util.find_spec("z3") is None:
        pytest.skip("z3-solver is not installed: pip install --group referee")
    from tests.aws.inclusion.ours import VERDICTS, ours
    from tests.aws.inclusion.record import answer

    seen: Counter[str] = Counter()
    for seed in range(LIVE):
        found = ours(seed)
        sign = answer(seed, found)
        seen[sign] += 1
        assert sign == "?" or found.verdict == VERDICTS[sign], pair(seed)
    assert seen["+"] + seen["="] >= LIVE * 0.98, seen
