"""Makes texts from strangers safe to show: whatever controls a terminal, or can't be seen, is spelled out."""

from __future__ import annotations

import re
import unicodedata

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def visible(text: str) -> str:
    r"""Return the text with control characters as `␛`, and invisible and bidirectional ones as `\u202e`.

    Line breaks and tabs are control characters too. The result holds no lone surrogates.
    """
    if text.isprintable():
        return text
    return "".join([character if character.isprintable() else _spelled(character) for character in text])


def visible_lines(text: str) -> str:
    """Return the text as `visible` does, its line breaks kept and tabs turned into four spaces."""
    if text.isprintable():
        return text
    return "\n".join([visible(line.expandtabs(4)) for line in re.split(r"\r\n|\r|\n", text)])


def one_line(text: str) -> str:
    """Return the text as `visible` does, on one line: line breaks and tabs become spaces."""
    if text.isprintable():
        return text
    return visible(re.sub(r"[ \t]*[\r\n\t]+[ \t]*", " ", text.strip()))


def _spelled(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    category = unicodedata.category(character)
    if category == "Zs":
        return character
    if category == "Cs":
        return _REPLACEMENT
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    return f"\\U{code:08x}"


def columns(text: str) -> int:
    """Return how many columns of a terminal a visible text takes (wide characters two, combining ones none)."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    width: int = wcswidth(text)
    return width if width >= 0 else len(text)
