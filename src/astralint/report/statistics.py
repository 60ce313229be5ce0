"""Counts of findings: by rule, by account, by workspace."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from astralint.report.words import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from astralint.report.style import Style
    from astralint.rules.finding import CheckResult, Finding


def statistics(result: CheckResult, style: Style) -> Iterator[str]:
    """Yield a table for each way to count, the most findings first; each instance of a line counts."""
    every = [one for finding in result.findings for one in finding.each]
    yield from _table("rule", _counts(every, lambda f: f"{f.rule} {f.name}"), style)
    yield from _table("account", _counts(every, lambda f: f.account or "(none)"), style)
    yield from _table("workspace", _counts(every, lambda f: f.workspace or "(none)"), style)


def _counts(findings: list[Finding], key: object) -> Mapping[str, int]:
    assert callable(key)
    return Counter(sentence(key(finding)) for finding in findings)


def _table(title: str, counts: Mapping[str, int], style: Style) -> Iterator[str]:
    if not counts:
        return
    width = max(len(f"{number:,}") for number in counts.values())
    yield style("strong", f"by {title}")
    for name, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {number:>{width},}  {name}"
    yield ""
