"""The patterns of `fileset`: `*`, `**`, `?`, `[…]`, `{a,b}`, as the doublestar library reads them."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from astralint.terraform.functions.support import MAX_DEPTH, FunctionError, limit

_MAX_ALTERNATIVES = 1000
_MAX_VISITED = 200_000


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> tuple[re.Pattern[str], ...]:
    """Return expressions of which one matches a whole relative path where the pattern does.

    Raises FunctionError for a pattern that is not well formed.
    """
    alternatives = _alternatives(pattern)
    return tuple(re.compile(_expression(each), re.DOTALL) for each in alternatives)


def matching_files(directory: Path, pattern: str) -> list[str]:
    """Return the regular files below a directory that match, sorted, with `/` between the parts of their paths.

    Links to directories are not followed. Raises FunctionError for a malformed
    pattern, or where the directory holds more than is reasonable to look at.
    """
    expressions = compile_pattern(_cleaned(pattern))
    found: list[str] = []
    visited = 0
    for root, directories, names in os.walk(directory):
        directories.sort()
        prefix = Path(root).relative_to(directory).as_posix()
        for name in names:
            visited += 1
            if visited > _MAX_VISITED:
                raise limit(f"the directory holds more than {_MAX_VISITED:,} files")
            path = name if prefix == "." else f"{prefix}/{name}"
            if any(each.fullmatch(path) for each in expressions) and (Path(root) / name).is_file():
                found.append(path)
    return sorted(found)


def _cleaned(pattern: str) -> str:
    parts: list[str] = []
    for part in pattern.split("/"):
        if part in {"", "."}:
            continue
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _alternatives(pattern: str) -> list[str]:
    """Expand the braces of a pattern."""
    done: list[str] = []
    waiting = [pattern]
    while waiting:
        current = waiting.pop()
        braces = _innermost(current)
        if braces is None:
            done.append(current)
            continue
        start, end = braces
        waiting.extend(current[:start] + each + current[end + 1 :] for each in current[start + 1 : end].split(","))
        if len(waiting) + len(done) > _MAX_ALTERNATIVES:
            raise limit(f"the pattern has more than {_MAX_ALTERNATIVES:,} alternatives")
    return done


def _innermost(pattern: str) -> tuple[int, int] | None:
    start = None
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position += 1
        elif character == "{":
            start = position
        elif character == "}" and start is not None:
            return start, position
        position += 1
    if start is not None:
        raise _malformed()
    return None


def _malformed() -> FunctionError:
    return FunctionError("failed to glob pattern: syntax error in pattern", 1)


def _expression(pattern: str) -> str:
    parts = pattern.split("/")
    if len(parts) > MAX_DEPTH:
        raise limit(f"the pattern has more than {MAX_DEPTH} parts")
    pieces: list[str] = []
    for position, part in enumerate(parts):
        last = position == len(parts) - 1
        if part == "**":
            # A possessive group: many `**` must not try each way to share the directories.
            pieces.append(".*" if last else "(?:[^/]+/)*?")
        else:
            pieces.append(_part(part) + ("" if last else "/"))
    return "".join(pieces)


def _part(part: str) -> str:
    pieces: list[str] = []
    position = 0
    while position < len(part):
        character = part[position]
        if character == "*":
            if not pieces or pieces[-1] != "[^/]*":
                pieces.append("[^/]*")
        elif character == "?":
            pieces.append("[^/]")
        elif character == "[":
            end, written = _class(part, position)
            pieces.append(written)
            position = end
        elif character == "\\":
            position += 1
            if position == len(part):
                raise _malformed()
            pieces.append(re.escape(part[position]))
        else:
            pieces.append(re.escape(character))
        position += 1
    return "".join(pieces)


def _class(part: str, start: int) -> tuple[int, str]:
    position = start + 1
    negated = part[position : position + 1] in {"!", "^"}
    position += negated
    members: list[str] = []
    while position < len(part) and part[position] != "]":
        if part[position] == "\\":
            position += 1
        members.append(part[position : position + 1])
        position += 1
    if position >= len(part) or not members:
        raise _malformed()
    body = "".join("-" if member == "-" else re.escape(member) for member in members)
    return position, f"[{'^/' if negated else ''}{body}]"
