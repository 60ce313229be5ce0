"""A comparison as text, JSON, or Markdown for a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from astralint.compare.comparison import Comparison
from astralint.compare.picture import picture
from astralint.compare.policies import PolicyChange
from astralint.compare.trust import ChangedEdge, TrustDifference, TrustEdge
from astralint.report.context import prefixed
from astralint.report.words import counted, sentence, shortened
from astralint.rules.finding import Finding
from astralint.source.evidence import Evidence
from astralint.source.json_sink import json_text
from astralint.source.span import Span

FORMATS = ("text", "json", "markdown")
MAXIMUM_LENGTH = 60_000
MAXIMUM_ROWS = 100
MAXIMUM_CELL = 400
_MARKUP = re.compile(r"[&<>\"'`*_{}\[\]()#+!|~@:\\$^=]|(?i:(?<=www)\.)|^[-.\d]")
_CODE = re.compile(r"`([^`]+)`")
_SIGNS = {"error": "❌ error", "warning": "⚠️ warning", "note": "ℹ️ note"}


def render(comparison: Comparison, format_: str, prefix: str = "") -> str:
    """Return the comparison in a format; `prefix` leads from the repository's root to the boundary."""
    return {"text": as_text, "json": as_json, "markdown": as_markdown}[format_](comparison, prefix)


# --- JSON ----------------------------------------------------------------------------------


def as_json(comparison: Comparison, prefix: str = "") -> str:
    """Return the comparison as one JSON document."""
    document = {
        "format_version": "1.0",
        "base": comparison.before.name,
        "head": comparison.after.name,
        "findings": {
            "added": [_finding(*pair, prefix) for pair in comparison.added],
            "removed": [_finding(*pair, prefix) for pair in comparison.removed],
        },
        "trust": _trust(comparison.trust, prefix),
        "escalation": _trust(comparison.escalation, prefix),
        "weakened": [
            {"kind": item.kind, "text": sentence(item.text), "location": _location(item.span, prefix)}
            for item in comparison.weakened
        ],
        "policies": [_policy(change, prefix) for change in comparison.policies],
    }
    return json_text(document) + "\n"


def _finding(finding: Finding, fingerprint: str, prefix: str) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity,
        "message": sentence(finding.message),
        "fingerprint": fingerprint,
        "subject": sentence(finding.subject),
        "workspace": sentence(finding.workspace),
        "location": _location(finding.primary.span, prefix),
    }


def _trust(trust: TrustDifference, prefix: str) -> dict[str, Any]:
    return {
        "added": [_edge(edge, prefix) for edge in trust.added],
        "removed": [_edge(edge, prefix) for edge in trust.removed],
        "changed": [
            {"before": _edge(edge.before, prefix), "after": _edge(edge.after, prefix), "widens": edge.widens}
            for edge in trust.changed
        ],
    }


def _edge(edge: TrustEdge, prefix: str) -> dict[str, Any]:
    return {
        "kind": edge.kind,
        "from": sentence(edge.source),
        "to": sentence(edge.target),
        "verdict": edge.verdict,
        "missing": edge.missing,
        **({"does": list(edge.does)} if edge.does else {}),
        "conditions": [sentence(condition) for condition in edge.conditions],
        "evidence": [
            {
                "text": sentence(item.text),
                "workspace": sentence(item.workspace),
                "location": _location(item.span, prefix),
            }
            for item in edge.evidence
        ],
    }


def _policy(change: PolicyChange, prefix: str) -> dict[str, Any]:
    request = change.answer.request
    return {
        "workspace": sentence(change.workspace),
        "address": sentence(change.address),
        "argument": sentence(change.argument),
        "kind": change.kind,
        "change": change.change,
        "verdict": change.answer.verdict,
        "text": sentence(change.sentence),
        "reason": sentence(change.answer.reason),
        "was_denied": change.answer.denial,
        "request": None
        if request is None
        else {
            "principal": _shown(request.principal),
            "without_own_policy": request.alone,
            "action": sentence(request.action),
            "resource": _shown(request.resource),
            "keys": {sentence(name): [sentence(value) for value in values] for name, values in request.keys},
            "exists": request.exists,
        },
        "location": _location(change.span, prefix),
    }


def _shown(text: str | None) -> str | None:
    return None if text is None else sentence(text)


def _location(span: Span | None, prefix: str) -> dict[str, Any] | None:
    if span is None:
        return None
    return span.data(sentence(prefixed(prefix, span.file)))


