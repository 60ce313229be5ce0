"""Comparing, ordering and writing values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from astralint.terraform.values.convert import friendly
from astralint.terraform.values.numbers import format_number
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
from astralint.terraform.values.value import (
    FALSE,
    NOWHERE,
    NULL,
    TRUE,
    EvaluationError,
    OpenAttributes,
    Origin,
    Reason,
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
    return tuple(found)[:MAXIMUM_REASONS]


def merged_origins(values: Iterable[Value]) -> frozenset[Origin]:
    """Return the origins of all values together (not of their elements)."""
    result = NOWHERE
    for value in values:
        if value.origins and value.origins is not result:
            result = result | value.origins if result else value.origins
    return result


def wholly_known(value: Value) -> bool:
    """Say whether nothing in a value is unknown."""
    pending = [value]
    while pending:
        raw = pending.pop().raw
        if isinstance(raw, Unknown | OpenAttributes):
            return False
        if isinstance(raw, tuple):
            pending.extend(raw)
        elif isinstance(raw, dict):
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
        return unknown(reasons_in((left, right)), BOOL, not_null=True, origins=origins, marks=marks)
    value = TRUE if outcome else FALSE
    return value if not marks and not origins else Value(BOOL, outcome, marks, origins)


def same(left: Value, right: Value) -> bool | None:
    """Say whether two values are equal, as go-cty's `Equals`; None where it can't be told."""
    left_raw, right_raw = left.raw, right.raw
    if left_raw is None or right_raw is None:
        return _null_equal(left_raw, right_raw)
    left_unknown, right_unknown = isinstance(left_raw, Unknown), isinstance(right_raw, Unknown)
    if left_unknown or right_unknown:
        if left_unknown and right_unknown and left_raw.symbol and left_raw.symbol == right_raw.symbol:
            return True
        if DYNAMIC not in (left.type, right.type) and _differs(left.type, right.type):
            return False
        return None
    if left.type != right.type and _differs(left.type, right.type):
        return False
    if isinstance(left_raw, tuple):
        return _sequences_equal(left, right)
    if isinstance(left_raw, dict):
        return _mappings_equal(left_raw, right_raw)
    return bool(left_raw == right_raw) and isinstance(left_raw, bool) == isinstance(right_raw, bool)


def _null_equal(left: Any, right: Any) -> bool | None:
    if left is None and right is None:
        return True
    other = right if left is None else left
    if isinstance(other, Unknown):
        return False if other.not_null else None
    return False


def _differs(left: AnyType, right: AnyType) -> bool:
    """Say whether values of the two types can never be equal."""
    if left == right or DYNAMIC in (left, right):
        return False
    if isinstance(left, Primitive) or isinstance(right, Primitive) or type(left) is not type(right):
        return True
    if isinstance(left, TupleType) and isinstance(right, TupleType):
        return len(left.elements) != len(right.elements) or any(map(_differs, left.elements, right.elements))
    if isinstance(left, ObjectType) and isinstance(right, ObjectType):
        names = [name for name, _ in left.attributes]
        return names != [name for name, _ in right.attributes] or any(
            _differs(a, b) for (_, a), (_, b) in zip(left.attributes, right.attributes, strict=True)
        )
    return _differs(left.element, right.element)  # type: ignore[union-attr]


def _sequences_equal(left: Value, right: Value) -> bool | None:
    if isinstance(left.type, SetType) and not (wholly_known(left) and wholly_known(right)):
        return None
    if len(left.raw) != len(right.raw):
        return False
    return _every(same(a, b) for a, b in zip(left.raw, right.raw, strict=True))


def _mappings_equal(left: dict[str, Value], right: dict[str, Value]) -> bool | None:
    if left.keys() != right.keys():
        return False
    return _every(same(value, right[key]) for key, value in left.items())


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
    origins = NOWHERE
    for value in values:
        marks |= deep_marks(value)
    if marks:
        values = [_bare(value) for value in values]
    unique: dict[Any, Value] = {}
    unknowns: list[Value] = []
    for value in values:
        if wholly_known(value):
            unique.setdefault(identity(value), value)
        else:
            unknowns.append(value)
    ordered = sorted(unique.values(), key=_order) + unknowns
    return Value(SetType(element), tuple(ordered), marks, origins)


def _bare(value: Value) -> Value:
    raw = value.raw
    if isinstance(raw, tuple):
        raw = tuple(_bare(item) for item in raw)
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
    return (value.type.name if isinstance(value.type, Primitive) else "", raw)


def _order(value: Value) -> tuple[Any, ...]:
    """Order set elements: go-cty sorts strings and numbers by value, false before true, nulls last."""
    raw = value.raw
    if raw is None:
        return (2, "")
    if isinstance(raw, str):
        return (0, raw.encode("utf-8", "surrogatepass"))
    if isinstance(raw, dict | tuple):
        return (1, to_json(value))
    return (0, raw)


# --- JSON ----------------------------------------------------------------------------------------

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
    "\b": "\\b",
    "\f": "\\f",
    "\x7f": "\x7f",
}
_TABLE = str.maketrans({**{chr(code): f"\\u{code:04x}" for code in range(32)}, **_ESCAPES})


def json_string(text: str) -> str:
    """Quote a string as Go's encoding/json does, HTML escapes included."""
    return f'"{text.translate(_TABLE)}"'


