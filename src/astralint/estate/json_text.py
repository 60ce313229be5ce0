"""Where a part of a JSON text stands in it: a policy in a heredoc, whose values are interpolated."""

from __future__ import annotations

import re
from collections.abc import Sequence

INTERPOLATED = "\0"
"""What stands for an interpolation: a character that is part of a string, or a value by itself."""

_SPACE = re.compile(r"\s*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BARE = re.compile(r"[^\s,\]\}:]+")
_MAXIMUM_DEPTH = 60


class _NoJsonError(ValueError):
    pass


def find_in_json(text: str, path: Sequence[str | int]) -> tuple[int, int] | None:
    """Return the smallest part that a path leads to as its first position and the one after it; None for no JSON."""
    try:
        return _Scanner(text).find(tuple(path))
    except (_NoJsonError, IndexError):
        return None


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text

    def find(self, path: tuple[str | int, ...]) -> tuple[int, int] | None:
        found: tuple[int, int] | None = None
        position = self._space(0)
        for step in path:
            inner = self._step(position, step)
            if inner is None:
                break
            start, position = inner
            found = start, self._end(position, 0)
        return found

    def _step(self, position: int, step: str | int) -> tuple[int, int] | None:
        """Return where a member begins and where its value does."""
        opening = self.text[position]
        if opening == "[" and isinstance(step, int):
            return self._element(position, step)
        if opening == "{" and isinstance(step, str):
            return self._member(position, step)
        # A list of one may be written without brackets.
        return (position, position) if step == 0 else None

    def _element(self, position: int, index: int) -> tuple[int, int] | None:
        position = self._space(position + 1)
        for _ in range(index):
            position = self._space(self._end(position, 0))
            if self.text[position] != ",":
                return None
            position = self._space(position + 1)
        return (position, position) if self.text[position] != "]" else None

    def _member(self, position: int, name: str) -> tuple[int, int] | None:
        position = self._space(position + 1)
        while self.text[position] != "}":
            start, end = position, self._end(position, 0)
            key = self.text[start + 1 : end - 1]
            position = self._space(end)
            if self.text[position] != ":":
                raise _NoJsonError
            value = self._space(position + 1)
            if _fits(key, name):
                return start, value
            position = self._space(self._end(value, 0))
            if self.text[position] == ",":
                position = self._space(position + 1)
        return None

    def _end(self, position: int, depth: int) -> int:
        """Return the position after a value."""
        if depth > _MAXIMUM_DEPTH:
            raise _NoJsonError
        opening = self.text[position]
        if opening == '"':
            return self._matched(_STRING, position)
        if opening not in "[{":
            return self._matched(_BARE, position)
        closing = "]" if opening == "[" else "}"
        position = self._space(position + 1)
        while self.text[position] != closing:
            position = self._space(self._end(position, depth + 1))
            if self.text[position] in ",:":
                position = self._space(position + 1)
        return position + 1

    def _matched(self, pattern: re.Pattern[str], position: int) -> int:
        found = pattern.match(self.text, position)
        if found is None:
            raise _NoJsonError
        return found.end()

    def _space(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return found.end() if found is not None else position


def _fits(key: str, name: str) -> bool:
    """Say whether a key is a name, as far as it is written out."""
    if INTERPOLATED not in key:
        return key == name
    first, *_, last = key.split(INTERPOLATED)
    return len(name) >= len(first) + len(last) and name.startswith(first) and name.endswith(last)
