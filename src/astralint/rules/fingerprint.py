"""Fingerprints: what identifies a finding when the lines around it move."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence

from astralint.rules.finding import Finding
from astralint.source.redact import redact
from astralint.source.span import Span

Line = Callable[[Span], str]
"""Returns the line on which a place begins, credentials masked; empty where there is none."""


def fingerprints(findings: Sequence[Finding], line: Line) -> list[str]:
    """Return one for each finding, all different.

    They are made of the rule, the workspace, the subject and the primary line's
    text (masked, white space aside), never of the line's number; of a finding with
    instances, of the rule and the line alone. Findings alike in all of these are told
    apart by their order.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    result: list[str] = []
    for finding in findings:
        text = " ".join(line(finding.primary.span).split())
        about = ("", "") if finding.instances else (finding.workspace, finding.subject)
        key = (finding.rule, *about, text)
        seen[key] += 1
        parts = key if seen[key] == 1 else (*key, str(seen[key]))
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass"))
        result.append(digest.hexdigest()[:32])
    return result


def lines_of(text: Callable[[str], str | None]) -> Line:
    """Return how lines are read and masked, each file once; `text` returns a file's text or None."""
    files: dict[str, list[str]] = {}

    def line(span: Span) -> str:
        if span.file not in files:
            whole = text(span.file)
            files[span.file] = [] if whole is None else [row.removesuffix("\r") for row in redact(whole).split("\n")]
        rows = files[span.file]
        return rows[span.line - 1] if 0 < span.line <= len(rows) else ""

    return line
