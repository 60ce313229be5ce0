"""Functions that pick from collections, put them together, or ask about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.terraform.functions.registry import contextual, implements
from astralint.terraform.functions.support import (
    FunctionError,
    check_elements,
    is_mapping,
    is_sequence,
    is_wholly_known,
    unify,
    unknown_of,
    whole,
)
from astralint.terraform.values.bounds import bounds_of, with_bounds
from astralint.terraform.values.convert import convert, friendly
from astralint.terraform.values.equality import equal
from astralint.terraform.values.numbers import Rounded
from astralint.terraform.values.types import (
    BOOL,
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
from astralint.terraform.values.unify import unify as unify_types
from astralint.terraform.values.value import (
    FALSE,
    TRUE,
    EvaluationError,
    OpenAttributes,
    Reason,
    Unknown,
    Value,
    list_of,
    map_of,
    null,
    number,
    object_of,
    string,
    tuple_of,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from astralint.terraform.functions.context import FunctionContext


def _element_type(type_: AnyType) -> AnyType:
    return type_.element if isinstance(type_, ListType | SetType | MapType) else DYNAMIC


def _open(attributes: OpenAttributes, type_: AnyType = DYNAMIC) -> Value:
    return unknown(attributes.reason, type_)


_LONGEST = 2**63 - 1


# --- length, keys, values -------------------------------------------------------------


@implements("length", unknowns=True, elements=True)
def _length(arguments: list[Value]) -> Value:
    value = arguments[0]
    type_ = value.type
    if isinstance(type_, TupleType):
        return number(Rounded(len(type_.elements)))
    if isinstance(value.raw, OpenAttributes):
        return _open(value.raw, NUMBER)
    if isinstance(type_, ObjectType):
        return number(Rounded(len(type_.attributes)))
    if type_ in (STRING, DYNAMIC) or is_sequence(type_) or is_mapping(type_):
        if value.is_unknown:
            low, high = bounds_of(value)
            return with_bounds(unknown_of(NUMBER, arguments, bounds=(low or 0, _LONGEST if high is None else high)))
        if type_ == STRING:
            from astralint.terraform.functions.strings import graphemes

            return number(Rounded(len(graphemes(value.raw))))
        if isinstance(type_, SetType) and len(value.raw) > 1 and not is_wholly_known(value):
            return unknown_of(NUMBER, arguments, bounds=bounds_of(value))
        return number(Rounded(len(value.raw)))
    raise FunctionError("argument must be a string, a collection type, or a structural type")


@implements("keys", unknowns=True, elements=True)
def _keys(arguments: list[Value]) -> Value:
    value = arguments[0]
    if isinstance(value.raw, OpenAttributes):
        return _open(value.raw)
    if isinstance(value.type, ObjectType):
        return tuple_of(string(name) for name, _ in value.type.attributes)
    if value.type == DYNAMIC:
        return unknown_of(DYNAMIC, arguments)
    if not isinstance(value.type, MapType):
        raise FunctionError("must have map or object type", 0)
    if value.is_unknown:
        return unknown_of(ListType(STRING), arguments)
    return list_of(STRING, map(string, value.raw))


def _values_type(arguments: list[Value]) -> AnyType:
    type_ = arguments[0].type
    if isinstance(type_, MapType):
        return ListType(type_.element)
    if isinstance(type_, ObjectType):
        return TupleType(tuple(each for _, each in type_.attributes))
    if type_ == DYNAMIC:
        return DYNAMIC
    raise FunctionError("values() requires a map as the first argument")


@implements("values", elements=True, returns=_values_type)
def _values(arguments: list[Value]) -> Value:
    raw = arguments[0].raw
    type_ = _values_type(arguments)
    if isinstance(raw, OpenAttributes):
        return _open(raw)
    return Value(type_, tuple(raw.values()))


# --- picking --------------------------------------------------------------------------


def _element_result(arguments: list[Value]) -> AnyType:
    sequence, index = arguments
    type_ = sequence.type
    if isinstance(type_, ListType):
        return type_.element
    if isinstance(type_, TupleType):
        if index.is_unknown:
            return DYNAMIC
        position = whole(index, None, "invalid index: ")
        if not type_.elements:
            raise FunctionError("cannot use element function with an empty list")
        return type_.elements[position % len(type_.elements)]
    if type_ == DYNAMIC:
        return DYNAMIC
    raise FunctionError(f"cannot read elements from {friendly(type_)}")


@contextual("element", elements=True, returns=_element_result)
def _element(arguments: list[Value], context: FunctionContext) -> Value:
    sequence, index = arguments
    _element_result(arguments)
    position = whole(index, None, "invalid index: ")
    if not sequence.raw:
        raise FunctionError("cannot use element function with an empty list")
    kind = "tuple" if isinstance(sequence.type, TupleType) else "list"
    # As in Go, a remainder has the sign of what is divided: only some versions count from the end.
    is_behind = position < 0 and -position % len(sequence.raw) != 0
    if is_behind and not context.language.has(f"negative-element-of-{kind}"):
        raise FunctionError(f"cannot use element function with a negative index on a {kind}")
    picked: Value = sequence.raw[position % len(sequence.raw)]
    return picked


def _index_result(arguments: list[Value]) -> AnyType:
    if not isinstance(arguments[0].type, ListType | TupleType) and arguments[0].type != DYNAMIC:
        raise FunctionError("argument must be a list or tuple")
    return NUMBER


@implements("index", returns=_index_result, typed=True)
def _index(arguments: list[Value]) -> Value:
    _index_result(arguments)
    items, wanted = arguments
    if not items.raw:
        raise FunctionError("cannot search an empty list")
    for position, item in enumerate(items.raw):
        same = equal(item, wanted)
        if same.is_unknown:
            return unknown_of(NUMBER, [item, wanted])
        if same.raw:
            return number(Rounded(position))
    raise FunctionError("item not found")


@implements("lookup", unknowns=True, marks=True)
def _lookup(arguments: list[Value]) -> Value:
    if len(arguments) > 3:
        raise FunctionError(f"lookup() takes two or three arguments, got {len(arguments)}")
    mapping, key = arguments[:2]
    default = arguments[2] if len(arguments) == 3 else None
    type_ = mapping.type
    if isinstance(type_, MapType):
        default = None if default is None else _default(default, type_.element)
        if mapping.is_unknown or key.is_unknown:
            return _unknown_lookup(arguments, type_.element)
    elif isinstance(type_, ObjectType):
        if key.is_unknown:
            return _unknown_lookup(arguments, DYNAMIC)
        if mapping.is_unknown:
            attribute = type_.attribute(key.raw)
            if attribute is None and default is None:
                raise FunctionError(_no_attribute(key), 0)
            return unknown_of(attribute or (default.type if default else DYNAMIC), [mapping, key])
    elif type_ == DYNAMIC:
        return _unknown_lookup(arguments, DYNAMIC)
    else:
        raise FunctionError("lookup() requires a map as the first argument", 0)
    return _looked_up(mapping, key, default)


def _looked_up(mapping: Value, key: Value, default: Value | None) -> Value:
    found = mapping.raw.get(key.raw)
    if found is not None:
        return _picked(found, mapping, key)
    if isinstance(mapping.raw, OpenAttributes):
        return _picked(_open(mapping.raw), mapping, key)
    if default is not None:
        return _picked(default, mapping, key)
    if isinstance(mapping.type, ObjectType):
        raise FunctionError(_no_attribute(key), 0)
    raise FunctionError(f"lookup failed to find key {_shown(key)}")


def _no_attribute(key: Value) -> str:
    return f"the given object has no attribute {_shown(key)}"


def _shown(key: Value) -> str:
    return "(sensitive value)" if key.is_sensitive else f'"{key.raw}"'


def _picked(found: Value, mapping: Value, key: Value) -> Value:
    return Value(
        found.type, found.raw, found.marks | mapping.marks | key.marks, found.origins | mapping.origins | key.origins
    )


def _default(default: Value, type_: AnyType) -> Value:
    try:
        return convert(default, type_)
    except EvaluationError:
        raise FunctionError("the default value must have the same type as the map elements", 2) from None


def _unknown_lookup(arguments: list[Value], type_: AnyType) -> Value:
    mapping, key = arguments[:2]
    missing = [value for value in (mapping, key) if value.is_unknown]
    return unknown_of(type_, missing).with_marks(mapping.marks | key.marks)


@implements("contains", returns=lambda _: BOOL, typed=True)
def _contains(arguments: list[Value]) -> Value:
    items, wanted = arguments
    if not is_sequence(items.type):
        raise FunctionError("argument must be list, tuple, or set")
    undecided: list[Value] = []
    for item in items.raw:
        same = equal(item, wanted)
        if same.is_unknown:
            undecided.append(same)
        elif same.raw:
            return TRUE
    return unknown_of(BOOL, undecided) if undecided else FALSE


def _one_result(arguments: list[Value]) -> AnyType:
    type_ = arguments[0].type
    if isinstance(type_, ListType | SetType):
        return type_.element
    if type_ == DYNAMIC:
        return DYNAMIC
    if isinstance(type_, TupleType) and len(type_.elements) < 2:
        return type_.elements[0] if type_.elements else DYNAMIC
    raise FunctionError("must be a list, set, or tuple value with either zero or one elements", 0)


@implements("one", returns=_one_result)
def _one(arguments: list[Value]) -> Value:
    type_ = _one_result(arguments)
    items: tuple[Value, ...] = arguments[0].raw
    if (bounds_of(arguments[0])[0] or 0) > 1:
        raise FunctionError("must be a list, set, or tuple value with either zero or one elements", 0)
    if len(items) > 1:
        # Elements of a set that may yet turn out to be equal.
        return unknown_of(type_, arguments)
    return items[0] if items else null(type_)


# --- the first that is something ----------------------------------------------------------


@implements("coalesce", unknowns=True)
def _coalesce(arguments: list[Value]) -> Value:
    types = [value.type for value in arguments]
    type_ = (unify(types) or unify_types(types, unsafe=True)) if types else None
    if type_ is None:
        raise FunctionError("all arguments must have the same type")
    for position, argument in enumerate(arguments):
        if argument.is_unknown:
            return unknown_of(type_, arguments[position : position + 1])
        value = convert(argument, type_)
        if value.is_null or (type_ == STRING and value.raw == ""):
            continue
        return value
    raise FunctionError("no non-null, non-empty-string arguments")


@implements("coalescelist", unknowns=True)
def _coalescelist(arguments: list[Value]) -> Value:
    if not arguments:
        raise FunctionError("at least one argument is required")
    for position, argument in enumerate(arguments):
        if argument.is_unknown:
            break
        if not isinstance(argument.type, ListType | TupleType):
            raise FunctionError("coalescelist arguments must be lists or tuples", position)
    for argument in arguments:
        if argument.is_unknown:
            return unknown_of(DYNAMIC, [argument])
        if argument.raw:
            return argument
    raise FunctionError("no non-null arguments")


# --- putting together ------------------------------------------------------------------


@implements("concat", unknowns=True, elements=True)
def _concat(arguments: list[Value]) -> Value:
    if not arguments:
        raise FunctionError("at least one argument is required")
    for position, argument in enumerate(arguments):
        if not isinstance(argument.type, ListType | TupleType) and argument.type != DYNAMIC:
            raise FunctionError("all arguments must be lists or tuples; got " + friendly(argument.type), position)
    common = None
    if all(isinstance(argument.type, ListType) for argument in arguments):
        common = unify([argument.type for argument in arguments])
    arguments = [_of_known_length(argument) for argument in arguments]
    missing = [argument for argument in arguments if argument.is_unknown]
    if missing:
        return unknown_of(common or DYNAMIC, missing)
    check_elements(sum(len(argument.raw) for argument in arguments))
    if common is not None:
        return Value(common, tuple(item for argument in arguments for item in convert(argument, common).raw))
    return tuple_of(item for argument in arguments for item in argument.raw)


def _of_known_length(value: Value) -> Value:
    """Return an unknown tuple as a tuple of unknown elements."""
    if not isinstance(value.type, TupleType) or not isinstance(value.raw, Unknown):
        return value
    items = tuple(unknown_of(element, [value]) for element in value.type.elements)
    return Value(value.type, items, value.marks, value.origins)


@implements("merge", unknowns=True, marks=True)
def _merge(arguments: list[Value]) -> Value:
    made = _merge_result(arguments)
    origins = made.origins.union(*(argument.origins for argument in arguments))
    marks = 0
    if not any(argument.is_unknown for argument in arguments):
        # What is null has no say, and of what is unknown Terraform forgets that it is sensitive.
        for argument in arguments:
            marks |= 0 if argument.is_null else argument.marks
    return Value(made.type, made.raw, marks, origins)


def _merge_result(arguments: list[Value]) -> Value:
    for argument in arguments:
        if not is_mapping(argument.type) and argument.type != DYNAMIC:
            raise FunctionError(f'arguments must be maps or objects, got "{friendly(argument.type)}"')
    given = [argument for argument in arguments if not argument.is_null]
    types = [argument.type for argument in arguments]
    same = bool(types) and all(each == types[0] for each in types)
    if DYNAMIC in types and any(value.type == DYNAMIC and value.is_null for value in arguments):
        same = False
    missing = [argument for argument in given if argument.is_unknown]
    if missing:
        known_objects = DYNAMIC not in types and all(isinstance(value.type, ObjectType) for value in missing)
        if known_objects and not any(isinstance(value.raw, OpenAttributes) for value in given):
            known = object_of(_merged(given))
            if all(value.raw.not_null for value in missing):
                return known
            # One that turns out to be null brings no attributes.
            return Value(known.type, OpenAttributes(known.raw, missing[0].raw.reasons[0]))
        return unknown_of(types[0] if same else DYNAMIC, missing)
    if not arguments:
        return object_of({})
    if not given:
        return null(types[0]) if same and types[0] != DYNAMIC else object_of({})
    merged = _merged(given)
    reason = _open_reason(given)
    if reason is not None:
        return Value(object_of(merged).type, OpenAttributes(merged, reason))
    if same and isinstance(types[0], MapType):
        return map_of(types[0].element, merged)
    return object_of(merged)


def _merged(given: Iterable[Value]) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for argument in given:
        if isinstance(argument.raw, Unknown):
            merged.update(_unknown_attributes(argument))
        else:
            merged.update(argument.raw)
    check_elements(len(merged))
    return merged


def _unknown_attributes(value: Value) -> dict[str, Value]:
    if not isinstance(value.type, ObjectType):
        return {}
    return {name: unknown_of(type_, [value]) for name, type_ in value.type.attributes}


def _open_reason(given: Iterable[Value]) -> Reason | None:
    for argument in given:
        if isinstance(argument.raw, OpenAttributes):
            return argument.raw.reason
    return None
