"""`for` expressions of which it is not known what is in their result: their candidates are."""

from __future__ import annotations

from astralint.hcl import syntax
from astralint.terraform.expressions.evaluator import Evaluator
from astralint.terraform.values.candidates import candidates_of, is_keyed, open_collection, with_others
from astralint.terraform.values.convert import convert
from astralint.terraform.values.operations import merged_reasons
from astralint.terraform.values.types import BOOL, NUMBER, STRING, SetType
from astralint.terraform.values.value import (
    Candidate,
    EvaluationError,
    Origin,
    Reason,
    Unknown,
    Value,
    unknown,
)

STEPS = 4
For = syntax.ForTuple | syntax.ForObject


class _OpenLoop:
    """One loop; `candidates` is None where it is not even known what can be in the result."""

    def __init__(self, evaluator: Evaluator, node: For, source: Value) -> None:
        self.evaluator = evaluator
        self.node = node
        self.marks = source.marks
        self.origins: frozenset[Origin] = source.origins
        self.candidates: list[Candidate] | None = []
        self.reasons: dict[Reason, None] = {}

    def turn(self, maybe: tuple[Reason, ...]) -> None:
        """Take the element that the names stand for at the moment."""
        if self.candidates is None:
            return
        included = self._included(maybe)
        if included is None:
            return
        maybe = tuple(dict.fromkeys((*maybe, *included)))[:8]
        self.reasons.update(dict.fromkeys(maybe))
        key: str | None = None
        if isinstance(self.node, syntax.ForObject):
            found = self._value(self.node.result_key, maybe)
            self._note(found)
            if not isinstance(found.raw, str | int | bool) or self.node.grouping:
                self.reasons.update(dict.fromkeys(merged_reasons(found)))
                self.candidates = None
                return
            key = str(convert(found, STRING).raw)
            if any(candidate.key == key for candidate in self.candidates):
                # Only one of them can be there, and nothing says which.
                self.candidates = None
                return
        self.candidates.append(Candidate(key, self._value(self.node.result, maybe), maybe))

    def finds_one(self) -> bool:
        """Say whether the loop looks one thing up by what it is called: then no other is called so."""
        return (
            self.candidates is not None
            and len(self.candidates) == 1
            and not self.candidates[0].maybe
            and self.node.condition is not None
            and _names_one(self.node.condition, self.node.value)
        )

    def _included(self, maybe: tuple[Reason, ...]) -> tuple[Reason, ...] | None:
        """Return why the element at hand may not be taken, nothing where it is; None where it is not."""
        if self.node.condition is None:
            return ()
        value = self._value(self.node.condition, maybe)
        self._note(value)
        if not isinstance(value.raw, Unknown):
            try:
                return () if convert(value, BOOL).raw else None
            except EvaluationError:
                pass
        return merged_reasons(value)

    def _value(self, node: syntax.Expression, maybe: tuple[Reason, ...]) -> Value:
        # What may not be there may also not be possible: no error is one for sure.
        return self.evaluator.supposed(lambda: self.evaluator.value(node)) if maybe else self.evaluator.value(node)

    def _note(self, value: Value) -> None:
        self.marks |= value.marks
        self.origins |= value.origins


_CALLED = frozenset({"arn", "email", "id", "name"})
"""Attributes of which no two things have the same."""


def _names_one(condition: syntax.Expression, element: str) -> bool:
    """Say whether a condition compares what the element is called with something."""
    if isinstance(condition, syntax.Parentheses):
        return _names_one(condition.expression, element)
    if not isinstance(condition, syntax.Binary):
        return False
    if condition.operator == "&&":
        return _names_one(condition.left, element) or _names_one(condition.right, element)
    return condition.operator == "==" and any(
        isinstance(side, syntax.GetAttr)
        and side.name in _CALLED
        and isinstance(side.target, syntax.Variable)
        and side.target.name == element
        for side in (condition.left, condition.right)
    )


def open_loop(evaluator: Evaluator, node: For, source: Value) -> Value:
    """Evaluate a `for` of which the source, or what a condition says, is not known."""
    found = candidates_of(source, open_=True)
    if found is None:
        return unknown(merged_reasons(source), not_null=True, origins=source.origins, marks=source.marks)
    evaluator.budget.spend(STEPS * len(found))
    loop = _OpenLoop(evaluator, node, source)
    keyed = is_keyed(source)
    outer = evaluator.names
    evaluator.names = names = dict(outer)
    is_open = isinstance(source.raw, Unknown)
    for position, candidate in enumerate(found):
        item = candidate.value.with_origins(candidate.value.origins | source.origins)
        if node.key is not None:
            names[node.key] = _key(candidate, item, source, None if is_open else position, keyed=bool(keyed))
        names[node.value] = item
        loop.turn(candidate.maybe)
    evaluator.names = outer
    reasons = tuple(loop.reasons)[:8] or merged_reasons(source)
    if isinstance(source.raw, Unknown) and source.raw.open and not loop.finds_one():
        kept = loop.candidates if loop.candidates is not None else []
        return with_others(reasons, kept, origins=loop.origins, marks=loop.marks)
    return open_collection(
        reasons, loop.candidates, keyed=isinstance(node, syntax.ForObject), origins=loop.origins, marks=loop.marks
    )


def _key(candidate: Candidate, item: Value, source: Value, position: int | None, *, keyed: bool) -> Value:
    if keyed:
        return Value(STRING, candidate.key, 0, source.origins)
    if isinstance(source.type, SetType):
        return item
    if position is None:
        return unknown(merged_reasons(source), NUMBER, not_null=True, origins=source.origins)
    return Value(NUMBER, position, 0, source.origins)
