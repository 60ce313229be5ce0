"""Reports: what a check found, in the formats of terminals and machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.report.context import ReportContext, SourceTexts, TreeTexts

if TYPE_CHECKING:
    from astralint.rules.finding import CheckResult

FORMATS: tuple[str, ...] = ("text", "concise", "full", "json", "sarif", "github", "gitlab", "junit", "markdown")


def render(result: CheckResult, format: str, context: ReportContext) -> str:
    """Return the result in one of `FORMATS`, ending with a line break; raises ValueError for any other."""
    if format not in FORMATS:
        raise ValueError(f"unknown format {format!r}, not one of {', '.join(FORMATS)}")
    from importlib import import_module

    report: str = import_module(f"astralint.report.{_MODULES[format]}").render(result, context)
    return report


_MODULES = {
    "text": "text",
    "concise": "concise",
    "full": "full",
    "json": "json_format",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "markdown": "markdown",
}

__all__ = ["FORMATS", "ReportContext", "SourceTexts", "TreeTexts", "render"]
