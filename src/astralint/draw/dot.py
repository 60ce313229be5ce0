"""The graph in Graphviz's language."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from astralint.draw.conditions import summary
from astralint.draw.escape import cut, visible
from astralint.draw.options import Drawing, DrawOptions
from astralint.draw.reduce import view_of

if TYPE_CHECKING:
    import networkx as nx

    from astralint.draw.view import Container, Edge, Node, View

_LABEL = 80
_CONDITION = 40
_STYLES = {
    "allowed": 'style=solid color="#3c6ea5"',
    "conditional": 'style=dashed color="#9a6b12"',
    "half-open": 'style=dotted color="#6f7c8f"',
    "deploys": 'style=bold color="#2f7d6b"',
    "delegates": 'style=bold color="#0e7288" arrowhead=vee',
    "escalates": 'style=bold color="#a8327a" arrowhead=vee',
    "escalates-if": 'style=dashed color="#a8327a" arrowhead=vee',
    "access": 'style=solid color="#7a58a8" arrowhead=open',
    "access-if": 'style=dashed color="#7a58a8" arrowhead=open',
    "other": 'style=solid color="#7b8798" arrowhead=vee',
}
_HEAD = """\
  graph [rankdir=LR compound=true fontname="Helvetica" fontsize=13 nodesep=0.2 ranksep=1.1 labelloc=t newrank=true]
  node [shape=box style="rounded,filled" fillcolor="#ffffff" color="#b4bdca" fontname="Helvetica" fontsize=11]
  edge [fontname="Helvetica" fontsize=9 arrowsize=0.7]"""


def render(graph: nx.MultiDiGraph[str], options: DrawOptions) -> Drawing:
    """Return a digraph with a cluster for each account."""
    view = view_of(graph, options)
    return Drawing(_digraph(view), view.notes)


def _digraph(view: View) -> str:
    ids = {item.id: f"c{number}" for number, item in enumerate(view.containers)}
    ids |= {item.id: f"n{number}" for number, item in enumerate(view.nodes)}
    heading = f"astralint {view.version}: {view.heading}" if view.version else view.heading
    label = "\\n".join([_text(heading), _text(view.summary), *(_text(note) for note in view.notes)])
    lines = ["digraph astralint {", _HEAD, f'  label="{label}"']
    inside: dict[str, list[Node]] = defaultdict(list)
    for node in view.nodes:
        inside[node.container].append(node)
    clusters: set[str] = set()
    for container in view.containers:
        nodes = inside[container.id]
        if nodes:
            clusters.add(container.id)
        lines += _container_lines(container, nodes, ids)
    lines += [_edge_line(edge, ids, clusters) for edge in view.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _container_lines(container: Container, nodes: list[Node], ids: dict[str, str]) -> list[str]:
    name = ids[container.id]
    label = _text(cut(visible(container.name), _LABEL))
    if container.caption:
        label += f"\\n{_text(container.caption)}"
    if not nodes:
        if container.inner_findings:
            label += f"\\ninside: {_text(', '.join(container.inner_findings))}"
        return [f'  {name} [label="{label}" fillcolor="#f4f6fa" color="#8a96a8"]']
    lines = [f"  subgraph cluster_{name} {{", f'    label="{label}" style="rounded,filled" color="#d5dbe4"']
    lines.append('    fillcolor="#f7f8fb" fontsize=12')
    # An edge of the whole account ends at the cluster's border; the point gives it something to hold on to.
    lines.append(f'    {name} [shape=point style=invis width=0 label=""]')
    for node in nodes:
        dashed = ' style="rounded,dashed"' if node.kind == "unknown" else ""
        tooltip = _text(node.detail or node.name)
        lines.append(
            f'    {ids[node.id]} [label="{_text(cut(visible(node.name), _LABEL))}" tooltip="{tooltip}"{dashed}]'
        )
    return [*lines, "  }"]


def _edge_line(edge: Edge, ids: dict[str, str], clusters: set[str]) -> str:
    style = _STYLES[edge.style]
    if edge.findings:
        style = style.partition(" color=")[0] + ' color="#c8322b" fontcolor="#c8322b" penwidth=1.8'
    parts = []
    if edge.verdict == "conditional" and edge.conditions:
        parts.append(summary(edge.conditions, lambda text: len(text) <= _CONDITION))
    elif edge.style in ("other", "delegates", "escalates"):
        parts.append(edge.verdict_text)
    if edge.findings:
        parts.append(", ".join(edge.findings))
    times = [f"{edge.count:,}×"] if edge.count > 1 else []
    said = " ".join([*times, " · ".join(parts)]).rstrip()
    attributes = [style, f'label="{_text(said)}"' if said else ""]
    tooltip = "\\n".join(
        [
            *(_text(text) for text in (*edge.details, *edge.conditions)),
            *(_text(str(place)) for place in edge.evidence[:6]),
        ]
    )
    attributes.append(f'tooltip="{tooltip}"' if tooltip else "")
    attributes.append(f"ltail=cluster_{ids[edge.source]}" if edge.source in clusters else "")
    attributes.append(f"lhead=cluster_{ids[edge.target]}" if edge.target in clusters else "")
    return f"  {ids[edge.source]} -> {ids[edge.target]} [{' '.join(part for part in attributes if part)}]"


def _text(text: str) -> str:
    """Return the content of a quoted label: its backslashes, quotes and entities mean themselves."""
    return visible(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
