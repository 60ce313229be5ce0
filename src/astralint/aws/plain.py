"""The plain values that this package takes and returns: what JSON holds, text with holes, and the unknown."""

from __future__ import annotations

from typing import TypeAlias, Union

import msgspec

from astralint.source.partial import Hole, PartialText


class Unknown(msgspec.Struct, frozen=True):
    """A value of which nothing is known but why."""

    reason: str


# A recursive alias has to be an old-fashioned union: its members are names in strings.
Plain: TypeAlias = Union[str, int, float, bool, PartialText, Unknown, "list[Plain]", "dict[str, Plain]", None]
Text: TypeAlias = str | PartialText


def simplify(text: Text) -> Text:
    """Return a `str` where the text has no hole."""
    if isinstance(text, str):
        return text
    known = text.known
    return text if known is None else known


def as_text(value: Plain) -> Text | None:
    """Return a value as Terraform would convert it into a string; None for null, lists and maps.

    An unknown value becomes a text that is one hole.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, PartialText):
        return simplify(value)
    if isinstance(value, Unknown):
        return PartialText.of(Hole(value.reason))
    return None
