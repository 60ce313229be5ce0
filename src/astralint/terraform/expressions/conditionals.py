"""Conditionals: the branch that is taken, the other one's part in the type, and what is known of either."""

from __future__ import annotations

from typing import Any

from astralint.hcl import syntax
from astralint.terraform.expressions import operators
from astralint.terraform.expressions.evaluator import Evaluator
from astralint.terraform.values.bounds import bounds_of, with_bounds
from astralint.terraform.values.candidates import either_of
from astralint.terraform.values.convert import ConversionError
from astralint.terraform.values.equality import same
from astralint.terraform.values.operations import merged_reasons
from astralint.terraform.values.types import DYNAMIC, NUMBER, ListType, MapType, SetType
from astralint.terraform.values.value import Unknown, Value, unknown


def conditional(evaluator: Evaluator, node: syntax.Conditional) -> Value:
    """Evaluate `… ? … : …`; the branch that is not taken has its say about the type."""
    condition = operators.condition(evaluator.value(node.condition), node.condition)
    taken = condition.raw
    if isinstance(taken, Unknown):
        return _open_conditional(evaluator, node, condition)
    chosen = evaluator.value(node.then if taken else node.otherwise)
    skipped = node.otherwise if taken else node.then
    other = evaluator.supposed(lambda: evaluator.value(skipped))
    marks = condition.marks | other.marks if evaluator.language.has("conditional-marks-of-both") else 0
    if chosen.type is not other.type:
        chosen = operators.conform(chosen, other, node, taken=taken)
    if condition.origins:
        chosen = chosen.with_origins(chosen.origins | condition.origins)
    return chosen.with_marks(marks) if marks else chosen


def _open_conditional(evaluator: Evaluator, node: syntax.Conditional, condition: Value) -> Value:
    branches = [
        evaluator.supposed(lambda: evaluator.value(node.then)),
        evaluator.supposed(lambda: evaluator.value(node.otherwise)),
    ]
    origins = condition.origins.union(*(branch.origins for branch in branches))
    marks = condition.marks | branches[0].marks | branches[1].marks
    type_ = operators.result_type(branches[0], branches[1], node)
    if type_ is not None:
        try:
            branches = [operators.to_common(branch, other, type_) for branch, other in (branches, branches[::-1])]
        except ConversionError:
            # Which of the branches fails depends on the condition.
            return unknown(merged_reasons(condition, *branches), type_, origins=origins, marks=marks)
    if branches[0].type == branches[1].type and evaluator.watched is None and same(*branches):
        return Value(branches[0].type, branches[0].raw, marks, origins)
    not_null = all(
        branch.raw.not_null if isinstance(branch.raw, Unknown) else branch.raw is not None for branch in branches
    )
    reasons = merged_reasons(condition, *branches)
    bounds = _bounds(*branches) if not_null else None
    # Of a list whose length is known, Terraform knows that it has elements.
    if not_null and (bounds is None or bounds[0] != bounds[1]):
        either = either_of(reasons, *branches, bounds=bounds, origins=origins, marks=marks)
        if either is not None:
            return either
    result = unknown(reasons, type_ or DYNAMIC, not_null=not_null, bounds=bounds, origins=origins, marks=marks)
    return with_bounds(result)


def _bounds(then: Value, otherwise: Value) -> tuple[Any, Any] | None:
    """Return between which numbers both results lie, or their lengths; None where nothing is known of that."""
    type_ = then.type
    if type_ != otherwise.type or not (type_ == NUMBER or isinstance(type_, ListType | SetType | MapType)):
        return None
    lows, highs = zip(bounds_of(then), bounds_of(otherwise), strict=True)
    low = None if None in lows else min(lows)
    high = None if None in highs else max(highs)
    return None if low is None and high is None else (low, high)
