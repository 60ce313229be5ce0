"""GitHub's `primaryLocationLineHash`: what tells code scanning that an alert is the same after lines moved.

GitHub hashes, for each line, the 100 UTF-16 code units from its beginning on, the
lines after it included, spaces and tabs left out, every line break a line feed,
and U+FFFF for the end of the file. The hash is a polynomial in 37 modulo 2^64; a
counter behind it tells equal ones apart. Upload recomputes it and warns where it
differs, so there is no choice in any of this.
"""

from __future__ import annotations

import re
from operator import mul

_BLOCK = 100
_BASE = 37
_MASK = 2**64 - 1
_POWERS = tuple(pow(_BASE, exponent, 2**64) for exponent in range(_BLOCK - 1, -1, -1))
_WITHOUT_BLANKS = {ord(" "): None, ord("\t"): None}
_LINE_BREAK = re.compile(r"\r\n?")
_ASTRAL = re.compile(r"[\U00010000-\U0010ffff]")


class LineHashes:
    """The hashes of one file's lines."""

    def __init__(self, text: str) -> None:
        text = _LINE_BREAK.sub("\n", text).translate(_WITHOUT_BLANKS)
        if not text.isascii():
            text = _ASTRAL.sub(_surrogates, text)
        text += "\uffff"
        self._windows: list[tuple[str, int]] = []
        seen: dict[str, int] = {}
        start = 0
        while start >= 0:
            window = text[start : start + _BLOCK]
            seen[window] = count = seen.get(window, 0) + 1
            self._windows.append((window, count))
            start = text.find("\n", start) + 1 or -1

    def __len__(self) -> int:
        return len(self._windows)

    def of(self, line: int) -> str | None:
        """Return the hash of a line (from 1); None beyond the end of the file."""
        if not 0 < line <= len(self._windows):
            return None
        window, count = self._windows[line - 1]
        total = sum(map(mul, map(ord, window), _POWERS))
        return f"{total & _MASK:x}:{count}"


def _surrogates(match: re.Match[str]) -> str:
    code = ord(match.group()) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))
