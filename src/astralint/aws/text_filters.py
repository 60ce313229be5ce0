"""The filters of the templates in `data/computed.json`, on text that may have holes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from astralint.aws.plain import Text, simplify
from astralint.source.partial import Hole, PartialText

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOKUP = Path(__file__).parent / "data" / "lookup.json"


@cache
def lookup_tables() -> dict[str, dict[str, str]]:
    """Return the small tables from one text to another, by name."""
    return msgspec.json.decode(_LOOKUP.read_bytes(), type=dict[str, dict[str, str]])


def look_up(table: str, key: Text) -> Text | None:
    """Return what a table has for a text; a hole where the text is not known, None where the table lacks it."""
    if isinstance(key, PartialText):
        return PartialText.of(Hole(f"it depends on {key}"))
    return lookup_tables()[table].get(key)


def _each_piece(change: Callable[[str], str]) -> Callable[[Text, str], Text]:
    def apply(text: Text, _: str) -> Text:
        if isinstance(text, str):
            return change(text)
        return simplify(PartialText.of(*(change(part) if isinstance(part, str) else part for part in text.parts)))

    return apply


def _without_start(text: Text, pattern: str) -> Text:
    if isinstance(text, str):
        return re.sub(pattern, "", text)
    first, *rest = text.parts
    if isinstance(first, Hole):
        return text
    return simplify(PartialText.of(re.sub(pattern, "", first), *rest))


def _after_last(text: Text, separator: str) -> Text:
    """Return what follows the last separator: the name at the end of an ARN, or the whole name."""
    if isinstance(text, str):
        return text.rpartition(separator)[2]
    last = text.parts[-1]
    if isinstance(last, str) and separator in last:
        return last.rpartition(separator)[2]
    return text


def _other_than(text: Text, excluded: str) -> Text | None:
    return None if text == excluded else text


FILTERS: dict[str, Callable[[Text, str], Text | None]] = {
    "lower": _each_piece(str.lower),
    # As Image Builder makes identifiers of names.
    "hyphenated": _each_piece(lambda piece: re.sub(r"[ _]", "-", piece.lower())),
    "without_scheme": lambda text, _: _without_start(text, r"^https?://"),
    "without_leading_slash": lambda text, _: _without_start(text, r"^/"),
    "after_last": _after_last,
    "other_than": _other_than,
}
