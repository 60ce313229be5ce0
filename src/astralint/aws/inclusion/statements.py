"""Statements as what they ask of each part of a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from astralint.aws.inclusion.callers import Caller, names
from astralint.aws.inclusion.keys import NEVER, Demand, Impossible, demand
from astralint.aws.inclusion.languages import Clause
from astralint.aws.inclusion.patterns import Pattern, Reach, crosses, resource_pattern, tokens_of
from astralint.aws.policy import Effect, Element, Statement
from astralint.aws.text import known, lower

Part = Literal["action", "resource"]


class Ask(msgspec.Struct, frozen=True):
    """What has to be of one part of a request: of its action, its resource, or a condition key."""

    part: str
    clause: Clause | None = None
    demand: Demand | None = None


class Reading:
    """A statement; `owner` names the holes in it that have no name, `number` is its own."""

    def __init__(self, statement: Statement, number: int, owner: str, variables: bool, reach: Reach) -> None:
        self.statement = statement
        self.number = number
        self.owner = owner
        self._variables = variables
        self._reach = reach
        self._elements: dict[Part, tuple[Pattern, ...]] = {}
        self._asked: dict[tuple[bool, bool], list[Ask] | None] = {}

    @property
    def is_unknown(self) -> bool:
        """Whether something of the statement as a whole is not known."""
        return bool(self.statement.unknown) or self.statement.effect is None

    def is_of(self, effect: Effect, sure: bool) -> bool:
        """Say whether it surely is, or may be, of an effect."""
        if self.statement.effect is None:
            return not sure
        return self.statement.effect == effect

    @property
    def depends_on_reach(self) -> bool:
        """Whether it makes a difference if wildcards of its resources cross colons."""
        element = self.statement.resource
        return element is not None and any(crosses(entry.text) for entry in element.entries)

    def includes(self, caller: Caller | None, sure: bool) -> bool:
        """Say whether its principals surely (or may) include a caller."""
        truth = names(self.statement.principal, caller, self.statement.effect or "Allow")
        return truth is True if sure else truth is not False

    # --- what applies -----------------------------------------------------------------------

    def applies(self, sure: bool) -> list[Ask] | None:
        """Return what a request has to be for the statement to apply, its principal apart; None where nothing is enough."""
        if sure and self.is_unknown:
            return None
        found: list[Ask] = []
        for asked in self._parts(holds=True, sure=sure):
            if asked == NEVER:
                return None
            if asked is not None:
                found.append(asked)
        return found

    def fails(self, sure: bool) -> list[Ask] | None:
        """Return the ways in which a request may escape the statement; None where it escapes anyway."""
        if self.is_unknown and not sure:
            return None
        found: list[Ask] = []
        for asked in self._parts(holds=False, sure=sure):
            if asked is None:
                return None
            if asked != NEVER:
                found.append(asked)
        return found

    def _parts(self, *, holds: bool, sure: bool) -> Iterator[Ask | Impossible | None]:
        elements: tuple[tuple[Part, Element | None], ...]
        elements = (("action", self.statement.action), ("resource", self.statement.resource))
        for part, element in elements:
            if element is None:
                if not holds:
                    yield NEVER
                continue
            clause = self._clause(part, element, holds=holds, sure=sure)
            yield Ask(part, clause) if isinstance(clause, Clause) else clause
        for number, condition in enumerate(self.statement.conditions):
            owner = f"{self.owner}/condition/{number}"
            wanted = demand(condition, holds=holds, sure=sure, variables=self._variables, owner=owner)
            key = known(condition.key)
            if key is None:
                yield NEVER if sure else None
            else:
                yield Ask(f"key:{key.lower()}", None, wanted) if isinstance(wanted, Demand) else wanted

    def _clause(self, part: Part, element: Element, *, holds: bool, sure: bool) -> Clause | Impossible | None:
        wanted = holds != element.negated
        if element.unknown:
            # There may be more entries: that one of them matches is possible, that none does is not sure.
            if not sure and wanted:
                return None
            if sure and not wanted:
                return NEVER
        patterns = self._patterns(part, element)
        if element.negated and any(not pattern.sure for pattern in patterns):
            return NEVER if sure else None
        if not patterns:
            return NEVER if wanted else None
        return Clause(patterns, wanted, sure if wanted else not sure)

    def _patterns(self, part: Part, element: Element) -> tuple[Pattern, ...]:
        found = self._elements.get(part)
        if found is None:
            found = self._elements[part] = tuple(self._read(part, element))
        return found

    def _read(self, part: Part, element: Element) -> Iterator[Pattern]:
        for number, entry in enumerate(element.entries):
            owner = f"{self.owner}/{part}/{number}"
            if part == "action":
                tokens, sure = tokens_of(lower(entry.text), wildcards=True, variables=False, owner=owner)
                yield Pattern(tokens, sure=sure)
            else:
                pattern = resource_pattern(entry.text, self._reach, self._variables, owner)
                # A variable without a value fits nothing, and what that means for `NotResource` AWS does not say.
                doubtful = element.negated and self._variables and "${" in str(entry.text)
                yield msgspec.structs.replace(pattern, sure=False) if doubtful else pattern
