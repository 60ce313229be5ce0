"""A request that some statements apply to and others don't, or that there is none.

Each statement that must not apply has to fail in one of its parts. Which one, is tried in turn; each part
of the request then has a language of its own, and is asked for a member of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from astralint.aws.inclusion.callers import Caller
from astralint.aws.inclusion.keys import Demand, State, solve
from astralint.aws.inclusion.languages import Alphabet, Budget, Clause, LimitReachedError, Word, find
from astralint.aws.inclusion.patterns import glob, literal
from astralint.aws.inclusion.statements import Ask, Reading
from astralint.aws.policy import JsonPath

MAXIMUM_CHOICES = 2_000
_ACTIONS = Alphabet("abcdefghijklmnopqrstuvwxyz0123456789-:")
_SOME_ACTION = Clause((glob("?*:?*"),), wanted=True, sure=False)
_SOME_RESOURCE = Clause((literal("*"), glob("arn:?*:?*:*:*:?*")), wanted=True, sure=False)

Member = Word | State | None


class Found(msgspec.Struct, frozen=True):
    """A request, by its parts, with all that was asked of its action and its resource.

    `path` is that of the statement that decides.
    """

    caller: Caller | None
    action: Word
    resource: Word | None
    keys: tuple[tuple[str, State], ...]
    of_action: tuple[Clause, ...]
    of_resource: tuple[Clause, ...]
    path: JsonPath = ()


class Search:
    """Questions about one caller, with what was found out kept for the next."""

    def __init__(self, caller: Caller | None, budget: Budget, *, has_resource: bool) -> None:
        self._caller = caller
        self._fixed = caller.keys if caller is not None else {}
        self._budget = budget
        self._has_resource = has_resource
        self._known: dict[tuple[str, frozenset[Ask]], Member] = {}
        self._choices = 0

    def requests(self, applying: Sequence[Reading], failing: Sequence[Reading], sure: bool) -> Iterator[Found]:
        """Yield requests that the first statements surely (or may) apply to, and the others surely (or may) not."""
        self._choices = 0
        base: dict[str, frozenset[Ask]] = {"action": frozenset()}
        if self._has_resource:
            base["resource"] = frozenset()
        for reading in applying:
            asked = reading.applies(sure) if reading.includes(self._caller, sure) else None
            if asked is None:
                return
            for one in asked:
                base[one.part] = base.get(one.part, frozenset()) | {one}
        if any(self._member(part, asks) is None for part, asks in base.items()):
            return
        choices: list[list[Ask]] = []
        for reading in failing:
            ways = self._ways(reading, base, sure)
            if ways is None:
                continue
            if not ways:
                return
            choices.append(ways)
        path = applying[0].statement.path
        for found in self._choose(sorted(choices, key=len), base):
            yield msgspec.structs.replace(found, path=path)

    def _ways(self, reading: Reading, base: dict[str, frozenset[Ask]], sure: bool) -> list[Ask] | None:
        """Return how a statement may fail; None where it fails anyway."""
        # Whom it surely doesn't name it surely doesn't apply to; whom it may not name, it may not.
        if not reading.includes(self._caller, not sure):
            return None
        escapes = reading.fails(sure)
        if escapes is None:
            return None
        applies = reading.applies(not sure)
        if applies is None:
            return None
        for one in applies:
            if one.part in base and self._member(one.part, base[one.part] | {one}) is None:
                return None
        return [one for one in escapes if self._member(one.part, base.get(one.part, frozenset()) | {one}) is not None]

    def _choose(self, choices: list[list[Ask]], chosen: dict[str, frozenset[Ask]]) -> Iterator[Found]:
        if not choices:
            yield self._found(chosen)
            return
        for one in choices[0]:
            self._choices += 1
            if self._choices > MAXIMUM_CHOICES:
                raise LimitReachedError
            asks = chosen.get(one.part, frozenset()) | {one}
            if self._member(one.part, asks) is not None:
                yield from self._choose(choices[1:], {**chosen, one.part: asks})

    def _member(self, part: str, asks: frozenset[Ask]) -> Member:
        key = (part, asks)
        if key not in self._known:
            self._known[key] = self._solve(part, asks)
        return self._known[key]

    def _solve(self, part: str, asks: frozenset[Ask]) -> Member:
        if part in ("action", "resource"):
            return self.word(part, _clauses(asks))
        name = part.partition(":")[2]
        demands = [one.demand for one in asks if one.demand is not None]
        if self._caller is not None and self._caller.lacks(name):
            demands.append(Demand(absent=True, present=False))
        return solve(demands, self._fixed.get(name, ()), self._budget)

    def word(self, part: str, clauses: tuple[Clause, ...]) -> Word | None:
        """Return an action or a resource that all clauses are content with; None where there is none."""
        if part == "action":
            return find((*clauses, _SOME_ACTION), _ACTIONS, self._budget)
        return find((*clauses, _SOME_RESOURCE), Alphabet(), self._budget)

    def _found(self, chosen: dict[str, frozenset[Ask]]) -> Found:
        members = {part: self._member(part, asks) for part, asks in chosen.items()}
        action, resource = members["action"], members.get("resource")
        keys = [(part.partition(":")[2], member) for part, member in members.items() if isinstance(member, State)]
        return Found(
            self._caller,
            action if isinstance(action, tuple) else (),
            resource if isinstance(resource, tuple) else None,
            tuple(sorted(keys, key=lambda item: item[0])),
            _clauses(chosen["action"]),
            _clauses(chosen.get("resource", frozenset())),
        )


def _clauses(asks: frozenset[Ask]) -> tuple[Clause, ...]:
    """Return the clauses, in an order that does not hang on hashes."""
    found = [one.clause for one in asks if one.clause is not None]
    return tuple(sorted(found, key=lambda clause: (not clause.wanted, len(clause.patterns), repr(clause))))
