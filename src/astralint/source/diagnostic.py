"""What astralint has to say about its input, as opposed to findings of rules."""

from __future__ import annotations

from typing import Literal

import msgspec

from astralint.source.span import Span

Severity = Literal["error", "warning", "note"]


class Label(msgspec.Struct, frozen=True, order=True):
    """A further place that belongs to a diagnostic, and what it shows there."""

    span: Span
    text: str


class Diagnostic(msgspec.Struct, frozen=True):
    """One clear statement about the input, in the voice of rustc.

    `code` is a stable kebab-case name (`syntax-error`, `file-too-large`, …).
    `message` is one sentence without a full stop. `broken` says that input was
    broken (a file that does not parse, a limit reached, a cycle): the command
    then exits with 3 where nothing else decides. `usage` says that the
    configuration or the call was wrong: exit status 2.
    """

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    labels: tuple[Label, ...] = ()
    help: str | None = None
    broken: bool = False
    usage: bool = False

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """A total order that does not depend on how the input was walked."""
        span = self.span
        place = (span.file, span.line, span.column) if span else ("", 0, 0)
        return (*place, self.code, self.message)
