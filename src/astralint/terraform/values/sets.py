"""Sets: which elements are the same, and their order, which is that of go-cty's hashes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from astralint.terraform.values.console_text import go_quoted
from astralint.terraform.values.numbers import format_number, number_identity
from astralint.terraform.values.operations import deep_marks, wholly_known
from astralint.terraform.values.types import AnyType, MapType, SetType, TupleType
from astralint.terraform.values.value import OpenAttributes, Unknown, Value


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
