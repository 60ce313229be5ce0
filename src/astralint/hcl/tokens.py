"""What the lexer returns and the parser reads."""

from __future__ import annotations

from astralint.hcl.syntax import Comment
from astralint.source.span import Lines

ERROR = -1


class Tokens:
    """The tokens of a text, in lists side by side; the last one is the end, or an error."""

    __slots__ = ("comments", "ends", "error", "kinds", "line_starts", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.kinds: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.comments: list[Comment] = []
        self.line_starts = Lines.of(text).starts
        self.error: tuple[str, str | None] = ("", None)

    def fail(self, start: int, end: int, message: str, hint: str | None = None) -> None:
        """End the tokens with an error, which counts once the parser has come that far."""
        self.kinds.append(ERROR)
        self.starts.append(start)
        self.ends.append(end)
        self.error = (message, hint)
