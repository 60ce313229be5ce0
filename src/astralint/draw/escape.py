"""Texts from scanned code, made harmless for each kind of output."""

from __future__ import annotations

import re
import unicodedata

from astralint.source.json_sink import UNSEEN
from astralint.source.names import FIRST, LAST, spelled
from astralint.source.visible import without_inline_commands

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_REVERSIBLE = re.compile(
    rf"\\(?=u[0-9a-f]{{4}}|U[0-9a-f]{{8}}|x[89a-f][0-9a-f])|[\x00-\x1f\ud800-\udfff{UNSEEN}]|(?<=##)\[|(?<=##vso)\[",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|x([89a-f][0-9a-f]))")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_HTML_SPECIAL = re.compile(r"[&<>\"']")


def visible(text: str) -> str:
    """Return the text with control, bidirectional, surrogate and unassigned characters spelled out."""
    text = without_inline_commands(text)
    return text if text.isprintable() else "".join(_spelled(character) for character in text)


def _spelled(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    known = _NAMED.get(character)
    if known is not None:
        return known
    byte = spelled(character)
    if byte is not None:
        return byte
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def markup(text: str) -> str:
    """Return a visible text for the content or a quoted attribute of XML and HTML."""
    return _HTML_SPECIAL.sub(lambda match: _HTML[match[0]], visible(text))


def reversible(text: str) -> str:
    r"""Return the text with what XML can't carry, or nobody can see, written as `\u` and four digits; see `restored`."""
    return _REVERSIBLE.sub(_written, text)


def _written(match: re.Match[str]) -> str:
    code = ord(match[0])
    if FIRST <= code <= LAST:
        return f"\\x{code & 0xFF:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def restored(text: str) -> str:
    """Undo `reversible`."""
    return _ESCAPED.sub(_meant, text)


def _meant(match: re.Match[str]) -> str:
    return chr(0x10FF00 + int(match[3], 16) if match[3] else int(match[1] or match[2], 16))


def cut(text: str, length: int) -> str:
    """Return the text, cut to a number of characters with an ellipsis."""
    return text if len(text) <= length else text[: max(length - 1, 0)].rstrip() + "…"


def cells(text: str) -> int:
    """Return how many columns of a terminal a visible text takes."""
    if text.isascii():
        return len(text)
    return sum(_cell(character) for character in text)


def cut_cells(text: str, width: int) -> str:
    """Return the text, cut with an ellipsis to a number of a terminal's columns."""
    if cells(text) <= width:
        return text
    used = 0
    for index, character in enumerate(text):
        used += _cell(character)
        if used > width - 1:
            return text[:index].rstrip() + "…"
    return text


def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def counted(number: int, word: str, plural: str = "") -> str:
    """Return a number with its word in the right form: `1 role`, `1,200 roles`."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"
