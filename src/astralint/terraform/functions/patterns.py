"""Regular expressions, with RE2: their time is linear in the text, whatever the pattern."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from astralint.source.partial import Hole, PartialText
from astralint.terraform.functions.registry import implements
from astralint.terraform.functions.support import (
    FunctionError,
    check_elements,
    check_text,
    limit,
    partial,
    text,
    unknown_of,
)
from astralint.terraform.values.types import DYNAMIC, STRING, AnyType, ListType, ObjectType, TupleType
from astralint.terraform.values.value import Value, list_of, null, object_of, tuple_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MAX_GROUPS = 1000
_MAX_MATCHES = 200_000
_MAX_LENGTH = 20_000
_MAX_PASSED = 1_500_000_000
"""How many bytes may lie behind where a search begins, all searches of a text together: each may go through all."""
_WEIGHT = 11
"""By how many bits the product of a pattern's weight and a text's length is shifted to give steps."""
_TEMPLATE = re.compile(r"\$(?:(\$)|\{(\w+)\}|(\w+))")


class Pattern:
    """A compiled pattern that finds what Go's `regexp` finds."""

    def __init__(self, written: str) -> None:
        import re2

        if len(written) > _MAX_LENGTH:
            raise limit(f"the pattern is longer than {_MAX_LENGTH:,} characters")
        options = re2.Options()
        options.log_errors = False
        try:
            self._compiled: Any = re2.compile(written.encode(), options)
        except re2.error as error:
            raise _invalid(error) from None
        self.groups: int = self._compiled.groups
        if self.groups > _MAX_GROUPS:
            raise limit(f"the pattern has more than {_MAX_GROUPS:,} groups")
        names = {index: name.decode() for name, index in self._compiled.groupindex.items()}
        self.names = tuple(names.get(index) for index in range(1, self.groups + 1))

    @property
    def weight(self) -> int:
        """Return how much a search takes at most, by each byte of the text: threads of the program, with their groups."""
        size: int = self._compiled._regexp.ProgramSize()  # noqa: SLF001 - the package says it nowhere else
        return size * (3 + self.groups)

    def type(self) -> AnyType:
        """Return the type of what a match gives; raise where names and positions are mixed."""
        if not self.groups:
            return STRING
        if not any(self.names):
            return TupleType((STRING,) * self.groups)
        if not all(self.names):
            raise FunctionError("invalid regexp pattern: cannot mix both named and unnamed capture groups", 0)
        return ObjectType.of({name: STRING for name in self.names if name})

    def find(self, content: bytes) -> Iterator[Any]:
        """Yield the matches that do not overlap, none of them empty beside another; raise where they are too many."""
        position = count = passed = 0
        previous = -1
        while position <= len(content):
            passed += len(content) - position
            if passed > _MAX_PASSED:
                raise limit("the pattern matches too often in so long a text")
            match = self._compiled.search(content, position)
            if match is None:
                return
            start, end = match.span()
            accepted = True
            if end == position:
                accepted = start != previous
                position += _width(content, position)
            else:
                position = end
            previous = end
            if accepted:
                count += 1
                if count > _MAX_MATCHES:
                    raise limit(f"the pattern matches more than {_MAX_MATCHES:,} times")
                yield match

    def value(self, match: Any) -> Value:
        """Return a match as a value of the pattern's type."""
        if not self.groups:
            return text(match.group().decode())
        groups = [null(STRING) if group is None else text(group.decode()) for group in match.groups()]
        if not any(self.names):
            return tuple_of(groups)
        return object_of({name: group for name, group in zip(self.names, groups, strict=True) if name})

    def expand(self, template: str, match: Any) -> str:
        """Return a replacement with `$1`, `${name}` and `$$` filled in."""

        def fill(reference: re.Match[str]) -> str:
            if reference[1]:
                return "$"
            name = reference[2] or reference[3]
            if name.isascii() and name.isdigit():
                index = int(name) if len(name) < 9 else self.groups + 1
            else:
                index = self.names.index(name) + 1 if name in self.names else self.groups + 1
            group = match.group(index) if index <= self.groups else None
            return "" if group is None else group.decode()

        return _TEMPLATE.sub(fill, template)


def _width(content: bytes, position: int) -> int:
    if position >= len(content) or content[position] < 0x80:
        return 1
    lead = content[position]
    return 4 if lead >= 0xF0 else 3 if lead >= 0xE0 else 2


