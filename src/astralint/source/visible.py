"""Makes texts from strangers safe to show: whatever controls a terminal, or can't be seen, is spelled out."""

from __future__ import annotations

import re
import unicodedata

from astralint.source.names import spelled as spelled_byte

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# What a build service would take for a command to itself: anywhere in a line, and at its beginning.
_INSIDE = re.compile(r"(##|##vso)\[", re.IGNORECASE)
_AT_BEGIN = re.compile(r"(?m)^([^\S\n]*):(?=:[A-Za-z])")


def visible(text: str) -> str:
    r"""Return the text with control characters as `␛`, and invisible and bidirectional ones as `\u202e`.

    Bytes of a file's name that are no UTF-8 are `\xff`; commands to build services are broken up.

    Line breaks and tabs are control characters too. The result holds no lone surrogates.
    """
    text = without_inline_commands(text)
    if text.isprintable():
        return text
    return "".join([character if character.isprintable() else _spelled(character) for character in text])


def without_inline_commands(text: str) -> str:
    r"""Return a text without what a build service would take for a command anywhere in a line (`##[group]`)."""
    return _INSIDE.sub(r"\1\\u005b", text) if "##" in text else text


def without_commands(text: str) -> str:
    r"""Return lines without any that a build service would take for a command to itself (`::add-mask::`)."""
    return _AT_BEGIN.sub(r"\1\\u003a", text) if "::" in text else text


def visible_lines(text: str) -> str:
    """Return the text as `visible` does, its line breaks kept and tabs turned into four spaces."""
    if not text.isprintable():
        text = "\n".join([visible(line.expandtabs(4)) for line in re.split(r"\r\n|\r|\n", text)])
    else:
        text = visible(text)
    return without_commands(text)


def one_line(text: str) -> str:
    """Return the text as `visible` does, on one line: line breaks and tabs become spaces."""
    if text.isprintable():
        return visible(text)
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
    if (byte := spelled_byte(character)) is not None:
        return byte
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
