"""The part of the platform's graph that a level shows, with its own attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import networkx as nx

from astralint.draw.kinds import drawn
from astralint.draw.reduce import view_of
from astralint.draw.ways import find_ways

if TYPE_CHECKING:
    from astralint.draw.options import DrawOptions
    from astralint.draw.view import View

_DECLARED = frozenset({"contains", "trusts", "grants"})


def part_of(graph: nx.MultiDiGraph[str], options: DrawOptions) -> tuple[nx.MultiDiGraph[str], View]:
    """Return the graph of the level, its nodes and edges in stable order, and the view of it.

    The role and resource levels keep nodes and edges as they are. The account
    level has one edge for each ordered pair, with a `count`; its `kind` is the
    first of its `kinds` in the order of `astralint.draw.kinds.EDGES`.
    """
    view = view_of(graph, options)
    part = _accounts(graph, view) if options.level == "account" else _subgraph(graph, options, view)
    part.graph.update({"level": options.level, "title": options.title, "version": options.version})
    return part, view


def _accounts(graph: nx.MultiDiGraph[str], view: View) -> nx.MultiDiGraph[str]:
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    kept = [item.id for item in view.containers if item.kind == "account"] + [item.id for item in view.nodes]
    unassigned = [item for item in view.containers if item.id not in graph]
    for node in sorted(kept):
        part.add_node(node, **graph.nodes[node])
    for edge in view.edges:
        kind = edge.kinds[0]
        part.add_edge(
            edge.source,
            edge.target,
            key=kind,
            kind=kind,
            kinds=list(edge.kinds),
            verdict=edge.verdict or "allowed",
            conditions=list(edge.conditions),
            findings=list(edge.findings),
            details=list(edge.details),
            count=edge.count,
            evidence=[msgspec.structs.asdict(place) for place in edge.evidence],
        )
    for item in unassigned:
        if item.id in part:
            part.add_node(item.id, kind="account", name=item.name)
    return part


def _subgraph(graph: nx.MultiDiGraph[str], options: DrawOptions, view: View) -> nx.MultiDiGraph[str]:
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    kept = {item.id for item in view.nodes} | {item.id for item in view.containers if item.kind == "account"}
    if options.level == "role":
        # The workspaces that make the roles hold what is contained together.
        kept |= {
            source
            for source, target, data in graph.edges(data=True)
            if data.get("kind") == "contains" and target in kept and graph.nodes[source].get("kind") == "workspace"
        }
    ways = find_ways(graph, options)
    for node in sorted(kept):
        part.add_node(node, **graph.nodes[node])
    edges = []
    for source, target, key, data in graph.edges(keys=True, data=True):
        if source not in kept or target not in kept:
            continue
        kind = str(data.get("kind") or "")
        if kind not in _DECLARED and not drawn(kind, options.level, light=options.level == "resource"):
            continue
        if ways is None or kind == "contains" or (source, target, key) in ways.edges:
            edges.append((source, target, key, data))
    edges.sort(key=lambda edge: (edge[0], edge[1], str(edge[2])))
    for source, target, key, data in edges:
        part.add_edge(source, target, key=key, **data)
    return part
