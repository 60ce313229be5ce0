"""The baseline: findings that were there before, and that are to go one after the other.

A file of fingerprints, written once and committed. What is in it is kept back; what
is new is reported; entries that nothing needs any more are said, so that the file
shrinks. Fingerprints do not change when lines move.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from astralint.rules.finding import Finding, SuppressedFinding, single
from astralint.rules.fingerprint import Line, fingerprints
from astralint.rules.suppressions import Applied
from astralint.source.diagnostic import Diagnostic

VERSION = 1
MAXIMUM_SIZE = 50 * 1024 * 1024


class Entry(msgspec.Struct, frozen=True, order=True):
    """A finding of the baseline: its fingerprint, and what helps a person to tell which one it is."""

    rule: str
    file: str
    subject: str
    fingerprint: str


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
    every = single(findings)
    marks = fingerprints(every, line)
    entries = [Entry(f.rule, f.primary.span.file, f.subject, mark) for f, mark in zip(every, marks, strict=True)]
    return Baseline(VERSION, tuple(sorted(entries)))


def write(path: Path, baseline: Baseline) -> None:
    """Write a baseline, one entry a line, so that changes of it can be reviewed; raises BaselineError."""
    rows = [msgspec.json.encode(entry).decode() for entry in sorted(baseline.findings)]
    body = "".join(f"\n    {row}," for row in rows).removesuffix(",")
    text = f'{{\n  "version": {baseline.version},\n  "findings": [{body}\n  ]\n}}\n'
    try:
        path.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise BaselineError(f"the baseline `{path}` can't be written: {error.strerror or error}") from error


def apply(
    findings: Sequence[Finding], baseline: Baseline, line: Line, *, run: Iterable[str]
) -> tuple[Applied, list[Diagnostic]]:
    """Keep the findings back that are in a baseline; a note says how many of its entries are stale.

    `run` are the ids of the rules that ran: of one that did not, no entry is stale.
    """
    known = {entry.fingerprint: entry for entry in baseline.findings}
    standing: list[Finding] = []
    kept: list[SuppressedFinding] = []
    used: set[str] = set()
    for finding, mark in zip(findings, fingerprints(findings, line), strict=True):
        if mark in known:
            used.add(mark)
            kept.append(SuppressedFinding(finding, "baseline", "it was there when the baseline was written"))
        else:
            standing.append(finding)
    ran = set(run)
    stale = sorted(entry for mark, entry in known.items() if mark not in used and entry.rule in ran)
    said: list[Diagnostic] = []
    if stale:
        what = "entry of the baseline keeps" if len(stale) == 1 else "entries of the baseline keep"
        first = stale[0]
        message = f"{len(stale)} {what} nothing back any more, `{first.rule}` of `{first.subject or first.file}` first"
        said.append(Diagnostic("baseline-stale", "note", message, help="`astralint baseline` writes it anew"))
    return Applied(tuple(standing), tuple(kept)), said
