"""What a value may grow to: a few lines of code can stand for more than any memory holds."""

from __future__ import annotations

from typing import Any

from astralint.terraform.values.value import Unknown, Value

MAXIMUM_ELEMENTS = 200_000
MAXIMUM_TEXT_PARTS = 200
MAXIMUM_TEXT_LENGTH = 200_000


def is_too_large(value: Value) -> bool:
    """Say whether a value has more elements, at all levels, than are computed; shared parts are looked at once."""
    if not isinstance(value.raw, tuple | dict):
        return False
    sizes: dict[int, int] = {}
    pending = [(value, False)]
    while pending:
        current, ready = pending.pop()
        key = id(current)
        if key in sizes:
            continue
        items: Any = current.raw if isinstance(current.raw, tuple) else current.raw.values()
        inner = [item for item in items if isinstance(item.raw, tuple | dict)]
        if inner and not ready:
            pending.append((current, True))
            pending.extend((item, False) for item in inner)
            continue
        size = 1 + len(items) + sum(sizes[id(item)] for item in inner)
        if size > MAXIMUM_ELEMENTS:
            return True
        sizes[key] = size
    return False


def with_bounded_text(value: Value) -> Value:
    """Return an unknown text without its known parts where these are very many or very long."""
    raw = value.raw
    if isinstance(raw, Unknown) and raw.text is not None:
        parts = raw.text.parts
        length = sum(len(part) for part in parts if isinstance(part, str))
        if len(parts) > MAXIMUM_TEXT_PARTS or length > MAXIMUM_TEXT_LENGTH:
            return Value(value.type, Unknown(raw.reasons, None, raw.not_null), value.marks, value.origins)
    return value
