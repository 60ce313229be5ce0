"""What conditions ask of a key, and a value of it that some conditions hold for and others don't."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any, Literal

import msgspec

from astralint.aws.inclusion.languages import ANY_CHARACTER, Budget, Clause, find, shown
from astralint.aws.inclusion.patterns import Pattern, value_pattern
from astralint.aws.operators import NEGATED, WITH_VARIABLES, compare, is_valid
from astralint.aws.policy import Condition
from astralint.aws.text import known
from astralint.aws.variables import has_variables
from astralint.aws.wildcard import literal_tokens

MAXIMUM_DIGITS = 12
Span = Literal["one", "all", "any"]
Comparison = tuple[str, str]
"""An operator of numbers, dates, networks or bytes, and the value that a policy compares with."""


class Test(msgspec.Struct, frozen=True):
    """What is asked of a value: a clause of patterns, or a comparison with one of some constants (`wanted`) or none."""

    clause: Clause | None = None
    comparisons: tuple[Comparison, ...] = ()
    wanted: bool = True

    @property
    def kind(self) -> str:
        """The kind of value: texts, or what the constants are."""
        return _kind(self.comparisons[0][0]) if self.comparisons else "text"

    def opposite(self) -> Test:
        """Return the test that holds where this one doesn't."""
        clause = self.clause
        flipped = None if clause is None else Clause(clause.patterns, not clause.wanted, not clause.sure)
        return Test(flipped, self.comparisons, not self.wanted)


class Demand(msgspec.Struct, frozen=True):
    """What is asked of a key: whether it may be absent, and what holds of its value, all its values, or one of them.

    `present` False: it has to be absent. `test` None: any value will do.
    """

    absent: bool
    present: bool = True
    span: Span = "one"
    test: Test | None = None


class Undecidable(Exception):  # noqa: N818 - an answer, not an error
    """What can't be decided, as a reason."""


Impossible = Literal["never"]
NEVER: Impossible = "never"


def demand(condition: Condition, *, holds: bool, sure: bool, variables: bool, owner: str) -> Demand | Impossible | None:
    """Return what has to be of the key for a condition to hold (or not); None where anything will do.

    `sure` asks for what is certain whatever is not known; else for what is possible.
    """
    base = NEGATED.get(condition.operator, condition.operator)
    if condition.unknown or not base:
        return NEVER if sure else None
    if base == "Null":
        return _null(condition, holds, sure)
    negated = condition.operator in NEGATED
    vague = _is_vague(condition, base, negated, variables)
    if vague:
        return NEVER if sure else None
    # Of a negated operator what holds is what the comparison surely doesn't match.
    positive = holds != negated
    test = _test(condition, base, positive, sure, variables, owner)
    if condition.quantifier == "ForAllValues":
        return Demand(absent=holds, span="all" if holds else "any", test=test)
    if condition.quantifier == "ForAnyValue":
        return Demand(absent=not holds, span="any" if holds else "all", test=test)
    passes = condition.if_exists or negated
    return Demand(absent=passes == holds, span="one", test=test)


def _null(condition: Condition, holds: bool, sure: bool) -> Demand | Impossible | None:
    wanted = {(known(entry.text) or "").lower() for entry in condition.values}
    if not wanted <= {"true", "false"}:
        return NEVER if sure else None
    states = wanted if holds else {"true", "false"} - wanted
    if len(states) == 2:
        return None
    if not states:
        return NEVER
    return Demand(absent=True, present=False) if states == {"true"} else Demand(absent=False)


def _is_vague(condition: Condition, base: str, negated: bool, variables: bool) -> bool:
    for entry in condition.values:
        if variables and has_variables(entry.text):
            # Where a variable has no value, a negated operator does not hold.
            if base not in WITH_VARIABLES or negated:
                return True
        elif _kind(base) != "text":
            text = known(entry.text)
            if text is None or not is_valid(base, text):
                return True
        elif base == "Bool" and (known(entry.text) or "").lower() not in ("true", "false"):
            return True
    return False


def _test(condition: Condition, base: str, positive: bool, sure: bool, variables: bool, owner: str) -> Test:
    if _kind(base) == "text":
        place = f"{owner}/{condition.operator}/{condition.key}"
        patterns = tuple(
            value_pattern(base, entry.text, variables, f"{place}/{number}")
            for number, entry in enumerate(condition.values)
        )
        return Test(Clause(patterns, positive, sure if positive else not sure))
    constants = tuple((base, known(entry.text) or "") for entry in condition.values)
    return Test(None, constants, positive) if constants else Test(Clause((), positive))


def _kind(operator: str) -> str:
    for kind in ("Numeric", "Date", "Binary"):
        if operator.startswith(kind):
            return kind
    return "IpAddress" if operator == "IpAddress" else "text"


