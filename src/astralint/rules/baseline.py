"""The baseline: findings that were there before, and that are to go one after the other.

A file of fingerprints, written once and committed. What is in it is kept back; what
is new is reported; entries that nothing needs any more are said, so that the file
shrinks. An entry keeps one finding back: the one that says the same of the same
subject, else one of its rule whose code is the same, wherever it has moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from astralint.rules.finding import Finding, SuppressedFinding, single
from astralint.rules.fingerprint import Line, Marks, marks_of
from astralint.rules.suppressions import Applied
from astralint.source.diagnostic import Diagnostic

VERSION = 1
MAXIMUM_SIZE = 50 * 1024 * 1024


class Entry(msgspec.Struct, frozen=True, order=True):
    """A finding of the baseline: what it is recognized by, and what helps a person to tell which one it is."""

    rule: str
    file: str
    subject: str
    fingerprint: str
    code: str


class Baseline(msgspec.Struct, frozen=True):
    """What the file holds."""

    version: int
    findings: tuple[Entry, ...]


class BaselineError(Exception):
    """A baseline that can't be used; `diagnostic` says why (a usage error)."""

    def __init__(self, message: str, help_: str | None = None) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic("baseline-invalid", "error", message, help=help_, usage=True)


def read(path: Path) -> Baseline:
    """Return what a file holds; raises BaselineError where it is not there or no baseline."""
    try:
        if path.stat().st_size > MAXIMUM_SIZE:
            raise BaselineError(f"the baseline `{path}` is too large")
        content = path.read_bytes()
    except OSError as error:
        raise BaselineError(f"the baseline `{path}` can't be read: {error.strerror or error}") from error
    try:
        baseline = msgspec.json.decode(content, type=Baseline)
    except msgspec.DecodeError as error:
        raise BaselineError(f"`{path}` is no baseline: {error}", "`astralint baseline` writes one") from error
    if baseline.version != VERSION:
        raise BaselineError(f"the baseline `{path}` is of version {baseline.version}, not {VERSION}")
    return baseline


def make(findings: Sequence[Finding], line: Line) -> Baseline:
    """Return the baseline of findings, each instance of a line for itself."""
    return Baseline(VERSION, tuple(sorted(_entry(finding, line) for finding in single(findings))))


def _entry(finding: Finding, line: Line) -> Entry:
    marks = marks_of(finding, line)
    return Entry(finding.rule, finding.primary.span.file, finding.subject, marks.said, marks.code)


def write(path: Path, baseline: Baseline) -> None:
    """Write a baseline, one entry a line, so that changes of it can be reviewed; raises BaselineError."""
    rows = [msgspec.json.encode(entry).decode() for entry in sorted(baseline.findings)]
    body = "".join(f"\n    {row}," for row in rows).removesuffix(",")
    text = f'{{\n  "version": {baseline.version},\n  "findings": [{body}\n  ]\n}}\n'
    try:
        path.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise BaselineError(f"the baseline `{path}` can't be written: {error.strerror or error}") from error


class Fit(msgspec.Struct, frozen=True, eq=False):
    """How a baseline fits: findings that it keeps back, those that are new, and entries that nothing needs."""

    kept: tuple[Finding, ...]
    new: tuple[Finding, ...]
    stale: tuple[Entry, ...]


def fit(findings: Sequence[Finding], baseline: Baseline, line: Line, *, run: Iterable[str]) -> Fit:
    """Compare findings with a baseline: each entry keeps one finding back.

    `run` are the ids of the rules that ran: of one that did not, no entry is stale.
    """
    left = list(baseline.findings)
    open_ = [(finding, marks_of(finding, line)) for finding in single(findings)]
    kept: list[Finding] = []
    for of_entry, of_marks in ((_fingerprint, _said), (_code, _same_code)):
        waiting: dict[str, list[Entry]] = {}
        for entry in left:
            waiting.setdefault(of_entry(entry), []).append(entry)
        unmatched: list[tuple[Finding, Marks]] = []
        for finding, marks in open_:
            entries = waiting.get(of_marks(marks))
            if entries:
                entries.pop(0)
                kept.append(finding)
            else:
                unmatched.append((finding, marks))
        left = [entry for entries in waiting.values() for entry in entries]
        open_ = unmatched
    ran = set(run)
    stale = tuple(sorted(entry for entry in left if entry.rule in ran))
    return Fit(tuple(sorted(kept, key=lambda f: f.sort_key)), tuple(finding for finding, _ in open_), stale)


def _fingerprint(entry: Entry) -> str:
    return entry.fingerprint


def _code(entry: Entry) -> str:
    return entry.code


def _said(marks: Marks) -> str:
    return marks.said


def _same_code(marks: Marks) -> str:
    return marks.code


def prune(baseline: Baseline, stale: Iterable[Entry]) -> Baseline:
    """Return a baseline without entries that nothing needs."""
    left = list(baseline.findings)
    for entry in stale:
        left.remove(entry)
    return Baseline(VERSION, tuple(left))


def apply(
    findings: Sequence[Finding], baseline: Baseline, line: Line, *, run: Iterable[str]
) -> tuple[Applied, list[Diagnostic]]:
    """Keep the findings back that are in a baseline; a note says how many of its entries can be pruned."""
    fitted = fit(findings, baseline, line, run=run)
    reason = "it was there when the baseline was written"
    kept = tuple(SuppressedFinding(finding, "baseline", reason) for finding in fitted.kept)
    said: list[Diagnostic] = []
    if fitted.stale:
        number, first = len(fitted.stale), fitted.stale[0]
        what = (
            "1 entry of the baseline can be pruned"
            if number == 1
            else f"{number:,} entries of the baseline can be pruned"
        )
        message = f"{what}: `{first.rule}` of `{first.subject or first.file}`{' first' if number > 1 else ''}"
        said.append(
            Diagnostic("baseline-stale", "note", message, help="`astralint baseline prune` removes what is gone")
        )
    return Applied(fitted.new, kept), said
