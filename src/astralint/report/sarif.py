"""SARIF 2.1.0 as GitHub's code scanning wants it: one run, within its limits."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import sarif_om  # type: ignore[import-untyped]

from astralint.report.fingerprint import fingerprints
from astralint.report.sarif_places import SOURCE_ROOT, Places
from astralint.report.sarif_results import descriptor, message_text, result, rule_id, suppression
from astralint.report.sarif_writer import plain
from astralint.report.summary import analysed
from astralint.report.words import SEVERITIES, counted, paragraph, sentence
from astralint.rules.finding import Finding, RuleDescription, SuppressedFinding
from astralint.source.json_sink import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astralint.report.context import ReportContext
    from astralint.rules.finding import CheckResult
    from astralint.source.span import Span

LINE_HASH = "primaryLocationLineHash"
MAXIMUM_RESULTS = 25_000
MAXIMUM_GZIPPED = 10_000_000
MAXIMUM_NOTIFICATIONS = 1_000
_SEMANTIC = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?\Z")
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def render(result: CheckResult, context: ReportContext) -> str:
    """Return a SARIF log; the least severe findings are left out, and counted, where it would grow too large."""
    maximum = MAXIMUM_RESULTS
    while True:
        encoded = _encoded(result, context, maximum)
        size = _gzipped(encoded)
        if size <= MAXIMUM_GZIPPED or not maximum:
            return encoded.decode() + "\n"
        shown = min(maximum, len(result.findings) + len(result.suppressed))
        maximum = int(shown * 0.9 * MAXIMUM_GZIPPED / size)


def _gzipped(encoded: bytes) -> int:
    if len(encoded) <= MAXIMUM_GZIPPED:
        return len(encoded)
    quick = len(gzip.compress(encoded, 1, mtime=0))
    return quick if quick <= MAXIMUM_GZIPPED else len(gzip.compress(encoded, 6, mtime=0))


def _encoded(check: CheckResult, context: ReportContext, maximum: int) -> bytes:
    log = sarif_om.SarifLog(version="2.1.0", schema_uri=_SCHEMA, runs=[_Run(check, context, maximum).run()])
    return json_text(plain(log), indent=None).encode()


class _Run:
    """Builds the one run of a log."""

    def __init__(self, check: CheckResult, context: ReportContext, maximum: int) -> None:
        self.check = check
        self.context = context
        self.places = Places(context)
        every: list[Finding | SuppressedFinding] = list(check.findings)
        if context.show_suppressed:
            every.extend(check.suppressed)
        self.left_out = max(len(every) - maximum, 0)
        self.kept = _most_severe(every, maximum) if self.left_out else every
        self.rules = _rules(check.rules, self.kept)
        self.indices = {rule.id: index for index, rule in enumerate(self.rules)}
        self.notifications: list[sarif_om.Notification] = []

    def run(self) -> sarif_om.Run:
        version = sentence(self.context.version)
        results = self._results()
        self._diagnostics()
        self._remarks()
        driver = sarif_om.ToolComponent(
            name="astralint",
            version=version,
            semantic_version=version if _SEMANTIC.match(version) else None,
            rules=[descriptor(rule) for rule in self.rules],
        )
        successful = not any(diagnostic.broken or diagnostic.usage for diagnostic in self.check.diagnostics)
        root = sarif_om.ArtifactLocation(description=sarif_om.Message(text="The root of the repository."))
        return sarif_om.Run(
            tool=sarif_om.Tool(driver=driver),
            automation_details=sarif_om.RunAutomationDetails(id="astralint/"),
            column_kind="unicodeCodePoints",
            original_uri_base_ids={SOURCE_ROOT: root},
            invocations=[
                sarif_om.Invocation(
                    execution_successful=successful,
                    tool_execution_notifications=self.notifications,
                )
            ],
            results=results,
        )

    def _results(self) -> list[msgspec.Raw]:
        marks = fingerprints([_finding(item) for item in self.kept], self.places.files)
        results = []
        seen: set[tuple[str, str]] = set()
        for item, mark in zip(self.kept, marks, strict=True):
            finding = _finding(item)
            built = result(finding, self.indices[finding.rule], self.places, mark)
            _tell_apart(built, mark, seen)
            if isinstance(item, SuppressedFinding):
                built.suppressions = [suppression(item, self.places)]
            # Encoded at once: hundreds of thousands of live objects would keep the garbage collector busy.
            results.append(msgspec.Raw(msgspec.json.encode(plain(built))))
        return results

    def _diagnostics(self) -> None:
        for diagnostic in self.check.diagnostics[:MAXIMUM_NOTIFICATIONS]:
            text = sentence(diagnostic.message)
            if diagnostic.help:
                text += f"\n{paragraph(diagnostic.help)}"
            spans = [*([diagnostic.span] if diagnostic.span else []), *(label.span for label in diagnostic.labels)]
            self._notify(sentence(diagnostic.code) or "diagnostic", diagnostic.severity, text, spans=spans)
        more = len(self.check.diagnostics) - MAXIMUM_NOTIFICATIONS
        if more > 0:
            self._notify("diagnostics-left-out", "warning", f"{counted(more, 'further diagnostic')} left out")

    def _remarks(self) -> None:
        if self.left_out:
            text = f"{counted(self.left_out, 'result')} left out, the least severe first: the report would be too large"
            self._notify("results-left-out", "warning", text)
        undecided = self.check.undecided
        if self.context.show_undecided:
            for item in undecided[:MAXIMUM_NOTIFICATIONS]:
                text = f"`{sentence(item.subject)}` is undecided: {sentence(item.reason)}"
                spans = [item.span] if item.span else []
                self._notify("undecided", "note", text, rule=item.rule, spans=spans)
            undecided = undecided[MAXIMUM_NOTIFICATIONS:]
        if undecided:
            reasons = Counter(item.reason for item in undecided).most_common(10)
            text = f"{counted(len(undecided), 'verdict is', 'verdicts are')} undecided, because something is unknown: "
            self._notify("undecided", "note", text + "; ".join(f"{n} × {sentence(reason)}" for reason, n in reasons))
        for silent in self.check.silent:
            text = f"rule {sentence(silent.rule)} is silent: {sentence(silent.reason)}"
            self._notify("silent-rule", "note", text, rule=silent.rule)
        self._notify("coverage", "note", analysed(self.check.coverage))

    def _notify(self, code: str, level: str, text: str, *, rule: str = "", spans: Sequence[Span] = ()) -> None:
        rule_index = self.indices.get(rule)
        associated = None
        if rule_index is not None:
            associated = sarif_om.ReportingDescriptorReference(id=rule_id(rule), index=rule_index)
        self.notifications.append(
            sarif_om.Notification(
                message=sarif_om.Message(text=message_text(text)),
                level=level,
                descriptor=sarif_om.ReportingDescriptorReference(id=code),
                associated_rule=associated,
                locations=[sarif_om.Location(physical_location=self.places.physical(span)) for span in spans] or None,
            )
        )


def _tell_apart(built: sarif_om.Result, mark: str, seen: set[tuple[str, str]]) -> None:
    """Give a result a line hash of its own where another one of its rule has it: GitHub would show one alert for both."""
    hashes = built.partial_fingerprints
    line_hash = hashes.get(LINE_HASH)
    if line_hash is not None and (built.rule_id, line_hash) in seen:
        hashes[LINE_HASH] = f"{mark[:16]}:1"
    seen.add((built.rule_id, hashes.get(LINE_HASH, "")))


def _finding(item: Finding | SuppressedFinding) -> Finding:
    return item.finding if isinstance(item, SuppressedFinding) else item


def _most_severe(every: Sequence[Finding | SuppressedFinding], maximum: int) -> list[Finding | SuppressedFinding]:
    """Return so many findings, the most severe, those not suppressed first, in their own order."""
    ranked = sorted(
        range(len(every)),
        key=lambda i: (isinstance(every[i], SuppressedFinding), _RANK[_finding(every[i]).severity], i),
    )
    return [every[index] for index in sorted(ranked[:maximum])]


def _rules(rules: Sequence[RuleDescription], kept: Sequence[Finding | SuppressedFinding]) -> list[RuleDescription]:
    """Return every enabled rule, and any other that a finding is from."""
    known = {rule.id: rule for rule in reversed(rules)}
    for item in kept:
        finding = _finding(item)
        if finding.rule not in known:
            known[finding.rule] = RuleDescription(finding.rule, finding.name, finding.severity, "", "")
    return sorted(known.values(), key=lambda rule: rule.id)
