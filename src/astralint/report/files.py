"""The files that a report speaks of, each read and masked once."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from astralint.report.context import ReportContext, prefixed
from astralint.source.redact import MASK, redact
from astralint.source.visible import visible

if TYPE_CHECKING:
    from astralint.source.span import Span


MAXIMUM_WHOLE = 256 * 1024
MAXIMUM_LINE = 10_000
PART = 100
"""So many lines of a long text are masked at once."""


class Files:
    """Texts, masked lines and paths of files, kept for one report."""

    def __init__(self, context: ReportContext) -> None:
        self._context = context
        self._texts: dict[str, str | None] = {}
        self._lines: dict[str, Sequence[str] | None] = {}
        self._plain: dict[str, Sequence[str] | None] = {}
        self._paths: dict[str, str] = {}

    def text(self, file: str) -> str | None:
        """Return a file's text as it stands; None where it can't be read."""
        if file not in self._texts:
            self._texts[file] = self._context.sources.text(file)
        return self._texts[file]

    def lines(self, file: str) -> Sequence[str] | None:
        """Return a file's lines with credentials masked; None where it can't be read."""
        if file not in self._lines:
            text = self.text(file)
            self._lines[file] = None if text is None else _masked_lines(self._context.secrets.starred(text))
        return self._lines[file]

    def line(self, span: Span) -> str:
        """Return the line on which a span begins, credentials masked, as fingerprints count it; empty for none."""
        if not self._context.secrets:
            lines = self.lines(span.file)
        else:
            if span.file not in self._plain:
                text = self.text(span.file)
                self._plain[span.file] = None if text is None else _masked_lines(text)
            lines = self._plain[span.file]
        return lines[span.line - 1] if lines and 0 < span.line <= len(lines) else ""

    def path(self, file: str) -> str:
        """Return a file's path relative to the repository's root."""
        known = self._paths.get(file)
        if known is None:
            known = self._paths[file] = visible(prefixed(self._context.prefix, file))
        return known

    def local_path(self, file: str) -> str:
        """Return a file's path relative to the current directory."""
        if self._context.working_directory:
            return visible(posixpath.relpath(file, self._context.working_directory))
        return visible(prefixed(self._context.working_directory_prefix, file))


def _masked_lines(text: str) -> Sequence[str]:
    """Return a text's lines with credentials masked; of a very long text only those that are asked for are looked at."""
    if len(text) <= MAXIMUM_WHOLE:
        return _split(redact(text))
    return _LongText(_split(text))


class _LongText(Sequence[str]):
    """The lines of a long text, masked part by part; each part is looked at with what stands before it."""

    def __init__(self, lines: list[str]) -> None:
        # What can't be looked through in time is not shown.
        self._lines = [line if len(line) <= MAXIMUM_LINE else MASK * len(line) for line in lines]
        self._parts: dict[int, list[str]] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        part = number // PART
        if part not in self._parts:
            start = max(part * PART - PART, 0)
            masked = _split(redact("\n".join(self._lines[start : part * PART + PART])))
            self._parts[part] = masked[part * PART - start :]
        return self._parts[part][number - part * PART]


def _split(text: str) -> list[str]:
    """Split as spans count lines: at line feeds alone."""
    return [line.removesuffix("\r") for line in text.split("\n")]
