"""JSON in which holes may stand, read into plain structures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from astralint.aws.policy import Unknowable
from astralint.aws.text import Text, join, simplified
from astralint.source.partial import Hole, PartialText

_QUOTE_OR_ESCAPE = re.compile(r'"|\\.', re.DOTALL)
_PRIVATE_USE = range(0xE000, 0xF900)


class JsonError(ValueError):
    """A text that is no JSON."""


class JsonObject:
    """The members of an object in their order, those of the same name included."""

    __slots__ = ("members",)

    def __init__(self, members: Iterable[tuple[Any, Any]]) -> None:
        self.members = list(members)


class Reader:
    """Reads one document, and gives back the holes that were in its strings."""

    def __init__(self, document: Text) -> None:
        self._holes: list[Hole] = []
        self._mark = ""
        self._pattern: re.Pattern[str] | None = None
        self._text = document if isinstance(document, str) else self._marked(document)

    def load(self) -> Any:
        """Return the value; raises JsonError."""
        try:
            return json.loads(
                self._text,
                object_pairs_hook=JsonObject,
                parse_int=str,
                parse_float=str,
                parse_constant=_no_constant,
            )
        except RecursionError as error:
            raise JsonError("it is nested too deeply") from error
        except ValueError as error:
            raise JsonError(_first_line(error)) from error

    def shown(self, value: Any) -> Any:
        """Return a value of the document with its holes: a string as text, or as Unknowable."""
        if self._pattern is None or not isinstance(value, str) or self._mark not in value:
            return value
        pieces = self._pattern.split(value)
        found: list[str | Hole] = []
        for index, piece in enumerate(pieces):
            found.append(self._holes[int(piece[1:])] if index % 2 else piece)
        if len(pieces) == 3 and not pieces[0] and not pieces[2] and pieces[1].startswith("v"):
            return Unknowable(self._holes[int(pieces[1][1:])].reason)
        return join(*found)

    def _marked(self, document: PartialText) -> str:
        known_text = "".join(part for part in document.parts if isinstance(part, str))
        self._mark = _unused_character(known_text)
        self._pattern = re.compile(f"{self._mark}([sv][0-9]+){self._mark}")
        pieces: list[str] = []
        inside = False
        for part in document.parts:
            if isinstance(part, str):
                pieces.append(part)
                inside ^= sum(found[0] == '"' for found in _QUOTE_OR_ESCAPE.finditer(part)) % 2 == 1
                continue
            label = f"{self._mark}{'s' if inside else 'v'}{len(self._holes)}{self._mark}"
            self._holes.append(part)
            pieces.append(label if inside else f'"{label}"')
        return "".join(pieces)


def members(value: Any) -> list[tuple[Any, Any]] | None:
    """Return the members of an object; None where the value is none."""
    if isinstance(value, JsonObject):
        return value.members
    return list(value.items()) if isinstance(value, Mapping) else None


def as_text(value: Any) -> Text | None:
    """Return a string as text; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, Hole):
        return join(value)
    return simplified(value) if isinstance(value, PartialText) else None


def as_scalar(value: Any) -> Text | None:
    """Return a string, number or bool as the text that AWS makes of it; None for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return as_text(value)


def _no_constant(name: str) -> Any:
    raise ValueError(f"`{name}` is no JSON")


def _first_line(error: ValueError) -> str:
    return str(error).split("\n", 1)[0]


def _unused_character(text: str) -> str:
    escapes = set(re.findall(r"\\u([0-9a-f]{4})", text.lower()))
    for code in _PRIVATE_USE:
        if f"{code:04x}" not in escapes and chr(code) not in text:
            return chr(code)
    raise JsonError("it uses each character for private use")
