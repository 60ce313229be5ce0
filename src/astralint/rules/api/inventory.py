"""For rules about what exists: states, the live inventory, and who changed it."""

from __future__ import annotations

from astralint.estate.model import Account
from astralint.inventory.divergence import Divergence
from astralint.inventory.events import Write
from astralint.inventory.judgement import Judged, unmanaged
from astralint.platform.platform import Platform
from astralint.source.evidence import Evidence

__all__ = [
    "Divergence",
    "Judged",
    "Write",
    "place",
    "unmanaged",
]


def place(
    account: Account | None, platform: Platform, label: str = "it stands in no code: this is its account"
) -> Evidence:
    """Return where something without a line is placed: its account in the configuration, else a workspace of it."""
    if account is not None and account.span is not None:
        return Evidence(account.span, label)
    own = platform.workspaces_of(account) if account is not None else ()
    workspace = next(iter((*own, *platform.workspaces.values())))
    return Evidence(workspace.anchor, label if own else "it stands in no code, nor does its account", workspace.name)
