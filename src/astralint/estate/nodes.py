"""The ids of nodes of the platform's graph: strings with their kind in front. See `astralint.graph.model`."""

from __future__ import annotations


def account_node(name: str) -> str:
    """Return the id of an account's node."""
    return f"account:{name}"


def workspace_node(name: str) -> str:
    """Return the id of a workspace's node."""
    return f"workspace:{name}"


def resource_node(workspace: str, address: str) -> str:
    """Return the id of a resource instance's node."""
    return f"resource:{workspace}/{address}"


def principal_node(kind: str, name: str) -> str:
    """Return the id of the node of a principal that no workspace makes."""
    return f"principal:{kind}/{name}"
