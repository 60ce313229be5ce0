"""Bounds: between which numbers a number lies that is not known, or the length of a text or collection; and their order."""

from __future__ import annotations

from typing import Any

from astralint.terraform.values.operations import wholly_known
from astralint.terraform.values.types import NUMBER, ListType, MapType, SetType
from astralint.terraform.values.value import Unknown, Value


def bounds_of(value: Value) -> tuple[Any, Any]:
    """Return between which numbers a number lies, or the length of a text or collection; None for what is open."""
    raw = value.raw
    if isinstance(raw, Unknown):
        return raw.bounds or (None, None)
    if raw is None or isinstance(raw, bool):
        return None, None
    if isinstance(raw, str):
        return len(raw), len(raw)
    if isinstance(raw, tuple) and isinstance(value.type, SetType):
        open_ = sum(not wholly_known(item) for item in raw)
        # Unknown elements may turn out to be equal to others.
        return max(len(raw) - open_, min(open_, 1)), len(raw)
    if isinstance(raw, tuple | dict):
        return len(raw), len(raw)
    return raw, raw


def with_bounds(value: Value) -> Value:
    """Return an unknown list whose length is known as a list of unknown elements, and a number that is settled."""
    raw = value.raw
    if not isinstance(raw, Unknown) or not raw.not_null or raw.bounds is None or raw.bounds[0] != raw.bounds[1]:
        return value
    length, type_ = raw.bounds[0], value.type
    if type_ == NUMBER:
        return Value(NUMBER, length, value.marks, value.origins)
    if isinstance(type_, ListType) or (isinstance(type_, SetType) and length < 2):
        element = Value(type_.element, Unknown(raw.reasons))
        return Value(type_, (element,) * length, value.marks, value.origins)
    if isinstance(type_, MapType) and not length:
        return Value(type_, {}, value.marks, value.origins)
    return value


def order_of(left: Value, right: Value) -> int | None:
    """Return -1 where a number is less than another one for sure, 1 where it is not less, None where that is open."""
    low, high = bounds_of(left)
    other_low, other_high = bounds_of(right)
    if high is not None and other_low is not None and high < other_low:
        return -1
    if low is not None and other_high is not None and low >= other_high:
        return 1
    return None


def out_of_bounds(unknown: Value, known: Value) -> bool:
    """Say whether a known value of the same type can't be what an unknown one will be."""
    raw = unknown.raw
    if not isinstance(raw, Unknown) or raw.bounds is None or isinstance(known.raw, Unknown):
        return False
    if unknown.type != known.type:
        return False
    low, high = raw.bounds
    least, most = bounds_of(known)
    return (low is not None and most is not None and most < low) or (
        high is not None and least is not None and least > high
    )
