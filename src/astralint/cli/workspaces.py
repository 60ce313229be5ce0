"""Which workspaces a command is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from astralint.api import Session
    from astralint.estate.model import Workspace
    from astralint.platform.build import Build


def chosen_workspaces(build: Build, session: Session, name: str | None) -> list[Workspace]:
    """Return the named workspace, else those below the given path; raises UsageError for a name that there is not."""
    from astralint.api import UsageError
    from astralint.config.suggest import did_you_mean
    from astralint.source.diagnostic import Diagnostic

    workspaces = build.platform.workspaces
    if name is None:
        return [workspace for workspace in workspaces.values() if _below(workspace.directory, session.starts)]
    if name not in workspaces:
        message = f"there is no workspace `{name}`"
        help_ = did_you_mean(name, workspaces, "the workspaces are ")
        raise UsageError([Diagnostic("unknown-workspace", "error", message, help=help_, usage=True)])
    return [workspaces[name]]


def _below(directory: str, starts: Sequence[str]) -> bool:
    return any(start == "." or directory == start or directory.startswith(start + "/") for start in starts)
