"""Which types convert into which, and the type that several have in common: go-cty's `convert` package on types alone.

A conversion is *safe* where it succeeds for every value of the type. Where the
unsafe ones count too, it may fail for some: a string that is no number, a map
without an attribute that an object needs.
"""

from __future__ import annotations

from collections.abc import Sequence

from astralint.terraform.values.types import (
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

_KINDS: dict[type, type[ListType | SetType | MapType]] = {ListType: ListType, SetType: SetType, MapType: MapType}


def concrete(type_: AnyType) -> AnyType:
    """Return a type without the optional marks that only constraints have."""
    if isinstance(type_, Primitive):
        return type_
    if isinstance(type_, ObjectType):
        return ObjectType(tuple((name, concrete(inner)) for name, inner in type_.attributes))
    if isinstance(type_, TupleType):
        return TupleType(tuple(concrete(inner) for inner in type_.elements))
    return type(type_)(concrete(type_.element))


def has_dynamic(type_: AnyType) -> bool:
    """Say whether a type is, or holds, `any`."""
    if isinstance(type_, Primitive):
        return type_ == DYNAMIC
    if isinstance(type_, TupleType):
        return any(has_dynamic(inner) for inner in type_.elements)
    if isinstance(type_, ObjectType):
        return any(has_dynamic(inner) for _, inner in type_.attributes)
    return has_dynamic(type_.element)


# --- conversions between types ------------------------------------------------------------


def convertible(source: AnyType, to: AnyType, *, unsafe: bool = True) -> bool:
    """Say whether values of a type can be converted into another one."""
    if to == DYNAMIC or source == to:
        return True
    if source == DYNAMIC:
        return unsafe
    if isinstance(to, Primitive):
        return isinstance(source, Primitive) and (to == STRING or (unsafe and source == STRING))
    if isinstance(to, ListType | SetType):
        return _to_sequence(source, to, unsafe=unsafe)
    if isinstance(to, MapType):
        return _to_map(source, to, unsafe=unsafe)
    if isinstance(to, TupleType):
        return (
            isinstance(source, TupleType)
            and len(source.elements) == len(to.elements)
            and all(convertible(a, b, unsafe=unsafe) for a, b in zip(source.elements, to.elements, strict=True))
        )
    return _to_object(source, to, unsafe=unsafe)


def _to_sequence(source: AnyType, to: ListType | SetType, *, unsafe: bool) -> bool:
    if isinstance(source, ListType | SetType):
        if isinstance(source, ListType) and isinstance(to, SetType) and not unsafe:
            return False
        return convertible(source.element, to.element, unsafe=unsafe)
    if not isinstance(source, TupleType) or not _all_to(source.elements, to.element, unsafe=unsafe):
        return False
    # Lists and sets, unlike maps, are refused where their elements have no type in common but `any`.
    return to.element != DYNAMIC or _has_common(source.elements, unsafe=unsafe)


def _has_common(types: Sequence[AnyType], *, unsafe: bool) -> bool:
    return unify(types, unsafe=unsafe) != DYNAMIC or all(type_ == DYNAMIC for type_ in types)


def _to_map(source: AnyType, to: MapType, *, unsafe: bool) -> bool:
    if isinstance(source, MapType):
        return convertible(source.element, to.element, unsafe=unsafe)
    return isinstance(source, ObjectType) and _all_to(
        [item for _, item in source.attributes], to.element, unsafe=unsafe
    )


def _all_to(sources: Sequence[AnyType], to: AnyType, *, unsafe: bool) -> bool:
    if to == DYNAMIC and sources:
        common = unify(sources, unsafe=unsafe)
        if common is None:
            return False
        to = common
    return all(convertible(source, to, unsafe=unsafe) for source in sources)


def _to_object(source: AnyType, to: ObjectType, *, unsafe: bool) -> bool:
    if isinstance(source, MapType):
        return unsafe and all(
            name in to.optional or convertible(source.element, item, unsafe=True) for name, item in to.attributes
        )
    if not isinstance(source, ObjectType):
        return False
    given = dict(source.attributes)
    return all(
        convertible(given[name], item, unsafe=unsafe) if name in given else name in to.optional
        for name, item in to.attributes
    )


def filled(source: AnyType, to: AnyType) -> AnyType:
    """Return `to` with what the source type says in the places where `to` leaves the type open."""
    if source == DYNAMIC or isinstance(to, Primitive):
        return source if to == DYNAMIC else to
    if isinstance(to, TupleType):
        if isinstance(source, TupleType) and len(source.elements) == len(to.elements):
            return TupleType(tuple(filled(a, b) for a, b in zip(source.elements, to.elements, strict=True)))
        return to
    if isinstance(to, ObjectType):
        if isinstance(source, MapType):
            return ObjectType(tuple((name, filled(source.element, item)) for name, item in to.attributes))
        given = dict(source.attributes) if isinstance(source, ObjectType) else {}
        return ObjectType(tuple((name, filled(given.get(name, DYNAMIC), item)) for name, item in to.attributes))
    return type(to)(filled(_element(source), to.element))


def _element(type_: AnyType) -> AnyType:
    if isinstance(type_, ListType | SetType | MapType):
        return type_.element
    if isinstance(type_, TupleType):
        return unify(type_.elements, unsafe=True) or DYNAMIC
    if isinstance(type_, ObjectType):
        return unify([item for _, item in type_.attributes], unsafe=True) or DYNAMIC
    return DYNAMIC


# --- the common type ------------------------------------------------------------------------


def unify(types: Sequence[AnyType], *, unsafe: bool = False) -> AnyType | None:
    """Return the type that all types can be converted to; None where there is none.

    The rules are those of go-cty's `convert.Unify`, and of `UnifyUnsafe` where unsafe conversions count.
    """
    distinct = list(dict.fromkeys(types))
    if len(distinct) < 2:
        return distinct[0] if distinct else DYNAMIC
    kinds = {type(item) for item in distinct}
    dynamic = DYNAMIC in distinct
    if dynamic and all(item == DYNAMIC or not isinstance(item, Primitive) for item in distinct):
        kinds.discard(Primitive)
    if len(kinds) == 1 and Primitive not in kinds:
        if dynamic:
            return DYNAMIC
        return _unify_kind(kinds.pop(), distinct, unsafe=unsafe)
    found: AnyType | None = None
    if kinds == {MapType, ObjectType}:
        found = _unify_as(MapType, distinct, unsafe=unsafe)
    elif kinds == {ListType, TupleType}:
        found = _unify_as(ListType, distinct, unsafe=unsafe)
    elif ObjectType in kinds and TupleType in kinds:
        return None
    return found if found is not None else _preferred(distinct, unsafe=unsafe)


def _unify_kind(kind: type, types: list[AnyType], *, unsafe: bool) -> AnyType | None:
    if kind in _KINDS:
        element = unify([_element(item) for item in types], unsafe=unsafe)
        return None if element is None else _KINDS[kind](element)
    if kind is ObjectType:
        return _unify_objects([item for item in types if isinstance(item, ObjectType)], unsafe=unsafe)
    return _unify_tuples([item for item in types if isinstance(item, TupleType)], unsafe=unsafe)


def _unify_objects(types: list[ObjectType], *, unsafe: bool) -> AnyType | None:
    names = [name for name, _ in types[0].attributes]
    if any([name for name, _ in type_.attributes] != names for type_ in types):
        return _collected(MapType, types, unsafe=unsafe)
    unified: dict[str, AnyType] = {}
    for position, name in enumerate(names):
        common = unify([type_.attributes[position][1] for type_ in types], unsafe=unsafe)
        if common is None:
            return None
        unified[name] = common
    result = ObjectType.of(unified)
    if all(convertible(type_, result, unsafe=unsafe) for type_ in types):
        return result
    return _collected(MapType, types, unsafe=unsafe)


def _unify_tuples(types: list[TupleType], *, unsafe: bool) -> AnyType | None:
    length = len(types[0].elements)
    if any(len(type_.elements) != length for type_ in types):
        return _collected(ListType, types, unsafe=unsafe)
    unified: list[AnyType] = []
    for position in range(length):
        common = unify([type_.elements[position] for type_ in types], unsafe=unsafe)
        if common is None:
            return None
        unified.append(common)
    result = TupleType(tuple(unified))
    if all(convertible(type_, result, unsafe=unsafe) for type_ in types):
        return result
    return _collected(ListType, types, unsafe=unsafe)


def _collected(
    kind: type[MapType | ListType], types: Sequence[ObjectType | TupleType], *, unsafe: bool
) -> MapType | ListType | None:
    """Return the map or list that takes the attributes or elements of all types."""
    elements: list[AnyType] = []
    for type_ in types:
        if isinstance(type_, ObjectType):
            elements.extend(item for _, item in type_.attributes)
        else:
            elements.extend(type_.elements)
    # go-cty has no type for no types at all.
    common = unify(elements, unsafe=unsafe) if elements else None
    if common is None:
        return None
    result = kind(common)
    return result if all(convertible(type_, result, unsafe=unsafe) for type_ in types) else None


def _unify_as(kind: type[MapType | ListType], types: list[AnyType], *, unsafe: bool) -> AnyType | None:
    """Unify maps with objects, or lists with tuples, by what the latter are as maps or lists."""
    structural = [item for item in types if isinstance(item, ObjectType | TupleType)]
    collected = _collected(kind, structural, unsafe=unsafe)
    if collected is None:
        return None
    replaced = [collected if isinstance(item, ObjectType | TupleType) else item for item in types]
    found = unify(replaced, unsafe=unsafe)
    return found if isinstance(found, kind) else None


def _preferred(types: list[AnyType], *, unsafe: bool) -> AnyType | None:
    for candidate in _ordered(types):
        if all(convertible(item, candidate, unsafe=unsafe) for item in types):
            return candidate
    return None


def _ordered(types: list[AnyType]) -> list[AnyType]:
    """Sort types topologically, the more general ones first."""
    count = len(types)
    followers: list[list[int]] = [[] for _ in types]
    before = [0] * count
    for i in range(count):
        for j in range(i + 1, count):
            order = _compare(types[i], types[j])
            if order:
                first, second = (i, j) if order < 0 else (j, i)
                followers[first].append(second)
                before[second] += 1
    queue = [i for i in range(count) if not before[i]]
    for i in queue:
        for j in followers[i]:
            before[j] -= 1
            if not before[j]:
                queue.append(j)
    return [types[i] for i in queue]


_GENERALITY: dict[tuple[type, type], int] = {
    (ListType, TupleType): -1,
    (MapType, ObjectType): -1,
    (TupleType, SetType): -1,
    (ListType, SetType): -1,
    (TupleType, ListType): 1,
    (ObjectType, MapType): 1,
    (SetType, TupleType): 1,
    (SetType, ListType): 1,
}


def _compare(a: AnyType, b: AnyType) -> int:
    """Return -1 where `a` is the type to prefer, 1 where `b` is, 0 where neither is."""
    if DYNAMIC in (a, b):
        return 0 if a == b else (1 if a == DYNAMIC else -1)
    if isinstance(a, Primitive) or isinstance(b, Primitive):
        both = isinstance(a, Primitive) and isinstance(b, Primitive) and STRING in (a, b)
        return 0 if not both or a == b else (-1 if a == STRING else 1)
    if type(a) is not type(b):
        return _GENERALITY.get((type(a), type(b)), 0)
    if isinstance(a, ListType | SetType | MapType):
        return _compare(a.element, _element(b))
    return _compare_parts(a, b)


def _compare_parts(a: ObjectType | TupleType, b: AnyType) -> int:
    if isinstance(a, ObjectType) and isinstance(b, ObjectType):
        if [name for name, _ in a.attributes] != [name for name, _ in b.attributes]:
            return 0
        pairs = [(x, y) for (_, x), (_, y) in zip(a.attributes, b.attributes, strict=True)]
    elif isinstance(a, TupleType) and isinstance(b, TupleType) and len(a.elements) == len(b.elements):
        pairs = list(zip(a.elements, b.elements, strict=True))
    else:
        return 0
    orders = {_compare(x, y) for x, y in pairs} - {0}
    return orders.pop() if len(orders) == 1 else 0
