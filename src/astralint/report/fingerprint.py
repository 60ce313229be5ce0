"""Fingerprints: what identifies a finding when the lines around it move."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astralint.report.files import Files
    from astralint.rules.finding import Finding


def fingerprints(findings: Sequence[Finding], files: Files) -> list[str]:
    """Return one for each finding, all different.

    They are made of the rule, the workspace, the subject and the primary line's
    text (masked, white space aside), never of the line's number. Findings alike
    in all of these are told apart by their order.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    result: list[str] = []
    for finding in findings:
        line = " ".join(files.line(finding.primary.span).split())
        key = (finding.rule, finding.workspace, finding.subject, line)
        seen[key] += 1
        parts = key if seen[key] == 1 else (*key, str(seen[key]))
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass"))
        result.append(digest.hexdigest()[:32])
    return result
