"""Truths that remember why: what decided, and what is left to be known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from astralint.aws.text import Text, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from astralint.aws.kleene import Truth
    from astralint.aws.policy import Condition, Effect, JsonPath

_SHOWN = 6
_OPPOSITES = {
    "StringEquals": "StringNotEquals",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
    "ArnEquals": "ArnNotEquals",
    "ArnLike": "ArnNotLike",
    "IpAddress": "NotIpAddress",
}
_OPPOSITES |= {negated: positive for positive, negated in _OPPOSITES.items()}


class Source(msgspec.Struct, frozen=True):
    """A statement that took part in a decision. `side` names the policy's role in it, `policy` the policy."""

    side: str
    policy: str
    path: JsonPath
    effect: Effect | None
    sid: Text | None = None

    def __str__(self) -> str:
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path).lstrip(".")
        name = f" {quoted(self.policy)}" if self.policy else ""
        return f"{self.side}{name} {where or 'statement'}"


class Remaining(msgspec.Struct, frozen=True):
    """Something that is not known, and that the decision hangs on.

    `condition` is the condition that is left, if it is one. With `negated` the opposite must hold.
    """

    text: str
    condition: Condition | None = None
    negated: bool = False

    def __str__(self) -> str:
        if not self.negated:
            return self.text
        condition = self.condition
        opposite = _OPPOSITES.get(condition.operator) if condition and not condition.unknown else None
        if condition is None or opposite is None or condition.quantifier or condition.if_exists:
            return f"not ({self.text})"
        return f"{condition.key} {opposite} {values_text(condition)}"


class Combined(msgspec.Struct, frozen=True):
    """Several things that are left: all of them must hold, or one of them."""

    operator: Literal["and", "or"]
    parts: tuple[Remainder, ...]

    def __str__(self) -> str:
        shown = list(dict.fromkeys(_bracketed(part, self.operator) for part in self.parts[: _SHOWN * 2]))[:_SHOWN]
        others = len(self.parts) - len(shown) if len(self.parts) > _SHOWN else 0
        if others:
            shown.append(f"{others} more")
        return f" {self.operator} ".join(shown)


Remainder = Remaining | Combined


class Outcome(msgspec.Struct, frozen=True):
    """A truth; `sources` say which statements made it so, `remainder` (only of None) what is left."""

    truth: Truth
    remainder: Remainder | None = None
    sources: tuple[Source, ...] = ()


YES = Outcome(truth=True)
NO = Outcome(truth=False)


def undecided(text: str, condition: Condition | None = None) -> Outcome:
    """Return an outcome that hangs on one thing."""
    return Outcome(None, Remaining(text, condition))


def both(outcomes: Iterable[Outcome]) -> Outcome:
    """Return whether all hold."""
    parts: list[Remainder] = []
    sources: list[Source] = []
    for outcome in outcomes:
        if outcome.truth is False:
            return outcome
        sources.extend(outcome.sources)
        if outcome.remainder is not None:
            parts.extend(_flat(outcome.remainder, "and"))
    remainder = _combined("and", parts)
    return Outcome(True if remainder is None else None, remainder, tuple(dict.fromkeys(sources)))


def either(outcomes: Iterable[Outcome]) -> Outcome:
    """Return whether one holds."""
    parts: list[Remainder] = []
    sources: list[Source] = []
    for outcome in outcomes:
        if outcome.truth:
            return outcome
        if outcome.remainder is not None:
            parts.extend(_flat(outcome.remainder, "or"))
            sources.extend(outcome.sources)
    remainder = _combined("or", parts)
    return Outcome(False if remainder is None else None, remainder, tuple(dict.fromkeys(sources)))


def opposite(outcome: Outcome) -> Outcome:
    """Return whether it does not hold."""
    if outcome.remainder is None:
        return Outcome(not outcome.truth, None, outcome.sources)
    return Outcome(None, _negated(outcome.remainder), outcome.sources)


def conjuncts(remainder: Remainder | None) -> tuple[Remainder, ...]:
    """Return the things that must all hold."""
    if remainder is None:
        return ()
    return remainder.parts if isinstance(remainder, Combined) and remainder.operator == "and" else (remainder,)


def values_text(condition: Condition) -> str:
    """Return the values of a condition for people."""
    shown = [quoted(entry.text) for entry in condition.values[:_SHOWN]]
    if len(condition.values) > _SHOWN:
        shown.append(f"{len(condition.values) - _SHOWN} more")
    return shown[0] if len(shown) == 1 else "[" + ", ".join(shown) + "]"


def condition_text(condition: Condition) -> str:
    """Return a condition for people: `sts:ExternalId StringEquals "abc"`."""
    operator = condition.operator or condition.written
    if condition.operator:
        before = f"{condition.quantifier}:" if condition.quantifier else ""
        operator = f"{before}{condition.operator}{'IfExists' if condition.if_exists else ''}"
    text = f"{condition.key} {operator} {values_text(condition)}".strip()
    return f"{text} ({'; '.join(condition.unknown)})" if condition.unknown else text


def _combined(operator: Literal["and", "or"], parts: list[Remainder]) -> Remainder | None:
    different = tuple(dict.fromkeys(parts))
    if not different:
        return None
    return different[0] if len(different) == 1 else Combined(operator, different)


def _flat(remainder: Remainder, operator: Literal["and", "or"]) -> tuple[Remainder, ...]:
    if isinstance(remainder, Combined) and remainder.operator == operator:
        return remainder.parts
    return (remainder,)


def _negated(remainder: Remainder) -> Remainder:
    if isinstance(remainder, Remaining):
        return Remaining(remainder.text, remainder.condition, not remainder.negated)
    return Combined("or" if remainder.operator == "and" else "and", tuple(_negated(part) for part in remainder.parts))


def _bracketed(part: Remainder, operator: str) -> str:
    return f"({part})" if isinstance(part, Combined) and part.operator != operator else str(part)
