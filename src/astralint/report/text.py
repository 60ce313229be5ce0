"""The report for terminals: what each rule found, where, and each place shown once.

The rule stands above its findings; a finding has its place, its message and one excerpt,
and a row for each further place. `full` shows all of them with their excerpts. Where there
are many findings, each is shown with less, so that the whole can be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from astralint.report.full import FullReport
from astralint.report.statistics import statistics
from astralint.report.summary import summary
from astralint.report.words import SEVERITIES, counted, paragraph, sentence
from astralint.source.evidence import Evidence
from astralint.source.excerpt import Mark, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from astralint.report.context import ReportContext
    from astralint.rules.finding import CheckResult, Finding, SuppressedFinding
    from astralint.source.span import Span

_MAXIMUM_ROWS = 400
_MAXIMUM_INSTANCES = 3
_LEAST_WIDTH = 40
_UNBROKEN = 1_000_000
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


class _Detail(msgspec.Struct, frozen=True):
    """How much is shown of each finding.

    Its `code`, with `marks` under it; further `places`; `help`; what its `rule` says, with a row
    between rules; and whether rows are `broken` at the terminal's width.
    """

    code: bool = True
    marks: bool = True
    places: int = 3
    help: bool = True
    rule: bool = True
    broken: bool = True


_ALL = _Detail()
_LESS = (
    _Detail(places=1),
    _Detail(marks=False, places=1),
    _Detail(marks=False, places=0),
    _Detail(code=False, places=0),
    _Detail(code=False, places=0, help=False),
    _Detail(code=False, places=0, help=False, rule=False),
    _Detail(code=False, places=0, help=False, rule=False, broken=False),
)


def render(result: CheckResult, context: ReportContext) -> str:
    """Return the report, findings grouped by their rules."""
    rows = _rows(result, context, _ALL)
    for detail in _LESS if result.findings and not context.statistics else ():
        if len(rows) <= _MAXIMUM_ROWS:
            break
        if len(result.findings) <= _MAXIMUM_ROWS or not detail.broken:
            rows = _rows(result, context, detail)
    return "\n".join(row.rstrip() for row in rows) + "\n"


def _rows(result: CheckResult, context: ReportContext, detail: _Detail) -> list[str]:
    report = _GroupedReport(context, detail)
    for diagnostic in result.diagnostics:
        report.diagnostic(diagnostic)
    if context.statistics:
        report.rows.extend(statistics(result, report.style))
    else:
        for group in _groups(result.findings):
            report.group(group, _summary_of(group[0], result))
        if report.rows and report.rows[-1]:
            report.rows.append("")
    if context.show_suppressed and result.suppressed:
        report.kept(result.suppressed)
    report.rows.extend(summary(result, context, report.files, report.style))
    if detail != _ALL:
        report.note("help", "each finding is shown with less, since there are many: `--format full` shows all", "  ")
    return report.rows


def _groups(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Yield the findings of each rule and severity together, the most severe first."""
    groups: dict[tuple[int, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((_RANK[finding.severity], finding.rule, finding.contract), []).append(finding)
    for key in sorted(groups):
        yield groups[key]


def _summary_of(finding: Finding, result: CheckResult) -> str:
    if finding.contract:
        return f"“{finding.contract}”"
    return next((rule.summary for rule in result.rules if rule.id == finding.rule), "")


class _GroupedReport(FullReport):
    """Diagnostics as in the whole report, findings in few rows."""

    def __init__(self, context: ReportContext, detail: _Detail) -> None:
        super().__init__(context)
        self._detail = detail
        self._show_instances = context.show_instances
        self._wrap = context.wrap and detail.broken
        self._seen: set[Span] = set()

    def group(self, findings: Sequence[Finding], summary: str) -> None:
        """Show what one rule found."""
        first = findings[0]
        label = f"{first.severity}[{sentence(first.rule)} {sentence(first.name)}]"
        about = f": {sentence(summary)}" if summary and self._detail.rule else ""
        number = f" ({counted(len(findings), 'finding')})" if len(findings) > 1 else ""
        self._wrapped(self.style(first.severity, label), len(label), f"{about}{number}", "", "strong")
        helps = {finding.help for finding in findings}
        for finding in findings:
            self._finding(finding, finding.help if len(helps) > 1 else None)
        if len(helps) == 1 and self._detail.help:
            self.note("help", helps.pop(), "  ")
        if self._detail.rule:
            self.rows.append("")

    def _finding(self, finding: Finding, help_: str | None) -> None:
        span = finding.primary.span
        place = f"{self.files.local_path(span.file)}:{span.line}:{span.column}"
        where = f" [{sentence(finding.workspace)}]" if finding.workspace else ""
        head = "  " + self.style("gutter", place)
        # The id stands here too: whoever searches the output by lines finds a rule with its place.
        text = f" {sentence(finding.rule)} {sentence(finding.message)}{where}"
        self._wrapped(head, len(place) + 2, text, "    ", "")
        if self._detail.code:
            self._excerpt(finding)
        places = _further(finding)
        shown = self._detail.places
        for item in places[:shown]:
            self._further(item, finding)
        if len(places) > shown > 1:
            self.note("", f"and {counted(len(places) - shown, 'further place')}: `--format full` shows them", "    ")
        self._instances(finding)
        if self._detail.help:
            self.note("help", help_, "    ")

    def _excerpt(self, finding: Finding) -> None:
        """Show the line of a finding, unless it stands in the report already."""
        span = finding.primary.span
        if span in self._seen:
            return
        self._seen.add(span)
        lines = self.files.lines(span.file)
        if lines is None or not 0 < span.line <= len(lines):
            return
        gutter = len(str(span.line))
        mark = Mark(
            span.first_line if span.end_line > span.line else span, sentence(finding.primary.text), primary=True
        )
        rows = excerpt(lines, [mark], self.width - gutter - 7)
        code = next((row.text for row in rows if row.kind == "line"), "")
        under = next((row for row in rows if row.kind == "mark"), None)
        number = self.style("gutter", f"{span.line:>{gutter}} |")
        if under is None:
            return
        beside = f" -- {under.text}" if under.text else ""
        if under.indent == len(code) - len(code.lstrip()) and len(code) + len(beside) + gutter + 7 <= self.width:
            # What is marked begins where the line does: nothing has to be pointed at.
            self.rows.append(f"    {number} {code}{self.style(finding.severity, beside)}")
            return
        self.rows.append(f"    {number} {code}")
        if not self._detail.marks:
            return
        marked = "^" * under.length + (f" {under.text}" if under.text else "")
        bar = self.style("gutter", " " * gutter + " |")
        self.rows.append(f"    {bar} {' ' * under.indent}{self.style(finding.severity, marked)}")

    def _further(self, item: Evidence, finding: Finding) -> None:
        span = item.span
        same = span.file == finding.primary.span.file
        place = f"{'' if same else self.files.local_path(span.file)}:{span.line}:{span.column}"
        where = f" [{sentence(item.workspace)}]" if item.workspace and item.workspace != finding.workspace else ""
        text = f" {sentence(item.text)}" if item.text else ""
        self._wrapped("    " + self.style("gutter", place), len(place) + 4, f"{text}{where}", "      ", "")

    def _instances(self, finding: Finding) -> None:
        if len(finding.instances) < 2:
            return
        names = list(dict.fromkeys(_called(one) for one in finding.each))
        shown = names if self._show_instances else names[:_MAXIMUM_INSTANCES]
        more = f" and {len(names) - len(shown):,} more (`--show-instances`)" if len(names) > len(shown) else ""
        self.note("", f"in {len(finding.instances):,} instances: {', '.join(shown)}{more}", "    ")

    def kept(self, suppressed: Sequence[SuppressedFinding]) -> None:
        """Show what is kept back, a row each."""
        self.rows.append(self.style("note", "note") + self.style("strong", ": these findings are suppressed"))
        for item in suppressed:
            finding = item.finding
            span = finding.primary.span
            by = f"by {_BY.get(item.by, sentence(item.by))}"
            at = f" ({self.files.local_path(item.span.file)}:{item.span.line})" if item.span is not None else ""
            place = f"{self.files.local_path(span.file)}:{span.line}:{span.column}"
            text = f" {sentence(finding.rule)} {sentence(finding.message)}, suppressed {by}{at}: "
            text += sentence(item.reason) or "no reason given"
            self._wrapped("  " + self.style("gutter", place), len(place) + 2, text, "    ", "")
        self.rows.append("")

    def note(self, kind: str, text: str | None, indent: str) -> None:
        """Add a remark."""
        if not text:
            return
        head = f"{indent}{self.style('gutter', '=')} " + (self.style("help", f"{kind}:") + " " if kind else "")
        length = len(indent) + 2 + (len(kind) + 2 if kind else 0)
        rows = paragraph(text).split("\n")
        self._wrapped(head.rstrip(" "), length - 1, f" {rows[0]}", f"{indent}  ", "")
        self.rows.extend(f"{indent}  {row}" for row in rows[1:])

    def _wrapped(self, head: str, length: int, text: str, indent: str, name: str) -> None:
        """Add a head and a text behind it, broken at the terminal's width."""
        width = max(self.width, _LEAST_WIDTH) if self._wrap else _UNBROKEN
        first, *rest = _broken(text, width, length, indent)
        self.rows.append(head + self.style(name, first))
        self.rows.extend(indent + self.style(name, row) for row in rest)


def _broken(text: str, width: int, used: int, indent: str) -> list[str]:
    """Return a text in rows: the first has less room, the others are indented. Long names are not broken."""
    space = " " if text.startswith(" ") else ""
    words = text.split(" ")
    rows: list[str] = []
    row = ""
    room = width - used
    for word in (word for word in words if word):
        longer = f"{row} {word}" if row else word
        if row and len(longer) + (len(space) if not rows else 0) > room:
            rows.append(row)
            row, room = word, width - len(indent)
        else:
            row = longer
    rows.append(row)
    rows[0] = space + rows[0]
    return rows


def _called(finding: Finding) -> str:
    return f"`{sentence(finding.subject or finding.workspace)}`"


def _further(finding: Finding) -> list[Evidence]:
    """Return the further places of a finding, each line once, those of a way in its order."""
    seen = {_line(finding.primary)}
    found: list[Evidence] = []
    for item in (*finding.path, *finding.evidence):
        if _line(item) not in seen:
            seen.add(_line(item))
            found.append(item)
    return found


def _line(item: Evidence) -> tuple[str, int, int, str]:
    return item.span.file, item.span.line, item.span.column, item.workspace


_BY = {"comment": "a comment", "configuration": "the configuration", "baseline": "the baseline"}
