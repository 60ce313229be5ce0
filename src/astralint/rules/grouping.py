"""One line, one finding: what comes from one place of the code in several instances is said once."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from astralint.platform.platform import Platform
from astralint.rules.finding import Finding, Instance
from astralint.source.evidence import Evidence


def grouped(findings: Iterable[Finding], platform: Platform) -> tuple[Finding, ...]:
    """Return findings of one rule and severity at one place as one, with its instances, in stable order.

    Ways through the graph stay apart: each is a chain of lines of its own. So does what only borrows its place.
    """
    places: dict[object, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: f.sort_key):
        way = finding.subject if finding.path or finding.apart else ""
        key = (finding.rule, finding.contract, finding.severity, finding.primary.span, way)
        places.setdefault(key, []).append(finding)
    return tuple(sorted((_one(found, platform) for found in places.values()), key=lambda f: f.sort_key))


def _one(found: list[Finding], platform: Platform) -> Finding:
    if len(found) == 1:
        return found[0]
    instances = tuple(Instance(finding, call_of(finding, platform) or finding.primary) for finding in found)
    return msgspec.structs.replace(found[0], instances=instances)


def call_of(finding: Finding, platform: Platform) -> Evidence | None:
    """Return the root's module call that makes what a finding is about; None for what the root holds itself."""
    workspace = platform.workspaces.get(finding.workspace)
    if workspace is None or not finding.subject.startswith("module."):
        return None
    calls = [call for call in workspace.result.module_calls if _is_in(finding.subject, call.address)]
    outermost = min(calls, key=lambda call: len(call.address), default=None)
    if outermost is None:
        return None
    return Evidence(outermost.span, f"`{outermost.address}` makes `{finding.subject}`", workspace.name)


def _is_in(subject: str, call: str) -> bool:
    return subject.startswith((f"{call}.", f"{call}["))
