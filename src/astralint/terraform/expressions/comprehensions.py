"""`for` expressions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from astralint.hcl import syntax
from astralint.terraform.expressions import operators
from astralint.terraform.expressions.access import elements
from astralint.terraform.values.convert import friendly
from astralint.terraform.values.types import DYNAMIC
from astralint.terraform.values.value import EvaluationError, Unknown, Value, object_of, tuple_of, unknown

if TYPE_CHECKING:
    from astralint.terraform.expressions.evaluate import Evaluator


def collection(evaluator: Evaluator, value: Value, node: syntax.Node) -> list[tuple[Value, Value]] | None:
    """Return what a `for` goes through; None where that is unknown; raises EvaluationError."""
    if value.raw is None:
        raise EvaluationError("`for` can't go through a null value", node.start, node.end)
    if isinstance(value.raw, Unknown):
        return None
    if not isinstance(value.raw, dict | tuple):
        message = f"`for` goes through lists, sets, maps and objects, not through a {friendly(value.type)}"
        raise EvaluationError(message, node.start, node.end)
    evaluator.scope.budget.spend(len(value.raw))
    return list(elements(value))


def _open(value: Value) -> Value:
    raw = value.raw
    reasons = raw.reasons if isinstance(raw, Unknown) else ()
    return unknown(reasons, DYNAMIC, not_null=True, origins=value.origins, marks=value.marks)


def _selected(
    evaluator: Evaluator, node: syntax.ForTuple | syntax.ForObject, items: list[tuple[Value, Value]]
) -> Iterator[Value | None]:
    """Bind each element; yield None for those taken, or the condition that can't be decided."""
    names = evaluator.names
    for key, value in items:
        if node.key is not None:
            names[node.key] = key
        names[node.value] = value
        if node.condition is not None:
            condition = operators.condition(evaluator.value(node.condition), node.condition)
            if isinstance(condition.raw, Unknown):
                yield condition
                return
            if not condition.raw:
                continue
        yield None


def for_tuple(evaluator: Evaluator, node: syntax.ForTuple) -> Value:
    """Evaluate `[for … : …]`."""
    source = evaluator.value(node.collection)
    items = collection(evaluator, source, node.collection)
    if items is None:
        return _open(source)
    outer = evaluator.names
    evaluator.names = dict(outer)
    results: list[Value] = []
    try:
        for open_condition in _selected(evaluator, node, items):
            if open_condition is not None:
                return _open(open_condition).with_marks(source.marks)
            results.append(evaluator.value(node.result))
    finally:
        evaluator.names = outer
    made = tuple_of(results)
    if source.origins or source.marks:
        made = Value(made.type, made.raw, source.marks, source.origins)
    return made


def for_object(evaluator: Evaluator, node: syntax.ForObject) -> Value:
    """Evaluate `{for … : … => …}`, with grouping by `...`."""
    source = evaluator.value(node.collection)
    items = collection(evaluator, source, node.collection)
    if items is None:
        return _open(source)
    outer = evaluator.names
    evaluator.names = dict(outer)
    results: dict[str, Value] = {}
    groups: dict[str, list[Value]] = {}
    hidden: Value | None = None
    try:
        for open_condition in _selected(evaluator, node, items):
            if open_condition is not None:
                return _open(open_condition).with_marks(source.marks)
            key = operators.object_key(evaluator.value(node.result_key), node.result_key)
            if isinstance(key.raw, Unknown):
                hidden = hidden or key
                continue
            value = evaluator.value(node.result)
            if node.grouping:
                groups.setdefault(key.raw, []).append(value)
            elif key.raw in results:
                message = f"two elements have the key `{key.raw}`; `...` behind the value groups them"
                raise EvaluationError(message, node.result_key.start, node.result_key.end)
            else:
                results[key.raw] = value
    finally:
        evaluator.names = outer
    if hidden is not None:
        return _open(hidden).with_marks(source.marks)
    made = object_of({key: tuple_of(values) for key, values in groups.items()} if node.grouping else results)
    if source.origins or source.marks:
        made = Value(made.type, made.raw, source.marks, source.origins)
    return made
