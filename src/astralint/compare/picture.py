"""Only the difference of trust as a Mermaid picture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from astralint.compare.trust import TrustEdge
from astralint.estate.nodes import account_node
from astralint.graph.masking import masked_graph
from astralint.source.secrets import NO_SECRETS, Secrets

if TYPE_CHECKING:
    import networkx as nx

    from astralint.draw.options import Drawing
    from astralint.platform.platform import Platform

MAXIMUM_EDGES = 150


def picture(edges: Iterable[TrustEdge], platform: Platform, title: str, secrets: Secrets = NO_SECRETS) -> Drawing:
    """Draw edges of a platform between roles, or between accounts where there are more than 150; notes say so."""
    from astralint.draw import DrawOptions, draw_with_notes
    from astralint.draw.options import Drawing

    chosen = list(edges)
    graph, _ = masked_graph(graph_of(chosen, platform), secrets)
    if len(chosen) <= MAXIMUM_EDGES:
        return draw_with_notes(graph, "mermaid", DrawOptions(level="role", title=title))
    drawing = draw_with_notes(graph, "mermaid", DrawOptions(level="account", title=title))
    note = f"{len(chosen):,} edges between roles are more than a picture shows: these are the accounts"
    return Drawing(drawing.text, (note, *drawing.notes))


def graph_of(edges: Iterable[TrustEdge], platform: Platform) -> nx.MultiDiGraph[str]:
    """Return the part of a platform's graph that holds these edges, with the accounts of their ends."""
    import networkx as nx

    part: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    whole = platform.graph
    for edge in edges:
        for node, name in ((edge.source_node, edge.source), (edge.target_node, edge.target)):
            if node in part:
                continue
            kind = node.partition(":")[2].partition("/")[0]
            home = name.partition("/")[0] if kind in ("administrator", "created") else ""
            made_up = {"kind": "principal", "name": name, "principal_kind": kind, "account": home}
            data: dict[str, Any] = dict(whole.nodes[node]) if node in whole else made_up
            part.add_node(node, **data)
            home = account_node(str(data.get("account", "")))
            if home in whole and home not in part:
                part.add_node(home, **whole.nodes[home])
        verdict = {} if edge.kind == "deploys-as" else {"verdict": edge.verdict, "conditions": list(edge.conditions)}
        evidence = [{"file": e.span.file, "line": e.span.line, "column": e.span.column} for e in edge.evidence]
        part.add_edge(
            edge.source_node, edge.target_node, key=edge.kind, kind=edge.kind, evidence=evidence, missing=edge.missing,
            findings=[], **verdict,
        )  # fmt: skip
    return part
