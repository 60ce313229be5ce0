"""Fingerprints of findings, over the files of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.rules.fingerprint import fingerprints as _fingerprints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astralint.report.files import Files
    from astralint.rules.finding import Finding


def fingerprints(findings: Sequence[Finding], files: Files) -> list[str]:
    """Return one for each finding, all different; see `astralint.rules.fingerprint`."""
    return _fingerprints(findings, files.line)
