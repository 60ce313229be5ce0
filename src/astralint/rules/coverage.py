"""What a check covered: the figures of its summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from astralint.estate.model import Workspace
from astralint.platform.build import Build
from astralint.rules.finding import BlindPlace, Coverage, UndecidedSubject
from astralint.rules.remedies import Remedies
from astralint.terraform.values.value import Unknown, Value

MAXIMUM_PLACES = 1_000


def coverage(
    build: Build, rules_run: int, undecided: Sequence[UndecidedSubject] = ()
) -> tuple[Coverage, tuple[UndecidedSubject, ...]]:
    """Count what was analysed and what was not; return with it the undecided verdicts with what would settle them."""
    platform = build.platform
    workspaces = list(platform.workspaces.values())
    missing: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    languages = Counter(str(workspace.spec.language) for workspace in workspaces)
    remedies = Remedies(build.discovery.spare_variable_files)
    blind: list[BlindPlace] = []
    calls = read = reads = resolved = 0
    for workspace in workspaces:
        for call in workspace.result.module_calls:
            calls += 1
            if call.directory is not None:
                read += 1
            else:
                missing[call.source] += 1
                blind.append(BlindPlace("module", workspace.name, call.source, call.span))
        for remote in workspace.result.remote_state_reads:
            reads += 1
            if platform.producers.get(remote.request):
                resolved += 1
            else:
                blind.append(BlindPlace("remote-state", workspace.name, remote.address, remote.span))
        if workspace.account_or_none is None and _uses_aws(workspace):
            blind.append(BlindPlace("account", workspace.name, workspace.name, workspace.anchor))
        remedies.workspace(workspace)
        for resource in (*workspace.resources, *workspace.data_sources):
            _count(resource.instance.values, reasons)
    settled = remedies.undecided(undecided)
    accounts = tuple(
        (account.name, account.kind, account.number, len(platform.workspaces_of(account)))
        for account in sorted(platform.accounts.values(), key=lambda a: a.name)
    )
    covered = Coverage(
        files=len(build.files),
        workspaces=len(workspaces),
        workspaces_broken=tuple(
            w.name for w in workspaces if any(s.reason.code == "error" for s in w.result.blind_spots)
        ),
        unmapped_workspaces=tuple(w.name for w in workspaces if w.account_or_none is None and _uses_aws(w)),
        accounts=accounts,
        resources=sum(len(w.resources) for w in workspaces),
        data_sources=sum(len(w.data_sources) for w in workspaces),
        module_calls=calls,
        modules_read=read,
        modules_missing=tuple(sorted(missing.items(), key=lambda item: (-item[1], item[0]))),
        remote_state_reads=reads,
        remote_state_resolved=resolved,
        unknown_reasons=tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        rules_run=rules_run,
        languages=tuple(sorted(languages.items(), key=lambda item: (-item[1], item[0]))),
        layouts=build.discovery.layouts,
        remedies=remedies.listed(),
        workspaces_at=tuple(
            (w.name, w.directory, w.account_or_none.name if w.account_or_none is not None else "") for w in workspaces
        ),
        blind_places=tuple(blind[:MAXIMUM_PLACES]),
    )
    return covered, settled


def _uses_aws(workspace: Workspace) -> bool:
    return any(provider.type == "aws" for provider in workspace.result.providers)


def _count(value: Value, reasons: Counter[str]) -> None:
    raw = value.raw
    if not isinstance(raw, dict):
        return
    for attribute in raw.values():
        if isinstance(attribute.raw, Unknown) and attribute.raw.reasons:
            reasons[attribute.raw.reasons[0].code] += 1
