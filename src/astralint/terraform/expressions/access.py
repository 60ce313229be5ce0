"""Attributes, indices and elements of values."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from astralint.hcl import syntax
from astralint.source.diagnostic import Label
from astralint.terraform.values.convert import convert
from astralint.terraform.values.numbers import Rounded, is_infinite
from astralint.terraform.values.operations import merged_reasons
from astralint.terraform.values.type_text import quoted
from astralint.terraform.values.types import (
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
from astralint.terraform.values.value import (
    EvaluationError,
    OpenAttributes,
    Origin,
    StateOutputs,
    Unknown,
    Value,
    unknown,
)

_NO_ELEMENT = "Invalid index: the given key does not identify an element in this collection value"
_NO_INDICES = "Invalid index: this value does not have any indices"
_NO_KEYS = (
    "Invalid index: elements of a set are identified only by their value and don't have any separate index "
    "or key to select with, so it's only possible to perform operations across all elements of the set"
)
_FRACTIONAL = ": indexing a sequence requires a whole number, but the given index has a fractional part"


def element(container: Value, item: Value) -> Value:
    """Return an element with what its container carries: marks and origins."""
    if container.origins or container.marks:
        return Value(item.type, item.raw, item.marks | container.marks, _origins(container, item))
    return item


def _origins(container: Value, item: Value) -> frozenset[Origin]:
    if not item.origins or item.origins is container.origins:
        return container.origins
    return item.origins | container.origins if container.origins else item.origins


def elements(value: Value) -> Iterator[tuple[Value, Value]]:
    """Yield the keys and elements of a known collection, as `for` sees them: without the collection's own marks."""
    raw, origins = value.raw, value.origins
    if isinstance(raw, dict):
        for name, item in raw.items():
            yield Value(STRING, name, 0, origins), _carried(value, item)
    elif isinstance(value.type, SetType):
        for item in raw:
            carried = _carried(value, item)
            yield carried, carried
    else:
        for position, item in enumerate(raw):
            yield Value(NUMBER, Rounded(position), 0, origins), _carried(value, item)


def _carried(container: Value, item: Value) -> Value:
    return Value(item.type, item.raw, item.marks, _origins(container, item)) if container.origins else item


def attribute(value: Value, step: syntax.GetAttr) -> Value:
    """Return `value.name`; raises EvaluationError as Terraform does."""
    raw, name = value.raw, step.name
    if type(raw) is dict:
        item = raw.get(name)
        if item is not None:
            return element(value, item)
    return _other_attribute(value, name, step)


def _other_attribute(value: Value, name: str, step: syntax.GetAttr) -> Value:
    raw = value.raw
    start, end = step.end - len(name), step.end
    if raw is None:
        message = "Attempt to get attribute from null value: this value is null, so it does not have any attributes"
        raise EvaluationError(message, start, end)
    if isinstance(raw, OpenAttributes | StateOutputs):
        return _open_attribute(value, raw, name, start, end)
    if isinstance(raw, tuple) and raw and isinstance(raw[0].raw, OpenAttributes):
        return _of_open_block(value, name, start, end)
    if isinstance(raw, Unknown):
        candidate = _candidate(value, raw, name)
        if candidate is not None:
            return candidate
        type_ = _attribute_type(value.type, name)
        if type_ is not None:
            return unknown(raw.reasons, type_, origins=value.origins, marks=value.marks)
    raise EvaluationError(_no_attribute(value.type, name, raw), start, end)


def _candidate(value: Value, raw: Unknown, name: object) -> Value | None:
    """Return what has a key in a collection that is not known; if it is not there, Terraform fails."""
    found = next((each.value for each in raw.candidates or () if each.key is not None and each.key == name), None)
    return None if found is None else element(value, found)


def _open_attribute(value: Value, raw: OpenAttributes | StateOutputs, name: str, start: int, end: int) -> Value:
    item = raw.get(name)
    if item is not None:
        return element(value, item)
    if isinstance(raw, StateOutputs):
        labels = (Label(raw.reason.span, "the workspace that keeps this state"),) if raw.reason.span is not None else ()
        raise EvaluationError(f"{raw.reason.message}: `{name}`", start, end, code=raw.reason.code, labels=labels)
    return unknown(raw.reason, DYNAMIC, origins=value.origins, marks=value.marks)


def _of_open_block(value: Value, name: str, start: int, end: int) -> Value:
    """Return an attribute of blocks whose provider is not known: it takes a single one, or this would be an error."""
    first: Value = element(value, value.raw[0])
    if len(value.raw) == 1:
        return _open_attribute(first, first.raw, name, start, end)
    return unknown(first.raw.reason, DYNAMIC, origins=first.origins, marks=first.marks)


def _attribute_type(type_: AnyType, name: str) -> AnyType | None:
    if isinstance(type_, ObjectType):
        return type_.attribute(name)
    if isinstance(type_, MapType):
        return type_.element
    return DYNAMIC if type_ == DYNAMIC else None


