"""GitLab's Code Quality report."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from astralint.report.files import Files
from astralint.report.fingerprint import fingerprints
from astralint.report.json_format import encoded
from astralint.report.words import sentence

if TYPE_CHECKING:
    from astralint.report.context import ReportContext
    from astralint.rules.finding import CheckResult
    from astralint.source.diagnostic import Diagnostic
    from astralint.source.span import Span

_SEVERITIES = {"error": "critical", "warning": "major", "note": "info"}


def render(result: CheckResult, context: ReportContext) -> str:
    """Return a JSON array of all diagnostics and findings."""
    files = Files(context)
    seen: Counter[tuple[str, ...]] = Counter()
    entries = [
        _entry(
            diagnostic.severity,
            sentence(diagnostic.code),
            sentence(diagnostic.message),
            _diagnostic_fingerprint(diagnostic, seen),
            files=files,
            span=diagnostic.span,
        )
        for diagnostic in result.diagnostics
    ]
    for finding, fingerprint in zip(result.findings, fingerprints(result.findings, files), strict=True):
        name = f"{sentence(finding.rule)} {sentence(finding.name)}"
        message = sentence(finding.message)
        entries.append(_entry(finding.severity, name, message, fingerprint, files=files, span=finding.primary.span))
    return encoded(entries) + "\n"


def _entry(
    severity: str, name: str, description: str, fingerprint: str, *, files: Files, span: Span | None
) -> dict[str, Any]:
    lines = {"begin": span.line, "end": max(span.end_line, span.line)} if span else {"begin": 1, "end": 1}
    return {
        "description": description,
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[severity],
        # GitLab drops entries without a path.
        "location": {"path": files.path(span.file) if span else ".", "lines": lines},
    }


def _diagnostic_fingerprint(diagnostic: Diagnostic, seen: Counter[tuple[str, ...]]) -> str:
    key = ("diagnostic", diagnostic.code, diagnostic.span.file if diagnostic.span else "", diagnostic.message)
    seen[key] += 1
    return hashlib.sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")).hexdigest()[:32]
