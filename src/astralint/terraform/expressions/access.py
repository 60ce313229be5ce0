"""Attributes, indices and elements of values."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from astralint.hcl import syntax
from astralint.terraform.values.convert import convert, friendly
from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
)
from astralint.terraform.values.value import EvaluationError, OpenAttributes, Unknown, Value, unknown


def element(container: Value, item: Value) -> Value:
    """Return an element with what its container carries: marks and origins."""
    if container.origins or container.marks:
        origins = item.origins | container.origins if item.origins else container.origins
        return Value(item.type, item.raw, item.marks | container.marks, origins)
    return item


def elements(value: Value) -> Iterator[tuple[Value, Value]]:
    """Yield the keys and elements of a known collection, as `for` sees them."""
    raw = value.raw
    if isinstance(raw, dict):
        for name, item in raw.items():
            yield Value(STRING, name, value.marks, value.origins), element(value, item)
    elif isinstance(value.type, SetType):
        for item in raw:
            carried = element(value, item)
            yield carried, carried
    else:
        for position, item in enumerate(raw):
            yield Value(NUMBER, position, value.marks, value.origins), element(value, item)


def attribute(value: Value, step: syntax.GetAttr) -> Value:
    """Return `value.name`; raises EvaluationError as Terraform does."""
    raw, name = value.raw, step.name
    start, end = step.end - len(name), step.end
    if isinstance(raw, Unknown):
        return _unknown(value, raw, _attribute_type(value.type, name, start, end))
    if raw is None:
        raise EvaluationError("this value is null, so it has no attributes", start, end)
    if not isinstance(raw, dict):
        hint = ""
        if isinstance(value.type, ListType | SetType | TupleType):
            hint = f"; for the attribute of all elements write `[*].{name}`"
        raise EvaluationError(f"a {friendly(value.type)} has no attribute named `{name}`{hint}", start, end)
    item = raw.get(name)
    if item is not None:
        return element(value, item)
    if isinstance(raw, OpenAttributes):
        if raw.reason.code == "remote-state-output-missing":
            raise EvaluationError(f"{raw.reason.message}: `{name}`", start, end, code=raw.reason.code)
        return unknown(raw.reason, DYNAMIC, origins=value.origins, marks=value.marks)
    close = get_close_matches(name, raw, 1)
    suggestion = f"; did you mean `{close[0]}`?" if close else ""
    if isinstance(value.type, MapType):
        raise EvaluationError(f"this map has no element with the key `{name}`{suggestion}", start, end)
    raise EvaluationError(f"this object has no attribute named `{name}`{suggestion}", start, end)


def _unknown(value: Value, raw: Unknown, type_: AnyType) -> Value:
    return unknown(raw.reasons, type_, origins=value.origins, marks=value.marks)


def _attribute_type(type_: AnyType, name: str, start: int, end: int) -> AnyType:
    if isinstance(type_, ObjectType):
        found = type_.attribute(name)
        if found is None:
            raise EvaluationError(f"this object has no attribute named `{name}`", start, end)
        return found
    if isinstance(type_, MapType):
        return type_.element
    if type_ == DYNAMIC:
        return DYNAMIC
    raise EvaluationError(f"a {friendly(type_)} has no attribute named `{name}`", start, end)


def index(value: Value, key: Value, step: syntax.Index) -> Value:
    """Return `value[key]`; raises EvaluationError as Terraform does."""
    raw = value.raw
    if raw is None:
        raise EvaluationError("this value is null, so it has no elements", step.start, step.end)
    if key.raw is None:
        raise EvaluationError("an index must not be null", step.key.start, step.key.end)
    if key.marks or key.origins:
        value = Value(value.type, raw, value.marks | key.marks, value.origins | key.origins)
    if isinstance(key.raw, Unknown):
        return unknown(key.raw.reasons, _element_type(value.type), origins=value.origins, marks=value.marks)
    if isinstance(value.type, MapType | ObjectType):
        return _by_name(value, key, step)
    if isinstance(value.type, ListType | TupleType):
        return _by_position(value, key, step)
    if isinstance(raw, Unknown) and value.type == DYNAMIC:
        return unknown(raw.reasons, DYNAMIC, origins=value.origins, marks=value.marks)
    if isinstance(value.type, SetType):
        message = "the elements of a set have no keys; convert it by `tolist()`, or go through it with `for`"
    else:
        message = f"a {friendly(value.type)} has no elements"
    raise EvaluationError(message, step.start, step.end)


def _element_type(type_: AnyType) -> AnyType:
    return type_.element if isinstance(type_, ListType | MapType) else DYNAMIC


def _by_name(value: Value, key: Value, step: syntax.Index) -> Value:
    try:
        name = convert(key, STRING).raw
    except EvaluationError:
        raise EvaluationError("the key of a map must be a string", step.key.start, step.key.end) from None
    if isinstance(value.raw, Unknown):
        return _unknown(value, value.raw, _attribute_type(value.type, name, step.key.start, step.key.end))
    item = value.raw.get(name)
    if item is not None:
        return element(value, item)
    if isinstance(value.raw, OpenAttributes):
        return unknown(value.raw.reason, DYNAMIC, origins=value.origins, marks=value.marks)
    what = "map has no element with the key" if isinstance(value.type, MapType) else "object has no attribute named"
    raise EvaluationError(f"this {what} `{name}`", step.key.start, step.key.end)


def _by_position(value: Value, key: Value, step: syntax.Index) -> Value:
    try:
        position = convert(key, NUMBER).raw
    except EvaluationError:
        raise EvaluationError("the index of a list must be a number", step.key.start, step.key.end) from None
    if isinstance(value.raw, Unknown):
        type_ = _element_type(value.type)
        if isinstance(value.type, TupleType) and isinstance(position, int) and 0 <= position < len(value.type.elements):
            type_ = value.type.elements[position]
        return _unknown(value, value.raw, type_)
    if not isinstance(position, int) or not 0 <= position < len(value.raw):
        count = len(value.raw)
        what = "is empty" if not count else f"has {count} element{'s' * (count != 1)}"
        message = f"there is no element {format_number(position)}: the {friendly(value.type).split(' ')[0]} {what}"
        raise EvaluationError(message, step.key.start, step.key.end)
    return element(value, value.raw[position])
