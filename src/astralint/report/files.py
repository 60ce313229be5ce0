"""The files that a report speaks of, each read and masked once."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from astralint.report.context import ReportContext, prefixed
from astralint.source.redact import redact
from astralint.source.visible import visible

if TYPE_CHECKING:
    from astralint.source.span import Span


class Files:
    """Texts, masked lines and paths of files, kept for one report."""

    def __init__(self, context: ReportContext) -> None:
        self._context = context
        self._texts: dict[str, str | None] = {}
        self._lines: dict[str, list[str] | None] = {}
        self._plain: dict[str, list[str] | None] = {}
        self._paths: dict[str, str] = {}

    def text(self, file: str) -> str | None:
        """Return a file's text as it stands; None where it can't be read."""
        if file not in self._texts:
            self._texts[file] = self._context.sources.text(file)
        return self._texts[file]

    def lines(self, file: str) -> list[str] | None:
        """Return a file's lines with credentials masked; None where it can't be read."""
        if file not in self._lines:
            text = self.text(file)
            self._lines[file] = None if text is None else _split(redact(self._context.secrets.starred(text)))
        return self._lines[file]

    def line(self, span: Span) -> str:
        """Return the line on which a span begins, credentials masked, as fingerprints count it; empty for none."""
        if not self._context.secrets:
            lines = self.lines(span.file)
        else:
            if span.file not in self._plain:
                text = self.text(span.file)
                self._plain[span.file] = None if text is None else _split(redact(text))
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


def _split(text: str) -> list[str]:
    """Split as spans count lines: at line feeds alone."""
    return [line.removesuffix("\r") for line in text.split("\n")]
