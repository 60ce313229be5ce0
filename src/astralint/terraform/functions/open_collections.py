"""What functions make of collections of which only the candidates are known: their candidates again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from astralint.terraform.values.candidates import (
    candidates_of,
    distinct_candidates,
    is_keyed,
    open_collection,
    with_others,
)
from astralint.terraform.values.convert import ConversionError, convert
from astralint.terraform.values.equality import same
from astralint.terraform.values.operations import deep_marks, merged_origins, merged_reasons, wholly_known
from astralint.terraform.values.types import BOOL, DYNAMIC, STRING, AnyType, ListType, MapType, SetType, TupleType
from astralint.terraform.values.value import Candidate, Reason, Unknown, Value, boolean, string, unknown

Candidates = Sequence[Candidate]


def open_call(name: str, arguments: Sequence[Value]) -> Value | None:
    """Return what a function makes of its arguments; None where nothing is known of that."""
    function = _FUNCTIONS.get(name)
    if any(isinstance(argument.raw, Unknown) and argument.raw.open for argument in arguments):
        return _of_open(name, arguments)
    if function is None:
        return None
    found = [candidates_of(argument) for argument in arguments]
    if not found or found[0] is None:
        return None
    made = function(arguments, [each for each in found if each is not None], all(each is not None for each in found))
    if made is None:
        return None
    marks = 0
    for argument in arguments:
        marks |= deep_marks(argument)
    return Value(made.type, made.raw, made.marks | marks, made.origins | merged_origins(arguments))


def _of_open(name: str, arguments: Sequence[Value]) -> Value | None:
    """Return what is known although others may be in a collection: what has a key, and keys of values in order."""
    first = candidates_of(arguments[0], open_=True)
    if name == "lookup" and first is not None and is_keyed(arguments[0]):
        return next((each.value for each in first if each.key == arguments[1].raw and not each.maybe), None)
    if name == "zipmap" and first is not None:
        second = candidates_of(arguments[1], open_=True)
        if second is None or len(first) != len(second) or is_keyed(arguments[0]):
            return None
        pairs = [
            Candidate(key.value.raw, item.value)
            for key, item in zip(first, second, strict=True)
            if isinstance(key.value.raw, str)
        ]
        return with_others(merged_reasons(*arguments), pairs, origins=merged_origins(arguments))
    return None


def _in_order(arguments: Sequence[Value], candidates: Candidates, type_: AnyType = DYNAMIC) -> Value:
    return open_collection(merged_reasons(*arguments), candidates, type_)


def _common(candidates: Candidates) -> AnyType | None:
    types = {candidate.value.type for candidate in candidates}
    return types.pop() if len(types) == 1 else None


def _to_set(arguments: Sequence[Value], found: list[Candidates], _: bool) -> Value | None:
    element = _common(found[0])
    if element is None:
        return None
    return _in_order(arguments, distinct_candidates(found[0]), SetType(element))


def _to_list(arguments: Sequence[Value], found: list[Candidates], _: bool) -> Value | None:
    element = _common(found[0])
    if element is None or isinstance(arguments[0].type, SetType):
        return None
    return _in_order(arguments, found[0], ListType(element))


def _to_map(arguments: Sequence[Value], found: list[Candidates], _: bool) -> Value | None:
    element = _common(found[0])
    if element is None or not is_keyed(arguments[0]):
        return None
    return open_collection(merged_reasons(*arguments), found[0], MapType(element), keyed=True)


def _keys(arguments: Sequence[Value], found: list[Candidates], _: bool) -> Value | None:
    if not is_keyed(arguments[0]):
        return None
    return _in_order(arguments, [Candidate(None, string(each.key or ""), each.maybe) for each in found[0]])


def _values(arguments: Sequence[Value], found: list[Candidates], _: bool) -> Value | None:
    if not is_keyed(arguments[0]):
        return None
    return _in_order(arguments, [Candidate(None, each.value, each.maybe) for each in found[0]])


def _compact(arguments: Sequence[Value], found: list[Candidates], _: bool) -> Value | None:
    kept: list[Candidate] = []
    for each in found[0]:
        try:
            value = convert(each.value, STRING)
        except ConversionError:
            return None
        if not isinstance(value.raw, Unknown):
            if value.raw:
                kept.append(Candidate(None, value, each.maybe))
            continue
        is_text = value.raw.not_null and same(value, string("")) is False
        kept.append(Candidate(None, value, each.maybe if is_text else (*each.maybe, *value.raw.reasons)))
    return _in_order(arguments, kept, ListType(STRING))


def _distinct(arguments: Sequence[Value], found: list[Candidates], _: bool) -> Value | None:
    kept: list[Candidate] = []
    for each in found[0]:
        outcomes = [same(each.value, other.value) for other in kept]
        if any(outcome and not other.maybe for outcome, other in zip(outcomes, kept, strict=True)):
            continue
        reasons = merged_reasons(*arguments) if any(outcome is not False for outcome in outcomes) else ()
        kept.append(Candidate(None, each.value, tuple(dict.fromkeys((*each.maybe, *reasons)))[:8]))
    return _in_order(arguments, kept, arguments[0].type if isinstance(arguments[0].type, ListType) else DYNAMIC)


def _concat(arguments: Sequence[Value], found: list[Candidates], complete: bool) -> Value | None:
    if not complete or any(is_keyed(argument) for argument in arguments):
        return None
    return _in_order(arguments, [each for candidates in found for each in candidates])


def _flatten(arguments: Sequence[Value], found: list[Candidates], _: bool) -> Value | None:
    flat: list[Candidate] = []
    pending = list(reversed(found[0]))
    while pending:
        each = pending.pop()
        value = each.value
        is_sequence = isinstance(value.type, ListType | SetType | TupleType)
        if value.raw is None or not (is_sequence or value.type == DYNAMIC):
            flat.append(each)
            continue
        inner = candidates_of(value)
        if inner is None or is_keyed(value):
            return None
        if isinstance(value.type, SetType) and len(inner) > 1 and not all(wholly_known(item.value) for item in inner):
            # Elements that turn out to be equal are one.
            return None
        pending.extend(Candidate(None, item.value, (*each.maybe, *item.maybe)) for item in reversed(inner))
    return _in_order(arguments, flat)


def _merge(arguments: Sequence[Value], found: list[Candidates], complete: bool) -> Value | None:
    if not complete or any(is_keyed(argument) is False for argument in arguments):
        return None
    merged: dict[str, Candidate] = {}
    for candidates in found:
        for each in candidates:
            key = each.key or ""
            earlier = merged.get(key)
            if earlier is None or not each.maybe:
                merged[key] = each
                continue
            value = each.value
            if same(value, earlier.value) is not True:
                value = unknown(each.maybe, value.type if value.type == earlier.value.type else DYNAMIC)
            merged[key] = Candidate(key, value, () if not earlier.maybe else (*earlier.maybe, *each.maybe)[:8])
    types = {argument.type for argument in arguments}
    type_ = types.pop() if len(types) == 1 else DYNAMIC
    ordered = [merged[key] for key in sorted(merged)]
    type_ = type_ if isinstance(type_, MapType) else DYNAMIC
    return open_collection(merged_reasons(*arguments), ordered, type_, keyed=True)


def _subtract(arguments: Sequence[Value], found: list[Candidates], complete: bool) -> Value | None:
    if not complete:
        return None
    kept: list[Candidate] = []
    for each in found[0]:
        maybe: tuple[Reason, ...] = each.maybe
        for other in found[1]:
            outcome = same(each.value, other.value)
            if outcome and not other.maybe:
                break
            if outcome is not False:
                maybe = (*maybe, *(other.maybe or merged_reasons(each.value, other.value)))
        else:
            kept.append(Candidate(None, each.value, tuple(dict.fromkeys(maybe))[:8]))
    element = _common(found[0])
    return None if element is None else _in_order(arguments, kept, SetType(element))


def _union(arguments: Sequence[Value], found: list[Candidates], complete: bool) -> Value | None:
    everything = [each for candidates in found for each in candidates]
    element = _common(everything)
    if not complete or element is None:
        return None
    return _in_order(arguments, distinct_candidates(everything), SetType(element))


def _contains(arguments: Sequence[Value], found: list[Candidates], _: bool) -> Value | None:
    if is_keyed(arguments[0]):
        return None
    outcomes = [(same(each.value, arguments[1]), each.maybe) for each in found[0]]
    if any(outcome and not maybe for outcome, maybe in outcomes):
        return boolean(True)
    if all(outcome is False for outcome, _ in outcomes):
        return boolean(False)
    return unknown(merged_reasons(*arguments), BOOL, not_null=True)


def _lookup(arguments: Sequence[Value], found: list[Candidates], _: bool) -> Value | None:
    key = arguments[1].raw
    if not isinstance(key, str) or not is_keyed(arguments[0]):
        return None
    held = next((each for each in found[0] if each.key == key), None)
    if held is not None:
        is_sure = not held.maybe or len(arguments) < 3
        return held.value if is_sure else unknown(held.maybe, DYNAMIC)
    return arguments[2] if len(arguments) > 2 else None


_FUNCTIONS: dict[str, Callable[[Sequence[Value], list[Candidates], bool], Value | None]] = {
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "flatten": _flatten,
    "keys": _keys,
    "lookup": _lookup,
    "merge": _merge,
    "setsubtract": _subtract,
    "setunion": _union,
    "tolist": _to_list,
    "tomap": _to_map,
    "toset": _to_set,
    "values": _values,
}
PARTLY_KNOWN = frozenset({"compact", "distinct", "flatten", "setsubtract"})
"""Functions that say something of collections that hold something unknown, too."""
