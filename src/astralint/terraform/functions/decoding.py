"""`jsondecode` and `csvdecode`."""

from __future__ import annotations

import re
import unicodedata
from json import JSONDecoder
from typing import Any

from astralint.terraform.functions.context import FunctionContext
from astralint.terraform.functions.registry import contextual, implements
from astralint.terraform.functions.support import MAX_DEPTH, FunctionError, check_elements, leading, limit, text
from astralint.terraform.values.numbers import parse_number
from astralint.terraform.values.types import BOOL, DYNAMIC, NUMBER, STRING, AnyType, ObjectType
from astralint.terraform.values.value import FALSE, NULL, TRUE, Value, list_of, number, object_of, tuple_of

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:([\[\]{},:])|(")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(true|false|null)|\Z)'
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_STRINGS = JSONDecoder()
_WORDS = {"true": TRUE, "false": FALSE, "null": NULL}


def _decoded_type(arguments: list[Value]) -> AnyType:
    """Return the type that the beginning of a JSON text gives away; raise where JSON does not begin like that."""
    known = leading(arguments[0]).lstrip()
    if known.startswith('"'):
        return STRING
    # A letter at the end may turn out to be part of another one.
    first = known[0] if len(known) > 1 else "n"
    if first in "tf":
        return BOOL
    if first in "-0123456789":
        return NUMBER
    if first not in "{[n":
        raise FunctionError(f"a JSON document cannot begin with the character {first!r}", 0)
    return DYNAMIC


@contextual("jsondecode", returns=_decoded_type)
def _jsondecode(arguments: list[Value], context: FunctionContext) -> Value:
    return _JsonReader(arguments[0].raw, strict=context.language.has("strict-duplicate-keys")).read()


class _JsonReader:
    """Reads JSON without recursion: what is open is kept in a list of containers and keys."""

    def __init__(self, content: str, *, strict: bool) -> None:
        self.content = content
        self._strict = strict
        self.position = 0
        self.elements = 0
        self.written = ""

    def fail(self) -> FunctionError:
        if self.position >= len(self.content):
            return FunctionError("unexpected end of JSON input", 0)
        return FunctionError(f"invalid JSON at offset {self.position}", 0)

    def token(self) -> str | Value:
        """Return the next token: a delimiter, or a value; empty at the end."""
        match = _TOKEN.match(self.content, self.position)
        if match is None:
            raise self.fail()
        if match[2]:
            try:
                decoded, self.position = _STRINGS.raw_decode(self.content, match.end() - 1)
            except ValueError:
                raise FunctionError(f"invalid JSON string at offset {match.start()}", 0) from None
            self.written = decoded if decoded.isascii() else _SURROGATE.sub("\ufffd", decoded)
            return text(self.written)
        self.position = match.end()
        if match[3]:
            raw = parse_number(match[3])
            if raw is None:
                raise limit(f"the number at offset {match.start()} has too many digits")
            return number(raw)
        return _WORDS[match[4]] if match[4] else match[1] or ""

    def read(self) -> Value:
        open_: list[Any] = []
        keys: list[str] = []
        while True:
            item = self.token()
            if isinstance(item, str):
                if item in {"[", "{"}:
                    if len(open_) >= MAX_DEPTH:
                        raise limit(f"the JSON text is nested more than {MAX_DEPTH} levels deep")
                    open_.append([] if item == "[" else {})
                    following = self.peek()
                    if following != ("]" if item == "[" else "}"):
                        if item == "{":
                            keys.append(self.key())
                        continue
                    self.token()
                    item = _closed(open_.pop())
                else:
                    raise self.fail()
            item_or_none = self.place(item, open_, keys)
            if item_or_none is not None:
                return item_or_none

    def place(self, item: Value, open_: list[Any], keys: list[str]) -> Value | None:
        """Put a value where it belongs, and close what it ends; return it where nothing is open."""
        while open_:
            self.elements += 1
            check_elements(self.elements)
            container = open_[-1]
            if isinstance(container, list):
                container.append(item)
            else:
                name = keys.pop()
                if self._strict and name in container and container[name].type != item.type:
                    raise FunctionError(f'the key "{name[:80]}" stands twice, with values of different types', 0)
                container[name] = item
            delimiter = self.token()
            if delimiter == ",":
                if isinstance(container, dict):
                    keys.append(self.key())
                return None
            if delimiter != ("]" if isinstance(container, list) else "}"):
                raise self.fail()
            item = _closed(open_.pop())
        if self.token() != "":
            raise FunctionError("extraneous data after JSON object", 0)
        return item

    def peek(self) -> str | Value:
        before = self.position
        found = self.token()
        self.position = before
        return found

    def key(self) -> str:
        item = self.token()
        if not isinstance(item, Value) or item.type != STRING:
            raise self.fail()
        if item.raw != self.written:
            # Terraform looks such a key up as it is written, among names in normal form.
            raise FunctionError(f'unsupported attribute "{self.written}"', 0)
        if self.token() != ":":
            raise self.fail()
        return str(item.raw)


def _closed(container: list[Value] | dict[str, Value]) -> Value:
    return tuple_of(container) if isinstance(container, list) else object_of(container)


# --- CSV ----------------------------------------------------------------------------------


@implements("csvdecode")
def _csvdecode(arguments: list[Value]) -> Value:
    records = _records(arguments[0].raw)
    if not records:
        raise FunctionError("missing header line")
    header = [unicodedata.normalize("NFC", name) for name in records[0]]
    if len(set(header)) < len(header):
        name = next(name for position, name in enumerate(header) if name in header[:position])
        raise FunctionError(f'duplicate column name "{name}"')
    check_elements(len(records) * max(1, len(header)))
    type_ = ObjectType.of(dict.fromkeys(header, STRING))
    rows = (object_of(dict(zip(header, map(text, record), strict=True))) for record in records[1:])
    return list_of(type_, rows)


def _records(content: str) -> list[list[str]]:
    """Return the records as Go's `encoding/csv` reads them; blank lines are none."""
    content = content.replace("\r\n", "\n")
    records: list[list[str]] = []
    position, line = 0, 1
    while position < len(content):
        if content[position] == "\n":
            position, line = position + 1, line + 1
            continue
        record, following = _record(content, position, line)
        if records and len(record) != len(records[0]):
            raise FunctionError(f"record on line {line}: wrong number of fields")
        records.append(record)
        line += content.count("\n", position, following)
        position = following
    return records


def _record(content: str, position: int, line: int) -> tuple[list[str], int]:
    fields: list[str] = []
    while True:
        if content.startswith('"', position):
            field, position = _quoted(content, position + 1, line)
            fields.append(field)
        else:
            end = _end_of_field(content, position)
            field = content[position:end]
            if '"' in field:
                raise FunctionError(
                    f'parse error on line {line}, column {field.index(chr(34)) + 1}: bare " in non-quoted field'
                )
            fields.append(field.removesuffix("\r") if end == len(content) else field)
            position = end
        if position >= len(content):
            return fields, position
        position += 1
        if content[position - 1] == "\n":
            return fields, position


def _end_of_field(content: str, position: int) -> int:
    newline = content.find("\n", position)
    newline = len(content) if newline < 0 else newline
    comma = content.find(",", position, newline)
    return newline if comma < 0 else comma


def _quoted(content: str, position: int, line: int) -> tuple[str, int]:
    pieces: list[str] = []
    while True:
        quote = content.find('"', position)
        if quote < 0:
            raise FunctionError(f'parse error on line {line}: extraneous or missing " in quoted-field')
        pieces.append(content[position:quote])
        following = content[quote + 1 : quote + 2]
        if following == '"':
            pieces.append('"')
            position = quote + 2
        elif following in {"", ",", "\n"}:
            return "".join(pieces), quote + 1
        else:
            raise FunctionError(f'parse error on line {line}: extraneous or missing " in quoted-field')
