"""Functions that give a sequence or a map in another order, shape or selection."""

from __future__ import annotations

from bisect import insort
from itertools import product
from math import prod

from astralint.terraform.functions.registry import implements
from astralint.terraform.functions.support import (
    FunctionError,
    check_elements,
    is_sequence,
    is_wholly_known,
    unify,
    unknown_of,
    whole,
)
from astralint.terraform.values.bounds import bounds_of, with_bounds
from astralint.terraform.values.convert import convert, friendly
from astralint.terraform.values.sets import identity, set_of
from astralint.terraform.values.types import (
    BOOL,
    DYNAMIC,
    STRING,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
)
from astralint.terraform.values.unify import unify as unify_types
from astralint.terraform.values.value import FALSE, TRUE, Value, list_of, map_of, object_of, string, tuple_of, unknown

_STRINGS = ListType(STRING)


def _first_type(arguments: list[Value]) -> AnyType:
    return arguments[0].type


# --- order and selection ----------------------------------------------------------------


def _reverse_type(arguments: list[Value]) -> AnyType:
    type_ = arguments[0].type
    if isinstance(type_, TupleType):
        return TupleType(type_.elements[::-1])
    if isinstance(type_, ListType | SetType):
        return ListType(type_.element)
    if type_ == DYNAMIC:
        return DYNAMIC
    raise FunctionError(f"can only reverse list or tuple values, not {friendly(type_)}", 0)


@implements("reverse", elements=True, returns=_reverse_type)
def _reverse(arguments: list[Value]) -> Value:
    return Value(_reverse_type(arguments), arguments[0].raw[::-1])


def _flatten_type(arguments: list[Value]) -> AnyType:
    if not is_sequence(arguments[0].type) and arguments[0].type != DYNAMIC:
        raise FunctionError("can only flatten lists, sets and tuples")
    return DYNAMIC


def _may_shrink(value: Value) -> bool:
    """Say whether elements of a set may turn out to be equal."""
    return isinstance(value.type, SetType) and bounds_of(value)[0] != len(value.raw)


