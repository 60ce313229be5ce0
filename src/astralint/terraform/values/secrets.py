"""What is sensitive in values, as texts."""

from __future__ import annotations

from collections.abc import Iterable

from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.value import SENSITIVE, Unknown, Value


def sensitive_texts(values: Iterable[Value], *, marked: bool = False) -> set[str]:
    """Return the texts and numbers that are sensitive in values; with `marked`, all of them are.

    Of what is known in part, the known parts count.
    """
    found: set[str] = set()
    pending = [(value, marked) for value in values]
    while pending:
        value, is_marked = pending.pop()
        raw = value.raw
        is_marked = is_marked or bool(value.marks & SENSITIVE)
        if isinstance(raw, dict):
            pending.extend((item, is_marked) for item in raw.values())
        elif isinstance(raw, tuple):
            pending.extend((item, is_marked) for item in raw)
        elif not is_marked or raw is None or isinstance(raw, bool) or raw == "":
            continue
        elif isinstance(raw, Unknown):
            parts = raw.text.parts if raw.text is not None else ()
            found.update(part for part in parts if isinstance(part, str))
        else:
            found.add(raw if isinstance(raw, str) else format_number(raw))
    return found
