"""What expressions are made of: literals, tuples and objects."""

from __future__ import annotations

from typing import Any

from astralint.hcl import syntax
from astralint.hcl.syntax import Expression
from astralint.terraform.expressions import operators
from astralint.terraform.expressions.evaluator import Evaluator
from astralint.terraform.values.numbers import parse_number
from astralint.terraform.values.operations import merged_reasons
from astralint.terraform.values.text import normalized
from astralint.terraform.values.types import DYNAMIC, NUMBER, STRING
from astralint.terraform.values.value import (
    FALSE,
    NULL,
    TRUE,
    EvaluationError,
    Unknown,
    Value,
    object_of,
    tuple_of,
    unknown,
)


def literal(_: Evaluator, node: syntax.Literal) -> Value:
    """Return a string, a bool or null."""
    content = node.value
    if type(content) is str:
        return Value(STRING, normalized(content))
    if content is None:
        return NULL
    return TRUE if content is True else FALSE


def number(_: Evaluator, node: syntax.Number) -> Value:
    """Return the number that a literal means, exactly."""
    number = parse_number(node.text)
    if number is None:
        message = "Invalid number literal: failed to recognize the value of this number literal"
        raise EvaluationError(message, node.start, node.end)
    return Value(NUMBER, number)


def parentheses(evaluator: Evaluator, node: syntax.Parentheses) -> Value:
    """Evaluate what stands between parentheses."""
    return evaluator.value(node.expression)


def tuple_expression(evaluator: Evaluator, node: syntax.TupleExpression) -> Value:
    """Evaluate `[…]`."""
    return tuple_of([evaluator.value(item) for item in node.items])


def object_expression(evaluator: Evaluator, node: syntax.ObjectExpression) -> Value:
    """Evaluate `{…}`; with a key that is not known, nothing of the whole is."""
    items: dict[str, Value] = {}
    marks = 0
    origins = None
    hidden: list[Value] = []
    for item in node.items:
        written = item.key
        if type(written) is syntax.Literal and type(written.value) is str:
            items[normalized(written.value)] = evaluator.value(item.value)
            continue
        key = _key(evaluator, written, item.value)
        value = evaluator.value(item.value)
        marks |= key.marks
        if key.origins:
            origins = origins | key.origins if origins else key.origins
        if isinstance(key.raw, Unknown):
            hidden.append(key)
        else:
            items[key.raw] = value
    if hidden:
        reasons = merged_reasons(*hidden)
        return unknown(reasons, DYNAMIC, not_null=True, origins=origins or frozenset(), marks=marks)
    made = object_of(items)
    if marks or origins:
        made = Value(made.type, made.raw, marks, origins or made.origins)
    return made


def _key(evaluator: Evaluator, node: Expression, place: Expression) -> Value:
    if isinstance(node, syntax.Variable):
        return Value(STRING, normalized(node.name))
    if isinstance(node, syntax.GetAttr | syntax.Index) and _is_reference(node):
        message = (
            "Ambiguous attribute key: if this expression is intended to be a reference, wrap it in parentheses. "
            "If it's instead intended as a literal name containing periods, wrap it in quotes to create a string "
            "literal"
        )
        raise EvaluationError(message, node.start, node.end)
    return operators.object_key(evaluator.value(node), node, place)


def _is_reference(node: Any) -> bool:
    """Say whether an expression is a name with attributes and constant indices."""
    while isinstance(node, syntax.GetAttr | syntax.Index):
        if isinstance(node, syntax.Index) and not isinstance(node.key, syntax.Literal | syntax.Number):
            return False
        node = node.target
    return isinstance(node, syntax.Variable)