def to_json(value: Value) -> str:
    """Return a wholly known value as `jsonencode` writes it."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts)


def _write(value: Value, parts: list[str]) -> None:
    raw = value.raw
    if raw is None:
        parts.append("null")
    elif isinstance(raw, str):
        parts.append(json_string(raw))
    elif isinstance(raw, bool):
        parts.append("true" if raw else "false")
    elif isinstance(raw, tuple):
        parts.append("[")
        for position, item in enumerate(raw):
            if position:
                parts.append(",")
            _write(item, parts)
        parts.append("]")
    elif isinstance(raw, dict):
        parts.append("{")
        for position, (key, item) in enumerate(raw.items()):
            parts.append(("," if position else "") + json_string(key) + ":")
            _write(item, parts)
        parts.append("}")
    elif isinstance(raw, Unknown):
        raise EvaluationError("a value that is not known can't be written as JSON")
    else:
        parts.append(format_number(raw))


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
    if value.type == NUMBER and raw is not None and not isinstance(raw, int):
        return float(raw)
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
    return tuple_of(from_python(item) for item in plain)


def render(value: Value, indent: int = 0) -> str:
    """Return a value as `terraform console` prints it."""
    raw = value.raw
    if value.is_sensitive:
        return "(sensitive value)"
    if isinstance(raw, Unknown):
        return "(unknown)"
    if raw is None:
        return "null" if value.type == DYNAMIC else "tostring(null)" if value.type == STRING else "null"
    pad = "  " * (indent + 1)
    if isinstance(raw, tuple):
        inner = "".join(f"{pad}{render(item, indent + 1)},\n" for item in raw)
        body = f"[\n{inner}{'  ' * indent}]" if raw else "[]"
        wrap = {ListType: "tolist", SetType: "toset"}.get(type(value.type))
        return f"{wrap}({body})" if wrap else body
    if isinstance(raw, dict):
        inner = "".join(f"{pad}{json_string(key)} = {render(item, indent + 1)}\n" for key, item in raw.items())
        body = f"{{\n{inner}{'  ' * indent}}}" if raw else "{}"
        return f"tomap({body})" if isinstance(value.type, MapType) else body
    if isinstance(raw, str):
        return json_string(raw).replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u0026", "&")
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return format_number(raw)


__all__ = [
    "deep_marks",
    "equal",
    "friendly",
    "from_python",
    "identity",
    "json_string",
    "merged_origins",
    "reasons_in",
    "render",
    "same",
    "set_of",
    "to_json",
    "to_python",
    "unmarked",
    "wholly_known",
]
