"""The graph without anything that is sensitive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from astralint.source.secrets import Secrets


def masked_graph(graph: nx.MultiDiGraph[str], secrets: Secrets) -> tuple[nx.MultiDiGraph[str], Mapping[str, str]]:
    """Return the graph with all texts masked, and what each node is called in it; nodes stay apart."""
    if not secrets:
        return graph, {}
    names: dict[str, str] = {}
    taken: set[str] = set()
    for node in graph:
        wanted = name = secrets.text(node)
        number = 1
        while name in taken:
            number += 1
            name = f"{wanted} {number}"
        taken.add(name)
        names[node] = name
    masked: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    masked.graph.update(secrets.data(dict(graph.graph)))
    masked.add_nodes_from((names[node], _attributes(data, secrets)) for node, data in graph.nodes(data=True))
    for source, target, key, data in graph.edges(keys=True, data=True):
        masked.add_edge(names[source], names[target], key=secrets.text(str(key)), **_attributes(data, secrets))
    return masked, names


def _attributes(data: Mapping[str, object], secrets: Secrets) -> dict[str, object]:
    # What readers filter by is ours.
    return {
        name: value if name in ("kind", "verdict", "mode", "type", "file", "line") else secrets.data(value)
        for name, value in data.items()
    }
