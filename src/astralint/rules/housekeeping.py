"""Rules about what keeps findings back: suppressions, exceptions. They have no check; they are judged when a run ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from astralint.config.settings import Settings
from astralint.rules.exceptions import RULES as EXCEPTION_RULES
from astralint.rules.finding import Finding, RuleDescription
from astralint.rules.suppressions import RULES as SUPPRESSION_RULES
from astralint.source.diagnostic import Severity

HOUSEKEEPING = (*SUPPRESSION_RULES, *EXCEPTION_RULES)


def housekeeping(settings: Settings, ignore: Sequence[str] = ()) -> dict[str, RuleDescription]:
    """Return, by id, those of these rules that are in force, with their severity.

    The configuration changes severities, or switches rules off; `ignore` holds ids,
    names, or beginnings of ids. Selecting other rules leaves these in force.
    """
    configured = {setting.name: setting.severity for setting in settings.rules if setting.severity}
    found: dict[str, RuleDescription] = {}
    for rule in HOUSEKEEPING:
        severity = configured.get(rule.id) or configured.get(rule.name) or rule.severity
        ignored = any(pattern.lower() == rule.name or rule.id.lower().startswith(pattern.lower()) for pattern in ignore)
        if severity != "off" and not ignored:
            in_force: Severity = severity  # type: ignore[assignment]
            found[rule.id] = msgspec.structs.replace(rule, severity=in_force)
    return found


def in_force(findings: Iterable[Finding], rules: dict[str, RuleDescription]) -> list[Finding]:
    """Return the findings without those of housekeeping rules that are switched off, the others with their severity."""
    names = {rule.id for rule in HOUSEKEEPING}
    kept: list[Finding] = []
    for finding in findings:
        if finding.rule not in names:
            kept.append(finding)
        elif finding.rule in rules:
            kept.append(msgspec.structs.replace(finding, severity=rules[finding.rule].severity))
    return kept
