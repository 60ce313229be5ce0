"""Conversions between types and the search for a common one, as go-cty's `convert` package does them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from astralint.terraform.values.numbers import format_number, parse_number
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
from astralint.terraform.values.value import EvaluationError, OpenAttributes, Unknown, Value


class ConversionError(EvaluationError):
    """A value that does not fit a type; `path` leads to the part at fault."""

    def __init__(self, message: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.path = path

    def within(self, step: str | int) -> ConversionError:
        """Return the error as seen from the value around."""
        return ConversionError(self.message, (step, *self.path))


def friendly(type_: AnyType) -> str:
    """Return the name that Terraform's messages give to a type: `list of string`."""
    if isinstance(type_, Primitive):
        return type_.name
    if isinstance(type_, ListType):
        return f"list of {friendly(type_.element)}"
    if isinstance(type_, SetType):
        return f"set of {friendly(type_.element)}"
    if isinstance(type_, MapType):
        return f"map of {friendly(type_.element)}"
    return "tuple" if isinstance(type_, TupleType) else "object"


def type_text(type_: AnyType) -> str:
    """Return a type on one line as a constraint is written: `list(string)`."""
    if isinstance(type_, Primitive):
        return type_.name
    if isinstance(type_, ListType | SetType | MapType):
        word = {ListType: "list", SetType: "set", MapType: "map"}[type(type_)]
        return f"{word}({type_text(type_.element)})"
    if isinstance(type_, TupleType):
        return f"tuple([{', '.join(type_text(element) for element in type_.elements)}])"
    inner = ", ".join(
        f"{name} = " + (f"optional({type_text(item)})" if name in type_.optional else type_text(item))
        for name, item in type_.attributes
    )
    return f"object({{{inner}}})"


def required(type_: AnyType) -> str:
    """Return a type with the article that messages use: `a number is required`."""
    name = friendly(type_)
    if isinstance(type_, Primitive):
        return f"{'a' if name[0] not in 'aeiou' else 'an'} {name} is required"
    return f"{name} required"


def convert(value: Value, to: AnyType) -> Value:
    """Return the value in another type; raises ConversionError where it does not fit.

    Marks and origins are kept; what is unknown stays unknown, in the type asked for.
    """
    if value.type == to or to is DYNAMIC:
        return value
    raw = value.raw
    if raw is None:
        return Value(_concrete(to), None, value.marks, value.origins)
    if isinstance(raw, Unknown):
        return _unknown(value, raw, to)
    if isinstance(to, Primitive):
        return _primitive(value, to)
    if isinstance(to, ListType | SetType):
        return _sequence(value, to)
    if isinstance(to, MapType):
        return _map(value, to)
    if isinstance(to, TupleType):
        return _tuple(value, to)
    return _object(value, to)


def _concrete(type_: AnyType) -> AnyType:
    """Return a type without the optional marks that only constraints have."""
    if isinstance(type_, ObjectType):
        return ObjectType(tuple((name, _concrete(inner)) for name, inner in type_.attributes))
    if isinstance(type_, TupleType):
        return TupleType(tuple(_concrete(inner) for inner in type_.elements))
    if isinstance(type_, Primitive):
        return type_
    return type(type_)(_concrete(type_.element))


def _unknown(value: Value, raw: Unknown, to: AnyType) -> Value:
    target = _concrete(to)
    if value.type is not DYNAMIC and value.type != DYNAMIC and not convertible(value.type, to):
        raise ConversionError(required(to))
    text = raw.text if target == STRING else None
    return Value(target, Unknown(raw.reasons, text, raw.not_null), value.marks, value.origins)


def _primitive(value: Value, to: Primitive) -> Value:
    raw: Any = value.raw
    kind = value.type
    if to == STRING and kind == NUMBER:
        return Value(STRING, format_number(raw), value.marks, value.origins)
    if to == STRING and kind == BOOL:
        return Value(STRING, "true" if raw else "false", value.marks, value.origins)
    if kind == STRING and to == NUMBER:
        number = parse_number(raw)
        if number is None:
            raise ConversionError("a number is required")
        return Value(NUMBER, number, value.marks, value.origins)
    if kind == STRING and to == BOOL:
        if raw in ("true", "1"):
            return Value(BOOL, True, value.marks, value.origins)
        if raw in ("false", "0"):
            return Value(BOOL, False, value.marks, value.origins)
        lowered = raw.lower()
        hint = f'; to convert from string, use lowercase "{lowered}"' if lowered in ("true", "false") else ""
        raise ConversionError(f"a bool is required{hint}")
    raise ConversionError(required(to))