# --- text ----------------------------------------------------------------------------------


def as_text(comparison: Comparison, prefix: str = "") -> str:
    """Return the comparison for people."""
    trust, escalation = comparison.trust, comparison.escalation
    lines = [sentence(f"From {comparison.before.name} to {comparison.after.name}: {_totals(comparison)}")]

    def section(title: str, rows: Iterable[str]) -> None:
        found = list(rows)
        if found:
            lines.extend(["", f"{title}:", *found])

    section("Trust", _trust_lines(trust.added, trust.removed, trust.changed, prefix))
    section("Escalation", _trust_lines(escalation.added, escalation.removed, escalation.changed, prefix))
    section("Policies", [_policy_line(change, prefix) for change in comparison.policies])
    section("Weakened", [f"  ! {sentence(item.text)}{_at(item.span, prefix)}" for item in comparison.weakened])
    findings = [f"  + {_finding_line(finding, prefix)}" for finding, _ in comparison.added]
    findings += [f"  - {_finding_line(finding, prefix)}" for finding, _ in comparison.removed]
    section("Findings", findings)
    return "\n".join(lines) + "\n"


def _trust_lines(
    added: Sequence[TrustEdge], removed: Sequence[TrustEdge], changed: Sequence[ChangedEdge], prefix: str
) -> Iterator[str]:
    for sign, edges in (("+", added), ("-", removed)):
        for edge in edges:
            yield f"  {sign} {sentence(_edge_text(edge))}"
            yield from (f"      {_evidence(item, prefix)}" for item in edge.evidence)
    for pair in changed:
        before, after = _verdict(pair.before), _verdict(pair.after)
        what = f"{after}, was {before}" if before != after else after
        yield f"  ~ {sentence(f'{pair.after.source} -> {pair.after.target}: {what}')}"
        yield from (f"      {_evidence(item, prefix)}" for item in pair.after.evidence)


_POLICY_SIGNS = {"allows-more": "+", "undecided": "?", "allows-no-more": "="}


def _policy_line(change: PolicyChange, prefix: str) -> str:
    sign = _POLICY_SIGNS[change.answer.verdict]
    return f"  {sign} {sentence(f'{change.name}: {change.sentence}')}{_at(change.span, prefix)}"


def _edge_text(edge: TrustEdge) -> str:
    return f"{edge.source} -> {edge.target}: {_verdict(edge)}"


def _verdict(edge: TrustEdge) -> str:
    if edge.kind == "deploys-as":
        return "deploys as, but no workspace makes the role" if edge.missing else "deploys as"
    if edge.missing:
        return f"half-open, the {edge.missing} is missing"
    said = f"can escalate ({', or '.join(edge.does)}), {edge.verdict}" if edge.does else edge.verdict
    return f"{said} if {' and '.join(edge.conditions)}" if edge.conditions else said


def _finding_line(finding: Finding, prefix: str) -> str:
    return f"{finding.severity}[{finding.rule} {finding.name}] {sentence(finding.message)}{_at(finding.primary.span, prefix)}"


def _at(span: Span | None, prefix: str) -> str:
    return f" ({sentence(prefixed(prefix, span.file))}:{span.line})" if span is not None else ""


def _evidence(item: Evidence, prefix: str) -> str:
    return f"{sentence(prefixed(prefix, item.span.file))}:{item.span.line} {sentence(item.text)}"


def _totals(comparison: Comparison) -> str:
    trust, escalation = comparison.trust, comparison.escalation
    counts = (
        (len(trust.added), "trust edge", "added"),
        (len(trust.removed), "trust edge", "removed"),
        (len(trust.changed), "trust edge", "changed"),
        (len(escalation.added), "escalation", "added"),
        (len(escalation.removed), "escalation", "removed"),
        (len(escalation.changed), "escalation", "changed"),
        (len(comparison.added), "finding", "added"),
        (len(comparison.removed), "finding", "removed"),
        (len(comparison.weakened), "thing", "weakened"),
    )
    said = [f"{counted(number, what)} {done}" for number, what, done in counts if number]
    wider = sum(change.answer.verdict == "allows-more" for change in comparison.policies)
    for number, done in ((wider, "widened"), (len(comparison.policies) - wider, "changed")):
        if number:
            said.append(f"{counted(number, 'policy', 'policies')} {done}")
    return ", ".join(said) or "nothing that concerns the architecture changes"


