"""References, and the steps after them or after any other expression: attributes, indices, splats."""

from __future__ import annotations

from typing import Any

from astralint.hcl import syntax
from astralint.terraform.expressions.access import attribute, elements, index
from astralint.terraform.expressions.comprehensions import STEPS
from astralint.terraform.expressions.evaluator import Evaluator
from astralint.terraform.expressions.scope import Step
from astralint.terraform.values.candidates import doubts_of, with_others
from astralint.terraform.values.operations import merged_reasons
from astralint.terraform.values.types import DYNAMIC, EMPTY_TUPLE, AnyType, ListType, SetType, TupleType
from astralint.terraform.values.value import Candidate, EvaluationError, Reason, Unknown, Value, tuple_of, unknown

_ANY_ELEMENT = Reason("pending", "it stands for any element")


def variable(evaluator: Evaluator, node: syntax.Variable) -> Value:
    """Evaluate a name without any steps after it."""
    local = evaluator.names.get(node.name)
    if local is not None:
        return local
    value = evaluator.scope.reference(node, (), evaluator.value)[0]
    if evaluator.watched is not None:
        evaluator.watched.append(value)
    return value


def splat_item(evaluator: Evaluator, node: syntax.SplatItem) -> Value:
    """Return the element that a splat is at."""
    if evaluator.item is None:
        raise EvaluationError("there is no element here", node.start, node.end)
    return evaluator.item


def traversal(evaluator: Evaluator, node: Step) -> Value:
    """Follow a reference, or the steps after any other expression: attributes, indices, splats."""
    steps: list[Step] = []
    current: Any = node
    while True:
        kind = type(current)
        if kind is not syntax.GetAttr and kind is not syntax.Index and kind is not syntax.Splat:
            break
        steps.append(current)
        current = current.target
    steps.reverse()
    taken = 0
    failures = evaluator.failures
    from_scope = kind is syntax.Variable and current.name not in evaluator.names
    if from_scope:
        value, taken = evaluator.scope.reference(current, steps, evaluator.value)
    else:
        value = evaluator.value(current)
    for step in steps[taken:]:
        kind = type(step)
        raw = value.raw
        if kind is syntax.GetAttr:
            if evaluator.watched is not None and type(raw) is Unknown:
                evaluator.doubts += doubts_of(raw, step.name)  # type: ignore[union-attr]
            value = attribute(value, step)  # type: ignore[arg-type]
        elif kind is syntax.Index:
            key = evaluator.value(step.key)  # type: ignore[union-attr]
            if evaluator.watched is not None and type(raw) is Unknown:
                evaluator.doubts += doubts_of(raw, key.raw)
            value = index(value, key, step)  # type: ignore[arg-type]
        elif failures != evaluator.failures:
            value = unknown(merged_reasons(value), DYNAMIC)
        else:
            value = _splat(evaluator, value, step)  # type: ignore[arg-type]
    if from_scope and evaluator.watched is not None:
        evaluator.watched.append(value)
    return value


# --- splats ------------------------------------------------------------------------------


def _splat(evaluator: Evaluator, value: Value, node: syntax.Splat) -> Value:
    is_sequence = isinstance(value.type, ListType | SetType | TupleType)
    raw = value.raw
    if raw is None:
        if is_sequence:
            message = "Splat of null value: splat expressions (with the * symbol) cannot be applied to null sequences"
            raise EvaluationError(message, node.target.start, node.target.end)
        return Value(EMPTY_TUPLE, (), value.marks, value.origins)
    if isinstance(raw, Unknown) and (is_sequence or value.type == DYNAMIC or not raw.not_null):
        return _unknown_splat(evaluator, value, raw, node)
    items = [item for _, item in elements(value)] if is_sequence else [Value(value.type, raw, 0, value.origins)]
    evaluator.budget.spend(STEPS * len(items))
    failures = evaluator.failures
    results = [_each(evaluator, item, node) for item in items]
    made = tuple_of(results)
    if isinstance(value.type, ListType | SetType):
        found = _result_type(evaluator, value.type.element, node) if not results else _common_type(made.type)
        if found is not None:
            made = Value(ListType(found), made.raw)
    if failures != evaluator.failures:
        return unknown(merged_reasons(made), made.type)
    return Value(made.type, made.raw, value.marks, value.origins)


def _each(evaluator: Evaluator, item: Value, node: syntax.Splat) -> Value:
    outer = evaluator.item
    evaluator.item = item
    result = evaluator.value(node.each)
    evaluator.item = outer
    return result


def _result_type(evaluator: Evaluator, element: AnyType, node: syntax.Splat) -> AnyType:
    """Return what the steps of a splat make of an element's type; raises where there is no such attribute."""
    return _each(evaluator, unknown(_ANY_ELEMENT, element), node).type


def _unknown_splat(evaluator: Evaluator, value: Value, raw: Unknown, node: syntax.Splat) -> Value:
    type_ = value.type
    if raw.open and raw.candidates is not None and not any(each.key for each in raw.candidates):
        each_one = [Candidate(None, _each(evaluator, one.value, node), one.maybe) for one in raw.candidates]
        return with_others(raw.reasons, each_one, origins=value.origins, marks=value.marks)
    found: AnyType = DYNAMIC
    if isinstance(type_, ListType | SetType):
        found = ListType(_result_type(evaluator, type_.element, node))
    elif isinstance(type_, TupleType):
        found = TupleType(tuple(_result_type(evaluator, element, node) for element in type_.elements))
    elif type_ != DYNAMIC:
        # One element, or none where the value turns out to be null.
        _result_type(evaluator, type_, node)
    not_null = type_ != DYNAMIC
    return unknown(raw.reasons, found, not_null=not_null, origins=value.origins, marks=value.marks)


def _common_type(type_: AnyType) -> AnyType | None:
    """Return the one type of a tuple's elements (those of unknown type do not count), or None."""
    types = set(type_.elements) if isinstance(type_, TupleType) else set()
    if len(types) > 1:
        types.discard(DYNAMIC)
    return types.pop() if len(types) == 1 else None
