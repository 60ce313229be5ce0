"""Exit statuses, and which of them a check has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from astralint.rules.finding import CheckResult
    from astralint.source.diagnostic import Diagnostic

OK = 0
FINDINGS = 1
USAGE = 2
BROKEN = 3
INTERRUPTED = 130

SEVERITIES = ("note", "warning", "error")


def status_of(result: CheckResult, fail_on: str, *, strict: bool) -> int:
    """Return the status of a check: mistakes of the configuration, then findings at or above `fail_on`, then broken input."""
    if any(diagnostic.usage for diagnostic in result.diagnostics):
        return USAGE
    if fail_on != "never":
        threshold = SEVERITIES.index(fail_on)
        if any(SEVERITIES.index(finding.severity) >= threshold for finding in result.findings):
            return FINDINGS
    if strict and (result.undecided or not all(layout.understood for layout in result.coverage.layouts)):
        return BROKEN
    return status_of_input(result.diagnostics)


def status_of_input(diagnostics: Iterable[Diagnostic]) -> int:
    """Return the status that the input alone gives."""
    return BROKEN if any(diagnostic.broken for diagnostic in diagnostics) else OK
