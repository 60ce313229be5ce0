"""The graph as GraphML, for Gephi, yEd, Cytoscape, and networkx itself."""

from __future__ import annotations

import io
import json

import networkx as nx

from astralint.draw.escape import reversible
from astralint.draw.options import Drawing, DrawOptions
from astralint.draw.part import part_of
from astralint.source.json_sink import ascii_escaped


def render(graph: nx.MultiDiGraph[str], options: DrawOptions) -> Drawing:
    r"""Return GraphML; lists are JSON texts, and characters that XML can't carry are written as `\u` and four digits.

    `astralint.draw.escape.restored` turns such a text back.
    """
    part, view = part_of(graph, options)
    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, attributes in part.nodes(data=True):
        flat.add_node(reversible(node))
        flat.nodes[reversible(node)].update(_flat(attributes))
    for number, (source, target, key, attributes) in enumerate(part.edges(keys=True, data=True)):
        edge = (reversible(source), reversible(target), f"e{number}")
        flat.add_edge(*edge)
        flat.edges[edge].update(_flat({**attributes, "key": str(key)}))
    flat.graph.update(_flat(part.graph))
    buffer = io.BytesIO()
    nx.write_graphml_xml(flat, buffer, prettyprint=True)
    return Drawing(buffer.getvalue().decode("utf-8").rstrip("\n") + "\n", view.notes)


def _flat(attributes: dict[str, object]) -> dict[str, object]:
    return {name: _value(value) for name, value in sorted(attributes.items()) if value is not None}


def _value(value: object) -> object:
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return reversible(value)
    return ascii_escaped(json.dumps(value, sort_keys=True, default=str))
