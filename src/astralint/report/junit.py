"""JUnit's XML: a suite for each rule, a failed case for each finding, a skipped one for each undecided subject."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr  # nosec - writes, never parses

from astralint.report.files import Files
from astralint.report.words import paragraph, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from astralint.report.context import ReportContext
    from astralint.rules.finding import CheckResult, Finding, UndecidedSubject
    from astralint.source.diagnostic import Diagnostic


def render(result: CheckResult, context: ReportContext) -> str:
    """Return the XML document."""
    files = Files(context)
    suites = _Suites(result)
    failures = len(result.findings)
    rows = ['<?xml version="1.0" encoding="UTF-8"?>']
    body = [row for name in suites.names for row in suites.rows(name, files)]
    input_rows, problems = _input_suite(result.diagnostics, files)
    total = suites.cases + len(result.diagnostics)
    attributes = {"name": "astralint", "tests": total, "failures": failures, "errors": problems}
    rows.append(f"<testsuites{_attributes(attributes)}>")
    rows.extend(input_rows)
    rows.extend(body)
    rows.append("</testsuites>")
    return "\n".join(rows) + "\n"


class _Suites:
    """The findings and undecided subjects by rule; a rule without any has one passed case."""

    def __init__(self, result: CheckResult) -> None:
        self.findings: dict[str, list[Finding]] = {}
        self.undecided: dict[str, list[UndecidedSubject]] = {}
        self.titles: dict[str, str] = {}
        self.cases = 0
        for rule in result.rules:
            self.titles[rule.id] = rule.name
        for finding in result.findings:
            self.titles.setdefault(finding.rule, finding.name)
            self.findings.setdefault(finding.rule, []).append(finding)
        for item in result.undecided:
            self.titles.setdefault(item.rule, item.name)
            self.undecided.setdefault(item.rule, []).append(item)
        self.silent = {item.rule: item.reason for item in result.silent}
        self.names = sorted(self.titles)

    def rows(self, rule: str, files: Files) -> Iterator[str]:
        findings, undecided = self.findings.get(rule, []), self.undecided.get(rule, [])
        cases = [*(_failure(f, files) for f in findings), *(_skipped(u.subject, rule, u.reason) for u in undecided)]
        if rule in self.silent:
            cases.append(_skipped("platform", rule, self.silent[rule]))
        skipped = len(cases) - len(findings)
        if not cases:
            cases.append(f"<testcase{_attributes({'classname': sentence(rule), 'name': 'platform'})}/>")
        self.cases += len(cases)
        attributes = {
            "name": f"{sentence(rule)} {sentence(self.titles[rule])}",
            "tests": len(cases),
            "failures": len(findings),
            "errors": 0,
            "skipped": skipped,
        }
        yield f"  <testsuite{_attributes(attributes)}>"
        yield from (f"    {case}" for case in cases)
        yield "  </testsuite>"


def _failure(finding: Finding, files: Files) -> str:
    span = finding.primary.span
    name = sentence(finding.subject) or f"{files.path(span.file)}:{span.line}"
    case = {"classname": sentence(finding.rule), "name": name, "file": files.path(span.file), "line": span.line}
    failure = {"message": sentence(finding.message), "type": finding.severity}
    places = [
        f"{files.path(e.span.file)}:{e.span.line}: {sentence(e.text)}" for e in (finding.primary, *finding.evidence)
    ]
    places.extend(
        f"step {number}: {files.path(step.span.file)}:{step.span.line}: {sentence(step.text)}"
        for number, step in enumerate(finding.path, 1)
    )
    if finding.help:
        places.append(f"help: {paragraph(finding.help)}")
    body = escape("\n".join(places))
    return f"<testcase{_attributes(case)}><failure{_attributes(failure)}>{body}</failure></testcase>"


def _skipped(subject: str, rule: str, reason: str) -> str:
    case = _attributes({"classname": sentence(rule), "name": sentence(subject)})
    return f"<testcase{case}><skipped{_attributes({'message': sentence(reason)})}/></testcase>"


def _input_suite(diagnostics: Sequence[Diagnostic], files: Files) -> tuple[list[str], int]:
    """Return the rows about the input, and how many of its problems are errors."""
    if not diagnostics:
        return [], 0
    problems = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
    attributes = {"name": "input", "tests": len(diagnostics), "failures": 0, "errors": problems, "skipped": 0}
    rows = [f"  <testsuite{_attributes(attributes)}>"]
    for diagnostic in diagnostics:
        span = diagnostic.span
        where = f"{files.path(span.file)}:{span.line}" if span else "platform"
        case = _attributes({"classname": sentence(diagnostic.code), "name": where})
        text = {"message": sentence(diagnostic.message), "type": diagnostic.severity}
        if diagnostic.severity == "error":
            body = escape(paragraph(diagnostic.help)) if diagnostic.help else ""
            rows.append(f"    <testcase{case}><error{_attributes(text)}>{body}</error></testcase>")
        else:
            rows.append(f"    <testcase{case}><system-out>{escape(text['message'])}</system-out></testcase>")
    rows.append("  </testsuite>")
    return rows, problems


def _attributes(attributes: dict[str, object] | dict[str, str] | dict[str, str | int]) -> str:
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items())
