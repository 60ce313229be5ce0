"""Comparing, ordering and looking through values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from astralint.source.partial import Hole, PartialText
from astralint.terraform.values.console_text import go_quoted, render
from astralint.terraform.values.json_text import json_string, to_json
from astralint.terraform.values.numbers import format_number, number_identity, same_number
from astralint.terraform.values.type_text import friendly
from astralint.terraform.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
)
from astralint.terraform.values.value import (
    FALSE,
    NOWHERE,
    NULL,
    TRUE,
    EvaluationError,
    OpenAttributes,
    Origin,
    Reason,
    StateOutputs,
    Unknown,
    Value,
    boolean,
    number,
    object_of,
    string,
    tuple_of,
    unknown,
)

MAXIMUM_REASONS = 8
_NO_REASON = (Reason("error", "the value is not known"),)


def reasons_in(values: Iterable[Value]) -> tuple[Reason, ...]:
    """Return why the values, or parts of them, are unknown; each reason once, in order, at most eight."""
    found: dict[Reason, None] = {}
    pending = list(values)
    pending.reverse()
    while pending and len(found) < MAXIMUM_REASONS:
        raw = pending.pop().raw
        if isinstance(raw, Unknown):
            found.update(dict.fromkeys(raw.reasons))
        elif isinstance(raw, tuple):
            pending.extend(reversed(raw))
        elif isinstance(raw, dict):
            pending.extend(reversed(raw.values()))
            if isinstance(raw, OpenAttributes):
                found[raw.reason] = None
    return tuple(found)[:MAXIMUM_REASONS]


def merged_reasons(*values: Value) -> tuple[Reason, ...]:
    """Return why values are unknown, like `reasons_in`, but never nothing."""
    return reasons_in(values) or _NO_REASON


def merged_origins(values: Iterable[Value]) -> frozenset[Origin]:
    """Return the origins of all values together (not of their elements)."""
    result = NOWHERE
    for value in values:
        if value.origins and value.origins is not result:
            result = result | value.origins if result else value.origins
    return result


def wholly_known(value: Value) -> bool:
    """Say whether nothing in a value is unknown."""
    raw = value.raw
    kind = type(raw)
    if kind is not tuple and kind is not dict and kind is not StateOutputs:
        return kind is not Unknown and kind is not OpenAttributes
    pending = [value]
    while pending:
        raw = pending.pop().raw
        kind = type(raw)
        if kind is Unknown or kind is OpenAttributes:
            return False
        if kind is tuple:
            pending.extend(raw)
        elif kind is dict or kind is StateOutputs:
            pending.extend(raw.values())
    return True


def deep_marks(value: Value) -> int:
    """Return the marks of a value and of everything in it."""
    marks = 0
    pending = [value]
    while pending:
        current = pending.pop()
        marks |= current.marks
        if isinstance(current.raw, tuple):
            pending.extend(current.raw)
        elif isinstance(current.raw, dict):
            pending.extend(current.raw.values())
    return marks


def unmarked(value: Value) -> Value:
    """Return the value without its own marks (its elements keep theirs)."""
    return Value(value.type, value.raw, 0, value.origins) if value.marks else value


# --- equality -----------------------------------------------------------------------------


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


def compare(left: Value, right: Value) -> int | None:
    """Return -1, 0 or 1 for two numbers as they are ordered; None where one of them is unknown or null."""
    a, b = left.raw, right.raw
    if a is None or b is None or isinstance(a, Unknown) or isinstance(b, Unknown):
        return None
    return int(a > b) - int(a < b)


def _unknown_same(left: Value, right: Value) -> bool | None:
    a, b = left.raw, right.raw
    if a is None or b is None:
        other = b if a is None else a
        return False if other.not_null else None
    if _out_of_bounds(left, right) or _out_of_bounds(right, left):
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


def bounds_of(value: Value) -> tuple[Any, Any]:
    """Return between which numbers a number lies, or the length of a collection; None for what is open."""
    raw = value.raw
    if isinstance(raw, Unknown):
        return raw.bounds or (None, None)
    if raw is None or isinstance(raw, str | bool):
        return None, None
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


def _out_of_bounds(unknown: Value, known: Value) -> bool:
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


# --- sets ------------------------------------------------------------------------------------


def set_of(element: AnyType, items: Iterable[Value]) -> Value:
    """Make a set: without duplicates, in Terraform's order; the marks of its elements become its own."""
    values = list(items)
    marks = 0
    for value in values:
        marks |= deep_marks(value)
    if marks:
        values = [_bare(value) for value in values]
    unique: dict[Any, Value] = {}
    unknowns: dict[Any, Value] = {}
    for value in values:
        if wholly_known(value):
            _add(unique, identity(value), value)
        else:
            _add(unknowns, _symbolic_identity(value), value)
    ordered = sorted(unique.values(), key=_order)
    return Value(SetType(element), (*ordered, *unknowns.values()), marks)


def _add(elements: dict[Any, Value], key: Any, value: Value) -> None:
    found = elements.setdefault(key, value)
    if found is not value and not value.origins <= found.origins:
        elements[key] = found.with_origins(found.origins | value.origins)