# --- Markdown -------------------------------------------------------------------------------


def as_markdown(comparison: Comparison, prefix: str = "") -> str:
    """Return a comment for a pull request, of 60,000 characters at most, with a picture of the difference alone."""
    trust = comparison.trust
    blocks = [f"### astralint: {_totals(comparison)}"]
    widened = [pair.after for pair in trust.changed if pair.widens]
    pictures = [
        _picture("Trust that is added", [*trust.added, *widened, *comparison.escalation.added], comparison.after),
        _picture("Trust that is removed", trust.removed, comparison.before),
    ]
    tables = [
        _table("Weakened", ["What", "Where"], [[_prose(w.text), _where(w.span, prefix)] for w in comparison.weakened]),
        _table("New findings", ["", "Rule", "Finding", "Where"], [_row(f, prefix) for f, _ in comparison.added]),
        _table("Policies", ["", "Policy", "What", "Where"], _policy_rows(comparison.policies, prefix)),
        *(
            _table(
                title,
                ["", "From", "To", "How", "Where"],
                [
                    *(["➕", *_cells(edge, prefix)] for edge in edges.added),
                    *(["➖", *_cells(edge, prefix)] for edge in edges.removed),
                    *(["➕" if pair.widens else "✏️", *_cells(pair.after, prefix)] for pair in edges.changed),
                ],
            )
            for title, edges in (("Trust", trust), ("Escalation", comparison.escalation))
        ),
        _table(
            "Findings that are gone", ["", "Rule", "Finding", "Where"], [_row(f, prefix) for f, _ in comparison.removed]
        ),
    ]
    left = MAXIMUM_LENGTH - len(blocks[0]) - 400
    left_out = 0
    # What is weakened and what is new come first, then the pictures: a long table gives way before them.
    for block in (tables[0], tables[1], *pictures, *tables[2:]):
        if not block:
            continue
        if len(block) > left:
            left_out += 1
            continue
        blocks.append(block)
        left -= len(block) + 2
    if left_out:
        blocks.append(f"{counted(left_out, 'section')} did not fit: `astralint diff` shows everything.")
    return "\n\n".join(blocks) + "\n"


def _picture(title: str, edges: Sequence[TrustEdge], side: Any) -> str:
    if not edges:
        return ""
    drawing = picture(edges, side.platform, title, side.secrets)
    notes = "".join(f"\n{_prose(note)}\n" for note in drawing.notes)
    return f"#### {title}\n{notes}\n```mermaid\n{drawing.text.rstrip()}\n```"


def _table(title: str, head: list[str], rows: list[list[str]]) -> str:
    if not rows:
        return ""
    shown = rows[:MAXIMUM_ROWS]
    lines = [f"#### {title}", "", _line(head), _line(["---"] * len(head)), *(_line(row) for row in shown)]
    if len(rows) > len(shown):
        lines += ["", f"… and {len(rows) - len(shown):,} more"]
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(finding: Finding, prefix: str) -> list[str]:
    rule = _escaped(f"{finding.rule} {finding.name}")
    return [_SIGNS[finding.severity], rule, _prose(finding.message), _where(finding.primary.span, prefix)]


def _policy_rows(changes: Sequence[PolicyChange], prefix: str) -> list[list[str]]:
    signs = {"allows-more": "➕", "undecided": "❔", "allows-no-more": "✔️"}
    return [
        [signs[change.answer.verdict], _prose(change.name), _prose(change.sentence), _where(change.span, prefix)]
        for change in changes
    ]


def _cells(edge: TrustEdge, prefix: str) -> list[str]:
    where = "<br>".join(_where(item.span, prefix) for item in edge.evidence[:4])
    return [_escaped(edge.source), _escaped(edge.target), _escaped(_verdict(edge)), where]


def _where(span: Span | None, prefix: str) -> str:
    return f"<code>{_escaped(prefixed(prefix, span.file))}&#58;{span.line}</code>" if span is not None else ""


def _prose(text: str) -> str:
    pieces = _CODE.split(shortened(sentence(text), MAXIMUM_CELL))
    return "".join(
        f"<code>{_escaped(piece)}</code>" if index % 2 else _escaped(piece) for index, piece in enumerate(pieces)
    )


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda found: f"&#{ord(found.group())};", shortened(sentence(text), MAXIMUM_CELL))
