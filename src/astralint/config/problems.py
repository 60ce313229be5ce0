"""Collecting what is wrong with a configuration."""

from __future__ import annotations

from astralint.source.diagnostic import Diagnostic, Label
from astralint.source.span import Span

MAXIMUM_ERRORS = 200


class TooManyProblemsError(Exception):
    """A configuration has so many errors that reading on is of no use."""


class Problems:
    """The diagnostics of one configuration; all but warnings end the run as usage errors."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}

    def error(
        self, code: str, message: str, span: Span | None, help_: str | None = None, labels: tuple[Label, ...] = ()
    ) -> None:
        """Add an error; raises TooManyProblemsError where that is one too many."""
        if len(self._found) >= MAXIMUM_ERRORS:
            raise TooManyProblemsError
        self._found.setdefault(Diagnostic(code, "error", message, span, labels, help_, usage=True))

    def warning(self, code: str, message: str, span: Span | None, help_: str | None = None) -> None:
        """Add a warning."""
        self._found.setdefault(Diagnostic(code, "warning", message, span, (), help_))

    def all(self) -> tuple[Diagnostic, ...]:
        """Return everything, in the order of the places."""
        return tuple(sorted(self._found, key=lambda diagnostic: diagnostic.sort_key))
