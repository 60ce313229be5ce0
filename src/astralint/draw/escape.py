"""Texts from scanned code, made harmless for each kind of output."""

from __future__ import annotations

import re
import unicodedata

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_REVERSIBLE = re.compile(r"\\(?=u[0-9a-f]{4})|[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_HTML_SPECIAL = re.compile(r"[&<>\"']")


def visible(text: str) -> str:
    """Return the text with control, bidirectional, surrogate and unassigned characters spelled out."""
    if text.isprintable():
        return text
    return "".join(_spelled(character) for character in text)


def _spelled(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    known = _NAMED.get(character)
    if known is not None:
        return known
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def markup(text: str) -> str:
    """Return a visible text for the content or a quoted attribute of XML and HTML."""
    return _HTML_SPECIAL.sub(lambda match: _HTML[match[0]], visible(text))


def reversible(text: str) -> str:
    r"""Return the text with the characters that XML can't carry written as `\uXXXX`; see `restored`."""
    return _REVERSIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def restored(text: str) -> str:
    """Undo `reversible`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


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
