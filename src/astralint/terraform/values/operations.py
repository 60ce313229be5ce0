"""Looking through values: why they are not known, where they come from, what marks are on them."""

from __future__ import annotations

from collections.abc import Iterable

from astralint.terraform.values.value import NOWHERE, OpenAttributes, Origin, Reason, StateOutputs, Unknown, Value

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