def _each(items: Iterable[tuple[str | int, Value]], element: AnyType) -> list[Value]:
    converted = []
    for step, item in items:
        try:
            converted.append(convert(item, element))
        except ConversionError as error:
            raise error.within(step) from None
    return converted


def _common(items: Iterable[tuple[str | int, Value]], element: AnyType, to: AnyType) -> tuple[AnyType, list[Value]]:
    """Convert the elements of a collection; `any` in the element type becomes what they have in common."""
    pairs = list(items)
    converted = _each(pairs, element)
    if not has_dynamic(element):
        return _concrete(element), converted
    unified = unify([item.type for item in converted]) if converted else _concrete(element)
    if unified is None:
        raise ConversionError(f"all {friendly(to).split(' ')[0]} elements must have the same type")
    steps = [step for step, _ in pairs]
    return unified, _each(zip(steps, converted, strict=True), unified)


def has_dynamic(type_: AnyType) -> bool:
    """Say whether a type is, or holds, `any`."""
    if isinstance(type_, Primitive):
        return type_ == DYNAMIC
    if isinstance(type_, TupleType):
        return any(has_dynamic(inner) for inner in type_.elements)
    if isinstance(type_, ObjectType):
        return any(has_dynamic(inner) for _, inner in type_.attributes)
    return has_dynamic(type_.element)


def _sequence(value: Value, to: ListType | SetType) -> Value:
    if not isinstance(value.type, ListType | SetType | TupleType):
        raise ConversionError(required(to))
    element, items = _common(enumerate(value.raw), to.element, to)
    if isinstance(to, ListType):
        return Value(ListType(element), tuple(items), value.marks, value.origins)
    from astralint.terraform.values.operations import set_of

    made = set_of(element, items)
    return Value(made.type, made.raw, made.marks | value.marks, value.origins | made.origins)


def _map(value: Value, to: MapType) -> Value:
    if not isinstance(value.type, MapType | ObjectType):
        raise ConversionError(required(to))
    element, items = _common(value.raw.items(), to.element, to)
    return Value(MapType(element), dict(zip(value.raw, items, strict=True)), value.marks, value.origins)


def _tuple(value: Value, to: TupleType) -> Value:
    if not isinstance(value.type, TupleType) or len(value.raw) != len(to.elements):
        raise ConversionError(required(to))
    items = [_each([(i, item)], type_)[0] for i, (item, type_) in enumerate(zip(value.raw, to.elements, strict=True))]
    return Value(TupleType(tuple(item.type for item in items)), tuple(items), value.marks, value.origins)


def _object(value: Value, to: ObjectType) -> Value:
    if not isinstance(value.type, MapType | ObjectType):
        raise ConversionError(required(to))
    raw = value.raw
    missing = [name for name, _ in to.attributes if name not in raw and name not in to.optional]
    if missing and not isinstance(raw, OpenAttributes):
        names = ", ".join(f'"{name}"' for name in missing)
        what = f"attribute {names} is" if len(missing) == 1 else f"attributes {names} are"
        raise ConversionError(f"{what} required")
    items: dict[str, Value] = {}
    for name, type_ in to.attributes:
        item = raw.get(name)
        if item is None and isinstance(raw, OpenAttributes) and name not in to.optional:
            item = Value(_concrete(type_), Unknown((raw.reason,)))
        items[name] = Value(_concrete(type_), None) if item is None else _each([(name, item)], type_)[0]
    type_of = ObjectType(tuple((name, item.type) for name, item in items.items()))
    return Value(type_of, items, value.marks, value.origins)


# --- the common type -----------------------------------------------------------------------


