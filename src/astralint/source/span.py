"""Places in source files."""

from __future__ import annotations

from bisect import bisect_right

import msgspec


class Span(msgspec.Struct, frozen=True, order=True, array_like=True):
    """A region of one file.

    `file` is a path relative to the boundary's root, with `/` between its parts.
    Lines and columns count from 1; columns count Unicode code points; the end is
    exclusive, as in SARIF.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def data(self, file: str | None = None) -> dict[str, str | int]:
        """Return the place as plain data, under the name that a file has in a report."""
        return {
            "file": self.file if file is None else file,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
        }

    @property
    def first_line(self) -> Span:
        """The same place, cut to its first line (the rest of the line when it spans several)."""
        if self.end_line == self.line:
            return self
        return Span(self.file, self.line, self.column, self.line, self.column + 1)


class Lines:
    """Turns offsets into a text (in code points, from 0) into lines and columns."""

    __slots__ = ("starts",)

    def __init__(self, starts: tuple[int, ...]) -> None:
        self.starts = starts

    @classmethod
    def of(cls, text: str) -> Lines:
        starts = [0]
        position = text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = text.find("\n", position + 1)
        return cls(tuple(starts))

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of an offset, both from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, file: str, start: int, end: int) -> Span:
        line, column = self.position(start)
        end_line, end_column = self.position(max(start, end))
        return Span(file, line, column, end_line, end_column)
