"""Writes values as YAML, in the very form in which Terraform writes them.

Keys and texts are quoted twice, texts of several lines are literal blocks where
that can be, long quoted lines are folded after 80 columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.terraform.functions.support import check_text
from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.types import NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from astralint.terraform.values.value import Value

_WIDTH = 80
_LONGEST_KEY = 128
_BREAKS = "\r\n\x85\u2028\u2029"
_ESCAPES = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\u2028": "L",
    "\u2029": "P",
}


def _printable(character: str) -> bool:
    return (
        character == "\n"
        or " " <= character <= "~"
        or "\xa0" <= character < "\ud800"
        or ("\ue000" <= character <= "\ufffd" and character != "\ufeff")
    )


def encode(value: Value) -> str:
    """Return a wholly known value as a YAML document; raise FunctionError where it would be too long."""
    return _Writer().document(value)


class _Collection:
    """A collection that is being written: what is left of it, and how far it is indented."""

    __slots__ = ("indent", "inline", "items")

    def __init__(self, items: Iterator[Value | tuple[str, Value]], indent: int, *, inline: bool) -> None:
        self.items = items
        self.indent = indent
        self.inline = inline


class _Writer:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.size = 0
        self.column = 0
        self.open: list[_Collection] = []

    def write(self, piece: str) -> None:
        self.size += len(piece)
        check_text(self.size)
        self.pieces.append(piece)
        newline = piece.rfind("\n")
        self.column = self.column + len(piece) if newline < 0 else len(piece) - newline - 1

    def line(self, indent: int) -> None:
        """Go to a column of a new line."""
        self.write(("\n" if self.column else "") + " " * indent)

    def document(self, value: Value) -> str:
        self.node(value, -2, "root")
        while self.open:
            collection = self.open[-1]
            item = next(collection.items, None)
            if item is None:
                self.open.pop()
                continue
            if collection.inline:
                collection.inline = False
            else:
                self.line(collection.indent)
            if isinstance(item, tuple):
                self.entry(item[0], item[1], collection.indent)
            else:
                self.write("- ")
                self.node(item, collection.indent, "item")
        plain = not isinstance(value.raw, str | tuple | dict)
        # A document that is nothing but a plain scalar is ended explicitly.
        return "".join(self.pieces) + ("\n" if self.column else "") + ("...\n" if plain else "")

    def entry(self, key: str, value: Value, indent: int) -> None:
        if not any(character in _BREAKS for character in key) and len(key.encode()) <= _LONGEST_KEY:
            self.quoted(key, None)
            self.write(":")
            self.node(value, indent, "value")
            return
        self.write("? ")
        self.scalar(key, indent + 2)
        self.line(indent)
        self.write(": ")
        self.node(value, indent, "item")

    def node(self, value: Value, indent: int, place: str) -> None:
        raw = value.raw
        if isinstance(raw, tuple | dict) and raw:
            of_entries = isinstance(raw, dict)
            # Sequences that are the value of a key stand as far left as the key.
            deeper = indent if place == "value" and not of_entries else indent + 2
            items: Iterator[Value | tuple[str, Value]] = iter(raw.items()) if isinstance(raw, dict) else iter(raw)
            self.open.append(_Collection(items, deeper, inline=place != "value"))
            return
        if place == "value":
            self.write(" ")
        if isinstance(raw, str):
            self.scalar(raw, max(indent, 0) + 2 if place != "root" else 2)
        elif isinstance(raw, tuple | dict):
            self.write("{}" if isinstance(raw, dict) else "[]")
        else:
            self.write("null" if raw is None else format_number(raw) if value.type == NUMBER else str(raw).lower())

    def scalar(self, content: str, indent: int) -> None:
        if "\n" in content and _can_be_block(content):
            self.literal(content, indent)
        else:
            self.quoted(content, indent)

    def literal(self, content: str, indent: int) -> None:
        hint = "2" if content[0] in " " + _BREAKS else ""
        chomping = "-"
        if content[-1] in _BREAKS:
            chomping = "+" if len(content) == 1 or content[-2] in _BREAKS else ""
        self.write(f"|{hint}{chomping}\n")
        after_break = True
        for character in content:
            if character not in _BREAKS and after_break:
                self.write(" " * indent)
            self.write(character)
            after_break = character in _BREAKS

    def quoted(self, content: str, indent: int | None) -> None:
        """Write in double quotes, folded at spaces where an indent is given."""
        self.write('"')
        after_space = False
        last = len(content) - 1
        for position, character in enumerate(content):
            if character == " ":
                if indent is not None and not after_space and self.column > _WIDTH and 0 < position < last:
                    self.line(indent)
                    if content[position + 1] == " ":
                        self.write("\\")
                else:
                    self.write(" ")
                after_space = True
                continue
            after_space = False
            if _printable(character) and character not in _BREAKS and character not in '"\\':
                self.write(character)
            else:
                self.write(_escaped(character))
        self.write('"')


def _escaped(character: str) -> str:
    short = _ESCAPES.get(character)
    if short is not None:
        return "\\" + short
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _can_be_block(content: str) -> bool:
    if content.endswith(" ") or not all(_printable(character) for character in content):
        return False
    return not any(f" {line_break}" in content for line_break in _BREAKS)
