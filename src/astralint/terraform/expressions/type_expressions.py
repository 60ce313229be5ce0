"""Type constraints as expressions: `object({ name = string, size = optional(number, 1) })`."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from astralint.hcl import syntax
from astralint.terraform.values.convert import convert, unify
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
    SetType,
    TupleType,
)
from astralint.terraform.values.value import EvaluationError, OpenAttributes, Unknown, Value, object_of, tuple_of

KEYWORDS = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": DYNAMIC}
COLLECTIONS: dict[str, type[ListType | SetType | MapType]] = {"list": ListType, "set": SetType, "map": MapType}
SHORTHANDS: dict[str, AnyType] = {"list": ListType(DYNAMIC), "map": MapType(DYNAMIC)}


class Defaults(msgspec.Struct, frozen=True, eq=False):
    """The defaults of a type's optional attributes, and those of what is within (HCL's `typeexpr`).

    `children` are by attribute name, by position in a tuple, or under "" for the
    elements of a collection.
    """

    values: dict[str, Value]
    children: dict[str | int, Defaults]
    attributes: tuple[str, ...] = ()


Evaluate = Callable[[syntax.Expression], Value]
"""Gives the value of a default, which may refer to nothing."""


def type_from_expression(expression: syntax.Expression, evaluate: Evaluate) -> tuple[AnyType, Defaults | None]:
    """Read a type constraint; raises EvaluationError where Terraform would refuse it."""
    if isinstance(expression, syntax.Parentheses):
        return type_from_expression(expression.expression, evaluate)
    if isinstance(expression, syntax.Literal) and isinstance(expression.value, str):
        # Terraform 0.11: the keyword in quotes.
        found = {**KEYWORDS, **SHORTHANDS, "list": ListType(STRING), "map": MapType(STRING)}.get(expression.value)
        if found is not None:
            return found, None
    if isinstance(expression, syntax.Variable):
        keyword = KEYWORDS.get(expression.name) or SHORTHANDS.get(expression.name)
        if keyword is not None:
            return keyword, None
        raise _error(f"`{expression.name}` is not a type", expression)
    if isinstance(expression, syntax.Call):
        return _constructed(expression, evaluate)
    raise _error("a type is required: `string`, `list(string)`, `object({ … })`", expression)


def _error(message: str, node: syntax.Node) -> EvaluationError:
    return EvaluationError(f"invalid type: {message}", node.start, node.end)


def _constructed(call: syntax.Call, evaluate: Evaluate) -> tuple[AnyType, Defaults | None]:
    if len(call.arguments) != 1 or call.name == "optional":
        raise _error(
            f"`{call.name}` takes one argument" if call.name != "optional" else "`optional` stands in an object", call
        )
    argument = call.arguments[0]
    if call.name in COLLECTIONS:
        element, defaults = type_from_expression(argument, evaluate)
        return COLLECTIONS[call.name](element), _wrapped({"": defaults})
    if call.name == "tuple" and isinstance(argument, syntax.TupleExpression):
        pairs = [type_from_expression(item, evaluate) for item in argument.items]
        return TupleType(tuple(type_ for type_, _ in pairs)), _wrapped(dict(enumerate(d for _, d in pairs)))
    if call.name == "object" and isinstance(argument, syntax.ObjectExpression):
        return _object(argument, evaluate)
    raise _error(f"`{call.name}` is not a type constructor, or its argument is of the wrong form", call)


def _wrapped(
    children: dict[str | int, Defaults | None] | dict[str, Defaults | None] | dict[int, Defaults | None],
) -> Defaults | None:
    kept: dict[str | int, Defaults] = {key: child for key, child in children.items() if child is not None}
    return Defaults({}, kept) if kept else None


def _object(expression: syntax.ObjectExpression, evaluate: Evaluate) -> tuple[AnyType, Defaults | None]:
    attributes: dict[str, AnyType] = {}
    optional: list[str] = []
    values: dict[str, Value] = {}
    children: dict[str | int, Defaults] = {}
    for item in expression.items:
        if not (isinstance(item.key, syntax.Literal) and isinstance(item.key.value, str)):
            raise _error("an object's attribute names are plain names", item.key)
        name, constraint = item.key.value, item.value
        if name in attributes:
            raise _error(f"the attribute `{name}` stands twice in this object", item.key)
        default: syntax.Expression | None = None
        if isinstance(constraint, syntax.Call) and constraint.name == "optional":
            if len(constraint.arguments) not in (1, 2):
                raise _error("`optional` takes a type and a default", constraint)
            default = constraint.arguments[1] if len(constraint.arguments) == 2 else None
            constraint = constraint.arguments[0]
            optional.append(name)
        type_, inner = type_from_expression(constraint, evaluate)
        attributes[name] = type_
        if inner is not None:
            children[name] = inner
        if default is not None:
            values[name] = _default(default, type_, inner, evaluate)
    defaults = Defaults(values, children, tuple(attributes)) if values or children else None
    return ObjectType.of(attributes, tuple(optional)), defaults


def _default(expression: syntax.Expression, type_: AnyType, inner: Defaults | None, evaluate: Evaluate) -> Value:
    value = evaluate(expression)
    if inner is not None and value.raw is not None:
        value = apply_defaults(value, inner)
    try:
        return convert(value, type_)
    except EvaluationError as error:
        raise _error(f"this default does not fit: {error.message}", expression) from error


def apply_defaults(value: Value, defaults: Defaults) -> Value:
    """Fill in the defaults of attributes that are absent or null; the value is not converted yet."""
    raw = value.raw
    if raw is None or isinstance(raw, Unknown):
        return value
    if isinstance(raw, tuple):
        items = [_child(item, defaults, position) for position, item in enumerate(raw)]
        if isinstance(value.type, TupleType):
            return _kept(tuple_of(items), value)
        return _kept(_collected(items, value), value)
    if not isinstance(raw, dict):
        return value
    items_by_name = {name: _child(item, defaults, name) for name, item in raw.items()}
    if isinstance(value.type, MapType) and not defaults.attributes:
        return _kept(object_of(items_by_name), value)
    for name, default in defaults.values.items():
        given = items_by_name.get(name)
        if given is None or given.raw is None:
            items_by_name[name] = default
    if isinstance(raw, OpenAttributes):
        items_by_name = OpenAttributes(items_by_name, raw.reason)
    made = object_of(items_by_name)
    return _kept(made, value)


def _child(item: Value, defaults: Defaults, step: str | int) -> Value:
    child = defaults.children.get(step) if defaults.attributes or isinstance(step, int) else None
    if child is None:
        child = defaults.children.get("")
    return apply_defaults(item, child) if child is not None else item


def _collected(items: list[Value], value: Value) -> Value:
    common = unify([item.type for item in items])
    if common is None or isinstance(common, Primitive):
        return tuple_of(items)
    target = ListType(common) if isinstance(value.type, ListType) else SetType(common)
    return convert(tuple_of(items), target)


def _kept(made: Value, value: Value) -> Value:
    return Value(
        made.type, made.raw, value.marks | made.marks, value.origins | made.origins if made.origins else value.origins
    )
