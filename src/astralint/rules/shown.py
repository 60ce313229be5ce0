"""Whose findings are shown: the whole platform is judged, and a part of it is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from astralint.config.suggest import did_you_mean
from astralint.rules.finding import CheckResult, Finding, SuppressedFinding, UndecidedSubject
from astralint.source.diagnostic import Diagnostic
from astralint.source.tree import is_within


class Shown(msgspec.Struct, frozen=True):
    """What is looked at: workspaces in or below directories, workspaces by name, accounts by name.

    Each that is given has to fit. A finding that is about no workspace belongs to the directory that it stands in.
    """

    directories: tuple[str, ...] = ()
    workspaces: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


def only(result: CheckResult, shown: Shown) -> CheckResult:
    """Return a result with what belongs to the part that is looked at."""
    if not (shown.directories or shown.workspaces or shown.accounts):
        return result
    part = _Part(result, shown)
    return msgspec.structs.replace(
        result,
        findings=tuple(kept for finding in result.findings if (kept := part.of(finding)) is not None),
        suppressed=tuple(item for item in result.suppressed if part.suppressed(item)),
        undecided=tuple(item for item in result.undecided if part.undecided(item)),
    )


def unknown_names(result: CheckResult, shown: Shown) -> list[Diagnostic]:
    """Return a usage error for each workspace or account that there is not."""
    workspaces = [name for name, _, _ in result.coverage.workspaces_at]
    accounts = [name for name, *_ in result.coverage.accounts]
    found: list[Diagnostic] = []
    for what, names, known in (("workspace", shown.workspaces, workspaces), ("account", shown.accounts, accounts)):
        for name in names:
            if name not in known:
                help_ = did_you_mean(name, known, f"the {what}s are ")
                message = f"there is no {what} `{name}`"
                found.append(Diagnostic(f"unknown-{what}", "error", message, help=help_, usage=True))
    return found


class _Part:
    def __init__(self, result: CheckResult, shown: Shown) -> None:
        self.shown = shown
        self.places = {name: (directory, account) for name, directory, account in result.coverage.workspaces_at}

    def of(self, finding: Finding) -> Finding | None:
        """Return a finding with the instances that are looked at; None where none is."""
        if not finding.instances:
            return finding if self._fits(finding.workspace, finding.account, finding.primary.span.file) else None
        kept = tuple(one for one in finding.instances if self.of(one.finding) is not None)
        if not kept:
            return None
        return msgspec.structs.replace(kept[0].finding, instances=kept if len(kept) > 1 else ())

    def suppressed(self, item: SuppressedFinding) -> bool:
        return self.of(item.finding) is not None

    def undecided(self, item: UndecidedSubject) -> bool:
        return self._fits(item.workspace, "", item.span.file if item.span is not None else "")

    def _fits(self, workspace: str, account: str, file: str) -> bool:
        directory, own = self.places.get(workspace, (file, ""))
        shown = self.shown
        return (
            (not shown.workspaces or workspace in shown.workspaces)
            and (not shown.accounts or (account or own) in shown.accounts)
            and (not shown.directories or any(is_within(directory, each) for each in shown.directories))
        )


def below(starts: Sequence[str], whole: Sequence[str]) -> tuple[str, ...]:
    """Return the directories that were asked for; none where they are the whole platform."""
    return () if set(whole) <= set(starts) else tuple(starts)
