"""Values as `terraform console` prints them, with what is known of unknown texts."""

from __future__ import annotations

from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.type_text import friendly
from astralint.terraform.values.types import (
    DYNAMIC,
    AnyType,
    ListType,
    MapType,
    Primitive,
    SetType,
)
from astralint.terraform.values.value import EPHEMERAL, SENSITIVE, Unknown, Value

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
}
_WORDS: dict[type, str] = {ListType: "tolist", SetType: "toset", MapType: "tomap"}


def go_quoted(text: str) -> str:
    """Quote a string as Go's `%q` does."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    known = _ESCAPES.get(character)
    if known is not None:
        return known
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def render(value: Value, indent: int = 0) -> str:
    """Return a value as the console prints it; `indent` counts the spaces of the lines within."""
    raw = value.raw
    if isinstance(raw, Unknown):
        hidden = value.marks or raw.text is None or not any(isinstance(part, str) for part in raw.text.parts)
        return "(known after apply)" if hidden else f'"{raw.text}"'
    if value.marks & SENSITIVE:
        return "(sensitive value)"
    if value.marks & EPHEMERAL:
        return "(ephemeral value)"
    if raw is None:
        return _null(value.type)
    if isinstance(raw, str):
        return _multiline(raw, indent) if "\n" in raw else go_quoted(raw)
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, tuple):
        return _wrapped(value.type, _sequence(raw, indent))
    if isinstance(raw, dict):
        return _wrapped(value.type, _mapping(raw, indent))
    return format_number(raw)


def _null(type_: AnyType) -> str:
    if isinstance(type_, Primitive):
        return "null" if type_ == DYNAMIC else f"to{type_.name}(null)"
    word = _WORDS.get(type(type_))
    if word is not None and isinstance(type_, ListType | SetType | MapType):
        return f"{word}(null) /* of {friendly(type_.element)} */"
    return f"null /* {friendly(type_)} */"


def _wrapped(type_: AnyType, text: str) -> str:
    word = _WORDS.get(type(type_))
    return text if word is None else f"{word}({text})"


def _sequence(items: tuple[Value, ...], indent: int) -> str:
    if not items:
        return "[]"
    pad = " " * (indent + 2)
    lines = "".join(f"{pad}{render(item, indent + 2)},\n" for item in items)
    return f"[\n{lines}{' ' * indent}]"


def _mapping(items: dict[str, Value], indent: int) -> str:
    if not items:
        return "{}"
    pad = " " * (indent + 2)
    lines = "".join(f"{pad}{go_quoted(key)} = {render(item, indent + 2)}\n" for key, item in items.items())
    return f"{{\n{lines}{' ' * indent}}}"


def _multiline(text: str, indent: int) -> str:
    lines = text.split("\n")
    delimiter = "EOT"
    while any(line.strip() == delimiter for line in lines):
        delimiter += "_"
    pad = " " * indent
    body = "".join(f"{pad}{line}\n" for line in lines)
    return f"{'<<-' if indent else '<<'}{delimiter}\n{body}{pad}{delimiter}"
