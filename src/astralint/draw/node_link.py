"""The graph as networkx's node-link JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from astralint.draw.options import Drawing, DrawOptions
from astralint.draw.part import part_of
from astralint.source.json_sink import ascii_escaped

if TYPE_CHECKING:
    import networkx as nx


def render(graph: nx.MultiDiGraph[str], options: DrawOptions) -> Drawing:
    """Return JSON that `networkx.node_link_graph(data, edges="edges")` reads back."""
    part, view = part_of(graph, options)
    data = {
        "directed": True,
        "multigraph": True,
        "graph": dict(part.graph),
        "nodes": [{**attributes, "id": node} for node, attributes in part.nodes(data=True)],
        "edges": [
            {**attributes, "source": source, "target": target, "key": key}
            for source, target, key, attributes in part.edges(keys=True, data=True)
        ],
    }
    # Sorted, and everything beyond ASCII escaped: the same graph gives the same bytes, whatever its names hold.
    return Drawing(ascii_escaped(json.dumps(data, indent=1, sort_keys=True, default=str)) + "\n", view.notes)
