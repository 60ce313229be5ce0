"""Records the simulator's answers to generated cases: `python -m tests.oracle.iam.record FILE [access]`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from tests.oracle.iam.accesses import random_accesses
from tests.oracle.iam.cases import random_cases
from tests.oracle.iam.conditions import Case
from tests.oracle.iam.features import features
from tests.oracle.iam.simulator import simulator

_ASKED = 6000
_KEPT = 500
_LONGEST = 1500


def recorded() -> list[str]:
    """Return lines for as many cases of each verdict: short ones, and what is rare among all cases first."""
    found: dict[str, dict[str, set[str]]] = {"ALLOWED": {}, "CONDITIONAL": {}, "DENIED": {}}
    asked = [_pruned(case) for case in random_cases(20260101, _ASKED)]
    with simulator() as iam:
        for case, answer in zip(asked, iam.ask_all(asked), strict=True):
            parts = {**{name: value for name, value in case.items() if value}, "verdict": answer["verdict"]}
            line = json.dumps(parts, separators=(",", ":"))
            if len(line) <= _LONGEST:
                found[answer["verdict"]][line] = features(case)
    return [line for lines in found.values() for line in sorted(_chosen(lines))]


def recorded_accesses() -> list[str]:
    """Return lines for as many cases of each verdict, action and kind of caller: the shortest of each."""
    asked = [_pruned(case) for case in random_accesses(20260102, _ASKED)]
    kept: dict[tuple[str, str, str], list[str]] = {}
    with simulator() as iam:
        for case, answer in zip(asked, iam.ask_all(asked), strict=True):
            parts = {**{name: value for name, value in case.items() if value}, "verdict": answer["verdict"]}
            caller = case["principal"].split(":")[-1].split("/")[0]
            line = json.dumps(parts, separators=(",", ":"))
            kept.setdefault((answer["verdict"], case["action"], caller), []).append(line)
    return [line for lines in kept.values() for line in sorted(lines, key=lambda line: (len(line), line))[:2]]


def _pruned(case: Case) -> Case:
    """Return the case without what its context says of keys that no policy speaks of."""
    text = json.dumps({name: value for name, value in case.items() if name not in ("known", "absent")}).lower()
    return {
        **case,
        "known": {key: value for key, value in case["known"].items() if key.lower() in text},
        "absent": [key for key in case["absent"] if key.lower() in text],
    }


def _chosen(lines: dict[str, set[str]]) -> list[str]:
    """Return lines such that each feature is there as often as it can be, the shortest first."""
    order = sorted(lines, key=lambda line: (len(line), line))
    seen: Counter[str] = Counter()
    kept: list[str] = []
    rounds = 1
    while len(kept) < _KEPT and len(kept) < len(order):
        for line in order:
            if len(kept) < _KEPT and line not in kept and any(seen[feature] < rounds for feature in lines[line]):
                kept.append(line)
                seen.update(lines[line])
        rounds += 1
    return kept


if __name__ == "__main__":
    lines = recorded_accesses() if sys.argv[2:] == ["access"] else recorded()
    Path(sys.argv[1]).write_text("\n".join(lines) + "\n")
