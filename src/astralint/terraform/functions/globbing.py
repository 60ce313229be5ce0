"""The patterns of `fileset`: `*`, `**`, `?`, `[…]` and `{a,b}`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from astralint.terraform.functions.support import FunctionError, limit

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_PATTERN = 4096


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """Return what tells of a relative path, with `/` between its parts, whether the pattern matches the whole of it.

    It takes time linear in the path. Raises FunctionError for a malformed pattern.
    """
    import re2

    if len(pattern) > _MAX_PATTERN:
        raise limit(f"the pattern is longer than {_MAX_PATTERN:,} characters")
    options = re2.Options()
    options.log_errors = False
    options.dot_nl = True
    try:
        expression: Any = re2.compile(_expression(pattern), options)
    except re2.error:
        raise _malformed() from None
    return lambda path: expression.fullmatch(path) is not None


def below(directory: str, pattern: str) -> str:
    """Return the pattern as Go's `filepath.Join` cleans it behind a directory of this name.

    Raises FunctionError where it leads out of the directory.
    """
    parts: list[str] = [directory]
    for part in pattern.split("/"):
        if part == "..":
            if not parts:
                break
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    if parts[:1] != [directory]:
        raise FunctionError("astralint does not look for files outside of the directory", 1, code="outside-boundary")
    return "/".join(parts[1:])


def _malformed() -> FunctionError:
    return FunctionError("failed to glob pattern: syntax error in pattern", 1)


def _expression(pattern: str) -> str:
    parts = pattern.split("/")
    pieces: list[str] = []
    for position, part in enumerate(parts):
        last = position == len(parts) - 1
        if part == "**":
            pieces.append(".*" if last else "(?:[^/]+/)*")
        else:
            pieces.append(_part(part) + ("" if last else "/"))
    return "".join(pieces)


def _part(part: str) -> str:
    pieces: list[str] = []
    position = braces = 0
    while position < len(part):
        character = part[position]
        if character == "[":
            position, written = _class(part, position)
            pieces.append(written)
        elif character == "\\":
            position += 1
            if position == len(part):
                raise _malformed()
            pieces.append(re.escape(part[position]))
        elif character == "{":
            braces += 1
            pieces.append("(?:")
        elif character == "}" and braces:
            braces -= 1
            pieces.append(")")
        elif character == "," and braces:
            pieces.append("|")
        else:
            pieces.append({"*": "[^/]*", "?": "[^/]"}.get(character) or re.escape(character))
        position += 1
    if braces:
        raise _malformed()
    return "".join(pieces)


def _class(part: str, start: int) -> tuple[int, str]:
    """Return where a class in brackets ends, and what it is in an expression."""
    position = start + 1
    negated = part.startswith("^", position)
    position += negated
    members: list[str] = []
    while position < len(part) and part[position] != "]":
        if part[position] == "\\":
            position += 1
            members.append(re.escape(part[position : position + 1]))
        else:
            members.append("-" if part[position] == "-" else re.escape(part[position]))
        position += 1
    if position >= len(part) or not members:
        raise _malformed()
    return position, f"[{'^/' if negated else ''}{''.join(members)}]"
