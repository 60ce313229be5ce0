"""Edges of escalation in the graph: who can make themselves whom, and who is an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from astralint.graph.builder import evidence_of
from astralint.trust.escalation.model import Goal, Proof, Route, administrator
from astralint.trust.escalation.table import path

if TYPE_CHECKING:
    import networkx as nx

    from astralint.trust.escalation.index import Escalations


def add_escalations(graph: nx.MultiDiGraph[str], escalations: Escalations) -> None:
    """Add the edges, the administrators of accounts, and `admin` of whoever is or can be one."""
    for node, standing in sorted(escalations.standing.items()):
        if node in graph:
            graph.nodes[node]["admin"] = standing.verdict
        identity = escalations.index.by_node.get(node)
        account = escalations.home(identity) if identity is not None else None
        if standing.by == "rights" and account is not None:
            goal = administrator(account)
            _goal(graph, goal)
            graph.add_edge(
                node,
                goal.node,
                key="is-administrator",
                kind="is-administrator",
                verdict=standing.verdict,
                conditions=list(standing.conditions),
                evidence=[_line(proof) for proof in standing.proofs],
            )
    for edge in escalations.edges:
        if isinstance(edge.target, Goal):
            _goal(graph, edge.target)
        graph.add_edge(
            edge.source.node,
            edge.target.node,
            key="can-escalate",
            kind="can-escalate",
            verdict=edge.verdict,
            conditions=list(edge.conditions),
            routes=[_route(route) for route in edge.routes],
            evidence=[_line(proof) for proof in edge.best.proofs],
        )


def _goal(graph: nx.MultiDiGraph[str], goal: Goal) -> None:
    if goal.node not in graph:
        account = goal.account.name if goal.account is not None else ""
        name = goal.title if goal.kind == "administrator" else goal.name
        graph.add_node(goal.node, kind="principal", name=name, principal_kind=goal.kind, account=account)


def _route(route: Route) -> dict[str, Any]:
    return {
        "path": route.path,
        "does": path(route.path).does,
        "how": route.how,
        "verdict": route.verdict,
        "conditions": list(route.conditions),
        "through": list(route.through),
        "evidence": [_line(proof) for proof in route.proofs],
    }


def _line(proof: Proof) -> dict[str, Any]:
    return evidence_of(proof.evidence, proof.side)
