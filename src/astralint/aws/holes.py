"""Holes in JSON texts: hidden behind a marker while the text is handled as a whole, shown again afterwards."""

from __future__ import annotations

import json
import re
from typing import Any

from astralint.aws.plain import Text, simplify
from astralint.source.partial import Hole, PartialText

# A code point that Unicode reserves: no text is meant to contain it, and where one does, it is hidden like a hole.
MARKER = "\ufdd0"
_HIDDEN = re.compile(MARKER + r"v?(\d+)" + MARKER)
# A hole that stands for any JSON, not for a part of a string: in JSON it has no quotes.
_VALUE = MARKER + "v"
_QUOTED_VALUE = re.compile(f'"({_VALUE}\\d+{MARKER})"')
_QUOTE_OR_ESCAPE = re.compile(r'"|\\.', re.DOTALL)
_ESCAPED_MARKER = re.compile(r"(?<!\\)((?:\\\\)*)\\ufdd0", re.IGNORECASE)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class NotJsonError(ValueError):
    """A text that is not JSON; `holes` says that a hole may be the reason."""

    def __init__(self, message: str, *, holes: bool) -> None:
        super().__init__(message)
        self.holes = holes


class HoleTable:
    """Hides holes in strings, and shows them again.

    Holes of one symbol are hidden alike, so hidden strings are equal exactly where the texts are known to be equal.
    """

    def __init__(self) -> None:
        self._entries: list[str | Hole] = []
        self._symbols: dict[str, str] = {}

    def hide(self, text: Text) -> str:
        """Return the text as a string that `show` turns back."""
        if isinstance(text, str):
            return text.replace(MARKER, self._marker(MARKER)) if MARKER in text else text
        return "".join(self._marker(part) if isinstance(part, Hole) else self.hide(part) for part in text.parts)

    def _marker(self, entry: str | Hole) -> str:
        key = entry if isinstance(entry, str) else entry.symbol
        if key is not None and key in self._symbols:
            return self._symbols[key]
        marker = f"{MARKER}{len(self._entries)}{MARKER}"
        self._entries.append(entry)
        if key is not None:
            self._symbols[key] = marker
        return marker

    def unknown_value(self, hole: Hole) -> str:
        """Return a string that stands for an unknown JSON value."""
        self._entries.append(hole)
        return f"{_VALUE}{len(self._entries) - 1}{MARKER}"

    def show(self, hidden: str) -> Text:
        """Return the text that was hidden."""
        if MARKER not in hidden:
            return hidden
        pieces = _HIDDEN.split(_QUOTED_VALUE.sub(r"\1", hidden))
        parts = [self._entries[int(piece)] if number % 2 else piece for number, piece in enumerate(pieces)]
        return simplify(PartialText.of(*parts))

    def has_hole(self, hidden: str) -> bool:
        """Whether a hidden string holds something that is not known."""
        return MARKER in hidden and any(
            isinstance(self._entries[int(number)], Hole) for number in _HIDDEN.findall(hidden)
        )

    def _hidden_json(self, text: Text) -> str:
        pieces: list[str] = []
        inside = False
        for part in (text,) if isinstance(text, str) else text.parts:
            if isinstance(part, str):
                pieces.append(self.hide(part))
                inside ^= sum(found[0] == '"' for found in _QUOTE_OR_ESCAPE.finditer(part)) % 2 == 1
            else:
                pieces.append(self._marker(part) if inside else f'"{self.unknown_value(part)}"')
        return "".join(pieces)

    def parse(self, text: Text) -> Any:
        """Return the JSON value of a text, its strings hidden (see `is_unknown_value`); raises NotJsonError."""
        hidden = text if isinstance(text, str) and MARKER not in text else self._hidden_json(text)
        if "\\" in hidden:
            hidden = _ESCAPED_MARKER.sub(lambda match: match[1] + self._marker(MARKER), hidden)
        try:
            value = json.loads(hidden, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            message = "nested too deeply" if isinstance(error, RecursionError) else str(error)
            raise NotJsonError(message, holes=self.has_hole(hidden)) from error
        return _well_formed(value) if _LONE_SURROGATE_ESCAPE.search(hidden) else value


_LONE_SURROGATE_ESCAPE = re.compile(r"\\ud[89a-f]", re.IGNORECASE)


def is_unknown_value(value: Any) -> bool:
    """Whether a parsed value is a hole that stands for any JSON."""
    return isinstance(value, str) and value.startswith(_VALUE)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _well_formed(value: Any) -> Any:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_well_formed(item) for item in value]
    if isinstance(value, dict):
        return {_well_formed(key): _well_formed(item) for key, item in value.items()}
    return value


_GO_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def write_json(value: Any, *, indent: bool) -> str:
    """Return JSON as Go's encoder writes it: `<`, `>` and `&` escaped, two blanks a level."""
    if indent:
        return json.dumps(value, ensure_ascii=False, indent=2).translate(_GO_ESCAPES)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_GO_ESCAPES)
