"""The graph as a Mermaid flowchart, within the limits that GitHub and GitLab render."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from astralint.draw.acyclic import forward_order
from astralint.draw.conditions import summary
from astralint.draw.districts import fold, gather
from astralint.draw.escape import counted, cut, visible
from astralint.draw.options import Drawing, DrawOptions
from astralint.draw.reduce import collapse, view_of

if TYPE_CHECKING:
    import networkx as nx

    from astralint.draw.view import Container, Edge, Node, View

MAXIMUM_EDGES = 500
MAXIMUM_CHARACTERS = 50_000
GROUPED_EDGES = 80
"""With more edges, Mermaid's layout fails now and then over subgraphs: names say the account instead."""
_LABEL = 60
_CONDITION = 40
_UNSAFE = re.compile(r"[^\w ./:@,()+=-]", re.ASCII)
_LIST = re.compile(r"^\s*(?:[-+*]|\d+[.)])")
_KEYWORD_RISK = re.compile(r"[^A-Za-z0-9 .,:()/_-]")

_CLASSES = """\
  classDef account fill:#f4f6fa,stroke:#8a96a8,color:#1c2430
  classDef principal fill:#ffffff,stroke:#8a96a8,color:#1c2430
  classDef unresolved fill:#ffffff,stroke:#8a96a8,color:#1c2430,stroke-dasharray:2 3
  classDef again fill:#ffffff,stroke:#8a96a8,color:#5d6879,stroke-dasharray:4 3
  classDef group fill:#f7f8fb,stroke:#d5dbe4,color:#1c2430
  classDef member fill:#ffffff,stroke:#b4bdca,color:#1c2430"""
_LINKS = {
    "allowed": "stroke:#3c6ea5,stroke-width:1.5px",
    "conditional": "stroke:#9a6b12,stroke-width:1.5px,stroke-dasharray:7 4",
    "half-open": "stroke:#6f7c8f,stroke-width:1.5px,stroke-dasharray:2 4",
    "deploys": "stroke:#2f7d6b,stroke-width:2.5px",
    "delegates": "stroke:#0e7288,stroke-width:2.5px",
    "escalates": "stroke:#a8327a,stroke-width:2px,stroke-dasharray:10 3",
    "escalates-if": "stroke:#a8327a,stroke-width:1.5px,stroke-dasharray:4 4",
    "access": "stroke:#7a58a8,stroke-width:1px",
    "access-if": "stroke:#7a58a8,stroke-width:1px,stroke-dasharray:7 4",
    "other": "stroke:#7b8798,stroke-width:1px",
}
_ARROWS = {
    "conditional": "-.->",
    "half-open": "-.->",
    "access-if": "-.->",
    "escalates": "-.->",
    "escalates-if": "-.->",
    "deploys": "==>",
    "delegates": "==>",
}
_VIOLATION = ",stroke:#c8322b,stroke-width:2.5px"


def render(graph: nx.MultiDiGraph[str], options: DrawOptions) -> Drawing:
    """Return the flowchart; too large a one falls back to accounts, then to its weightiest edges, and says so."""
    view = fold(view_of(graph, options))
    notes = list(view.notes)
    text = _flowchart(view, notes)
    if _fits(view, text):
        return Drawing(text, tuple(notes))
    if options.level != "account":
        notes.append(
            f"the {options.level} level has {len(view.edges):,} edges, more than Mermaid draws "
            f"({MAXIMUM_EDGES} edges, {MAXIMUM_CHARACTERS:,} characters): this is the account level"
        )
        accounts = {item.id for item in view.containers if item.kind == "account"}
        view = fold(msgspec.structs.replace(collapse(view, accounts), level="account"))
        text = _flowchart(view, notes)
        if _fits(view, text):
            return Drawing(text, tuple(notes))
    kinds = gather(view)
    if kinds is not view:
        note = f"there are {counted(len(view.edges), 'edge')} between accounts: those of one kind are drawn as one"
        text = _flowchart(kinds, [*notes, note])
        if _fits(kinds, text):
            return Drawing(text, (*notes, note))
    return _weightiest(view, notes)


def _fits(view: View, text: str) -> bool:
    return len(view.edges) <= MAXIMUM_EDGES and len(text) <= MAXIMUM_CHARACTERS


def _weightiest(view: View, notes: list[str]) -> Drawing:
    """Keep as many edges as fit: those that violate rules first, then the strongest."""
    order = {"allowed": 0, "deploys": 0, "delegates": 0, "escalates": 0, "conditional": 1, "half-open": 2}
    ranked = sorted(
        view.edges,
        key=lambda edge: (not edge.findings, order.get(edge.style, 3), -edge.count, edge.source, edge.target),
    )
    most = min(MAXIMUM_EDGES, len(ranked))
    while True:
        kept = sorted(ranked[:most], key=lambda edge: (edge.source, edge.target))
        ends = {end for edge in kept for end in (edge.source, edge.target)}
        homes = {node.container for node in view.nodes if node.id in ends}
        part = msgspec.structs.replace(
            view,
            edges=tuple(kept),
            nodes=tuple(node for node in view.nodes if node.id in ends),
            containers=tuple(item for item in view.containers if item.id in ends or item.id in homes),
        )
        note = f"{len(view.edges) - most:,} of {len(view.edges):,} edges are left out: Mermaid draws no more"
        text = _flowchart(part, [*notes, note])
        if len(text) <= MAXIMUM_CHARACTERS or not most:
            return Drawing(text, (*notes, note))
        most = most * 3 // 4


