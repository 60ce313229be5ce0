"""Infinite numbers: expressions may compute with them, but no state and no JSON can hold one."""

from __future__ import annotations

from astralint.terraform.values.types import NUMBER
from astralint.terraform.values.value import Unknown, Value


def is_infinite(value: Value) -> bool:
    """Return whether a value is an infinite number."""
    raw = value.raw
    if value.type is not NUMBER or raw is None or isinstance(raw, int | Unknown):
        return False
    import gmpy2

    return bool(gmpy2.is_infinite(raw))


def holds_infinity(value: Value) -> bool:
    """Return whether a value is an infinite number, or holds one anywhere."""
    pending = [value]
    while pending:
        current = pending.pop()
        raw = current.raw
        if isinstance(raw, dict):
            pending.extend(raw.values())
        elif isinstance(raw, tuple):
            pending.extend(raw)
        elif is_infinite(current):
            return True
    return False
