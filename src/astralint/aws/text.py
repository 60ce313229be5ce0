"""Text that may have holes: what ARNs, names and the values of policies are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.source.partial import Hole, PartialText

if TYPE_CHECKING:
    from collections.abc import Callable

    from astralint.aws.kleene import Truth

Text = str | PartialText

ACCOUNT_SYMBOL = "account:"
HASH_SYMBOL = "generated:hash of the role of "
"""What begins the symbol of the sixteen hexadecimal digits in the name of a permission set's role."""

REGION_SYMBOL = "generated:region of Identity Center"
"""The symbol of the region, with its slash, in the path of a permission set's role; none stands for the first region."""


def join(*parts: str | Hole | PartialText) -> Text:
    """Join parts; the result is a `str` where it has no hole."""
    joined = PartialText.of(*parts)
    known = joined.known
    return joined if known is None else known


def simplified(text: Text) -> Text:
    """Return a `str` for text without holes."""
    return text if isinstance(text, str) else join(text)


def known(text: Text) -> str | None:
    """Return the text where it has no hole."""
    return text if isinstance(text, str) else text.known


def parts(text: Text) -> tuple[str | Hole, ...]:
    """Return the pieces and holes of a text."""
    return (text,) if isinstance(text, str) else text.parts


def mapped(text: Text, function: Callable[[str], str]) -> Text:
    """Apply a function to the known pieces; it must treat each character on its own."""
    if isinstance(text, str):
        return function(text)
    return join(*(function(part) if isinstance(part, str) else part for part in text.parts))


def lower(text: Text) -> Text:
    """Return the text in lower case."""
    return mapped(text, str.lower)


def split(text: Text, separator: str, limit: int = -1) -> list[Text]:
    """Split at the separators that can be seen; a hole is taken to hold none."""
    if isinstance(text, str):
        return list[Text](text.split(separator, limit))
    fields: list[list[str | Hole]] = [[]]
    for part in text.parts:
        if isinstance(part, Hole):
            fields[-1].append(part)
            continue
        left = limit if limit < 0 else limit - (len(fields) - 1)
        first, *others = part.split(separator, left) if left else [part]
        fields[-1].append(first)
        fields.extend([other] for other in others)
    return [join(*field) for field in fields]


def holes(text: Text) -> tuple[Hole, ...]:
    """Return the holes of a text."""
    return () if isinstance(text, str) else tuple(part for part in text.parts if isinstance(part, Hole))


def reasons(text: Text) -> tuple[str, ...]:
    """Return why the holes are there, each reason once."""
    return tuple(dict.fromkeys(hole.reason for hole in holes(text)))


def is_account_symbol(hole: Hole) -> bool:
    """Return whether the hole is the number of an account that has a name."""
    return hole.symbol is not None and hole.symbol.startswith(ACCOUNT_SYMBOL)


def starts_with(text: Text, prefix: str) -> Truth:
    """Return whether the text begins so; None where a hole stands in the way."""
    for part in parts(text):
        if isinstance(part, Hole):
            return None
        if len(part) >= len(prefix):
            return part.startswith(prefix)
        if not prefix.startswith(part):
            return False
        prefix = prefix[len(part) :]
    return not prefix


def quoted(text: Text) -> str:
    """Return the text for people, in double quotes and on one line."""
    shown = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown) + '"'


def is_partial(text: Text) -> bool:
    """Return whether a text has holes."""
    return not isinstance(text, str) and text.known is None
