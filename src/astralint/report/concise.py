"""One line a finding, as compilers print them: for editors, scripts and short looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.report.files import Files
from astralint.report.statistics import statistics
from astralint.report.style import Style
from astralint.report.summary import closing
from astralint.report.words import sentence

if TYPE_CHECKING:
    from astralint.report.context import ReportContext
    from astralint.rules.finding import CheckResult, Finding
    from astralint.source.diagnostic import Diagnostic
    from astralint.source.span import Span


def render(result: CheckResult, context: ReportContext) -> str:
    """Return `file:line:column: RULE severity message [workspace]` for each finding, and the totals."""
    files, style = Files(context), Style(color=context.color)
    rows = [_diagnostic(diagnostic, files, style) for diagnostic in result.diagnostics]
    listed = () if context.statistics else result.findings
    rows += [_finding(finding, files, style) for finding in listed]
    if context.show_suppressed:
        rows += [
            _finding(item.finding, files, style, f" (suppressed: {sentence(item.reason)})")
            for item in result.suppressed
        ]
    if context.statistics:
        rows += statistics(result, style)
    rows += closing(result, context, style)
    return "\n".join(row.rstrip() for row in rows) + "\n"


def _finding(finding: Finding, files: Files, style: Style, after: str = "") -> str:
    severity = style(finding.severity, finding.severity)
    workspace = style("faint", f" [{sentence(finding.workspace)}]") if finding.workspace else ""
    more = f" (and {len(finding.instances) - 1:,} more instances)" if len(finding.instances) > 1 else ""
    message = f"{sentence(finding.message)}{more}{after}"
    return f"{_place(finding.primary.span, files)} {sentence(finding.rule)} {severity} {message}{workspace}"


def _diagnostic(diagnostic: Diagnostic, files: Files, style: Style) -> str:
    place = f"{_place(diagnostic.span, files)} " if diagnostic.span is not None else ""
    severity = style(diagnostic.severity, diagnostic.severity)
    help_ = f" ({sentence(diagnostic.help)})" if diagnostic.help else ""
    return f"{place}{sentence(diagnostic.code)} {severity} {sentence(diagnostic.message)}{help_}"


def _place(span: Span, files: Files) -> str:
    return f"{files.local_path(span.file)}:{span.line}:{span.column}:"
