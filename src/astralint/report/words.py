"""Words of a result made fit for reports: masked, free of control characters, of bounded length."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from astralint.source.redact import redact
from astralint.source.visible import one_line, visible_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from astralint.rules.finding import Finding
    from astralint.source.diagnostic import Severity

MAXIMUM_TEXT = 4000
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@lru_cache(maxsize=4096)
def sentence(text: str) -> str:
    """Return a text from a result on one line, fit to be shown."""
    return shortened(one_line(redact(text[: MAXIMUM_TEXT * 2])))


@lru_cache(maxsize=1024)
def paragraph(text: str) -> str:
    """Return a text of several lines, fit to be shown."""
    return shortened(visible_lines(redact(text[: MAXIMUM_TEXT * 2])).strip())


def shortened(text: str, length: int = MAXIMUM_TEXT) -> str:
    """Return the text, cut with an ellipsis where it is longer than so many characters."""
    return text if len(text) <= length else text[: length - 1] + "…"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: `1 finding`, `2 findings`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """Return words as a sentence names them: `a, b and c`."""
    every = list(words)
    return " and ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)


def severity_counts(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Return how many findings there are of each severity."""
    counts: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        counts[finding.severity] += 1
    return counts


def totals(findings: Iterable[Finding]) -> str:
    """Return the findings in one phrase: `3 errors and 1 note`, or `no findings`."""
    counts = severity_counts(findings)
    return listed(counted(number, name) for name, number in counts.items() if number) or "no findings"