@implements("flatten", elements=True, returns=_flatten_type)
def _flatten(arguments: list[Value]) -> Value:
    _flatten_type(arguments)
    flat: list[Value] = []
    marks = 0
    missing: list[Value] = []
    if _may_shrink(arguments[0]):
        return unknown_of(DYNAMIC, arguments)
    stack = [iter(arguments[0].raw)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif not is_sequence(item.type) and not (item.type == DYNAMIC and item.is_unknown):
            flat.append(item)
            check_elements(len(flat))
        elif item.is_null:
            flat.append(item)
        else:
            marks |= item.marks
            if item.is_unknown or _may_shrink(item):
                missing.append(item)
            else:
                stack.append(iter(item.raw))
    if missing:
        return unknown_of(DYNAMIC, missing).with_marks(marks)
    return tuple_of(flat).with_marks(marks)


def _slice_type(arguments: list[Value]) -> AnyType:
    sequence, start, end = arguments
    type_ = sequence.type
    if isinstance(type_, SetType):
        raise FunctionError(
            "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering "
            "of the result is not important",
            0,
        )
    if type_ == DYNAMIC:
        return DYNAMIC
    if not isinstance(type_, ListType | TupleType):
        raise FunctionError("must be a list or tuple value", 0)
    length = len(type_.elements) if isinstance(type_, TupleType) else None
    if length is None and not sequence.is_unknown:
        length = len(sequence.raw)
    first = _bound(start, 1, "start", length)
    last = _bound(end, 2, "end", length)
    if first is not None and last is not None and first > last:
        raise FunctionError("start index must not be greater than end index", 1)
    if isinstance(type_, ListType):
        return type_
    return DYNAMIC if first is None or last is None else TupleType(type_.elements[first:last])


def _bound(value: Value, argument: int, name: str, length: int | None) -> int | None:
    if value.is_unknown:
        return None
    index = whole(value, argument, f"invalid {name} index: ")
    if index < 0:
        raise FunctionError(f"{name} index must not be less than zero", argument)
    if length is not None and index > length:
        raise FunctionError(f"{name} index must not be greater than the length of the list", argument)
    return index


@implements("slice", unknowns=True, elements=True)
def _slice(arguments: list[Value]) -> Value:
    type_ = _slice_type(arguments)
    sequence, start, end = arguments
    if start.is_unknown or end.is_unknown:
        return unknown_of(type_, arguments)
    first, last = int(start.raw), int(end.raw)
    if not sequence.is_unknown:
        return Value(type_, sequence.raw[first:last])
    # Of a list that is not known, a part is as long as it is asked for, or Terraform fails.
    check_elements(last - first)
    if isinstance(type_, TupleType):
        return tuple_of(unknown_of(element, [sequence]) for element in type_.elements)
    if not isinstance(type_, ListType):
        return unknown_of(type_, arguments, bounds=(last - first, last - first))
    item = unknown(sequence.raw.reasons, type_.element, origins=sequence.origins)
    return list_of(type_.element, [item] * (last - first))


@implements("distinct", returns=_first_type)
def _distinct(arguments: list[Value]) -> Value:
    items = arguments[0]
    if not is_wholly_known(items):
        return unknown_of(items.type, arguments)
    element = _element(items)
    kept = set_of(element, items.raw).raw if len(items.raw) > 1 else items.raw
    if len(kept) == len(items.raw):
        return items
    return Value(items.type, _first_occurrences(items.raw, len(kept)))


def _first_occurrences(items: tuple[Value, ...], expected: int) -> tuple[Value, ...]:
    seen: set[object] = set()
    kept: list[Value] = []
    for item in items:
        key = identity(item)
        if key not in seen:
            seen.add(key)
            kept.append(item)
            if len(kept) == expected:
                break
    return tuple(kept)


def _element(value: Value) -> AnyType:
    return value.type.element if isinstance(value.type, ListType | SetType | MapType) else DYNAMIC


@implements("compact")
def _compact(arguments: list[Value]) -> Value:
    if not is_wholly_known(arguments[0]):
        return unknown_of(_STRINGS, arguments)
    return list_of(STRING, (item for item in arguments[0].raw if item.raw))


@implements("sort")
def _sort(arguments: list[Value]) -> Value:
    items = arguments[0]
    if not is_wholly_known(items):
        return with_bounds(unknown_of(_STRINGS, arguments, bounds=bounds_of(items)))
    for position, item in enumerate(items.raw):
        if item.is_null:
            raise FunctionError(f"given list element {position} is null; a null string cannot be sorted", 0)
    return list_of(STRING, sorted(items.raw, key=lambda item: item.raw))


def _chunks_type(arguments: list[Value]) -> AnyType:
    return ListType(arguments[0].type)


@implements("chunklist", elements=True, returns=_chunks_type)
def _chunklist(arguments: list[Value]) -> Value:
    items, given = arguments
    size = whole(given, None, "invalid size: ")
    if size < 0:
        raise FunctionError("the size argument must be positive")
    raw = items.raw
    if not raw:
        return list_of(items.type, ())
    size = size or len(raw)
    return list_of(items.type, (Value(items.type, raw[start : start + size]) for start in range(0, len(raw), size)))


def _matched_type(arguments: list[Value]) -> AnyType:
    _common_keys(arguments)
    return arguments[0].type


def _common_keys(arguments: list[Value]) -> AnyType:
    common = unify([arguments[1].type, arguments[2].type])
    if common is None:
        raise FunctionError("keys and searchset must be of the same type")
    return common


@implements("matchkeys", returns=_matched_type)
def _matchkeys(arguments: list[Value]) -> Value:
    values, keys, search = arguments
    common = _common_keys(arguments)
    if len(values.raw) != len(keys.raw):
        raise FunctionError("length of keys and values should be equal")
    wanted = convert(search, common).raw
    if not wanted:
        return Value(values.type, ())
    if not (is_wholly_known(values) and is_wholly_known(keys)):
        return unknown_of(values.type, [values, keys])
    if not is_wholly_known(search):
        return unknown_of(values.type, [search])
    identities = {identity(item) for item in wanted}
    pairs = zip(values.raw, convert(keys, common).raw, strict=True)
    return Value(values.type, tuple(value for value, key in pairs if identity(key) in identities))


# --- truth ------------------------------------------------------------------------------


@implements("alltrue")
def _alltrue(arguments: list[Value]) -> Value:
    missing = [item for item in arguments[0].raw if item.is_unknown]
    if any(not item.is_unknown and item.raw is not True for item in arguments[0].raw):
        return FALSE
    return unknown_of(BOOL, missing) if missing else TRUE


@implements("anytrue")
def _anytrue(arguments: list[Value]) -> Value:
    if any(item.raw is True for item in arguments[0].raw):
        return TRUE
    missing = [item for item in arguments[0].raw if item.is_unknown]
    return unknown_of(BOOL, missing) if missing else FALSE


# --- maps -------------------------------------------------------------------------------


def _zipmap_type(arguments: list[Value]) -> AnyType:
    keys, values = arguments
    if isinstance(values.type, ListType):
        return MapType(values.type.element)
    if values.type == DYNAMIC:
        return DYNAMIC
    if not isinstance(values.type, TupleType):
        raise FunctionError("values argument must be a list or tuple value")
    if not is_wholly_known(keys):
        return DYNAMIC
    types = values.type.elements
    if len(keys.raw) != len(types):
        raise FunctionError(f"number of keys ({len(keys.raw)}) does not match number of values ({len(types)})")
    return ObjectType.of({key.raw: type_ for key, type_ in zip(keys.raw, types, strict=True) if key.raw is not None})


@implements("zipmap", elements=True, returns=_zipmap_type)
def _zipmap(arguments: list[Value]) -> Value:
    keys, values = arguments
    type_ = _zipmap_type(arguments)
    if not is_wholly_known(keys):
        return unknown_of(type_, [keys])
    if len(keys.raw) != len(values.raw):
        raise FunctionError(f"number of keys ({len(keys.raw)}) does not match number of values ({len(values.raw)})")
    zipped: dict[str, Value] = {}
    marks = 0
    for position, (key, value) in enumerate(zip(keys.raw, values.raw, strict=True)):
        if key.is_null:
            raise FunctionError(f"keys list has null value at index {position}")
        marks |= key.marks
        zipped[key.raw] = value
    made = map_of(type_.element, zipped) if isinstance(type_, MapType) else object_of(zipped)
    return made.with_marks(marks)


@implements("transpose")
def _transpose(arguments: list[Value]) -> Value:
    if not is_wholly_known(arguments[0]):
        return unknown_of(MapType(_STRINGS), arguments)
    swapped: dict[str, list[str]] = {}
    for key, items in arguments[0].raw.items():
        if items.is_null:
            raise FunctionError("input must be a map of lists of strings, with no null list")
        for item in items.raw:
            if item.is_null:
                raise FunctionError("input must be a map of lists of strings, with no null string")
            insort(swapped.setdefault(item.raw, []), key)
    return map_of(_STRINGS, {key: list_of(STRING, map(string, names)) for key, names in swapped.items()})


# --- sets -------------------------------------------------------------------------------


def _common_set(arguments: list[Value]) -> AnyType:
    types = [argument.type for argument in arguments if not _is_empty_any(argument)]
    element = unify([_element_of(type_) for type_ in types]) if types else DYNAMIC
    if element is None:
        raise FunctionError("given sets must all have compatible element types")
    return SetType(element)


def _is_empty_any(value: Value) -> bool:
    return not value.is_unknown and not value.raw and _element(value) == DYNAMIC


def _element_of(type_: AnyType) -> AnyType:
    return type_.element if isinstance(type_, SetType) else DYNAMIC


def _sets(arguments: list[Value]) -> tuple[AnyType, list[Value]]:
    type_ = _common_set(arguments)
    element = _element_of(type_)
    if not isinstance(element, Primitive) and any(map(_holds_untyped_nulls, arguments)):
        raise FunctionError("a null without a type does not become an element of these sets")
    return element, [convert(argument, type_) for argument in arguments]


def _holds_untyped_nulls(argument: Value) -> bool:
    """Say whether a set is one of nulls without a type: Terraform fails to convert these into collections."""
    return not argument.is_unknown and bool(argument.raw) and _element(argument) == DYNAMIC


@implements("setunion", returns=_common_set)
def _setunion(arguments: list[Value]) -> Value:
    element, sets = _sets(arguments)
    check_elements(sum(len(each.raw) for each in sets))
    return set_of(element, [item for each in sets for item in each.raw])


@implements("setintersection", returns=_common_set)
def _setintersection(arguments: list[Value]) -> Value:
    element, sets = _sets(arguments)
    if not all(is_wholly_known(each) for each in sets):
        return unknown_of(SetType(element), sets)
    shared = set.intersection(*({identity(item) for item in each.raw} for each in sets))
    return set_of(element, [item for item in sets[0].raw if identity(item) in shared])


@implements("setsubtract", returns=_common_set)
def _setsubtract(arguments: list[Value]) -> Value:
    element, (minuend, subtrahend) = _sets(arguments)
    if not (is_wholly_known(minuend) and is_wholly_known(subtrahend)):
        return unknown_of(SetType(element), [minuend, subtrahend])
    taken = {identity(item) for item in subtrahend.raw}
    return set_of(element, [item for item in minuend.raw if identity(item) not in taken])


def _product_type(arguments: list[Value]) -> AnyType:
    if len(arguments) < 2:
        raise FunctionError("at least two arguments are required")
    elements: list[AnyType] = []
    ordered = True
    for position, argument in enumerate(arguments):
        type_ = argument.type
        if isinstance(type_, SetType | ListType):
            elements.append(type_.element)
            ordered = ordered and isinstance(type_, ListType)
        elif isinstance(type_, TupleType):
            common = unify_types(type_.elements, unsafe=True)
            if common == DYNAMIC and any(element != DYNAMIC for element in type_.elements):
                common = None
            if common is None:
                raise FunctionError("all elements must be of the same type", position)
            elements.append(common)
        elif type_ == DYNAMIC:
            return DYNAMIC
        else:
            raise FunctionError("a set or a list is required", position)
    inner = TupleType(tuple(elements))
    return ListType(inner) if ordered else SetType(inner)


def _known_length(argument: Value) -> int | None:
    return None if argument.is_unknown else len(argument.raw)


@implements("setproduct", unknowns=True, elements=True)
def _setproduct(arguments: list[Value]) -> Value:
    type_ = _product_type(arguments)
    if any(argument.is_unknown for argument in arguments):
        # A tuple has a known length all the same: with nothing beside it, there is nothing.
        lengths = [
            len(argument.type.elements) if isinstance(argument.type, TupleType) else _known_length(argument)
            for argument in arguments
        ]
        if None in lengths or 0 not in lengths or not isinstance(type_, ListType | SetType):
            return unknown_of(type_, arguments)
        return list_of(type_.element, []) if isinstance(type_, ListType) else set_of(type_.element, [])
    if not isinstance(type_, ListType | SetType) or not isinstance(type_.element, TupleType):
        raise FunctionError("a set or a list is required")
    inner = type_.element
    check_elements(prod(len(argument.raw) for argument in arguments) * len(arguments))
    columns = [
        [item if item.type == element else convert(item, element) for item in argument.raw]
        for argument, element in zip(arguments, inner.elements, strict=True)
    ]
    rows = [Value(inner, row) for row in product(*columns)]
    return list_of(inner, rows) if isinstance(type_, ListType) else set_of(inner, rows)
