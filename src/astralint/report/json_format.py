"""The report for programs: versioned JSON, described in docs/reference/json-format.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from astralint.report.files import Files
from astralint.report.fingerprint import fingerprints
from astralint.report.words import paragraph, sentence, severity_counts
from astralint.source.json_sink import json_text

if TYPE_CHECKING:
    from astralint.report.context import ReportContext
    from astralint.rules.finding import CheckResult, Coverage, Finding, Instance
    from astralint.source.diagnostic import Diagnostic
    from astralint.source.evidence import Evidence
    from astralint.source.span import Span

FORMAT_VERSION = "1.0"


def render(result: CheckResult, context: ReportContext) -> str:
    """Return the whole report as one JSON document."""
    return encoded(document(result, context)) + "\n"


def encoded(value: object) -> str:
    """Return a value as indented JSON."""
    return json_text(value)


def document(result: CheckResult, context: ReportContext) -> dict[str, Any]:
    """Return the report as plain values."""
    report = _JsonReport(context)
    counts = severity_counts(result.findings)
    every = [*result.findings, *(item.finding for item in result.suppressed)]
    marks = fingerprints(every, report.files)
    number = len(result.findings)
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "astralint", "version": context.version},
        "summary": {
            "errors": counts["error"],
            "warnings": counts["warning"],
            "notes": counts["note"],
            "suppressed": len(result.suppressed),
            "undecided": len(result.undecided),
            "silent_rules": len(result.silent),
            "broken": sum(diagnostic.broken for diagnostic in result.diagnostics),
        },
        "findings": [report.finding(*pair) for pair in zip(result.findings, marks[:number], strict=True)],
        "diagnostics": [report.diagnostic(diagnostic) for diagnostic in result.diagnostics],
        "undecided": [
            {
                "rule": sentence(item.rule),
                "name": sentence(item.name),
                "subject": sentence(item.subject),
                "workspace": sentence(item.workspace),
                "reason": sentence(item.reason),
                "remedy": sentence(item.remedy),
                "location": report.location(item.span),
            }
            for item in result.undecided
        ],
        "silent": [
            {"rule": sentence(item.rule), "name": sentence(item.name), "reason": sentence(item.reason)}
            for item in result.silent
        ],
        "suppressed": [
            {
                "by": sentence(item.by),
                "reason": sentence(item.reason),
                "location": report.location(item.span),
                "finding": report.finding(item.finding, mark),
            }
            for item, mark in zip(result.suppressed, marks[number:], strict=True)
        ],
        "blind_places": [
            {
                "kind": place.kind,
                "workspace": sentence(place.workspace),
                "name": sentence(place.name),
                "location": report.location(place.span),
            }
            for place in result.coverage.blind_places
        ],
        "coverage": _coverage(result.coverage),
        **({"discovery": _discovery(context)} if context.discovery is not None else {}),
    }


class _JsonReport:
    def __init__(self, context: ReportContext) -> None:
        self.files = Files(context)

    def location(self, span: Span | None) -> dict[str, Any] | None:
        if span is None:
            return None
        return span.data(self.files.path(span.file))

    def evidence(self, evidence: Evidence) -> dict[str, Any]:
        return {
            "text": sentence(evidence.text),
            "workspace": sentence(evidence.workspace),
            "location": self.location(evidence.span),
        }

    def finding(self, finding: Finding, fingerprint: str) -> dict[str, Any]:
        return {
            "rule": sentence(finding.rule),
            "name": sentence(finding.name),
            "severity": finding.severity,
            "message": sentence(finding.message),
            "fingerprint": fingerprint,
            "subject": sentence(finding.subject),
            "workspace": sentence(finding.workspace),
            "account": sentence(finding.account),
            "contract": sentence(finding.contract) or None,
            "help": paragraph(finding.help) if finding.help else None,
            "location": self.location(finding.primary.span),
            "primary": self.evidence(finding.primary),
            "evidence": [self.evidence(item) for item in finding.evidence],
            "path": [self.evidence(item) for item in finding.path],
            "instances": [self.instance(instance) for instance in finding.instances],
        }

    def instance(self, instance: Instance) -> dict[str, Any]:
        finding = instance.finding
        return {
            "message": sentence(finding.message),
            "subject": sentence(finding.subject),
            "workspace": sentence(finding.workspace),
            "account": sentence(finding.account),
            "place": self.evidence(instance.place),
            "evidence": [self.evidence(item) for item in finding.evidence],
        }

    def diagnostic(self, diagnostic: Diagnostic) -> dict[str, Any]:
        return {
            "code": sentence(diagnostic.code),
            "severity": diagnostic.severity,
            "message": sentence(diagnostic.message),
            "help": paragraph(diagnostic.help) if diagnostic.help else None,
            "broken": diagnostic.broken,
            "usage": diagnostic.usage,
            "location": self.location(diagnostic.span),
            "labels": [
                {"text": sentence(label.text), "location": self.location(label.span)} for label in diagnostic.labels
            ],
        }


def _discovery(context: ReportContext) -> list[dict[str, str]]:
    return [{"path": path, "kind": kind, "reason": sentence(reason)} for path, kind, reason in context.discovery or ()]


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "files": coverage.files,
        "workspaces": coverage.workspaces,
        "workspaces_broken": [sentence(name) for name in coverage.workspaces_broken],
        "unmapped_workspaces": [sentence(name) for name in coverage.unmapped_workspaces],
        "accounts": [
            {"name": sentence(name), "kind": sentence(kind), "number": sentence(number), "workspaces": workspaces}
            for name, kind, number, workspaces in coverage.accounts
        ],
        "resources": coverage.resources,
        "data_sources": coverage.data_sources,
        "module_calls": coverage.module_calls,
        "modules_read": coverage.modules_read,
        "modules_missing": [{"source": sentence(source), "calls": calls} for source, calls in coverage.modules_missing],
        "remote_state_reads": coverage.remote_state_reads,
        "remote_state_resolved": coverage.remote_state_resolved,
        "unknown_reasons": [
            {"reason": sentence(reason), "attributes": number} for reason, number in coverage.unknown_reasons
        ],
        "rules_run": coverage.rules_run,
        "languages": [{"language": sentence(name), "workspaces": number} for name, number in coverage.languages],
        "layouts": [
            {
                "name": layout.name,
                "unit": layout.unit,
                "units": layout.units,
                "evaluated": layout.evaluated,
                "understood": layout.understood,
                "undecided": [{"reason": sentence(reason), "units": number} for reason, number in layout.undecided],
                "help": layout.help or None,
            }
            for layout in coverage.layouts
        ],
        "remedies": [{"remedy": sentence(remedy), "unknowns": number} for remedy, number in coverage.remedies],
    }
