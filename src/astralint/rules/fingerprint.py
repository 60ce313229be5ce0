"""Fingerprints: what identifies a finding when the lines around it move."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from astralint.rules.finding import Finding
from astralint.source.redact import redact
from astralint.source.span import Span

Line = Callable[[Span], str]
"""Returns the line on which a place begins, credentials masked; empty where there is none."""


class Marks(msgspec.Struct, frozen=True):
    """What a finding is recognized by.

    `said` is of the rule, the workspace, the subject and the message: nothing of the file
    is in it. `code` is of the rule, the subject and the primary line's text (masked,
    white space aside): it is the same where a directory, and with it a workspace, has
    another name. Nothing is made of a line's number or a file's path.
    """

    said: str
    code: str


def marks_of(finding: Finding, line: Line) -> Marks:
    """Return what a finding is recognized by; findings that are alike have the same."""
    rule = (finding.rule, finding.contract)
    paths = {item.span.file for item in (finding.primary, *finding.evidence, *finding.path)}

    def without_paths(said: str) -> str:
        for path in sorted(paths, key=len, reverse=True):
            said = said.replace(path, "")
        return said

    text = " ".join(line(finding.primary.span).split())
    # What is about a workspace as a whole is called by its name.
    subject = without_paths(finding.subject)
    anonymous = "" if finding.subject == finding.workspace else subject
    said = without_paths(redact(finding.message))
    return Marks(_digest(*rule, finding.workspace, subject, said), _digest(*rule, anonymous, text))


def fingerprints(findings: Sequence[Finding], line: Line) -> list[str]:
    """Return one for each finding, all different: findings that are alike are told apart by their order.

    That of a finding with instances is of its rule and line alone.
    """
    seen: Counter[str] = Counter()
    result: list[str] = []
    for finding in findings:
        text = " ".join(line(finding.primary.span).split())
        alone = not finding.instances
        said = marks_of(finding, line).said if alone else _digest(finding.rule, finding.contract, text)
        seen[said] += 1
        result.append(said if seen[said] == 1 else _digest(said, str(seen[said])))
    return result


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


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
