"""JSON text to values with their places; it does not recurse, whatever the text holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from astralint.hcl.depth import DEPTH_MESSAGE, MAXIMUM_DEPTH
from astralint.hcl.problem import NotParsedError

if TYPE_CHECKING:
    from collections.abc import Callable

SPACE = re.compile(r"[ \t\r\n]*+")
STRING = re.compile(r'"((?:[^"\\\x00-\x1f]++|\\.)*+)"')
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z_.])")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|(["\\/bfnrt])|(.?))', re.DOTALL)
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class JsonString(msgspec.Struct):
    """A string, with its quotes; `raw` is what stands between them."""

    start: int
    end: int
    raw: str

    @property
    def text(self) -> str:
        """The string with its escapes resolved."""
        return unescape(self)[0]


class JsonNumber(msgspec.Struct):
    """A number as it is written."""

    start: int
    end: int
    text: str


class JsonWord(msgspec.Struct):
    """`true`, `false` or `null`."""

    start: int
    end: int
    value: bool | None


class JsonArray(msgspec.Struct):
    """An array."""

    start: int
    end: int
    items: list[JsonValue]


class JsonObject(msgspec.Struct):
    """An object; keys in source order, and as often as they are written."""

    start: int
    end: int
    items: list[tuple[JsonString, JsonValue]]


JsonValue = JsonString | JsonNumber | JsonWord | JsonArray | JsonObject


def read_json(text: str) -> JsonValue:
    """Return the value that a text holds; raises NotParsedError."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.open: list[tuple[JsonArray | JsonObject, JsonString | None]] = []

    def read(self) -> JsonValue:
        value = self._value()
        while self.open:
            container, key = self.open[-1]
            if value is not None:
                if isinstance(container, JsonObject):
                    assert key is not None
                    container.items.append((key, value))
                else:
                    container.items.append(value)
            value = self._next(container, first=value is None)
        assert value is not None
        self._skip()
        if self.position < len(self.text):
            raise self._unexpected("the end of the text")
        return value

    def _skip(self) -> str:
        match = SPACE.match(self.text, self.position)
        if match:
            self.position = match.end()
        return self.text[self.position : self.position + 1]

    def _next(self, container: JsonArray | JsonObject, *, first: bool) -> JsonValue | None:
        """Read what follows a container's start or one of its values: its end, or the next value."""
        closing = "}" if isinstance(container, JsonObject) else "]"
        character = self._skip()
        if character == closing:
            self.position += 1
            container.end = self.position
            self.open.pop()
            return container
        if not first:
            if character != ",":
                raise self._unexpected(f"`,` or `{closing}`", container)
            comma = self.position
            self.position += 1
            if self._skip() == closing:
                raise NotParsedError(f"JSON allows no comma before `{closing}`", comma, comma + 1, "remove the comma")
        if isinstance(container, JsonObject):
            self.open[-1] = (container, self._key(container))
        return self._value()

    def _key(self, container: JsonObject) -> JsonString:
        if self._skip() != '"':
            raise self._unexpected("a property's name in quotes", container)
        key = self._string()
        if self._skip() != ":":
            raise self._unexpected("`:` after the property's name", container)
        self.position += 1
        return key

    def _string(self) -> JsonString:
        start = self.position
        match = STRING.match(self.text, start)
        if match is None:
            end = min((at for at in (self.text.find("\n", start), len(self.text)) if at >= 0), default=start)
            raise NotParsedError("this string has no closing quote on its line", start, end)
        self.position = match.end()
        value = JsonString(start, match.end(), match.group(1))
        if "\\" in value.raw:
            unescape(value)
        return value

    def _value(self) -> JsonValue | None:
        """Read a value; None where a container begins."""
        character = self._skip()
        start = self.position
        if character == '"':
            return self._string()
        if character in {"{", "["} and character:
            if len(self.open) >= MAXIMUM_DEPTH:
                raise NotParsedError(DEPTH_MESSAGE, start, start + 1)
            self.position += 1
            container = JsonObject(start, start, []) if character == "{" else JsonArray(start, start, [])
            self.open.append((container, None))
            return None
        match = NUMBER.match(self.text, start)
        if match:
            self.position = match.end()
            return JsonNumber(start, match.end(), match.group())
        match = WORD.match(self.text, start)
        if match and match.group() in WORDS:
            self.position = match.end()
            return JsonWord(start, match.end(), WORDS[match.group()])
        raise self._unexpected("a value", self.open[-1][0] if self.open else None)

    def _unexpected(self, wanted: str, container: JsonArray | JsonObject | None = None) -> NotParsedError:
        start = self.position
        if start >= len(self.text):
            if container is not None:
                bracket = self.text[container.start]
                return NotParsedError(f"this `{bracket}` is never closed", container.start, container.start + 1)
            return NotParsedError(f"expected {wanted}, found the end of the text", start, start)
        match = WORD.match(self.text, start)
        end = match.end() if match else start + 1
        found = self.text[start : min(end, start + 30)]
        shown = f"`{found}`" if found.isprintable() else f"U+{ord(found[0]):04X}"
        hint = "JSON has no comments; a property named `//` is ignored" if found in {"/", "#"} else None
        return NotParsedError(f"expected {wanted}, found {shown}", start, end, hint)


def unescape(string: JsonString) -> tuple[str, Callable[[int], int]]:
    """Return a string's text, and what turns an offset in it into one of the file; raises NotParsedError."""
    base = string.start + 1
    raw = string.raw
    if "\\" not in raw:
        return raw, lambda offset: base + offset
    pieces: list[str] = []
    offsets: list[int] = []
    position = 0
    matches = list(ESCAPE.finditer(raw))
    index = 0
    while index < len(matches):
        match = matches[index]
        pieces.append(raw[position : match.start()])
        offsets.extend(range(position, match.start()))
        digits, simple, _ = match.groups()
        position = match.end()
        if simple:
            character = ESCAPES[simple]
        elif digits:
            number = int(digits, 16)
            following = matches[index + 1] if index + 1 < len(matches) else None
            low = int(following.group(1), 16) if following and following.group(1) else 0
            if 0xD800 <= number < 0xDC00 <= low < 0xE000 and following and following.start() == position:
                number = 0x10000 + ((number - 0xD800) << 10) + (low - 0xDC00)
                position = following.end()
                index += 1
            # Half a pair is no character; Terraform reads it as the one that stands for such.
            character = "\ufffd" if 0xD800 <= number < 0xE000 else chr(number)
        else:
            raise NotParsedError(
                f"`{match.group()}` is not an escape sequence of JSON", base + match.start(), base + match.end()
            )
        pieces.append(character)
        offsets.append(match.start())
        index += 1
    pieces.append(raw[position:])
    offsets.extend(range(position, len(raw) + 1))
    return "".join(pieces), lambda offset: base + offsets[offset]