def convertible(source: AnyType, to: AnyType) -> bool:
    """Say whether some value of a type can be converted into another one."""
    if source == to or DYNAMIC in (source, to):
        return True
    if isinstance(to, Primitive):
        return isinstance(source, Primitive) and (STRING in (source, to))
    if isinstance(to, ListType | SetType):
        if isinstance(source, ListType | SetType):
            return convertible(source.element, to.element)
        return isinstance(source, TupleType) and all(convertible(item, to.element) for item in source.elements)
    if isinstance(to, MapType):
        if isinstance(source, MapType):
            return convertible(source.element, to.element)
        return isinstance(source, ObjectType) and all(convertible(item, to.element) for _, item in source.attributes)
    if isinstance(to, TupleType):
        return (
            isinstance(source, TupleType)
            and len(source.elements) == len(to.elements)
            and all(convertible(a, b) for a, b in zip(source.elements, to.elements, strict=True))
        )
    if isinstance(source, MapType):
        return all(convertible(source.element, item) for _, item in to.attributes)
    if not isinstance(source, ObjectType):
        return False
    given = dict(source.attributes)
    return all(
        (name in to.optional) if name not in given else convertible(given[name], item) for name, item in to.attributes
    )


def unify(types: Sequence[AnyType]) -> AnyType | None:
    """Return the type that all types can be converted to without loss; None where there is none.

    The rules are those of go-cty's `convert.Unify`.
    """
    distinct = list(dict.fromkeys(types))
    if not distinct:
        return DYNAMIC
    if len(distinct) == 1:
        return distinct[0]
    if DYNAMIC in distinct:
        return DYNAMIC
    groups: tuple[tuple[tuple[type, ...], Callable[[list[Any]], AnyType | None]], ...] = (
        ((ObjectType,), _unify_objects),
        ((MapType, ObjectType), _unify_to_map),
        ((TupleType,), _unify_tuples),
        ((ListType, TupleType), _unify_to_list),
        ((ListType,), _unify_to_list),
        ((SetType,), _unify_sets),
    )
    for kinds, unifier in groups:
        if all(isinstance(item, kinds) for item in distinct):
            return unifier(distinct)
    for candidate in distinct:
        if all(_safely(item, candidate) for item in distinct):
            return candidate
    return None


def _safely(source: AnyType, to: AnyType) -> bool:
    if source == to:
        return True
    if isinstance(to, Primitive):
        return to == STRING and isinstance(source, Primitive)
    if isinstance(to, SetType | ListType) and isinstance(source, SetType | ListType):
        return _safely(source.element, to.element)
    if isinstance(to, SetType) and isinstance(source, TupleType):
        return all(_safely(item, to.element) for item in source.elements)
    return False


def _unify_objects(types: list[ObjectType]) -> AnyType | None:
    names = [name for name, _ in types[0].attributes]
    if any([name for name, _ in type_.attributes] != names for type_ in types):
        return _unify_to_map(types)
    unified: dict[str, AnyType] = {}
    for position, name in enumerate(names):
        common = unify([type_.attributes[position][1] for type_ in types])
        if common is None:
            return _unify_to_map(types)
        unified[name] = common
    return ObjectType.of(unified)


def _unify_to_map(types: list[Any]) -> AnyType | None:
    elements: list[AnyType] = []
    for type_ in types:
        if isinstance(type_, MapType):
            elements.append(type_.element)
        else:
            elements.extend(item for _, item in type_.attributes)
    common = unify(elements)
    return MapType(common) if common is not None else None


def _unify_tuples(types: list[TupleType]) -> AnyType | None:
    length = len(types[0].elements)
    if any(len(type_.elements) != length for type_ in types):
        return _unify_to_list(types)
    unified: list[AnyType] = []
    for position in range(length):
        common = unify([type_.elements[position] for type_ in types])
        if common is None:
            return _unify_to_list(types)
        unified.append(common)
    return TupleType(tuple(unified))


def _unify_to_list(types: list[Any]) -> AnyType | None:
    elements: list[AnyType] = []
    for type_ in types:
        if isinstance(type_, ListType):
            elements.append(type_.element)
        else:
            elements.extend(type_.elements)
    common = unify(elements)
    return ListType(common) if common is not None else None


def _unify_sets(types: list[SetType]) -> AnyType | None:
    common = unify([type_.element for type_ in types])
    return SetType(common) if common is not None else None
