"""The parts of a template: escapes, strip markers, flush heredocs, and directives that belong together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from astralint.hcl.depth import DEPTH_MESSAGE, MAXIMUM_DEPTH
from astralint.hcl.problem import NotParsedError
from astralint.hcl.syntax import Expression, Interpolation, Literal, Template, TemplateFor, TemplateIf, TemplatePart

if TYPE_CHECKING:
    from collections.abc import Iterable

WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
ESCAPED_SEQUENCE = re.compile(r"([$%])\1\{")
ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|([$%])\1\{", re.DOTALL)
SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
LINES = re.compile(r"[^\n]*\n|[^\n]+")


class Text(msgspec.Struct):
    """A piece of text, as it will read once all markers are applied."""

    start: int
    end: int
    value: str


class Sequence(msgspec.Struct):
    """`${…}` or `%{…}`, with what stands in it."""

    start: int
    end: int
    keyword: str
    """Empty for an interpolation, else the directive's keyword."""
    expression: Expression | None
    strip_before: bool
    strip_after: bool
    key: str | None = None
    value: str = ""


Piece = Text | Sequence


def unescape(text: str, start: int) -> str:
    """Return what a piece of a quoted string means; raises NotParsedError for an unknown escape."""

    def replace(match: re.Match[str]) -> str:
        found = match.group()
        if found[0] != "\\":
            return found[1:]
        selector = found[1]
        simple = SIMPLE_ESCAPES.get(selector)
        if simple is not None:
            return simple
        where = start + match.start()
        if len(found) > 2:
            digits = found[2:]
            number = int(digits, 16)
            if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
                raise NotParsedError(f"`{found}` is not a character", where, where + len(found))
            return chr(number)
        if selector in "uU":
            count = "four" if selector == "u" else "eight"
            raise NotParsedError(f"`\\{selector}` must be followed by {count} hexadecimal digits", where, where + 2)
        raise NotParsedError(
            f"`\\{selector}` is not an escape sequence",
            where,
            where + 2,
            r"the escapes are `\n`, `\r`, `\t`, `\"`, `\\`, `\uNNNN` and `\UNNNNNNNN`; a backslash is written `\\`",
        )

    if "\\" not in text and "{" not in text:
        return text
    return ESCAPE.sub(replace, text)


def unescape_sequences(text: str) -> str:
    """Return what a piece of a heredoc or of a whole text means, where only `$${` and `%%{` are escapes."""
    return ESCAPED_SEQUENCE.sub(r"\1{", text) if "{" in text else text


def lines_of(start: int, raw: str) -> Iterable[Text]:
    """Split text at its newlines, as Terraform's scanner does: markers reach no further than one line."""
    for match in LINES.finditer(raw):
        yield Text(start + match.start(), start + match.end(), unescape_sequences(match.group()))


def strip(pieces: list[Piece]) -> None:
    """Apply the strip markers to the pieces beside them."""
    for index, piece in enumerate(pieces):
        if not isinstance(piece, Sequence):
            continue
        if piece.strip_before and index:
            before = pieces[index - 1]
            if isinstance(before, Text):
                before.value = before.value.rstrip(WHITE_SPACE)
        if piece.strip_after and index + 1 < len(pieces):
            after = pieces[index + 1]
            if isinstance(after, Text):
                after.value = after.value.lstrip(WHITE_SPACE)


def flush(pieces: list[Piece]) -> None:
    """Remove the smallest indentation of all lines from each (`<<-`)."""
    smallest: int | None = None
    adjusted: list[Text] = []
    line_begins = True
    for piece in pieces:
        if isinstance(piece, Sequence):
            if line_begins:
                smallest = 0
            line_begins = False
            continue
        value = piece.value
        if line_begins:
            indentation = len(value) - len(value.lstrip(WHITE_SPACE))
            if indentation < len(value) or not value.endswith("\n"):
                adjusted.append(piece)
                smallest = indentation if smallest is None else min(smallest, indentation)
        line_begins = value.endswith("\n")
    if smallest:
        for text in adjusted:
            text.value = text.value[smallest:]


def melded(pieces: list[Piece]) -> Iterable[Piece]:
    """Join the texts that stand side by side."""
    texts: list[Text] = []
    for piece in pieces:
        if isinstance(piece, Text):
            texts.append(piece)
            continue
        if texts:
            yield Text(texts[0].start, texts[-1].end, "".join([text.value for text in texts]))
            texts = []
        yield piece
    if texts:
        yield Text(texts[0].start, texts[-1].end, "".join([text.value for text in texts]))


def nesting(pieces: list[Piece]) -> int:
    """Return how deep directives may stand within one another."""
    return sum(1 for piece in pieces if isinstance(piece, Sequence) and piece.keyword in {"if", "for"})


class _Open(msgspec.Struct):
    """A directive that waits for its end, and the parts collected before it."""

    sequence: Sequence | None
    parts: list[TemplatePart]
    then: list[TemplatePart] | None = None


def assemble(pieces: list[Piece]) -> list[TemplatePart]:
    """Bring directives and their ends together; raises NotParsedError where they don't fit."""
    stack = [_Open(None, [])]
    for piece in melded(pieces):
        top = stack[-1]
        if isinstance(piece, Text):
            top.parts.append(Literal(piece.start, piece.end, piece.value))
        elif piece.expression is not None and not piece.keyword:
            top.parts.append(Interpolation(piece.start, piece.end, piece.expression))
        elif piece.keyword in {"if", "for"}:
            if len(stack) > MAXIMUM_DEPTH:
                raise NotParsedError(DEPTH_MESSAGE, piece.start, piece.end)
            stack.append(_Open(piece, []))
        else:
            _close(stack, piece)
    unclosed = stack[-1].sequence
    if unclosed is not None:
        raise NotParsedError(
            f"the `{unclosed.keyword}` directive has no `end{unclosed.keyword}`", unclosed.start, unclosed.end
        )
    return stack[0].parts


def _close(stack: list[_Open], piece: Sequence) -> None:
    top = stack[-1]
    opening = top.sequence
    keyword = piece.keyword
    if opening is None or opening.expression is None:
        raise NotParsedError(f"`{keyword}` has no directive that it belongs to", piece.start, piece.end)
    if keyword == "else" and opening.keyword == "if" and top.then is None:
        top.then, top.parts = top.parts, []
        return
    if keyword == "else":
        reason = "an `if` has only one `else`" if opening.keyword == "if" else "a `for` directive has no `else`"
        raise NotParsedError(reason, piece.start, piece.end)
    if keyword != f"end{opening.keyword}":
        raise NotParsedError(
            f"expected `end{opening.keyword}` for the directive before, found `{keyword}`", piece.start, piece.end
        )
    stack.pop()
    node: TemplatePart
    if opening.keyword == "if":
        then, otherwise = (top.parts, []) if top.then is None else (top.then, top.parts)
        node = TemplateIf(opening.start, piece.end, opening.expression, tuple(then), tuple(otherwise))
    else:
        node = TemplateFor(opening.start, piece.end, opening.key, opening.value, opening.expression, tuple(top.parts))
    stack[-1].parts.append(node)


def finish(pieces: list[Piece], start: int, end: int, *, flushed: bool = False) -> Expression:
    """Return the expression that a template is: a literal where it has no sequences."""
    strip(pieces)
    if flushed:
        flush(pieces)
    parts = assemble(pieces)
    if not parts:
        return Literal(start, end, "")
    if len(parts) == 1 and isinstance(parts[0], Literal):
        return Literal(start, end, parts[0].value)
    return Template(start, end, tuple(parts))
