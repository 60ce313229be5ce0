"""Writes values as HCL expressions, laid out as Terraform's own writer does."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from astralint.terraform.functions.strings import graphemes
from astralint.terraform.functions.support import check_text
from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.types import BOOL

if TYPE_CHECKING:
    from astralint.terraform.values.value import Value

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_OPENING = re.compile(r"([$%])(?=\{)")


def is_identifier(name: str) -> bool:
    """Return whether a name is an identifier of HCL."""
    return name.replace("-", "_").isidentifier() and not name.startswith("-")


def encode_expression(value: Value) -> str:
    """Return a known value as an expression; raise FunctionError where it would be too long."""
    writer = _Writer()
    writer.expression(value)
    return writer.content()


def encode_attributes(attributes: dict[str, Value]) -> str:
    """Return attributes as the content of a file of variable values."""
    writer = _Writer()
    for name, value in attributes.items():
        writer.add(f"{name} = ", assigns=len(name))
        writer.expression(value)
        writer.end()
    return writer.content()


class _Line:
    """A line of tokens; `assigned` is the offset and the width of what stands before its first `=`."""

    __slots__ = ("assigned", "brackets", "text")

    def __init__(self) -> None:
        self.text = ""
        self.brackets = 0
        self.assigned: tuple[int, int] | None = None


class _Writer:
    def __init__(self) -> None:
        self.lines = [_Line()]
        self.size = 0

    def add(self, text: str, *, brackets: int = 0, assigns: int | None = None) -> None:
        line = self.lines[-1]
        if assigns is not None and line.assigned is None and not line.text:
            line.assigned = (assigns, len(graphemes(text[:assigns])))
        line.text += text
        line.brackets += brackets
        self.size += len(text)
        check_text(self.size)

    def end(self) -> None:
        self.lines.append(_Line())

    def expression(self, value: Value) -> None:
        """Write a value without recursion: what is left to write stands on a stack, texts and values mixed."""
        stack: list[Value | tuple[str, int] | str | None] = [value]
        while stack:
            item = stack.pop()
            if item is None:
                self.end()
            elif isinstance(item, tuple):
                self.add(item[0], brackets=item[1])
            elif isinstance(item, str):
                self.add(item + " = ", assigns=len(item))
            elif isinstance(item.raw, tuple):
                stack.append(("]", -1))
                for position in range(len(item.raw) - 1, -1, -1):
                    stack.append(item.raw[position])
                    if position:
                        stack.append((", ", 0))
                stack.append(("[", 1))
            elif isinstance(item.raw, dict):
                stack.append(("}", -1))
                for key, inner in reversed(item.raw.items()):
                    stack += [None, inner, key if is_identifier(key) else _quoted(key)]
                stack += [None, ("{", 1)] if item.raw else [("{", 1)]
            else:
                self.add(_scalar(item))

    def content(self) -> str:
        self.align()
        indents: list[int] = []
        shown: list[str] = []
        size = 0
        for line in self.lines:
            if line.brackets < 0:
                _close(indents, -line.brackets)
            shown.append("  " * len(indents) + line.text if line.text else "")
            size += len(shown[-1])
            check_text(size)
            if line.brackets > 0:
                indents.append(line.brackets)
        return "\n".join(shown)

    def align(self) -> None:
        """Pad what stands before `=` on neighbouring lines that hold a whole expression each."""
        start = 0
        while start < len(self.lines):
            end = start
            while end < len(self.lines) and self.lines[end].assigned and self.lines[end].brackets == 0:
                end += 1
            chain = self.lines[start:end]
            width = max((line.assigned[1] for line in chain if line.assigned), default=0)
            for line in chain:
                if line.assigned is not None:
                    offset, own = line.assigned
                    line.text = line.text[:offset] + " " * (width - own) + line.text[offset:]
            start = max(end, start + 1)


def _close(indents: list[int], closed: int) -> None:
    while closed > 0 and indents:
        if closed < indents[-1]:
            indents[-1] -= closed
            return
        closed -= indents.pop()


def _scalar(value: Value) -> str:
    raw = value.raw
    if raw is None:
        return "null"
    if isinstance(raw, str):
        return _quoted(raw)
    return str(raw).lower() if value.type == BOOL else format_number(raw)


def _quoted(content: str) -> str:
    doubled = _OPENING.sub(r"\1\1", content)
    return '"' + "".join(_ESCAPES.get(character) or _shown(character) for character in doubled) + '"'


def _shown(character: str) -> str:
    if character == " " or unicodedata.category(character)[0] in "LMNPS":
        return character
    return f"\\u{ord(character):04x}" if ord(character) <= 0xFFFF else f"\\U{ord(character):08x}"