# --- values ------------------------------------------------------------------------------------


class State(msgspec.Struct, frozen=True):
    """A key in a request: its values, none where it is absent."""

    values: tuple[str, ...] = ()


def solve(demands: Iterable[Demand], fixed: tuple[Clause, ...], budget: Budget) -> State | None:
    """Return a state of a key that meets all demands; None where there is none. Raises Undecidable, LimitReachedError.

    `fixed` is what is known of the key's value beside them; where it has to be something, the key is there.
    """
    given = tuple(demands)
    if not any(clause.wanted for clause in fixed) and all(one.absent for one in given):
        return State()
    if not all(one.present for one in given):
        return None
    everywhere = [one.test for one in given if one.span == "all" and one.test is not None]
    everywhere += [Test(clause) for clause in fixed]
    single = [one.test for one in given if one.span == "one" and one.test is not None]
    somewhere = [one.test for one in given if one.span == "any" and one.test is not None]
    if single and (everywhere[: len(everywhere) - len(fixed)] or somewhere):
        raise Undecidable("a condition key is compared both as one value and as several")
    if single or fixed:
        value = _value([*single, *everywhere, *somewhere], budget)
        return State((value,)) if value is not None else None
    values: list[str] = []
    for tests in [[test] for test in somewhere] or [[]]:
        value = _value([*everywhere, *tests], budget)
        if value is None:
            return None
        values.append(value)
    return State(tuple(dict.fromkeys(values)))


def _value(tests: list[Test], budget: Budget) -> str | None:
    kinds = {test.kind for test in tests if test.comparisons or (test.clause is not None and test.clause.patterns)}
    if kinds <= {"text"}:
        word = find((test.clause for test in tests if test.clause is not None), ANY_CHARACTER, budget)
        return None if word is None else shown(word)
    if len(kinds) > 1:
        raise Undecidable("a condition key is compared both as a text and as something else")
    if any(test.clause is not None and test.clause.wanted for test in tests):
        return None  # One of no values.
    constants = [constant for test in tests for _, constant in test.comparisons]
    for value in dict.fromkeys(_SAMPLES[kinds.pop()](constants)):
        budget.spend(len(tests))
        if all(_fits(test, value) == test.wanted for test in tests if test.comparisons):
            return value
    return None


def _fits(test: Test, value: str) -> bool:
    return any(compare(name, literal_tokens(constant), value) is True for name, constant in test.comparisons)


def _between(values: Iterable[Any], step: Any) -> Iterator[Any]:
    """Yield the values, what lies between two, and what lies before and behind all."""
    ordered = sorted(set(values))
    yield ordered[0] - step
    for first, second in zip(ordered, [*ordered[1:], None], strict=True):
        yield first
        yield first + step if second is None else first + (second - first) / 2


def _numbers(constants: list[str]) -> list[str]:
    if any(len(constant) > MAXIMUM_DIGITS for constant in constants):
        raise Undecidable("a number in a condition is too long")
    return [f"{value.normalize():f}" for value in _between(map(Decimal, constants), Decimal(1))]


def _dates(constants: list[str]) -> list[str]:
    try:
        found = list(_between(map(_date, constants), timedelta(days=1)))
    except (OverflowError, ValueError) as error:
        raise Undecidable("a date in a condition is at the end of time") from error
    return [value.isoformat().replace("+00:00", "Z") for value in found]


def _date(text: str) -> datetime:
    if text.isdigit() and len(text) != 4:
        return datetime.fromtimestamp(int(text), UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _addresses(constants: list[str]) -> Iterator[str]:
    """Yield an address of each stretch between the bounds of the networks."""
    networks = [ip_network(constant, strict=False) for constant in constants]
    for family in (IPv4Address, IPv6Address):
        bounds = {0}
        for network in networks:
            if isinstance(network.network_address, family):
                bounds |= {int(network.network_address), int(network.broadcast_address) + 1}
        last = (1 << family("::" if family is IPv6Address else "0.0.0.0").max_prefixlen) - 1  # noqa: S104
        # The first address of a network is none that anybody has.
        ordered = sorted(bound for bound in bounds if bound <= last)
        for first, following in zip(ordered, [*ordered[1:], last + 1], strict=True):
            yield str(family(first + 1 if following - first > 2 else first))


def _bytes(constants: list[str]) -> Iterator[str]:
    yield from constants
    yield base64.b64encode("".join(constants).encode() + b"x").decode()


_SAMPLES: dict[str, Callable[[list[str]], Iterable[str]]] = {
    "Numeric": _numbers,
    "Date": _dates,
    "IpAddress": _addresses,
    "Binary": _bytes,
}

__all__ = ["NEVER", "Demand", "Pattern", "State", "Test", "Undecidable", "demand", "solve"]
