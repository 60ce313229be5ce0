r"""JSON as every command writes it: the last writer of texts that strangers wrote.

What controls a terminal or can't be seen is written as `\u009b`, so that a reader of the
JSON gets it back and a reader of the terminal never meets it. A byte of a file's name
that is no UTF-8 is written as a text of four characters, `\xff`.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from astralint.source.names import spelled

UNSEEN = (
    "\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e0fff\U0010ff80-\U0010ffff"
)
"""Controls, invisible and bidirectional characters, as the inside of a class of a regular expression."""
_ESCAPED = re.compile(rf"[{UNSEEN}]|(?<=##)\[|(?<=##vso)\[", re.IGNORECASE)
_BYTE = re.compile(r"\\udbff\\udf([89a-f][0-9a-f])")


def json_text(data: Any, *, indent: int | None = 2) -> str:
    """Return plain data as JSON, indented, or on one line (`indent` None)."""
    try:
        encoded = msgspec.json.encode(data)
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(_without_surrogates(data))
    return escaped((msgspec.json.format(encoded, indent=indent) if indent is not None else encoded).decode())


def escaped(text: str) -> str:
    """Return JSON with all that can't be seen in its texts escaped."""
    return text if text.isascii() and "##" not in text else _ESCAPED.sub(_escape, text)


def ascii_escaped(text: str) -> str:
    """Return JSON that holds ASCII alone (`json.dumps`) with the bytes of names and workflow commands escaped."""
    text = _BYTE.sub(lambda match: rf"\\x{match[1]}", text) if "\\udbff" in text else text
    return _ESCAPED.sub(_escape, text) if "##" in text else text


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    byte = spelled(character)
    if byte is not None:
        return "\\" + byte
    code = ord(character)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def _without_surrogates(data: Any) -> Any:
    if isinstance(data, str):
        return "".join([spelled(c) or "\ufffd" if "\ud800" <= c <= "\udfff" else c for c in data])
    if isinstance(data, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return [_without_surrogates(item) for item in data]
    return data
