"""The whole report for terminals: every finding with all lines of code that make it true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.report.files import Files
from astralint.report.style import Style
from astralint.report.summary import summary
from astralint.report.words import counted, paragraph, sentence
from astralint.source.evidence import Evidence
from astralint.source.excerpt import Mark, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from astralint.report.context import ReportContext
    from astralint.rules.finding import CheckResult, Finding, SuppressedFinding
    from astralint.source.diagnostic import Diagnostic
    from astralint.source.span import Span

_MAXIMUM_PLACES = 50


def render(result: CheckResult, context: ReportContext) -> str:
    """Return the whole report."""
    report = FullReport(context)
    for diagnostic in result.diagnostics:
        report.diagnostic(diagnostic)
    for finding in result.findings:
        report.finding(finding)
    if context.show_suppressed:
        for suppressed in result.suppressed:
            report.suppressed(suppressed)
    report.rows.extend(summary(result, context, report.files, report.style))
    return "\n".join(row.rstrip() for row in report.rows) + "\n"


def render_diagnostics(diagnostics: Iterable[Diagnostic], context: ReportContext) -> str:
    """Return diagnostics alone, as the whole report shows them; "" where there are none."""
    report = FullReport(context)
    for diagnostic in diagnostics:
        report.diagnostic(diagnostic)
    return "".join(row.rstrip() + "\n" for row in report.rows)


class FullReport:
    """Collects the rows of findings and diagnostics."""

    def __init__(self, context: ReportContext) -> None:
        self.files = Files(context)
        self.style = Style(color=context.color)
        self.width = context.width
        self.rows: list[str] = []
        self._excerpt_open = False

    def diagnostic(self, diagnostic: Diagnostic) -> None:
        self._title(diagnostic.severity, "", diagnostic.message)
        span = diagnostic.span
        evidence = [Evidence(label.span, label.text) for label in diagnostic.labels]
        gutter = _gutter([*(e.span for e in evidence), *([span] if span else [])])
        if span:
            primary = Evidence(span, "")
            self._groups(diagnostic.severity, primary, evidence, gutter)
        else:
            self._evidence(evidence, gutter)
        self._remark("help", diagnostic.help, gutter)
        self.rows.append("")

    def finding(self, finding: Finding, title: str = "", remarks: Iterable[str] = ()) -> None:
        label = f"[{sentence(finding.rule)} {sentence(finding.name)}]"
        self._title(finding.severity, label, finding.message, title)
        gutter = _gutter([e.span for e in (finding.primary, *finding.evidence, *finding.path)])
        self._groups(finding.severity, finding.primary, finding.evidence[:_MAXIMUM_PLACES], gutter)
        self._left_out(len(finding.evidence), "place", gutter)
        self._path(finding.path[:_MAXIMUM_PLACES], gutter)
        self._left_out(len(finding.path), "step", gutter)
        self._remark("help", finding.help, gutter)
        self._remark("note", _about(finding), gutter)
        for remark in remarks:
            self._remark("note", remark, gutter)
        self.rows.append("")

    def suppressed(self, suppressed: SuppressedFinding) -> None:
        place = ""
        if suppressed.span:
            place = f" ({self.files.local_path(suppressed.span.file)}:{suppressed.span.line})"
        reason = sentence(suppressed.reason) or "no reason given"
        remark = f"suppressed by {_BY.get(suppressed.by, sentence(suppressed.by))}{place}: {reason}"
        self.finding(suppressed.finding, "suppressed ", [remark])

    def _title(self, severity: str, label: str, message: str, before: str = "") -> None:
        self._excerpt_open = False
        title = self.style(severity, f"{before}{severity}{label}")
        self.rows.append(title + self.style("strong", f": {sentence(message)}"))

    def _groups(self, severity: str, primary: Evidence, evidence: Sequence[Evidence], gutter: int) -> None:
        """Show the primary place together with what else is in its file, then the other files."""
        first: list[Evidence] = []
        others: list[Evidence] = []
        for item in evidence:
            same = item.span.file == primary.span.file and item.workspace == primary.workspace
            (first if same else others).append(item)
        marks = [Mark(primary.span, sentence(primary.text), primary=True)]
        marks.extend(Mark(item.span, sentence(item.text)) for item in first)
        self._place("-->", primary, marks, severity, gutter)
        self._evidence(others, gutter)

    def _evidence(self, evidence: Iterable[Evidence], gutter: int) -> None:
        groups: dict[tuple[str, str], list[Evidence]] = {}
        for item in evidence:
            groups.setdefault((item.span.file, item.workspace), []).append(item)
        for group in groups.values():
            marks = [Mark(item.span, sentence(item.text)) for item in group]
            self._place(":::", group[0], marks, "", gutter)

    def _path(self, path: Sequence[Evidence], gutter: int) -> None:
        for number, step in enumerate(path, 1):
            mark = Mark(step.span, sentence(step.text))
            self._place(f"{number}.", step, [mark], "", gutter)

    def _place(self, sign: str, at: Evidence, marks: Sequence[Mark], severity: str, gutter: int) -> None:
        where = f" {self.files.local_path(at.span.file)}:{at.span.line}:{at.span.column}"
        workspace = f" (workspace `{sentence(at.workspace)}`)" if at.workspace else ""
        pad = " " * (gutter if sign == "-->" else max(gutter + 3 - len(sign), 0))
        self._close_excerpt(gutter)
        self.rows.append(pad + self.style("gutter", sign) + where + self.style("faint", workspace))
        bar = " " * (gutter + 1) + self.style("gutter", "|")
        lines = self.files.lines(at.span.file)
        shown = excerpt(lines, marks, self.width - gutter - 3) if lines is not None else []
        if not shown:
            for mark in marks:
                self._remark("", mark.label, gutter)
            return
        self.rows.append(bar)
        self._excerpt_open = True
        for row in shown:
            if row.kind == "gap":
                self.rows.append(self.style("gutter", "..."))
            elif row.kind == "line":
                number = self.style("gutter", f"{row.number:>{gutter}} |")
                self.rows.append(f"{number} {row.text}")
            else:
                line = ("^" if row.primary else "-") * row.length + (f" {row.text}" if row.text else "")
                styled = self.style(severity if row.primary else "gutter", line)
                self.rows.append(f"{bar} {' ' * row.indent}{styled}")

    def _close_excerpt(self, gutter: int) -> None:
        """Set the rows of an excerpt apart from what follows."""
        if self._excerpt_open:
            self.rows.append(" " * (gutter + 1) + self.style("gutter", "|"))
            self._excerpt_open = False

    def _left_out(self, number: int, noun: str, gutter: int) -> None:
        if number > _MAXIMUM_PLACES:
            self._remark("note", f"{counted(number - _MAXIMUM_PLACES, f'further {noun}')} left out", gutter)

    def _remark(self, kind: str, text: str | None, gutter: int) -> None:
        if not text:
            return
        self._close_excerpt(gutter)
        head = " " * (gutter + 1) + self.style("gutter", "=") + " "
        indent = " " * (gutter + 3)
        first, *rest = paragraph(text).split("\n")
        self.rows.append(
            head + (self.style("help" if kind == "help" else "strong", f"{kind}:") + " " if kind else "") + first
        )
        self.rows.extend(indent + row for row in rest)


_BY = {"comment": "a comment", "configuration": "the configuration", "baseline": "the baseline"}


def _gutter(spans: Iterable[Span]) -> int:
    """Return how many digits the highest line number of an excerpt has."""
    return max((len(str(max(span.line, span.end_line))) for span in spans), default=1)


def _about(finding: Finding) -> str:
    """Return what the finding is about: the address, its workspace and its account."""
    parts = [
        f"{name} `{sentence(value)}`"
        for name, value in (
            ("subject", finding.subject),
            ("workspace", finding.workspace),
            ("account", finding.account),
        )
        if value
    ]
    return ", ".join(parts)