def _symbolic_identity(value: Value) -> Any:
    """Return what two unknown texts share that are equal for sure; every other unknown is equal to itself only."""
    raw = value.raw
    if isinstance(raw, Unknown) and raw.text is not None:
        parts = raw.text.parts
        if all(isinstance(part, str) or part.symbol for part in parts):
            return tuple(part if isinstance(part, str) else ("symbol", part.symbol) for part in parts)
    return id(raw)


def _bare(value: Value) -> Value:
    raw = value.raw
    if isinstance(raw, tuple):
        raw = tuple(_bare(item) for item in raw)
    elif isinstance(raw, OpenAttributes):
        raw = OpenAttributes({key: _bare(item) for key, item in raw.items()}, raw.reason)
    elif isinstance(raw, dict):
        raw = {key: _bare(item) for key, item in raw.items()}
    return Value(value.type, raw, 0, value.origins)


def identity(value: Value) -> Any:
    """Return something hashable that is equal for equal, wholly known values."""
    raw = value.raw
    if isinstance(raw, tuple):
        return ("t", *(identity(item) for item in raw))
    if isinstance(raw, dict):
        return ("d", *((key, identity(item)) for key, item in raw.items()))
    if isinstance(raw, bool):
        return ("b", raw)
    if raw is None or isinstance(raw, str):
        return ("" if raw is None else "string", raw)
    return ("number", number_identity(raw))


def _order(value: Value) -> tuple[Any, ...]:
    """Order set elements: by value what is primitive, by go-cty's hash what is not; null is last."""
    raw = value.raw
    if raw is None:
        return (1,)
    if isinstance(raw, str):
        return (0, raw.encode("utf-8", "surrogatepass"))
    if isinstance(raw, dict | tuple):
        parts: list[str] = []
        _hash_text(value, parts)
        return (0, "".join(parts).encode("utf-8", "surrogatepass"))
    return (0, raw)


def _hash_text(value: Value, parts: list[str]) -> None:
    """Append the text that go-cty hashes."""
    raw, type_ = value.raw, value.type
    if raw is None:
        parts.append("~")
    elif isinstance(raw, str):
        parts.append(go_quoted(raw))
    elif isinstance(raw, bool):
        parts.append("T" if raw else "F")
    elif isinstance(raw, tuple):
        is_tuple = isinstance(type_, TupleType)
        parts.append("<" if is_tuple else "[")
        for item in raw:
            _hash_text(item, parts)
            parts.append(";")
        parts.append(">" if is_tuple else "]")
    elif isinstance(raw, dict):
        is_map = isinstance(type_, MapType)
        parts.append("{" if is_map else "<")
        for key, item in raw.items():
            if is_map:
                parts.append(go_quoted(key) + ":")
            _hash_text(item, parts)
            parts.append(";")
        parts.append("}" if is_map else ">")
    else:
        parts.append(_ten_digits(raw))


def _ten_digits(raw: Any) -> str:
    """Return a number as Go's `%.10g`."""
    if isinstance(raw, int) and abs(raw) < 10**10:
        return str(raw)
    import gmpy2

    if gmpy2.is_infinite(raw) or raw == 0:
        return format_number(raw)
    mantissa: str
    exponent: int
    mantissa, exponent, _ = gmpy2.mpfr(raw, 512).digits(10, 10)
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-").rstrip("0")
    if -4 <= exponent - 1 < 10:
        if exponent <= 0:
            return f"{sign}0.{'0' * -exponent}{digits}"
        digits = digits.ljust(exponent, "0")
        return sign + digits[:exponent] + (f".{digits[exponent:]}" if digits[exponent:] else "")
    fraction = f".{digits[1:]}" if digits[1:] else ""
    return f"{sign}{digits[0]}{fraction}e{exponent - 1:+03d}"


# --- plain Python ------------------------------------------------------------------------------------


def to_python(value: Value) -> Any:
    """Return a wholly known value as `None`, `str`, `int`, `float`, `bool`, `list` or `dict`; raises EvaluationError."""
    raw = value.raw
    if isinstance(raw, Unknown):
        raise EvaluationError(raw.reasons[0].message if raw.reasons else "the value is not known", code="unknown")
    if isinstance(raw, tuple):
        return [to_python(item) for item in raw]
    if isinstance(raw, dict):
        return {key: to_python(item) for key, item in raw.items()}
    if value.type == NUMBER and raw is not None:
        return int(raw) if isinstance(raw, int) else float(raw)
    return raw


def from_python(plain: Any) -> Value:
    """Return `None`, `str`, `int`, `bool`, `list` or `dict` as a value: lists are tuples, dicts objects."""
    if plain is None:
        return NULL
    if isinstance(plain, bool):
        return boolean(plain)
    if isinstance(plain, str):
        return string(plain)
    if isinstance(plain, int):
        return number(plain)
    if isinstance(plain, dict):
        return object_of({str(key): from_python(item) for key, item in plain.items()})
    return tuple_of([from_python(item) for item in plain])


__all__ = [
    "compare",
    "deep_marks",
    "equal",
    "friendly",
    "from_python",
    "identity",
    "json_string",
    "merged_origins",
    "merged_reasons",
    "reasons_in",
    "render",
    "same",
    "set_of",
    "to_json",
    "to_python",
    "unmarked",
    "wholly_known",
]
