"""Operators, conditions, and the keys of objects."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from astralint.hcl import syntax
from astralint.terraform.values import numbers
from astralint.terraform.values.bounds import order_of
from astralint.terraform.values.convert import ConversionError, convert, unify
from astralint.terraform.values.equality import equal
from astralint.terraform.values.operations import merged_origins, merged_reasons
from astralint.terraform.values.type_text import conditional_mismatch
from astralint.terraform.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    TupleType,
)
from astralint.terraform.values.value import FALSE, TRUE, EvaluationError, OpenAttributes, Unknown, Value, unknown

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.modulo,
}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def operand(value: Value, type_: Primitive, node: syntax.Node, side: str) -> Value:
    """Return an operand in the type that its operator takes; raises EvaluationError where it can't be that."""
    if value.type is type_:
        return value
    try:
        return convert(value, type_)
    except ConversionError as error:
        message = f"Invalid operand: unsuitable value for {side}: {error.message}"
        raise EvaluationError(message, node.start, node.end, code=error.code) from None


def _not_null(value: Value, node: syntax.Node) -> None:
    if value.raw is None:
        message = "Operation failed: error during operation: argument must not be null"
        raise EvaluationError(message, node.start, node.end)


def unary(node: syntax.Unary, given: Value) -> Value:
    """Apply `-` or `!`."""
    type_ = NUMBER if node.operator == "-" else BOOL
    value = operand(given, type_, node.operand, "unary operand")
    _not_null(value, node.operand)
    if isinstance(value.raw, Unknown):
        return unknown(value.raw.reasons, type_, not_null=True, origins=value.origins, marks=value.marks)
    raw = numbers.negate(value.raw) if node.operator == "-" else not value.raw
    return Value(type_, raw, value.marks, value.origins)


def binary(node: syntax.Binary, left: Value, right: Value, *, strict: bool = False) -> Value:
    """Apply a binary operator; where it is `strict`, one operand alone never decides."""
    sign = node.operator
    if sign == "==":
        return equal(left, right)
    if sign == "!=":
        outcome = equal(left, right)
        if isinstance(outcome.raw, Unknown):
            return outcome
        return Value(BOOL, not outcome.raw, outcome.marks, outcome.origins)
    if sign in ("&&", "||"):
        return _logical(node, left, right, strict=strict)
    left = operand(left, NUMBER, node.left, "left operand")
    right = operand(right, NUMBER, node.right, "right operand")
    _not_null(left, node.left)
    _not_null(right, node.right)
    comparison = COMPARISONS.get(sign)
    marks = left.marks | right.marks
    origins = merged_origins((left, right))
    if isinstance(left.raw, Unknown) or isinstance(right.raw, Unknown):
        if comparison is not None and (decided := _decided(sign, left, right)) is not None:
            return Value(BOOL, decided, marks, origins)
        type_ = BOOL if comparison is not None else NUMBER
        return unknown(merged_reasons(left, right), type_, not_null=True, origins=origins, marks=marks)
    if comparison is not None:
        holds = comparison(left.raw, right.raw)
        if not marks and not origins:
            return TRUE if holds else FALSE
        return Value(BOOL, holds, marks, origins)
    try:
        return Value(NUMBER, ARITHMETIC[sign](left.raw, right.raw), marks, origins)
    except EvaluationError as error:
        message = f"Operation failed: error during operation: {error.message}"
        raise EvaluationError(message, node.start, node.end, code=error.code) from None


def _decided(sign: str, left: Value, right: Value) -> bool | None:
    """Compare numbers of which it is known between which others they lie."""
    if sign in (">", "<="):
        left, right = right, left
    order = order_of(left, right)
    if order is None:
        return None
    return (order < 0) == (sign in ("<", ">"))


def _logical(node: syntax.Binary, left: Value, right: Value, *, strict: bool) -> Value:
    left = operand(left, BOOL, node.left, "left operand")
    right = operand(right, BOOL, node.right, "right operand")
    _not_null(left, node.left)
    _not_null(right, node.right)
    marks = left.marks | right.marks
    origins = merged_origins((left, right))
    decisive = node.operator == "||"
    open_ = isinstance(left.raw, Unknown) or isinstance(right.raw, Unknown)
    if (left.raw is decisive or right.raw is decisive) and not (strict and open_):
        return Value(BOOL, decisive, marks, origins)
    if open_:
        return unknown(merged_reasons(left, right), BOOL, not_null=True, origins=origins, marks=marks)
    return Value(BOOL, not decisive, marks, origins)


