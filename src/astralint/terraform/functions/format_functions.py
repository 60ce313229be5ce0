"""`format` and `formatlist`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.source.partial import Hole, PartialText
from astralint.terraform.functions import format_verbs
from astralint.terraform.functions.registry import implements
from astralint.terraform.functions.strings import graphemes
from astralint.terraform.functions.support import (
    FunctionError,
    check_elements,
    check_text,
    is_sequence,
    is_wholly_known,
    partial,
    reasons_of,
    text,
    unknown_of,
)
from astralint.terraform.values.convert import convert
from astralint.terraform.values.json_text import to_json
from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, Primitive, TupleType
from astralint.terraform.values.value import EvaluationError, Value, list_of, string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astralint.terraform.functions.format_verbs import Verb


@implements("format", unknowns=True, typed=True)
def _format(arguments: list[Value]) -> Value:
    given = arguments[1:]
    if arguments[0].is_unknown:
        return unknown_of(STRING, arguments)
    return formatted(arguments[0].raw, given)


def formatted(template: str, given: Sequence[Value]) -> Value:
    """Return the text that a format and its arguments give, with holes where they are unknown."""
    parts: list[str | Hole | PartialText] = []
    size = 0
    missing: list[Value] = []
    may_fail = False
    for piece in format_verbs.parse(template, len(given)):
        if isinstance(piece, str):
            part: str | Hole | PartialText = piece
        else:
            argument = given[piece.argument]
            if is_wholly_known(argument):
                part = _printed(piece, argument)
            else:
                missing.append(argument)
                may_fail = may_fail or _may_fail(piece, argument)
                part = _hole(piece, argument)
        size += len(part) if isinstance(part, str) else 0
        check_text(size)
        parts.append(part)
    if missing:
        return unknown_of(STRING, missing, partial=None if may_fail else PartialText.of(*parts))
    return text("".join(part for part in parts if isinstance(part, str)))


def _may_fail(verb: Verb, argument: Value) -> bool:
    """Say whether a verb may refuse an argument once it is known: then nothing of the text is certain."""
    if verb.mode == "v":
        return False
    return not isinstance(argument.type, Primitive) or (
        verb.mode not in "sq" and argument.type not in (NUMBER, DYNAMIC)
    )


def _hole(verb: Verb, argument: Value) -> Hole | PartialText:
    plain = (
        verb.width is None
        and verb.precision is None
        and (verb.mode == "s" or (verb.mode == "v" and "#" not in verb.flags))
    )
    if plain and argument.is_unknown and argument.type == STRING:
        return partial(argument)
    return Hole(reasons_of([argument])[0].message)


def _printed(verb: Verb, argument: Value) -> str:
    if verb.mode == "v":
        return _padded(verb, _as_is(verb, argument))
    if argument.is_null:
        raise verb.fail("null value cannot be formatted")
    if verb.mode == "t":
        return "true" if _converted(verb, argument, BOOL).raw else "false"
    if verb.mode in "sq":
        return _text(verb, _converted(verb, argument, STRING).raw)
    raw = _converted(verb, argument, NUMBER).raw
    if verb.mode in "eEfgG":
        return format_verbs.floating(verb, raw, format_number(raw))
    if not isinstance(raw, int):
        import gmpy2

        if not gmpy2.is_finite(raw) or not gmpy2.is_integer(raw):
            raise verb.fail("an integer is required")
        raw = int(raw)
    return format_verbs.integer(verb, int(raw))


def _converted(verb: Verb, argument: Value, type_: type | object) -> Value:
    try:
        return convert(argument, type_)  # type: ignore[arg-type]
    except EvaluationError as error:
        raise verb.fail(error.message) from None


def _as_is(verb: Verb, argument: Value) -> str:
    if "#" not in verb.flags and not argument.is_null:
        if argument.type == STRING:
            return str(argument.raw)
        if argument.type == NUMBER:
            shortest = format_number(argument.raw)
            if shortest.endswith("Inf"):
                return shortest
            sign = "-" if shortest.startswith("-") else ""
            return sign + format_verbs.general(shortest.removeprefix("-"))
    try:
        return to_json(argument)
    except EvaluationError as error:
        raise verb.fail(error.message) from None


def _text(verb: Verb, content: str) -> str:
    if verb.precision:
        content = "".join(graphemes(content)[: verb.precision])
    return _padded(verb, to_json(string(content)) if verb.mode == "q" else content)


def _padded(verb: Verb, content: str) -> str:
    if verb.width is None:
        return content
    missing = verb.width - len(graphemes(content))
    if missing <= 0:
        return content
    check_text(verb.width)
    padding = ("0" if "0" in verb.flags else " ") * missing
    return content + padding if "-" in verb.flags else padding + content


@implements("formatlist", unknowns=True, typed=True)
def _formatlist(arguments: list[Value]) -> Value:
    template, given = arguments[0], arguments[1:]
    type_ = ListType(STRING)
    if template.is_unknown:
        return unknown_of(type_, [template])
    length = _length(given)
    missing = [value for value in given if value.is_unknown and (is_sequence(value.type) or value.type == DYNAMIC)]
    if missing:
        return unknown_of(type_, missing)
    if length is None:
        length = 1
    check_elements(length * max(1, len(given)))
    results: list[Value] = []
    size = 0
    for row in range(length):
        values = [value.raw[row] if is_sequence(value.type) and not value.is_null else value for value in given]
        try:
            result = formatted(template.raw, values)
        except FunctionError as error:
            raise FunctionError(f"error on format iteration {row}: {error.message}", code=error.code) from None
        size += len(result.raw) if isinstance(result.raw, str) else 0
        check_text(size)
        results.append(result)
    return list_of(STRING, results)


def _length(given: Sequence[Value]) -> int | None:
    length: int | None = None
    chooser = 0
    for position, value in enumerate(given):
        if not is_sequence(value.type) or value.is_null:
            continue
        if isinstance(value.type, TupleType):
            own = len(value.type.elements)
        elif value.is_unknown:
            continue
        else:
            own = len(value.raw)
        if length is None:
            length, chooser = own, position
        elif own != length:
            raise FunctionError(
                f"argument {position + 1} has length {own}, which is inconsistent with argument {chooser + 1} of length "
                f"{length}",
                position + 1,
            )
    return length