def _invalid(error: Exception) -> FunctionError:
    detail = error.args[0] if error.args else error
    shown = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
    if "too large" in shown:
        return limit("the pattern needs too much memory")
    return FunctionError(f"invalid regexp pattern: {shown}", 0)


@lru_cache(maxsize=256)
def _compiled(written: str) -> Pattern:
    if "\\C" in written.replace("\\\\", ""):
        # RE2 has it, Go does not: it takes texts apart inside of a character.
        raise FunctionError("invalid regexp pattern: invalid escape sequence: \\C", 0)
    return Pattern(written)


def pattern_work(name: str, arguments: Sequence[Value]) -> int:
    """Return how many steps `regex`, `regexall` or `replace` takes at most for its pattern; 0 where there is none."""
    if len(arguments) < 2:
        return 0
    written, content = (arguments[1], arguments[0]) if name == "replace" else (arguments[0], arguments[1])
    if type(written.raw) is not str or type(content.raw) is not str:
        return 0
    wanted = written.raw
    if name == "replace":
        if len(wanted) < 2 or not (wanted.startswith("/") and wanted.endswith("/")):
            return 0
        wanted = wanted[1:-1]
    try:
        weight = _compiled(wanted).weight
    except FunctionError:
        return 20 + (len(wanted) >> 2)
    return 10 + (len(content.raw) * weight >> _WEIGHT)


def _regex_type(arguments: list[Value]) -> AnyType:
    pattern = arguments[0]
    return DYNAMIC if pattern.is_unknown else _compiled(pattern.raw).type()


@implements("regex", returns=_regex_type)
def _regex(arguments: list[Value]) -> Value:
    pattern = _compiled(arguments[0].raw)
    pattern.type()
    match = next(pattern.find(arguments[1].raw.encode()), None)
    if match is None:
        raise FunctionError("pattern did not match any part of the given string", None)
    return pattern.value(match)


def _regexall_type(arguments: list[Value]) -> AnyType:
    return ListType(_regex_type(arguments))


@implements("regexall", returns=_regexall_type)
def _regexall(arguments: list[Value]) -> Value:
    pattern = _compiled(arguments[0].raw)
    found: list[Value] = []
    for match in pattern.find(arguments[1].raw.encode()):
        found.append(pattern.value(match))
        check_elements(len(found) * max(1, pattern.groups))
    return list_of(pattern.type(), found)


@implements("replace", unknowns=True)
def _replace(arguments: list[Value]) -> Value:
    content, wanted, replacement = arguments
    if content.is_unknown or wanted.is_unknown or replacement.is_unknown:
        return _replaced_in_part(arguments)
    if len(wanted.raw) > 1 and wanted.raw.startswith("/") and wanted.raw.endswith("/"):
        return text(_substituted(content.raw, _compiled(wanted.raw[1:-1]), replacement.raw))
    return text(_literally(content.raw, wanted.raw, replacement.raw))


def _literally(content: str, wanted: str, replacement: str) -> str:
    growth = len(replacement) - len(wanted)
    if growth > 0:
        check_text(len(content) + (content.count(wanted) if wanted else len(content) + 1) * growth)
    return content.replace(wanted, replacement)


def _substituted(content: str, pattern: Pattern, replacement: str) -> str:
    encoded = content.encode()
    pieces: list[str] = []
    end = size = 0
    for match in pattern.find(encoded):
        piece = encoded[end : match.start()].decode() + pattern.expand(replacement, match)
        size += len(piece)
        check_text(size)
        pieces.append(piece)
        end = match.end()
    pieces.append(encoded[end:].decode())
    return "".join(pieces)


def _replaced_in_part(arguments: list[Value]) -> Value:
    """Replace a single character in the known parts: longer texts could reach into what is unknown."""
    content, wanted, replacement = arguments
    known = None
    if not wanted.is_unknown and len(wanted.raw) == 1:
        parts: list[str | Hole | PartialText] = []
        for part in partial(content).parts:
            if isinstance(part, Hole):
                parts.append(Hole(part.reason))
                continue
            for position, piece in enumerate(part.split(wanted.raw)):
                if position:
                    parts.append(partial(replacement))
                parts.append(piece)
        known = PartialText.of(*parts)
    return unknown_of(STRING, [value for value in arguments if value.is_unknown], partial=known)
