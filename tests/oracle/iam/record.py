"""Records the simulator's answers to generated cases: `python -m tests.oracle.iam.record FILE`."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.oracle.iam.cases import cases
from tests.oracle.iam.simulator import simulator

_ASKED = 3000
_KEPT = 220
_LONGEST = 900


def recorded() -> list[str]:
    """Return lines for as many cases of each verdict, short ones."""
    found: dict[str, set[str]] = {"ALLOWED": set(), "CONDITIONAL": set(), "DENIED": set()}
    with simulator() as iam:

        @seed(20260101)
        @settings(
            max_examples=_ASKED,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(cases())
        def ask(case: dict[str, Any]) -> None:
            answer = iam.ask(case)
            parts = {**{name: value for name, value in case.items() if value}, "verdict": answer["verdict"]}
            line = json.dumps(parts, separators=(",", ":"))
            if len(line) <= _LONGEST:
                found[answer["verdict"]].add(line)

        ask()
    chosen = random.Random(1)
    return [line for lines in found.values() for line in sorted(chosen.sample(sorted(lines), _KEPT))]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text("\n".join(recorded()) + "\n")
