"""GitHub's workflow commands: findings as annotations of a run, without an upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.report.files import Files
from astralint.report.summary import analysed
from astralint.report.words import paragraph, sentence, totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from astralint.report.context import ReportContext
    from astralint.rules.finding import CheckResult, Finding
    from astralint.source.diagnostic import Diagnostic
    from astralint.source.evidence import Evidence
    from astralint.source.span import Span

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_MAXIMUM_PLACES = 20


def render(result: CheckResult, context: ReportContext) -> str:
    """Return a command for each diagnostic and finding, and a line of totals."""
    files = Files(context)
    rows = [
        *(_diagnostic(diagnostic, files) for diagnostic in result.diagnostics),
        *(_finding(finding, files) for finding in result.findings),
    ]
    rows.append(f"{analysed(result.coverage)} Found {totals(result.findings)}.")
    return "\n".join(rows) + "\n"


def _diagnostic(diagnostic: Diagnostic, files: Files) -> str:
    rows = [sentence(diagnostic.message)]
    if diagnostic.help:
        rows.append(f"help: {paragraph(diagnostic.help)}")
    return _command(diagnostic.severity, diagnostic.span, sentence(diagnostic.code), rows, files)


def _finding(finding: Finding, files: Files) -> str:
    rows = [sentence(finding.message)]
    rows.extend(_places(finding.evidence, files, "-"))
    rows.extend(_places(finding.path, files, "step"))
    if finding.help:
        rows.append(f"help: {paragraph(finding.help)}")
    title = f"{sentence(finding.rule)} {sentence(finding.name)}"
    return _command(finding.severity, finding.primary.span, title, rows, files)


def _places(places: Iterable[Evidence], files: Files, sign: str) -> Iterator[str]:
    for number, place in zip(range(1, _MAXIMUM_PLACES + 1), places, strict=False):
        head = f"step {number}" if sign == "step" else sign
        yield f"{head} {files.path(place.span.file)}:{place.span.line}: {sentence(place.text)}"


def _command(severity: str, span: Span | None, title: str, rows: list[str], files: Files) -> str:
    properties: dict[str, str] = {}
    if span:
        properties["file"] = files.path(span.file)
        properties["line"] = str(span.line)
        properties["endLine"] = str(span.end_line)
        if span.line == span.end_line:
            properties["col"] = str(span.column)
            properties["endColumn"] = str(span.end_column)
    properties["title"] = title
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[severity]} {listed}::{_data(chr(10).join(rows))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
