"""The ids of nodes of the platform's graph: strings with their kind in front. See `astralint.graph.model`."""

from __future__ import annotations

import hashlib

from astralint.source.partial import Hole, Text, identity_of


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


def named_node(kind: str, name: Text, where: str) -> str:
    """Return the id of the node of a principal whose name may be known in part only.

    What is printed alike is not the same: the id of a name with a hole says which hole it is, and
    `where` the name stands, if nothing else tells it from others.
    """
    if isinstance(name, str):
        return principal_node(kind, name)
    own = identity_of(name)
    if own is not None and not any(_is_nameless(part) for part in name.parts):
        return principal_node(kind, str(name))
    mark = hashlib.sha256((own if own is not None else f"{name}@{where}").encode()).hexdigest()[:8]
    return principal_node(kind, f"{name}#{mark}")


def _is_nameless(part: str | Hole) -> bool:
    """Say whether a part is printed as many others are."""
    return isinstance(part, Hole) and str(part) == "{?}"
