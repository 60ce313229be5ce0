"""Results and rules as SARIF's objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sarif_om  # type: ignore[import-untyped]

from astralint.report.words import counted, sentence, shortened
from astralint.source.visible import visible_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from astralint.report.sarif_places import Places
    from astralint.rules.finding import Finding, RuleDescription, SuppressedFinding
    from astralint.source.evidence import Evidence

MAXIMUM_LOCATIONS = 100
_MAXIMUM_STEPS = 1000
_MAXIMUM_DESCRIPTION = 1024
_MAXIMUM_TAGS = 10
_MAXIMUM_LINK = 200
_MAXIMUM_HELP = 30_000
_PROBLEM_SEVERITY = {"error": "error", "warning": "warning", "note": "recommendation"}
_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_WEB_ADDRESS = re.compile(r"https?://[!#-;=?-Z_a-z~]+\Z")
_HEADING = re.compile(r"^#+ ", re.MULTILINE)


def message_text(text: str) -> str:
    """Return a text with what SARIF gives a meaning in messages (links, placeholders) escaped; never empty."""
    text = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return _PLACEHOLDER.sub(r"{{\1}}", text) or "(no text)"


def rule_id(name: str) -> str:
    """Return a rule's id, fit to be shown; never empty."""
    return sentence(name) or "unnamed"


def message(text: str) -> sarif_om.Message:
    """Return a text from the result as a message."""
    return sarif_om.Message(text=message_text(sentence(text)))


def descriptor(rule: RuleDescription) -> sarif_om.ReportingDescriptor:
    """Return a rule with everything that GitHub shows of it."""
    summary = _text(rule.summary, _MAXIMUM_DESCRIPTION) or sentence(rule.name) or rule_id(rule.id)
    documentation = _text(rule.documentation, _MAXIMUM_HELP) or summary
    introduction = _HEADING.split(documentation, maxsplit=1)[0].strip() or summary
    properties: dict[str, object] = {
        "tags": list(dict.fromkeys(sentence(tag) for tag in rule.tags if sentence(tag)))[:_MAXIMUM_TAGS],
        "precision": "high",
        "problem.severity": _PROBLEM_SEVERITY[rule.severity],
        "security-severity": sentence(rule.security_severity or ""),
        "pack": sentence(rule.pack),
    }
    return sarif_om.ReportingDescriptor(
        id=rule_id(rule.id),
        name=sentence(rule.name),
        short_description=sarif_om.MultiformatMessageString(text=summary),
        full_description=sarif_om.MultiformatMessageString(text=shortened(introduction, _MAXIMUM_DESCRIPTION)),
        help=sarif_om.MultiformatMessageString(text=documentation, markdown=documentation),
        help_uri=rule.help_uri if rule.help_uri and _WEB_ADDRESS.match(rule.help_uri) else None,
        default_configuration=sarif_om.ReportingConfiguration(level=rule.severity),
        properties=properties,
    )


def _text(text: str, length: int) -> str:
    return shortened(visible_lines(text).strip(), length)


def result(finding: Finding, rule_index: int, places: Places, fingerprint: str) -> sarif_om.Result:
    """Return a finding with its evidence as linked locations and its path as a code flow."""
    primary = finding.primary
    location = sarif_om.Location(
        physical_location=places.physical(primary.span, first_line=True),
        message=message(primary.text) if primary.text else None,
        logical_locations=_logical(finding),
    )
    hashes = {"astralint/v1": fingerprint}
    line_hash = places.line_hash(primary.span)
    if line_hash:
        hashes["primaryLocationLineHash"] = line_hash
    properties = {
        "workspace": sentence(finding.workspace),
        "account": sentence(finding.account),
        "subject": sentence(finding.subject),
        "help": sentence(finding.help or ""),
    }
    return sarif_om.Result(
        message=sarif_om.Message(text=_linked(finding)),
        rule_id=rule_id(finding.rule),
        rule_index=rule_index,
        level=finding.severity,
        locations=[location],
        related_locations=_related(_further(finding), places),
        code_flows=_code_flows(finding.path, places),
        partial_fingerprints=hashes,
        properties={key: value for key, value in properties.items() if value} or None,
    )


def suppression(suppressed: SuppressedFinding, places: Places) -> sarif_om.Suppression:
    """Return what keeps a finding back."""
    return sarif_om.Suppression(
        kind="inSource" if suppressed.by == "comment" else "external",
        state="accepted",
        justification=sentence(suppressed.reason),
        location=sarif_om.Location(physical_location=places.physical(suppressed.span)) if suppressed.span else None,
    )


def _linked(finding: Finding) -> str:
    """Return the message with links to the related locations: GitHub shows only those that are linked."""
    text = message_text(sentence(finding.message))
    if len(finding.instances) > 1:
        text += f" (and so in {len(finding.instances)} instances of this line)"
    further = _further(finding)
    if not further:
        return text
    links = []
    for number, item in enumerate(further[:MAXIMUM_LOCATIONS], 1):
        workspace = f" (workspace `{message_text(sentence(item.workspace))}`)" if item.workspace else ""
        links.append(f"[{message_text(_label(item))}]({number}){workspace}")
    more = len(further) - MAXIMUM_LOCATIONS
    if more > 0:
        links.append(counted(more, "further place"))
    return f"{text}. See {'; '.join(links)}."


def _further(finding: Finding) -> tuple[Evidence, ...]:
    """Return the places beside the primary one: the evidence, and what makes each instance."""
    made = (instance.place for instance in finding.instances if instance.place.span != finding.primary.span)
    return (*finding.evidence, *dict.fromkeys(made))


def _label(item: Evidence) -> str:
    return shortened(sentence(item.text), _MAXIMUM_LINK) or "this place"


def _related(evidence: Sequence[Evidence], places: Places) -> list[sarif_om.Location] | None:
    return [
        sarif_om.Location(id=number, physical_location=places.physical(item.span), message=message(_label(item)))
        for number, item in enumerate(evidence[:MAXIMUM_LOCATIONS], 1)
    ] or None


def _code_flows(path: Iterable[Evidence], places: Places) -> list[sarif_om.CodeFlow] | None:
    steps = [
        sarif_om.ThreadFlowLocation(
            location=sarif_om.Location(physical_location=places.physical(step.span), message=message(step.text))
        )
        for _, step in zip(range(_MAXIMUM_STEPS), path, strict=False)
    ]
    return [sarif_om.CodeFlow(thread_flows=[sarif_om.ThreadFlow(locations=steps)])] if steps else None


def _logical(finding: Finding) -> list[sarif_om.LogicalLocation] | None:
    name = sentence(finding.subject)
    if not name:
        return None
    workspace = sentence(finding.workspace)
    full = f"{workspace}/{name}" if workspace else name
    return [sarif_om.LogicalLocation(name=name, fully_qualified_name=full, kind="resource")]
