"""Whether the new form of a policy allows a request that the old one doesn't."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Literal

import msgspec

from astralint.aws.inclusion.callers import callers
from astralint.aws.inclusion.keys import Undecidable
from astralint.aws.inclusion.languages import Budget, LimitReachedError
from astralint.aws.inclusion.patterns import Reach
from astralint.aws.inclusion.requests import Request, described
from astralint.aws.inclusion.search import Found, Search
from astralint.aws.inclusion.statements import Reading
from astralint.aws.inclusion.unknowns import Numbers, is_vague, named, reasons_of
from astralint.aws.policy import Effect, Policy, PolicyKind, Statement
from astralint.aws.text import Text

Verdict = Literal["allows-more", "allows-no-more", "undecided"]
STEPS = 120_000
"""So many steps are taken for one policy."""
_TRIES = 6
_EMPTY = Policy(())


class Inclusion(msgspec.Struct, frozen=True):
    """The answer. `request` is one that is newly allowed; `reason` says why it can't be told.

    `denial`: the request was denied before and is no longer; another policy has to allow it.
    """

    verdict: Verdict
    request: Request | None = None
    reason: str = ""
    denial: bool = False


NO_MORE = Inclusion("allows-no-more")


def compare_policies(
    old: Policy | None,
    new: Policy | None,
    *,
    owner: Text | None = None,
    same: Callable[[Statement, Statement], bool] = lambda _old, _new: False,
    budget: Budget | None = None,
) -> Inclusion:
    """Return whether the new policy allows a request that the old one doesn't; None stands for no policy.

    `owner` is the account that a resource's policy or a trust belongs to. `same` says of two statements that read the
    same whether what is not known in them is the same too. What service and resource control policies don't deny,
    something else is taken to allow.
    """
    kind = (new or old or _EMPTY).kind
    comparison = _Comparison(old or _EMPTY, new or _EMPTY, owner, same, budget or Budget(STEPS))
    try:
        return comparison.answer(kind)
    except LimitReachedError:
        return Inclusion("undecided", reason="its patterns are too many, or too entangled")
    except Undecidable as error:
        return Inclusion("undecided", reason=str(error))


Roles = list[tuple[Reading, Effect]]
Goal = tuple[Roles, Roles]
"""Statements that have to apply, as what they are, and statements that must not."""


class _Comparison:
    def __init__(
        self,
        old: Policy,
        new: Policy,
        owner: Text | None,
        same: Callable[[Statement, Statement], bool],
        budget: Budget,
    ) -> None:
        self.owner = owner
        self.budget = budget
        self.has_resource = any(s.resource is not None for s in (*old.statements, *new.statements))
        self.numbers = Numbers(old, new, same)
        self.policies = (old, new)
        keys = (str(c.key) for policy in (new, old) for s in policy.statements for c in s.conditions)
        self.spelling = {key.lower(): key for key in reversed(list(keys))}
        self.is_vague = any(is_vague(policy) for policy in self.policies)

    def answer(self, kind: PolicyKind) -> Inclusion:
        depends = any(reading.depends_on_reach for side in self._sides("field") for reading in side)
        worlds: list[Reach] = ["field", "text"] if depends else ["field"]
        found = [self._in_world(reach, kind) for reach in worlds]
        if len({one.verdict for one in found}) == 1:
            return found[0]
        undecided = next((one for one in found if one.verdict == "undecided"), None)
        return undecided or Inclusion("undecided", reason="AWS does not say whether a `*` in an ARN matches a colon")

    def _sides(self, reach: Reach) -> tuple[list[Reading], list[Reading]]:
        old, new = (
            [
                Reading(named(statement, owner), number, owner, policy.variables, reach)
                for statement, (number, owner) in zip(policy.statements, numbers, strict=True)
            ]
            for policy, numbers in zip(self.policies, self.numbers.sides, strict=True)
        )
        return old, new

    def _in_world(self, reach: Reach, kind: PolicyKind) -> Inclusion:
        old, new = self._sides(reach)
        elements = [r.statement.principal for r in (*old, *new) if r.statement.principal is not None]
        searches = [
            Search(caller, self.budget, has_resource=self.has_resource)
            for caller in (callers(elements, self.owner) if elements else [None])
        ]
        goals = [(False, list(self._grants(old, new)))]
        if kind != "trust":
            goals.append((True, list(self._denials(old, new))))
        for denial, pairs in goals:
            request = described(islice(self._found(searches, pairs, sure=True), _TRIES), self.spelling)
            if request is not None:
                return Inclusion("allows-more", request, denial=denial)
        if not self.is_vague:
            return NO_MORE
        for _, pairs in goals:
            if next(self._found(searches, pairs, sure=False), None) is not None:
                return Inclusion("undecided", reason=self._reason())
        return NO_MORE

    @staticmethod
    def _found(searches: list[Search], goals: list[Goal], *, sure: bool) -> Iterator[tuple[Search, Found]]:
        for search in searches:
            for applying, failing in goals:
                if not all(reading.is_of(effect, sure) for reading, effect in applying):
                    continue
                escaped = [reading for reading, effect in failing if reading.is_of(effect, not sure)]
                numbers = {reading.number for reading in escaped}
                if any(reading.number in numbers for reading, _ in applying):
                    continue
                for one in islice(search.requests([reading for reading, _ in applying], escaped, sure), 3):
                    yield search, one

    @staticmethod
    def _grants(old: list[Reading], new: list[Reading]) -> Iterator[Goal]:
        """Yield what a request has to meet that the new policy allows and the old one doesn't."""
        refused: Roles = [(reading, "Deny") for reading in new]
        for reading in new:
            yield [(reading, "Allow")], [*refused, *((one, "Allow") for one in old)]
        for reading in new:
            for denial in old:
                yield [(reading, "Allow"), (denial, "Deny")], refused

    @staticmethod
    def _denials(old: list[Reading], new: list[Reading]) -> Iterator[Goal]:
        """Yield what a request has to meet that the old policy denies and the new one doesn't."""
        refused: Roles = [(reading, "Deny") for reading in new]
        for reading in old:
            yield [(reading, "Deny")], refused

    def _reason(self) -> str:
        reasons = dict.fromkeys(
            reason
            for policy, numbers in reversed(list(zip(self.policies, self.numbers.sides, strict=True)))
            for statement, (number, _) in zip(policy.statements, numbers, strict=True)
            if number not in self.numbers.shared
            for reason in reasons_of(statement)
        )
        return "; ".join(islice(reasons, 3)) or "what is not known in it may be another thing now"
