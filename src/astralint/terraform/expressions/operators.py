"""Operators, conditions, and the keys of objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from astralint.hcl import syntax
from astralint.terraform.values import numbers
from astralint.terraform.values.convert import convert, friendly, unify
from astralint.terraform.values.operations import equal, merged_origins, reasons_in
from astralint.terraform.values.types import BOOL, NUMBER, STRING, AnyType
from astralint.terraform.values.value import FALSE, TRUE, EvaluationError, Unknown, Value, unknown

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.modulo,
}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _operand(value: Value, type_: AnyType, node: syntax.Node) -> Value:
    if value.raw is None:
        raise EvaluationError(f"this operand is null, but a {friendly(type_)} is needed", node.start, node.end)
    try:
        return convert(value, type_)
    except EvaluationError as error:
        raise EvaluationError(f"unsuitable operand: {error.message}", node.start, node.end) from None


def unary(node: syntax.Unary, operand: Value) -> Value:
    """Apply `-` or `!`."""
    type_ = NUMBER if node.operator == "-" else BOOL
    value = _operand(operand, type_, node.operand)
    if isinstance(value.raw, Unknown):
        return unknown(value.raw.reasons, type_, not_null=True, origins=value.origins, marks=value.marks)
    raw = numbers.negate(value.raw) if node.operator == "-" else not value.raw
    return Value(type_, raw, value.marks, value.origins)


def binary(node: syntax.Binary, left: Value, right: Value) -> Value:
    """Apply a binary operator."""
    operator = node.operator
    if operator == "==":
        return equal(left, right)
    if operator == "!=":
        outcome = equal(left, right)
        if isinstance(outcome.raw, Unknown):
            return outcome
        return Value(BOOL, not outcome.raw, outcome.marks, outcome.origins)
    if operator in ("&&", "||"):
        return _logical(node, left, right)
    left = _operand(left, NUMBER, node.left)
    right = _operand(right, NUMBER, node.right)
    comparison = COMPARISONS.get(operator)
    type_ = BOOL if comparison is not None else NUMBER
    marks = left.marks | right.marks
    origins = merged_origins((left, right))
    if isinstance(left.raw, Unknown) or isinstance(right.raw, Unknown):
        return unknown(reasons_in((left, right)), type_, not_null=True, origins=origins, marks=marks)
    if comparison is not None:
        outcome_raw = comparison(left.raw, right.raw)
        if not marks and not origins:
            return TRUE if outcome_raw else FALSE
        return Value(BOOL, outcome_raw, marks, origins)
    try:
        return Value(NUMBER, ARITHMETIC[operator](left.raw, right.raw), marks, origins)
    except EvaluationError as error:
        raise EvaluationError(error.message, node.start, node.end, code=error.code) from None


def _logical(node: syntax.Binary, left: Value, right: Value) -> Value:
    left = _operand(left, BOOL, node.left)
    right = _operand(right, BOOL, node.right)
    marks = left.marks | right.marks
    origins = merged_origins((left, right))
    decisive = node.operator == "||"
    if left.raw is decisive or right.raw is decisive:
        return Value(BOOL, decisive, marks, origins)
    if isinstance(left.raw, Unknown) or isinstance(right.raw, Unknown):
        return unknown(reasons_in((left, right)), BOOL, not_null=True, origins=origins, marks=marks)
    return Value(BOOL, not decisive, marks, origins)


def condition(value: Value, node: syntax.Node) -> Value:
    """Return a condition as a bool (or unknown); raises EvaluationError for null and for what is no bool."""
    if value.raw is None:
        raise EvaluationError("the condition is null", node.start, node.end)
    try:
        return convert(value, BOOL)
    except EvaluationError as error:
        raise EvaluationError(f"the condition is no bool: {error.message}", node.start, node.end) from None


def conform(chosen: Value, other: Value, node: syntax.Conditional, *, swapped: bool) -> Value:
    """Convert the chosen branch of a conditional to the type that both branches have in common."""
    type_ = unify([chosen.type, other.type])
    if type_ is None:
        then, otherwise = (other, chosen) if swapped else (chosen, other)
        raise inconsistent(then, otherwise, node)
    if chosen.raw is None and type_ == chosen.type:
        return chosen
    try:
        return convert(chosen, type_)
    except EvaluationError:
        return chosen


def inconsistent(then: Value, otherwise: Value, node: syntax.Conditional) -> EvaluationError:
    """Return the error of a conditional whose branches have no type in common."""
    message = (
        "the two results of a conditional must have the same type: "
        f"here they are {friendly(then.type)} and {friendly(otherwise.type)}"
    )
    return EvaluationError(message, node.then.start, node.otherwise.end)


def object_key(value: Value, node: syntax.Node) -> Value:
    """Return an object's key as a string (or unknown)."""
    if value.raw is None:
        raise EvaluationError("the key of an object must not be null", node.start, node.end)
    if value.is_sensitive:
        raise EvaluationError("the key of an object must not be sensitive", node.start, node.end)
    try:
        return convert(value, STRING)
    except EvaluationError as error:
        raise EvaluationError(f"the key of an object must be a string: {error.message}", node.start, node.end) from None