def _flowchart(view: View, notes: list[str]) -> str:
    ids = {item.id: f"c{number}" for number, item in enumerate(view.containers)}
    ids |= {item.id: f"n{number}" for number, item in enumerate(view.nodes)}
    heading = f"astralint {view.version}: {view.heading}" if view.version else view.heading
    lines = ["flowchart LR", f"  %% {_comment(heading)}", f"  %% {_comment(view.summary)}"]
    lines += [f"  %% {_comment(note)}" for note in notes]
    inside: dict[str, list[Node]] = defaultdict(list)
    for node in view.nodes:
        inside[node.container].append(node)
    if view.level != "account" and len(view.edges) > GROUPED_EDGES:
        lines += _flat_lines(view, inside, ids)
        again: dict[int, str] = {}
    else:
        ends = {end for edge in view.edges for end in (edge.source, edge.target)}
        for container in view.containers:
            lines += _container_lines(container, inside[container.id], ids, ends)
        again = _entered_again(view)
    for number, end in enumerate(sorted(set(again.values()))):
        ids["again:" + end] = f"a{number}"
        lines.append(f'  a{number}["{_label(_long_name(view, end))}"]:::again')
    lines += [
        _edge_line(edge, ids[edge.source], ids["again:" + edge.target if index in again else edge.target])
        for index, edge in enumerate(view.edges)
    ]
    by_style: dict[str, list[str]] = defaultdict(list)
    for number, edge in enumerate(view.edges):
        by_style[_LINKS[edge.style] + (_VIOLATION if edge.findings else "")].append(str(number))
    lines += [f"  linkStyle {','.join(numbers)} {style}" for style, numbers in sorted(by_style.items())]
    return "\n".join([*lines, _CLASSES]) + "\n"


def _flat_lines(view: View, inside: dict[str, list[Node]], ids: dict[str, str]) -> list[str]:
    lines = ["  %% too many edges for subgraphs: the names begin with the account"]
    ends = {end for edge in view.edges for end in (edge.source, edge.target)}
    for container in view.containers:
        if container.id in ends or not inside[container.id]:
            lines.append(f'  {ids[container.id]}["{_label(container.name, container.caption)}"]:::account')
        for node in inside[container.id]:
            name = node.name if container.kind == "group" else f"{container.name} / {node.name}"
            lines.append(f'  {ids[node.id]}["{_label(name)}"]:::{_class_of(node, container)}')
    return lines


def _class_of(node: Node, container: Container) -> str:
    return "unresolved" if node.kind == "unknown" else "principal" if container.kind == "group" else "member"


def _container_lines(container: Container, nodes: list[Node], ids: dict[str, str], ends: set[str]) -> list[str]:
    name = ids[container.id]
    label = _label(container.name, container.caption)
    whole = container.id in ends and container.kind == "account"
    if container.collapsed or not (nodes or whole):
        if container.kind == "group":
            label = _label(container.name, counted(container.members, "member"))
        if container.inner_findings:
            label += f"<br/>inside: {_text(', '.join(container.inner_findings))}"
        return [f'  {name}["{label}"]:::account']
    title = _label(" · ".join(part for part in (container.name, container.caption) if part))
    lines = [f'  subgraph {name}["{title}"]']
    if whole:
        # An edge to a subgraph that an edge also crosses is not laid out, so the account's root is a node.
        lines.append(f'    {name}r["whole account"]:::account')
        ids[container.id] = f"{name}r"
    for node in nodes:
        lines.append(f'    {ids[node.id]}["{_label(node.name)}"]:::{_class_of(node, container)}')
    return [*lines, "  end", f"  class {name} group"]


def _entered_again(view: View) -> dict[int, str]:
    """Return the edges that would close a circle of containers, by their place, with their targets.

    Mermaid lays no circles of subgraphs out: it collapses them, or fails. So these edges end at a
    second node of their target, that stands outside of its container and names it.
    """
    if view.level == "account":
        return {}
    home = {node.id: node.container for node in view.nodes} | {item.id: item.id for item in view.containers}
    pairs = [(home[edge.source], home[edge.target]) for edge in view.edges]
    order = forward_order([item.id for item in view.containers], pairs)
    return {
        index: view.edges[index].target for index, (source, target) in enumerate(pairs) if order[source] > order[target]
    }


def _long_name(view: View, end: str) -> str:
    names = {item.id: item.name for item in view.containers}
    node = next((node for node in view.nodes if node.id == end), None)
    return f"{names[node.container]} / {node.name}" if node else f"{names[end]} / whole account"


def _edge_line(edge: Edge, source: str, target: str) -> str:
    arrow = _ARROWS.get(edge.style, "-->")
    parts = []
    if edge.verdict == "conditional" and edge.conditions:
        parts.append(summary(edge.conditions, lambda text: len(text) <= _CONDITION))
    elif edge.style != "allowed":
        parts.append(edge.verdict_text)
    if edge.findings:
        parts.append(", ".join(edge.findings))
    times = [f"{edge.count:,}×"] if edge.count > 1 else []
    said = " ".join([*times, " · ".join(parts)]).rstrip()
    label = f'|"{_text(said)}"|' if said else ""
    return f"  {source} {arrow}{label} {target}"


def _label(name: str, caption: str = "") -> str:
    return _text(cut(visible(name), _LABEL)) + (f"<br/>{_text(cut(visible(caption), _LABEL))}" if caption else "")


def _text(text: str) -> str:
    """Return a quoted label's content: entity codes for all that Mermaid, Markdown or HTML could read."""
    found = _LIST.match(text)
    first = found.end() - 1 if found else -1
    return "".join(
        _code(character) if index == first or (character.isascii() and _UNSAFE.match(character)) else character
        for index, character in enumerate(visible(text))
    )


def _code(character: str) -> str:
    return "#quot;" if character == '"' else f"#{ord(character)};"


def _comment(text: str) -> str:
    return _KEYWORD_RISK.sub("_", visible(text))
