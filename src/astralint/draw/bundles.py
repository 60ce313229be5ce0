"""Which lines run together: those of one look from or to one hub, until they part."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from astralint.draw.view import Edge

Trunk = tuple[str, bool, str, bool]
"""The hub, whether lines lead out of it, their style, whether they are against a rule."""


def trunks(edges: tuple[Edge, ...]) -> list[Trunk]:
    """Return the trunk of each edge, in the order of the edges: of its two ends, that with more edges is the hub."""
    degree: dict[str, int] = defaultdict(int)
    for edge in edges:
        degree[edge.source] += 1
        degree[edge.target] += 1
    found: list[Trunk] = []
    for edge in edges:
        outward = degree[edge.source] >= degree[edge.target]
        found.append((edge.source if outward else edge.target, outward, edge.style, bool(edge.findings)))
    return found
