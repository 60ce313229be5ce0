"""What is said of policies that are known in part holds whatever the unknown parts stand for."""

from __future__ import annotations

import random
from typing import Any

from astralint.aws.inclusion.answer import compare_policies
from astralint.aws.policy_parser import parse_policy
from astralint.source.partial import Hole, PartialText
from tests.aws.inclusion.generated import OWNER, pair

VALUES = {"one": ("a", "b", "x", ""), "two": ("a", "x", "ed", "")}
PAIRS, TRIES = 40, 2


def with_holes(value: Any, source: random.Random) -> Any:
    """Return a document in which some texts have an unknown part."""
    if isinstance(value, dict):
        return {name: one if name in ("Version", "Effect") else with_holes(one, source) for name, one in value.items()}
    if isinstance(value, list):
        return [with_holes(one, source) for one in value]
    if not isinstance(value, str) or source.random() > 0.35 or not (value.startswith("arn:aws:s3") or value.isalpha()):
        return value
    cut = source.randint(value.rfind(":") + 1, len(value))
    name = source.choice(tuple(VALUES))
    return PartialText.of(value[:cut], Hole(f"`{name}`", f"generated:{name}"), value[cut:])


def filled(value: Any, chosen: dict[str, str]) -> Any:
    """Return a document with a value in each hole."""
    if isinstance(value, dict):
        return {name: filled(one, chosen) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, chosen) for one in value]
    if isinstance(value, PartialText):
        parts = (one if isinstance(one, str) else chosen[str(one.symbol).partition(":")[2]] for one in value.parts)
        return "".join(parts)
    return value


def test_it_holds_for_every_value() -> None:
    seen: dict[str, int] = {}
    for seed in range(5_000, 5_000 + PAIRS):
        kind, old, new = pair(seed)
        hidden = [with_holes(one, random.Random(seed)) for one in (old, new)]
        verdict = _verdict(kind, *hidden)
        seen[verdict] = seen.get(verdict, 0) + 1
        if verdict == "undecided":
            continue
        source = random.Random(seed)
        for _ in range(TRIES):
            chosen = {name: source.choice(values) for name, values in VALUES.items()}
            found = _verdict(kind, *(filled(one, chosen) for one in hidden))
            assert found in (verdict, "undecided"), (seed, verdict, chosen, hidden)
    assert min(seen.get(one, 0) for one in ("allows-more", "allows-no-more", "undecided")) > PAIRS / 20, seen


def _verdict(kind: str, old: Any, new: Any) -> str:
    first, second = (parse_policy(one, kind=kind) for one in (old, new))  # type: ignore[arg-type]
    return compare_policies(first, second, owner=OWNER).verdict
