"""What a conditional decision hangs on: a condition that stands in the code, or something that is not known."""

from __future__ import annotations

from astralint.rules.api.trust import Assumption, Combined, Remainder


def hangs_on_the_unknown(assumption: Assumption) -> bool:
    """Say whether more is left open than conditions that stand in the code."""
    return any(_unknown(remainder) for remainder in assumption.decision.conditions)


def _unknown(remainder: Remainder) -> bool:
    if isinstance(remainder, Combined):
        return any(_unknown(part) for part in remainder.parts)
    return remainder.condition is None or bool(remainder.condition.unknown)
