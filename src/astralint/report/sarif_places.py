"""Places in SARIF: artifact locations, regions, and the hashes of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import sarif_om  # type: ignore[import-untyped]

from astralint.report.context import prefixed
from astralint.report.files import Files
from astralint.report.line_hash import LineHashes
from astralint.source.names import machine

if TYPE_CHECKING:
    from astralint.report.context import ReportContext
    from astralint.source.span import Span

SOURCE_ROOT = "%SRCROOT%"
_UNRESERVED = "/-._~!$&'()*+,;=@"


class Places:
    """Makes SARIF's locations, each file's once."""

    def __init__(self, context: ReportContext) -> None:
        self._prefix = context.prefix
        self._files = Files(context)
        self._locations: dict[str, sarif_om.ArtifactLocation] = {}
        self._hashes: dict[str, LineHashes | None] = {}

    def physical(self, span: Span, *, first_line: bool = False) -> sarif_om.PhysicalLocation:
        """Return a span's place; with `first_line`, cut to its first line (a pull request must hold all of it)."""
        location = self._locations.get(span.file)
        if location is None:
            location = sarif_om.ArtifactLocation(uri=_uri(prefixed(self._prefix, span.file)), uri_base_id=SOURCE_ROOT)
            self._locations[span.file] = location
        line, column = max(span.line, 1), max(span.column, 1)
        end_line, end_column = max(span.end_line, line), max(span.end_column, 1)
        if first_line and end_line > line:
            end_line, end_column = line, len(self._files.line(span)) + 1
        if end_line == line:
            end_column = max(end_column, column + 1)
        region = sarif_om.Region(start_line=line, start_column=column, end_line=end_line, end_column=end_column)
        return sarif_om.PhysicalLocation(artifact_location=location, region=region)

    def line_hash(self, span: Span) -> str | None:
        """Return GitHub's hash of the line on which a span begins; None where the file can't be read."""
        if span.file not in self._hashes:
            text = self._files.text(span.file)
            self._hashes[span.file] = None if text is None else LineHashes(text)
        hashes = self._hashes[span.file]
        return hashes.of(max(span.line, 1)) if hashes else None

    @property
    def files(self) -> Files:
        """The files that the places are in."""
        return self._files


def _uri(path: str) -> str:
    """Return a path as a relative URI; names that are no UTF-8 keep their bytes."""
    name = machine(path)
    try:
        return quote(name, safe=_UNRESERVED, errors="surrogateescape")
    except UnicodeEncodeError:
        return quote(name, safe=_UNRESERVED, errors="replace")
