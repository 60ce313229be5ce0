"""Collections of which it is open what is in them, though not what can be: each candidate with why it may be missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from astralint.terraform.values.equality import same
from astralint.terraform.values.operations import wholly_known
from astralint.terraform.values.sets import identity, set_of
from astralint.terraform.values.types import DYNAMIC, AnyType, ListType, MapType, ObjectType, SetType, TupleType
from astralint.terraform.values.value import (
    NOWHERE,
    Candidate,
    OpenAttributes,
    Origin,
    Reason,
    StateOutputs,
    Unknown,
    Value,
    list_of,
    map_of,
    object_of,
    tuple_of,
    unknown,
)


def candidates_of(value: Value, *, open_: bool = False) -> tuple[Candidate, ...] | None:
    """Return all that can be in a collection; None where that is not known, or it is no collection.

    With `open_`, return what is known to be in it although others may be.
    """
    raw = value.raw
    if isinstance(raw, Unknown):
        return raw.candidates if open_ or not raw.open else None
    if isinstance(raw, OpenAttributes | StateOutputs):
        return None
    if isinstance(raw, dict):
        return tuple(Candidate(name, item) for name, item in raw.items())
    return tuple(Candidate(None, item) for item in raw) if isinstance(raw, tuple) else None


def doubts_of(raw: Unknown, key: object) -> tuple[Reason, ...]:
    """Return why nothing may have a key in a collection that is not known; nothing where something has it for sure."""
    return next((each.maybe for each in raw.candidates or () if each.key is not None and each.key == key), ())


def open_collection(
    reasons: tuple[Reason, ...],
    candidates: Sequence[Candidate] | None,
    type_: AnyType = DYNAMIC,
    *,
    keyed: bool = False,
    origins: frozenset[Origin] = NOWHERE,
    marks: int = 0,
) -> Value:
    """Return a collection that holds some of the candidates; itself where all of them are there for sure."""
    if candidates is None:
        return unknown(reasons, type_, not_null=True, origins=origins, marks=marks)
    if not any(candidate.maybe for candidate in candidates):
        made = _made(candidates, type_, keyed=keyed)
        return Value(made.type, made.raw, made.marks | marks, made.origins | origins)
    sure = sum(not candidate.maybe for candidate in candidates)
    low = min(sure, 1) if isinstance(type_, SetType) else sure
    raw = Unknown(reasons, None, True, (low, len(candidates)), tuple(candidates))
    return Value(type_, raw, marks, origins)


def with_others(
    reasons: tuple[Reason, ...], candidates: Sequence[Candidate], type_: AnyType = DYNAMIC, **more: Any
) -> Value:
    """Return a collection that holds the candidates, and maybe others of which nothing is known."""
    return Value(
        type_,
        Unknown(reasons, None, True, None, tuple(candidates), True),
        more.get("marks", 0),
        more.get("origins", NOWHERE),
    )


def either_of(
    reasons: tuple[Reason, ...],
    one: Value,
    other: Value,
    *,
    bounds: tuple[Any, Any] | None,
    origins: frozenset[Origin],
    marks: int,
) -> Value | None:
    """Return what one of two collections holds, whichever it is; None where nothing is known of one of them.

    `bounds` are those of its length.
    """
    type_ = one.type
    if type_ != other.type or not isinstance(type_, ListType | SetType | MapType):
        return None
    first, second = candidates_of(one), candidates_of(other)
    if first is None or second is None:
        return None
    if isinstance(type_, ListType):
        merged = [Candidate(None, each.value, each.maybe or reasons) for each in (*first, *second)]
        return _bounded(open_collection(reasons, merged, type_, origins=origins, marks=marks), bounds)
    held: dict[object, list[Candidate]] = {}
    for each in (*first, *second):
        if each.key is None and not wholly_known(each.value):
            return None
        held.setdefault(identity(each.value) if each.key is None else each.key, []).append(each)
    found = [_in_either(each, reasons) for each in held.values()]
    if isinstance(type_, MapType):
        found.sort(key=lambda candidate: candidate.key or "")
    made = open_collection(reasons, found, type_, keyed=isinstance(type_, MapType), origins=origins, marks=marks)
    return _bounded(made, bounds)


def _bounded(value: Value, bounds: tuple[Any, Any] | None) -> Value:
    raw = value.raw
    if not isinstance(raw, Unknown) or bounds is None:
        return value
    return Value(value.type, msgspec.structs.replace(raw, bounds=bounds), value.marks, value.origins)


def _in_either(found: list[Candidate], reasons: tuple[Reason, ...]) -> Candidate:
    """Return what has a place in one or both of two collections."""
    if len(found) == 1:
        return Candidate(found[0].key, found[0].value, found[0].maybe or reasons)
    one, other = found
    value = one.value if same(one.value, other.value) else unknown(reasons, one.value.type)
    return Candidate(one.key, value, (*one.maybe, *other.maybe)[:8])


def _made(candidates: Sequence[Candidate], type_: AnyType, *, keyed: bool) -> Value:
    if keyed:
        items = {candidate.key or "": candidate.value for candidate in candidates}
        return map_of(type_.element, items) if isinstance(type_, MapType) else object_of(items)
    values = [candidate.value for candidate in candidates]
    if isinstance(type_, SetType):
        return set_of(type_.element, values)
    return list_of(type_.element, values) if isinstance(type_, ListType) else tuple_of(values)


def is_keyed(value: Value) -> bool | None:
    """Say whether a collection has keys; None where that is not known."""
    found = candidates_of(value, open_=True)
    if isinstance(value.type, MapType | ObjectType):
        return True
    if isinstance(value.type, ListType | SetType | TupleType):
        return False
    return found[0].key is not None if found else None


def distinct_candidates(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates without those that are equal to others; one is there for sure where any of the equal ones is."""
    found: dict[object, Candidate] = {}
    for candidate in candidates:
        value = candidate.value
        key = identity(value) if wholly_known(value) else ("unknown", id(value.raw))
        other = found.get(key)
        if other is None or (other.maybe and not candidate.maybe):
            found[key] = candidate
    return list(found.values())
