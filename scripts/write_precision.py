"""Write docs/precision.md: what the rules say of real platforms, and whether it is right.

    python scripts/write_precision.py CORPORA [--unjudged]

Each platform of `scripts/precision/*.hcl` is checked with that configuration. What was found was
judged by reading the code; the judgements stand in `scripts/precision/judgements.toml`, by
fingerprint. `--unjudged` prints the findings that have none, and writes nothing.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

import msgspec

from astralint.api import scan
from astralint.report import ReportContext
from astralint.report.files import Files
from astralint.report.fingerprint import fingerprints
from astralint.rules.finding import Finding

HOME = Path(__file__).with_name("precision")
PAGE = Path(__file__).parents[1] / "docs" / "precision.md"
VERDICTS = ("true", "debatable", "false")
INTRODUCTION = """\
# How often a finding is right

What all rules say of real platforms, each finding judged by reading the code: **true**, **debatable** (what it says
is so, but whether it is wrong depends on what the platform is meant to be), or **false**. Each platform is checked with a
configuration that says what its accounts are (`scripts/precision/*.hcl`). The judgements are committed by fingerprint;
`scripts/write_precision.py` makes this page of them.

"""


class Judgement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody who read the code says of a finding, or of all of a rule in a platform (fingerprint "*")."""

    platform: str
    rule: str
    fingerprint: str
    verdict: str
    why: str = ""


def found(platform: str, corpora: Path) -> list[tuple[Finding, str]]:
    """Return the findings of a platform with their fingerprints."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / platform
        shutil.copytree(corpora / platform, copy, symlinks=True)
        shutil.copy(HOME / f"{platform}.hcl", copy / "astralint.hcl")
        report = scan([copy])

        class Texts:
            text = staticmethod(report.source_text)

        findings = report.result.findings
        return list(zip(findings, fingerprints(findings, Files(ReportContext(Texts()))), strict=True))


def judgements() -> dict[tuple[str, str, str], Judgement]:
    """Return the judgements by platform, rule and fingerprint."""
    read = tomllib.loads((HOME / "judgements.toml").read_text("utf-8"))
    entries = msgspec.convert(read["judgement"], list[Judgement])
    return {(entry.platform, entry.rule, entry.fingerprint): entry for entry in entries}


def table(head: str, rows: dict[str, Counter[str]]) -> str:
    """Return a table of counts, one row a name, with the share that is true of what is not debatable."""
    lines = [f"| {head} | true | debatable | false | not judged |", "| --- | --- | --- | --- | --- |"]
    for name, counts in sorted(rows.items()):
        cells = " | ".join(str(counts[verdict] or "") for verdict in (*VERDICTS, "unjudged"))
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Check all platforms and write the page."""
    corpora = Path(sys.argv[1])
    known = judgements()
    by_rule: dict[str, Counter[str]] = {}
    by_platform: dict[str, Counter[str]] = {}
    by_severity: dict[str, Counter[str]] = {}
    for file in sorted(HOME.glob("*.hcl")):
        platform = file.stem
        for finding, mark in found(platform, corpora):
            entry = known.get((platform, finding.rule, mark)) or known.get((platform, finding.rule, "*"))
            verdict = entry.verdict if entry is not None else "unjudged"
            for rows, name in (
                (by_rule, f"`{finding.rule}` {finding.name}"),
                (by_platform, platform.replace("__", "/")),
                (by_severity, finding.severity),
            ):
                rows.setdefault(name, Counter())[verdict] += 1
            if entry is None and "--unjudged" in sys.argv:
                span = finding.primary.span
                print(platform, finding.rule, finding.severity, mark, f"{span.file}:{span.line}", finding.message)
    if "--unjudged" in sys.argv:
        return 0
    page = INTRODUCTION
    page += "## By severity\n\n" + table("severity", by_severity)
    page += "\n## By rule\n\n" + table("rule", by_rule)
    page += "\n## By platform\n\n" + table("platform", by_platform)
    shown = [entry for entry in known.values() if entry.verdict != "true" and entry.why]
    page += "\n## What is not plainly true\n\n"
    page += "".join(f"- {e.platform.replace('__', '/')} `{e.rule}` ({e.verdict}): {e.why}\n" for e in shown)
    PAGE.write_text(page, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
