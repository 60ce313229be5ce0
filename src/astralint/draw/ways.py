"""Ways through the graph: what lies between two ends."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from astralint.draw.kinds import drawn, is_gained
from astralint.draw.options import DrawError, DrawOptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

EdgeKey = tuple[str, str, str]


class Ways(msgspec.Struct, frozen=True):
    """The edges on ways between the ends, and those ends."""

    edges: frozenset[EdgeKey]
    ends: frozenset[str]
    notes: tuple[str, ...] = ()


def find_ways(graph: nx.MultiDiGraph[str], options: DrawOptions) -> Ways | None:
    """Return what lies on ways from `source` to `target`; None where neither is asked for.

    A half-open edge is no way. Raises DrawError where an end is not in the graph.
    """
    if options.source is None and options.target is None:
        return None
    for end in (options.source, options.target):
        if end is not None and end not in graph:
            raise DrawError(f"`{end}` is not in the graph")
    steps = _steps(graph, options)
    forward = _reached(_inside(graph, options.source), steps, ahead=True) if options.source is not None else None
    backward = _reached(_inside(graph, options.target), steps, ahead=False) if options.target is not None else None
    kept = frozenset(
        edge
        for source, target, edge in steps
        if (forward is None or source in forward) and (backward is None or target in backward)
    )
    ends = frozenset(end for end in (options.source, options.target) if end is not None)
    return Ways(kept, ends, () if kept else (_nothing(options),))


def _nothing(options: DrawOptions) -> str:
    start = f"from `{options.source}`" if options.source is not None else ""
    end = f"to `{options.target}`" if options.target is not None else ""
    return f"no way leads {' '.join(part for part in (start, end) if part)}"


def _inside(graph: nx.MultiDiGraph[str], end: str) -> set[str]:
    data = graph.nodes[end]
    if data.get("kind") != "account":
        return {end}
    name = data.get("name")
    return {end} | {node for node, other in graph.nodes(data=True) if other.get("account") == name and name}


def _steps(graph: nx.MultiDiGraph[str], options: DrawOptions) -> list[tuple[str, str, EdgeKey]]:
    """Return (who, whom, the edge of the graph that lets them)."""
    steps: list[tuple[str, str, EdgeKey]] = []
    roots: dict[EdgeKey, tuple[str, str]] = {}
    granted: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for source, target, key, data in graph.edges(keys=True, data=True):
        kind = str(data.get("kind") or "")
        gained = is_gained(kind, graph.nodes[target])
        if (
            drawn(kind, options.level, light=options.level == "resource", gained=gained)
            and data.get("verdict") != "denied"
        ):
            steps.append((source, target, (source, target, key)))
            if kind == "can-assume" and graph.nodes[source].get("kind") == "account":
                roots[source, target, key] = (str(graph.nodes[source].get("name")), target)
        elif kind == "grants":
            granted[target].append((str(graph.nodes[source].get("account")), source))
    # The edge of an account's root also carries each principal there that an identity policy grants it to.
    for edge, (account, role) in roots.items():
        steps.extend((principal, role, edge) for home, principal in granted.get(role, ()) if home == account)
    return steps


def _reached(start: Iterable[str], steps: list[tuple[str, str, EdgeKey]], *, ahead: bool) -> set[str]:
    neighbours: dict[str, list[str]] = defaultdict(list)
    for source, target, _ in steps:
        if ahead:
            neighbours[source].append(target)
        else:
            neighbours[target].append(source)
    reached = set(start)
    pending = list(reached)
    while pending:
        for node in neighbours.get(pending.pop(), ()):
            if node not in reached:
                reached.add(node)
                pending.append(node)
    return reached
