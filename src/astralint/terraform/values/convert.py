"""Conversions of values between types, as go-cty's `convert` package does them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from astralint.terraform.values.bounds import bounds_of, with_bounds
from astralint.terraform.values.numbers import format_number, negative_zero, parse_number
from astralint.terraform.values.operations import reasons_in, wholly_known
from astralint.terraform.values.sets import set_of
from astralint.terraform.values.type_text import constraint_text, friendly, mismatch, quoted, type_text
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
from astralint.terraform.values.unify import concrete, convertible, filled, has_dynamic, unify
from astralint.terraform.values.value import Candidate, EvaluationError, OpenAttributes, Unknown, Value


class ConversionError(EvaluationError):
    """A value that does not fit a type; `path` leads to the part at fault."""

    def __init__(self, message: str, path: tuple[str | int, ...] = (), code: str = "invalid-expression") -> None:
        super().__init__(message, code=code)
        self.path = path

    def within(self, step: str | int) -> ConversionError:
        """Return the error as seen from the value around."""
        return ConversionError(self.message, (step, *self.path), self.code)


def convert(value: Value, to: AnyType) -> Value:
    """Return the value in another type; raises ConversionError where it does not fit.

    Marks and origins are kept; what is unknown stays unknown, in the type asked for.
    """
    source = value.type
    if source is to or to is DYNAMIC or source == to or to == DYNAMIC:
        return value
    if isinstance(source, Primitive) and isinstance(to, Primitive):
        return _apply(value, to)
    if isinstance(value.raw, OpenAttributes):
        return _open(value, value.raw, to)
    if not convertible(source, to):
        raise ConversionError(mismatch(source, to))
    return _apply(value, to)


def _apply(value: Value, to: AnyType) -> Value:
    """Convert where the types allow it; what fails here fails because of the value."""
    source, raw = value.type, value.raw
    if source is to or to is DYNAMIC or source == to or to == DYNAMIC:
        return value
    if raw is None:
        if isinstance(to, Primitive):
            if source != DYNAMIC and not convertible(source, to):
                raise ConversionError(_required(to))
            return Value(to, None, value.marks, value.origins)
        return Value(filled(source, concrete(to)), None, value.marks, value.origins)
    if type(raw) is Unknown:
        return _unknown(value, raw, to)
    if isinstance(to, Primitive):
        return _primitive(value, to)
    if isinstance(to, ListType):
        return _list(value, to)
    if isinstance(to, SetType):
        return _set(value, to)
    if isinstance(to, MapType):
        return _map(value, to)
    if isinstance(to, TupleType):
        items = [_part(i, item, type_) for i, (item, type_) in enumerate(zip(raw, to.elements, strict=True))]
        return Value(TupleType(tuple(item.type for item in items)), tuple(items), value.marks, value.origins)
    return _object(value, to)


def _open(value: Value, raw: OpenAttributes, to: AnyType) -> Value:
    """Convert an object that may have more attributes than are known."""
    if isinstance(to, MapType):
        return Value(concrete(to), Unknown((raw.reason,), not_null=True), value.marks, value.origins)
    if not isinstance(to, ObjectType):
        raise ConversionError(mismatch(value.type, to))
    given = dict(raw)
    for name, type_ in to.attributes:
        if name not in given and name not in to.optional:
            given[name] = Value(concrete(type_), Unknown((raw.reason,)))
    for name, item in given.items():
        wanted = to.attribute(name)
        if wanted is not None and not convertible(item.type, wanted):
            raise ConversionError(f"attribute {quoted(name)}: {mismatch(item.type, wanted)}")
    return _object(Value(value.type, given, value.marks, value.origins), to)


def _unknown(value: Value, raw: Unknown, to: AnyType) -> Value:
    source = value.type
    if isinstance(to, Primitive) and isinstance(source, Primitive) and not convertible(source, to):
        raise ConversionError(_required(to))
    unknown = raw
    # The known parts of a text are worth nothing in another type, nor are bounds.
    if raw.text is not None or raw.bounds is not None:
        unknown = Unknown(raw.reasons, raw.text if to == STRING else None, raw.not_null)
    if isinstance(to, ListType | SetType | MapType):
        candidates = _candidates(raw, to)
        unknown = Unknown(raw.reasons, None, raw.not_null, _lengths(source, raw, to), candidates, raw.open)
    return Value(filled(source, concrete(to)), unknown, value.marks, value.origins)


def _candidates(raw: Unknown, to: ListType | SetType | MapType) -> tuple[Candidate, ...] | None:
    """Return what can be in a collection that is not known, once it is converted; None where that is open."""
    if raw.candidates is None:
        return None
    if any((candidate.key is None) == isinstance(to, MapType) for candidate in raw.candidates):
        return None
    if to.element == DYNAMIC:
        is_one = len({candidate.value.type for candidate in raw.candidates}) < 2
        return raw.candidates if is_one else None
    try:
        return tuple(
            Candidate(candidate.key, convert(candidate.value, to.element), candidate.maybe)
            for candidate in raw.candidates
        )
    except ConversionError:
        return None


def _lengths(source: AnyType, raw: Unknown, to: ListType | SetType | MapType) -> tuple[Any, Any] | None:
    """Return between which numbers the length of an unknown lies once it is converted."""
    bounds = raw.bounds
    if isinstance(source, TupleType | ObjectType):
        length = len(source.elements) if isinstance(source, TupleType) else len(source.attributes)
        bounds = (length, length)
    if bounds is None or not isinstance(to, SetType):
        return bounds
    # Elements may turn out to be equal.
    low, high = bounds
    return (min(low, 1) if low is not None else None, high)


def _required(to: Primitive) -> str:
    return f"a {to.name} is required" if to in (BOOL, NUMBER) else "string required"


def _primitive(value: Value, to: Primitive) -> Value:
    raw: Any = value.raw
    kind = value.type
    if to == STRING and kind == NUMBER:
        return Value(STRING, format_number(raw), value.marks, value.origins)
    if to == STRING and kind == BOOL:
        return Value(STRING, "true" if raw else "false", value.marks, value.origins)
    if kind == STRING and to == NUMBER:
        try:
            number = parse_number(raw)
        except EvaluationError as error:
            raise ConversionError(error.message, code=error.code) from None
        if number is None:
            raise ConversionError("a number is required")
        if number == 0 and raw[0] == "-":
            number = negative_zero()
        return Value(NUMBER, number, value.marks, value.origins)
    if kind == STRING and to == BOOL:
        return Value(BOOL, _boolean(raw), value.marks, value.origins)
    raise ConversionError(mismatch(kind, to))


def _boolean(text: str) -> bool:
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    if text in ("True", "TRUE", "False", "FALSE"):
        raise ConversionError(f'a bool is required; to convert from string, use lowercase "{text.lower()}"')
    raise ConversionError("a bool is required")


def _part(step: str | int, item: Value, to: AnyType) -> Value:
    source = item.type
    if source is to or source == to:
        return item
    try:
        return _apply(item, to)
    except ConversionError as error:
        raise error.within(step) from None


def _element_type(items: Iterable[Value], to: str, what: str) -> AnyType:
    """Return the one type that elements have; those whose type is not known yet do not count."""
    found: AnyType | None = None
    for item in items:
        if found is None or found == DYNAMIC:
            found = item.type
        elif item.type is not found and item.type != DYNAMIC and item.type != found:
            raise ConversionError(f"{what} types must all match for conversion to {to}")
    return DYNAMIC if found is None else found


def _list(value: Value, to: ListType) -> Value:
    raw, element = value.raw, to.element
    if not raw:
        return Value(_empty(value, to), (), value.marks, value.origins)
    if isinstance(value.type, TupleType):
        if element == DYNAMIC:
            element = unify(value.type.elements, unsafe=True) or DYNAMIC
        items = [_part(i, item, element) for i, item in enumerate(raw)]
        if has_dynamic(element):
            common = unify([item.type for item in items], unsafe=True)
            if common is None:
                raise ConversionError("cannot find a common base type for all elements", (len(items) - 1,))
            items = [_part(i, item, common) for i, item in enumerate(items)]
    else:
        if isinstance(value.type, SetType) and (reasons := _reasons_within(raw)):
            # A set of unknown elements has no known length, nor an order.
            given = value.type.element
            if len(raw) > 1 and DYNAMIC not in (element, given) and given != element:
                # Terraform leaves such elements as they are, and then finds that they are no others.
                raise ConversionError(f"{friendly(element)} required, but received {friendly(given)}")
            unknown = Unknown(reasons, not_null=True, bounds=bounds_of(value))
            return with_bounds(Value(filled(value.type, concrete(to)), unknown, value.marks, value.origins))
        items = [_part(i, item, element) for i, item in enumerate(raw)]
    return Value(ListType(_element_type(items, "list", "element")), tuple(items), value.marks, value.origins)


def _reasons_within(items: tuple[Value, ...]) -> tuple[Any, ...]:
    return () if all(wholly_known(item) for item in items) else reasons_in(items)


def _empty(value: Value, to: ListType | SetType | MapType) -> AnyType:
    """Return the type of an empty collection; a known element type is better than none."""
    if to.element == DYNAMIC and isinstance(value.type, ListType | SetType | MapType):
        return type(to)(value.type.element)
    return concrete(to)


def _set(value: Value, to: SetType) -> Value:
    raw, element = value.raw, to.element
    if not raw:
        return Value(_empty(value, to), (), value.marks, value.origins)
    if element == DYNAMIC and isinstance(value.type, TupleType):
        element = unify(value.type.elements, unsafe=True) or DYNAMIC
    items = [_part(i, item, element) for i, item in enumerate(raw)]
    made = set_of(_element_type(items, "set", "element"), items)
    origins = value.origins | made.origins if made.origins else value.origins
    return Value(made.type, made.raw, made.marks | value.marks, origins)


def _map(value: Value, to: MapType) -> Value:
    raw, element = value.raw, to.element
    if not raw:
        return Value(_empty(value, to), raw, value.marks, value.origins)
    structural = isinstance(value.type, ObjectType)
    if element == DYNAMIC and isinstance(value.type, ObjectType):
        element = unify([item for _, item in value.type.attributes], unsafe=True) or DYNAMIC
    items = {name: _part(name, item, element) for name, item in raw.items()}
    if isinstance(element, ListType | SetType | MapType | ObjectType) and has_dynamic(element):
        common = unify([item.type for item in items.values()], unsafe=structural)
        if common is None:
            raise ConversionError("cannot find a common base type for all elements")
        items = {name: _part(name, item, common) for name, item in items.items()}
    what = "attribute" if structural else "element"
    return Value(MapType(_element_type(items.values(), "map", what)), items, value.marks, value.origins)


def _object(value: Value, to: ObjectType) -> Value:
    raw: dict[str, Value] = value.raw
    items: dict[str, Value] = {}
    for name, type_ in to.attributes:
        item = raw.get(name)
        if item is not None:
            if item.type != type_ and not convertible(item.type, type_):
                message = (
                    f"map element type is incompatible with attribute {quoted(name)}: {mismatch(item.type, type_)}"
                )
                raise ConversionError(message)
            items[name] = _part(name, item, type_)
        elif name in to.optional:
            items[name] = Value(concrete(type_), None)
        else:
            raise ConversionError(f"map has no element for required attribute {quoted(name)}")
    made = ObjectType(tuple((name, item.type) for name, item in items.items()))
    return Value(made, items, value.marks, value.origins)


__all__ = [
    "ConversionError",
    "concrete",
    "constraint_text",
    "convert",
    "convertible",
    "friendly",
    "has_dynamic",
    "type_text",
    "unify",
]
