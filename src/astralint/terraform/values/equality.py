"""Equality, as go-cty's `Equals` decides it, and what can be told of it where something is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from astralint.source.partial import Hole, PartialText
from astralint.terraform.values.bounds import out_of_bounds
from astralint.terraform.values.numbers import same_number
from astralint.terraform.values.operations import deep_marks, merged_origins, merged_reasons, wholly_known
from astralint.terraform.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    AnyType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
)
from astralint.terraform.values.value import FALSE, TRUE, OpenAttributes, Unknown, Value, unknown


def equal(left: Value, right: Value) -> Value:
    """Return whether two values are equal, unknown where that is open; marks and origins of both are kept."""
    outcome = same(left, right)
    marks = deep_marks(left) | deep_marks(right)
    origins = merged_origins((left, right))
    if outcome is None:
        return unknown(merged_reasons(left, right), BOOL, not_null=True, origins=origins, marks=marks)
    if not marks and not origins:
        return TRUE if outcome else FALSE
    return Value(BOOL, outcome, marks, origins)


def same(left: Value, right: Value) -> bool | None:
    """Say whether two values are equal, as go-cty's `Equals`; None where it can't be told."""
    left_raw, right_raw = left.raw, right.raw
    if type(left_raw) is Unknown or type(right_raw) is Unknown:
        return _unknown_same(left, right)
    if left_raw is None or right_raw is None:
        return left_raw is right_raw
    if isinstance(left_raw, OpenAttributes) or isinstance(right_raw, OpenAttributes):
        return (
            _mappings_same(left_raw, right_raw) if isinstance(left_raw, dict) and isinstance(right_raw, dict) else False
        )
    if left.type is not right.type and left.type != right.type:
        if _never_the_same(left.type, right.type) or not (_type_is_open(left) or _type_is_open(right)):
            return False
        return _open_same(left, right)
    if isinstance(left_raw, tuple):
        return _sequences_same(left, right)
    if isinstance(left_raw, dict):
        return _mappings_same(left_raw, right_raw)
    if left.type == NUMBER:
        return same_number(left_raw, right_raw)
    return bool(left_raw == right_raw)


def _open_same(left: Value, right: Value) -> bool | None:
    """Compare values whose types may yet turn out to be the same."""
    if isinstance(left.type, TupleType) and isinstance(right.type, TupleType):
        return _sequences_same(left, right)
    if isinstance(left.type, ObjectType) and isinstance(right.type, ObjectType):
        return _mappings_same(left.raw, right.raw)
    return None


def _unknown_same(left: Value, right: Value) -> bool | None:
    a, b = left.raw, right.raw
    if a is None or b is None:
        other = b if a is None else a
        return False if other.not_null else None
    if out_of_bounds(left, right) or out_of_bounds(right, left):
        return False
    if DYNAMIC not in (left.type, right.type) and left.type != right.type:
        # Both may yet turn out to be null, which is equal whatever the type.
        if any(not isinstance(raw, Unknown) or raw.not_null for raw in (a, b)):
            types_are_open = _type_is_open(left) or _type_is_open(right)
            if not types_are_open or _never_the_same(left.type, right.type):
                return False
        return None
    left_text, right_text = _text(a), _text(b)
    if left_text is None or right_text is None:
        return None
    return _texts_same(left_text, right_text)


def _text(raw: Any) -> PartialText | None:
    if isinstance(raw, Unknown):
        return raw.text
    return PartialText.of(raw) if isinstance(raw, str) else None


def _texts_same(left: PartialText, right: PartialText) -> bool | None:
    """Compare texts of which at least one has holes."""
    if left == right:
        return True if all(isinstance(part, str) or part.symbol for part in left.parts) else None
    for a, b in zip(left.parts, right.parts, strict=False):
        if a == b and (isinstance(a, str) or a.symbol):
            continue
        if isinstance(a, str) and isinstance(b, str) and not (a.startswith(b) or b.startswith(a)):
            return False
        break
    for a, b in zip(reversed(left.parts), reversed(right.parts), strict=False):
        if a == b and (isinstance(a, str) or a.symbol):
            continue
        if isinstance(a, str) and isinstance(b, str) and not (a.endswith(b) or b.endswith(a)):
            return False
        break
    if left.known is not None or right.known is not None:
        known, partial = (left.known, right) if left.known is not None else (right.known, left)
        return None if _may_be(partial, known or "") else False
    return None


def _may_be(partial: PartialText, text: str) -> bool:
    """Say whether the known pieces of a text occur in another one, in order, at its ends where they are at the ends."""
    parts = partial.parts
    position = 0
    for number_, part in enumerate(parts):
        if isinstance(part, Hole):
            continue
        if number_ == len(parts) - 1:
            return text.endswith(part) and len(text) - len(part) >= position
        found = text.find(part, position)
        if found < 0 or (number_ == 0 and found > 0):
            return False
        position = found + len(part)
    return True


def _type_is_open(value: Value) -> bool:
    """Say whether something within a value has no known type yet."""
    pending = [value]
    while pending:
        current = pending.pop()
        raw = current.raw
        if isinstance(raw, Unknown):
            if _has_dynamic(current.type):
                return True
        elif isinstance(raw, OpenAttributes):
            return True
        elif isinstance(raw, tuple):
            pending.extend(raw)
        elif isinstance(raw, dict):
            pending.extend(raw.values())
    return False


def _has_dynamic(type_: AnyType) -> bool:
    if isinstance(type_, Primitive):
        return type_ == DYNAMIC
    if isinstance(type_, TupleType):
        return any(_has_dynamic(inner) for inner in type_.elements)
    if isinstance(type_, ObjectType):
        return any(_has_dynamic(inner) for _, inner in type_.attributes)
    return _has_dynamic(type_.element)


def _never_the_same(left: AnyType, right: AnyType) -> bool:
    """Say whether two types differ whatever stands for the types in them that are not known yet."""
    if left == right or DYNAMIC in (left, right):
        return False
    if type(left) is not type(right) or isinstance(left, Primitive) or isinstance(right, Primitive):
        return True
    if isinstance(left, TupleType) and isinstance(right, TupleType):
        return len(left.elements) != len(right.elements) or any(map(_never_the_same, left.elements, right.elements))
    if isinstance(left, ObjectType) and isinstance(right, ObjectType):
        if [name for name, _ in left.attributes] != [name for name, _ in right.attributes]:
            return True
        pairs = zip(left.attributes, right.attributes, strict=True)
        return any(_never_the_same(a, b) for (_, a), (_, b) in pairs)
    return _never_the_same(left.element, right.element)  # type: ignore[union-attr]


def _sequences_same(left: Value, right: Value) -> bool | None:
    if isinstance(left.type, SetType) and not (wholly_known(left) and wholly_known(right)):
        return None
    if len(left.raw) != len(right.raw):
        return False
    return _every(same(a, b) for a, b in zip(left.raw, right.raw, strict=True))


def _mappings_same(left: dict[str, Value], right: dict[str, Value]) -> bool | None:
    open_ = isinstance(left, OpenAttributes) or isinstance(right, OpenAttributes)
    if not open_ and left.keys() != right.keys():
        return False
    outcome = _every(same(value, right[key]) for key, value in left.items() if key in right)
    return None if open_ and outcome else outcome


def _every(outcomes: Iterator[bool | None]) -> bool | None:
    open_ = False
    for outcome in outcomes:
        if outcome is False:
            return False
        open_ = open_ or outcome is None
    return None if open_ else True
