"""Functions of strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from astralint.source.partial import Hole, PartialText
from astralint.terraform.functions.registry import implements
from astralint.terraform.functions.support import (
    MAX_TEXT,
    FunctionError,
    check_text,
    is_wholly_known,
    leading,
    limit,
    partial,
    text,
    trailing,
    unknown_of,
    whole,
)
from astralint.terraform.values.types import BOOL, STRING
from astralint.terraform.values.value import TRUE, Value, boolean, list_of

if TYPE_CHECKING:
    from collections.abc import Callable

# What Go's unicode.IsSpace takes for white space: str.strip() would take more.
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def graphemes(content: str) -> list[str] | str:
    """Return the grapheme clusters of a text, what a person calls its characters."""
    if content.isascii() and "\r" not in content:
        return content
    import regex

    clusters: list[str] = regex.findall(r"\X", content)
    return clusters


def _pieces(value: Value, change: Callable[[str], str]) -> PartialText:
    parts = [change(part) if isinstance(part, str) else Hole(part.reason) for part in partial(value).parts]
    return PartialText.of(*parts)


# --- case -------------------------------------------------------------------------------


@implements("upper", unknowns=True)
def _upper(arguments: list[Value]) -> Value:
    return _cased(arguments, upper)


@implements("lower", unknowns=True)
def _lower(arguments: list[Value]) -> Value:
    return _cased(arguments, lower)


def _cased(arguments: list[Value], change: Callable[[str], str]) -> Value:
    value = arguments[0]
    if value.is_unknown:
        return unknown_of(STRING, arguments, partial=_pieces(value, change))
    return text(change(value.raw))


def upper(content: str) -> str:
    """Return the text in upper case, character by character as Go does it."""
    if content.isascii():
        return content.upper()
    return "".join(_single(character, character.upper()) for character in content)


def lower(content: str) -> str:
    """Return the text in lower case, character by character as Go does it."""
    if content.isascii():
        return content.lower()
    return "".join(_single(character, "i" if character == "İ" else character.lower()) for character in content)


def _single(character: str, changed: str) -> str:
    return changed if len(changed) == 1 else character


@implements("title")
def _title(arguments: list[Value]) -> Value:
    titled: list[str] = []
    previous = " "
    for character in arguments[0].raw:
        titled.append(_single(character, character.title()) if _separates(previous) else character)
        previous = character
    return text("".join(titled))


def _separates(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character == "_")
    import unicodedata

    return unicodedata.category(character)[0] != "L" and unicodedata.category(character) != "Nd" and character in _SPACE


# --- trimming ---------------------------------------------------------------------------


@implements("trim")
def _trim(arguments: list[Value]) -> Value:
    return text(arguments[0].raw.strip(arguments[1].raw) if arguments[1].raw else arguments[0].raw)


@implements("trimspace")
def _trimspace(arguments: list[Value]) -> Value:
    return text(arguments[0].raw.strip(_SPACE))


@implements("trimprefix", unknowns=True)
def _trimprefix(arguments: list[Value]) -> Value:
    value, prefix = arguments
    if prefix.is_unknown:
        return unknown_of(STRING, arguments)
    if not value.is_unknown:
        return text(value.raw.removeprefix(prefix.raw))
    return _trimmed(arguments, _starts(value, prefix.raw), lambda known, cut: (known[0][cut:], *known[1:]))


@implements("trimsuffix", unknowns=True)
def _trimsuffix(arguments: list[Value]) -> Value:
    value, suffix = arguments
    if suffix.is_unknown:
        return unknown_of(STRING, arguments)
    if not value.is_unknown:
        return text(value.raw.removesuffix(suffix.raw))
    return _trimmed(
        arguments, _ends(value, suffix.raw), lambda known, cut: (*known[:-1], known[-1][: len(known[-1]) - cut])
    )


def _trimmed(
    arguments: list[Value], applies: bool | None, cut: Callable[[tuple[Any, ...], int], tuple[Any, ...]]
) -> Value:
    value, affix = arguments
    if applies is None:
        return unknown_of(STRING, arguments)
    known = partial(value)
    if applies and affix.raw:
        known = PartialText.of(*cut(known.parts, len(affix.raw)))
    return unknown_of(STRING, arguments, partial=known)


@implements("chomp")
def _chomp(arguments: list[Value]) -> Value:
    return text(arguments[0].raw.rstrip("\r\n") if arguments[0].raw.endswith(("\n", "\r")) else arguments[0].raw)


@implements("indent")
def _indent(arguments: list[Value]) -> Value:
    count, content = whole(arguments[0], 0), arguments[1].raw
    if count < 0:
        raise FunctionError("the number of spaces must not be negative", 0)
    check_text(min(count, MAX_TEXT + 1) * (content.count("\n")) + len(content))
    return text(content.replace("\n", "\n" + " " * count if "\n" in content else "\n"))


# --- questions --------------------------------------------------------------------------


def _starts(value: Value, prefix: str) -> bool | None:
    known = leading(value)
    if known.startswith(prefix):
        return True
    return None if prefix.startswith(known) else False


def _ends(value: Value, suffix: str) -> bool | None:
    known = trailing(value)
    if known.endswith(suffix):
        return True
    return None if suffix.endswith(known) else False


@implements("startswith", unknowns=True)
def _startswith(arguments: list[Value]) -> Value:
    value, prefix = arguments
    if not prefix.is_unknown:
        if not value.is_unknown:
            return boolean(value.raw.startswith(prefix.raw))
        known = _starts(value, prefix.raw)
        if known is not None:
            return boolean(known)
    return unknown_of(BOOL, arguments)


@implements("endswith", unknowns=True)
def _endswith(arguments: list[Value]) -> Value:
    value, suffix = arguments
    if not suffix.is_unknown:
        if not value.is_unknown:
            return boolean(value.raw.endswith(suffix.raw))
        known = _ends(value, suffix.raw)
        if known is not None:
            return boolean(known)
    return unknown_of(BOOL, arguments)


@implements("strcontains", unknowns=True)
def _strcontains(arguments: list[Value]) -> Value:
    value, wanted = arguments
    if not wanted.is_unknown and any(isinstance(part, str) and wanted.raw in part for part in partial(value).parts):
        return TRUE
    if value.is_unknown or wanted.is_unknown:
        return unknown_of(BOOL, arguments)
    return boolean(wanted.raw in value.raw)


# --- pieces -----------------------------------------------------------------------------


@implements("split")
def _split(arguments: list[Value]) -> Value:
    separator, content = arguments[0].raw, arguments[1].raw
    if content.count(separator) >= 1_000_000:
        raise limit("the text has more than 1,000,000 parts")
    # Go explodes a text at an empty separator, into no part at all where it is empty.
    return list_of(STRING, map(text, content.split(separator) if separator else content))


@implements("join", unknowns=True)
def _join(arguments: list[Value]) -> Value:
    separator, lists = arguments[0], arguments[1:]
    if not lists:
        raise FunctionError("at least one list is required")
    items: list[Value] = []
    for number, given in enumerate(lists):
        if given.is_unknown:
            return unknown_of(STRING, [each for each in arguments if not is_wholly_known(each)])
        for position, item in enumerate(given.raw):
            if item.is_null:
                where = f"element {position} of list {number + 1}" if len(lists) > 1 else f"element {position}"
                raise FunctionError(f"{where} is null; cannot concatenate null values", number + 1)
            items.append(item)
    if separator.is_unknown or any(item.is_unknown for item in items):
        parts: list[str | Hole | PartialText] = []
        for position, item in enumerate(items):
            if position:
                parts.append(partial(separator))
            parts.append(partial(item))
        known = PartialText.of(*parts)
        if known.known is not None and len(items) < 2:
            return text(known.known)
        return unknown_of(STRING, [each for each in arguments if not is_wholly_known(each)], partial=known)
    check_text(sum(len(item.raw) for item in items) + len(separator.raw) * max(0, len(items) - 1))
    return text(separator.raw.join(item.raw for item in items))


@implements("substr")
def _substr(arguments: list[Value]) -> Value:
    content = graphemes(arguments[0].raw)
    offset, length = whole(arguments[1], 1), whole(arguments[2], 2)
    if offset < 0:
        offset = max(0, offset + len(content))
        if length == 0:
            # Terraform takes no length for all the rest where it counts from the end.
            length = -1
    return text("".join(content[offset:] if length < 0 else content[offset : offset + length]))


@implements("strrev")
def _strrev(arguments: list[Value]) -> Value:
    return text("".join(graphemes(arguments[0].raw)[::-1]))
