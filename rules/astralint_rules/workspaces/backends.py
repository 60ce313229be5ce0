"""Where workspaces keep their state, and what HCP Terraform calls them."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Unknown, Workspace

CLOUD = ("cloud", "remote")


def is_cloud(workspace: Workspace) -> bool:
    """Say whether a workspace keeps its state in HCP Terraform."""
    return workspace.result.state.backend in CLOUD


def uses_cloud(platform: Platform) -> bool:
    """Say whether states are meant to be in HCP Terraform: the profile wants it, or some workspace's is."""
    return platform.settings.profile == "astradot" or any(map(is_cloud, platform.workspaces.values()))


def with_aws(platform: Platform) -> Iterator[Workspace]:
    """Yield the workspaces that manage something in AWS."""
    return (w for w in platform.workspaces.values() if any(p.type == "aws" for p in w.result.providers))


def cloud_name(workspace: Workspace) -> str | None:
    """Return the one name that a `cloud` block gives; None where it gives none, or it is not known."""
    value = workspace.result.state.config.get("workspaces.name")
    return value.raw if value is not None and isinstance(value.raw, str) else None


def is_open(workspace: Workspace, name: str) -> bool:
    """Say whether an argument of the backend is there, but not known."""
    value = workspace.result.state.config.get(name)
    return value is not None and isinstance(value.raw, Unknown)
