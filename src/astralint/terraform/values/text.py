"""Strings: normal form, and joining what is known only in part."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from astralint.source.partial import Hole, PartialText
from astralint.terraform.values.operations import merged_reasons
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import NOWHERE, EvaluationError, Unknown, Value

MAXIMUM_TEXT = 10_000_000
MAXIMUM_RUN = 1_000
"""So many combining characters in a row are brought into their order together; no writing needs more than a few."""
MAXIMUM_PARTS = 1_000
"""Texts of more pieces and holes are just unknown."""


def normalized(text: str) -> str:
    """Return a string in Unicode's normal form C, in which Terraform keeps all strings."""
    if text.isascii():
        return text
    if len(text) <= MAXIMUM_RUN or unicodedata.is_normalized("NFC", text):
        return unicodedata.normalize("NFC", text)
    return "".join([unicodedata.normalize("NFC", piece) for piece in _pieces(text)])


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces without a run of combining characters that would take long to be sorted."""
    start = run = 0
    for position, character in enumerate(text):
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MAXIMUM_RUN:
            yield text[start:position]
            start, run = position, 0
    yield text[start:]


def partial_text(value: Value) -> PartialText:
    """Return what is known of a string."""
    raw = value.raw
    if isinstance(raw, Unknown):
        if raw.text is not None:
            return raw.text
        return PartialText((Hole(raw.reasons[0].message if raw.reasons else "it is not known"),))
    return PartialText.of(raw)


def joined(parts: Sequence[Value]) -> Value:
    """Join strings (none of them null); with unknown parts the known ones are kept in the result."""
    marks = 0
    origins = NOWHERE
    for part in parts:
        marks |= part.marks
        if part.origins:
            origins = origins | part.origins
    if not any(isinstance(part.raw, Unknown) for part in parts):
        length = sum(len(part.raw) for part in parts)
        if length > MAXIMUM_TEXT:
            raise EvaluationError("this string has more than 10 million characters", code="limit")
        return Value(STRING, normalized("".join(part.raw for part in parts)), marks, origins)
    text: PartialText | None
    text = PartialText.of(*(partial_text(part) for part in parts))
    if not all(part.isascii() for part in text.parts if isinstance(part, str)):
        text = PartialText(tuple(normalized(part) if isinstance(part, str) else part for part in text.parts))
    if len(text.parts) > MAXIMUM_PARTS or sum(len(part) for part in text.parts if isinstance(part, str)) > MAXIMUM_TEXT:
        text = None
    return Value(STRING, Unknown(merged_reasons(*parts), text, not_null=True), marks, origins)