# --- conditionals ---------------------------------------------------------------------------


def condition(value: Value, node: syntax.Node) -> Value:
    """Return a condition as a bool (or unknown); raises EvaluationError for null and for what is no bool."""
    if value.type is BOOL and value.raw is not None:
        return value
    if value.raw is None:
        message = "Null condition: the condition value is null. Conditions must either be true or false"
        raise EvaluationError(message, node.start, node.end)
    if isinstance(value.raw, Unknown):
        return Value(BOOL, value.raw, value.marks, value.origins)
    try:
        return convert(value, BOOL)
    except ConversionError:
        message = "Incorrect condition type: the condition expression must be of type bool"
        raise EvaluationError(message, node.start, node.end) from None


def result_type(then: Value, otherwise: Value, node: syntax.Conditional) -> AnyType | None:
    """Return the type that both branches of a conditional are converted to; None where they stay as they are.

    Raises EvaluationError where they have no type in common.
    """
    if then.type is otherwise.type:
        return then.type
    if _is_plain_null(then):
        return otherwise.type
    if _is_plain_null(otherwise):
        return then.type
    if DYNAMIC in (then.type, otherwise.type):
        return None
    if isinstance(then.raw, OpenAttributes) or isinstance(otherwise.raw, OpenAttributes):
        return None
    found = unify((then.type, otherwise.type), unsafe=True)
    if found is None:
        message = (
            "Inconsistent conditional result types: the true and false result expressions must have consistent types. "
            + conditional_mismatch(then.type, otherwise.type)
        )
        raise EvaluationError(message, node.then.start, node.otherwise.end)
    return found


def to_common(value: Value, other: Value, type_: AnyType) -> Value:
    """Convert a branch to the type that it has in common with the other one; raises ConversionError.

    Terraform converts a tuple beside a list by way of the list that it would make by itself, but leaves
    out to make it: that fails where its elements are of several types. So it is with an object beside a map.
    """
    given: tuple[AnyType, ...] = ()
    kind = ""
    if isinstance(value.type, TupleType) and isinstance(other.type, ListType):
        given, kind = value.type.elements, "list"
    elif isinstance(value.type, ObjectType) and isinstance(other.type, MapType):
        given, kind = tuple(item for _, item in value.type.attributes), "map"
    if isinstance(type_, ListType | MapType) and any(each != given[0] for each in given):
        own = unify(given, unsafe=True)
        if own != type_.element and any(each not in (own, DYNAMIC) for each in given):
            raise ConversionError(f"element types must all match for conversion to {kind}")
    return convert(value, type_)


def _is_plain_null(value: Value) -> bool:
    return value.raw is None and not value.marks and value.type == DYNAMIC


def conform(chosen: Value, other: Value, node: syntax.Conditional, *, taken: bool) -> Value:
    """Convert the chosen branch of a conditional to the type that both branches have in common."""
    then, otherwise = (chosen, other) if taken else (other, chosen)
    type_ = result_type(then, otherwise, node)
    if type_ is None or type_ is chosen.type:
        return chosen
    try:
        return to_common(chosen, other, type_)
    except ConversionError as error:
        place = node.then if taken else node.otherwise
        which = "true" if taken else "false"
        message = f"Inconsistent conditional result types: the {which} result value has the wrong type: {error.message}"
        raise EvaluationError(message, place.start, place.end, code=error.code) from None


# --- keys ---------------------------------------------------------------------------------------


def object_key(value: Value, node: syntax.Node, place: syntax.Node) -> Value:
    """Return the key of an object constructor as a string (or unknown)."""
    if value.type is STRING and value.raw is not None:
        return value
    if value.raw is None:
        raise EvaluationError("Null value as key: can't use a null value as a key", place.start, place.end)
    try:
        return convert(value, STRING)
    except ConversionError as error:
        message = f"Incorrect key type: can't use this value as a key: {error.message}"
        raise EvaluationError(message, node.start, node.end) from None
