"""Colours of the terminal report."""

from __future__ import annotations

_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "help": "1;32",
    "strong": "1",
    "gutter": "1;34",
    "faint": "2",
}


class Style:
    """Wraps words in escape sequences, or leaves them alone where there is to be no colour."""

    def __init__(self, *, color: bool) -> None:
        self._color = color

    def __call__(self, name: str, text: str) -> str:
        """Return the text in a named style; a name without a style leaves it plain."""
        if not self._color or not text or name not in _CODES:
            return text
        return f"\x1b[{_CODES[name]}m{text}\x1b[0m"