def _no_attribute(type_: AnyType, name: str, raw: object) -> str:
    if isinstance(type_, MapType):
        close = get_close_matches(name, raw, 1) if isinstance(raw, dict) else []
        hint = f"; did you mean {quoted(close[0])}?" if close else ""
        return f"Missing map element: this map does not have an element with the key {quoted(name)}{hint}"
    if isinstance(type_, ObjectType):
        close = get_close_matches(name, [known for known, _ in type_.attributes], 1)
        hint = f"; did you mean {quoted(close[0])}?" if close else ""
        return f"Unsupported attribute: this object does not have an attribute named {quoted(name)}{hint}"
    if isinstance(type_, Primitive):
        return f"Unsupported attribute: can't access attributes on a primitive-typed value ({type_.name})"
    if isinstance(type_, ListType | SetType) and isinstance(type_.element, ObjectType):
        return _elements_have(type_, name)
    return "Unsupported attribute: this value does not have any attributes"


def _elements_have(type_: ListType | SetType, name: str) -> str:
    if isinstance(type_, SetType):
        return (
            "Unsupported attribute: can't access attributes on a set of objects. "
            "Did you mean to access an attribute across all elements of the set?"
        )
    has = isinstance(type_.element, ObjectType) and type_.element.attribute(name) is not None
    what = f"attribute {quoted(name)}" if has else "an attribute"
    return (
        "Unsupported attribute: can't access attributes on a list of objects. "
        f"Did you mean to access {what} for a specific element of the list, or across all elements of the list?"
    )


def index(value: Value, key: Value, step: syntax.Index) -> Value:
    """Return `value[key]`; raises EvaluationError as Terraform does."""
    start, end = step.key.start, step.key.end
    if value.raw is None:
        message = "Attempt to index null value: this value is null, so it does not have any indices"
        raise EvaluationError(message, start, end)
    if key.raw is None:
        raise EvaluationError("Invalid index: can't use a null value as an indexing key", start, end)
    type_ = value.type
    if key.origins:
        value = value.with_origins(value.origins | key.origins)
    if isinstance(value.raw, Unknown) and value.raw.candidates is not None and not key.marks:
        candidate = _candidate(value, value.raw, key.raw)
        if candidate is not None:
            return candidate
    if type_ == DYNAMIC or (key.type == DYNAMIC and not isinstance(type_, Primitive | SetType)):
        return unknown(merged_reasons(value, key), DYNAMIC, origins=value.origins, marks=value.marks | key.marks)
    if isinstance(type_, Primitive | SetType):
        raise EvaluationError(_NO_INDICES if isinstance(type_, Primitive) else _NO_KEYS, start, end)
    try:
        converted = convert(key, NUMBER if isinstance(type_, ListType | TupleType) else STRING)
    except EvaluationError as error:
        raise EvaluationError(f"{_NO_ELEMENT}: {error.message}", start, end, code=error.code) from None
    if isinstance(type_, ObjectType):
        return _of_object(value, converted, key, start, end)
    if key.marks:
        value = value.with_marks(key.marks)
    return _of_collection(value, converted, start, end)


def _of_collection(value: Value, key: Value, start: int, end: int) -> Value:
    raw, type_ = value.raw, value.type
    if isinstance(raw, Unknown) or isinstance(key.raw, Unknown):
        if isinstance(type_, TupleType) and not isinstance(key.raw, Unknown):
            _position(key.raw, len(type_.elements), start, end)
        return _of_unknown(value, key)
    if isinstance(type_, MapType):
        item = raw.get(key.raw)
        if item is None:
            raise EvaluationError(_NO_ELEMENT, start, end)
        return element(value, item)
    return element(value, raw[_position(key.raw, len(raw), start, end)])


def _of_object(value: Value, name: Value, key: Value, start: int, end: int) -> Value:
    raw, type_ = value.raw, value.type
    if isinstance(name.raw, Unknown):
        return unknown(merged_reasons(value, name), DYNAMIC, origins=value.origins, marks=value.marks)
    if isinstance(raw, OpenAttributes | StateOutputs):
        return _open_attribute(value, raw, name.raw, start, end)
    if isinstance(raw, Unknown):
        found = _attribute_type(type_, name.raw)
        if found is not None:
            return unknown(raw.reasons, found, origins=value.origins, marks=value.marks)
    else:
        item = raw.get(name.raw)
        if item is not None:
            return element(value, item)
    by_number = ". An object only supports looking up attributes by name, not by numeric index"
    raise EvaluationError(_NO_ELEMENT + (by_number if key.type == NUMBER else ""), start, end)


def _of_unknown(value: Value, key: Value) -> Value:
    """Return an element of which list, key or both are unknown."""
    type_: AnyType = DYNAMIC
    if isinstance(value.type, ListType | MapType):
        type_ = value.type.element
    elif isinstance(value.type, TupleType) and isinstance(key.raw, int) and 0 <= key.raw < len(value.type.elements):
        type_ = value.type.elements[key.raw]
    return unknown(merged_reasons(value, key), type_, origins=value.origins, marks=value.marks)


def _position(key: object, length: int, start: int, end: int) -> int:
    """Return a key as a position in a sequence of a length; raises EvaluationError."""
    if isinstance(key, int):
        position = key
    elif key == 0:  # the negative zero
        position = 0
    else:
        fractional = "" if is_infinite(key) else _FRACTIONAL
        raise EvaluationError(_NO_ELEMENT + fractional, start, end)
    if 0 <= position < length:
        return position
    if position < 0:
        why = "a negative number is not a valid index for a sequence"
    elif not length:
        why = "the collection has no elements"
    else:
        why = "the given index is greater than or equal to the length of the collection"
    raise EvaluationError(f"{_NO_ELEMENT}: {why}", start, end)
