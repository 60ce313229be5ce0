"""AL120."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import msgspec

from astralint.rules.api import Account, Platform, Violation, rule
from astralint.rules.api.trust import Assumption
from astralint_rules.identity.certainty import hangs_on_the_unknown

if TYPE_CHECKING:
    import networkx as nx

RANK = ("management", "identity", "security", "artifact", "production")
MAXIMUM = 100
DENSE = 1000
"""Where so many edges close circles, all with all, fewer of these are told, and edges are not weighed by what is left."""


class Circle(msgspec.Struct, frozen=True, eq=False):
    """Accounts that can become each other in a circle; the first edge is the one to cut."""

    accounts: tuple[Account, ...]
    edges: tuple[Assumption, ...]

    def __str__(self) -> str:
        return " → ".join(account.name for account in (*self.accounts, self.accounts[0]))


def circles(platform: Platform) -> Iterator[Circle]:
    """Yield circles between accounts, each with the edge without which there is least left of them.

    Circles of allowed edges alone go first; those that need a conditional one follow.
    """
    strongest = _strongest(platform)
    if not _has_circle(strongest):
        return
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for (source, target), assumption in strongest.items():
        allowed = assumption.decision.verdict == "allowed"
        graph.add_edge(source, target, assumption=assumption, allowed=allowed)
    certain = graph.edge_subgraph([(a, b) for a, b, data in graph.edges(data=True) if data["allowed"]]).copy()
    count = 0
    maximum = MAXIMUM if len(strongest) <= DENSE else max(MAXIMUM * DENSE // len(strongest), 3)
    for current in (certain, graph):
        while count < maximum:
            component = next((c for c in nx.strongly_connected_components(current) if len(c) > 1), None)
            if component is None:
                break
            circle = _shortest(current.subgraph(sorted(component)))
            edges = list(zip(circle, [*circle[1:], circle[0]], strict=True))
            cut = min(edges, key=lambda edge: _left(current, component, edge))
            start = edges.index(cut)
            turned = [*edges[start:], *edges[:start]]
            accounts = tuple(platform.accounts[source] for source, _ in turned)
            yield Circle(accounts, tuple(graph.edges[edge]["assumption"] for edge in turned))
            count += 1
            current.remove_edge(*cut)
            if current is certain:
                graph.remove_edge(*cut)


def _strongest(platform: Platform) -> dict[tuple[str, str], Assumption]:
    """Return who can become whom between accounts, with the strongest assumption of each pair."""
    found: dict[tuple[str, str], Assumption] = {}
    for assumption in platform.trust.assumptions:
        source, target = assumption.account, assumption.role.account
        if source is None or target is None or source is target or assumption.decision.verdict == "denied":
            continue
        if assumption.role.is_implied or not assumption.evidence or hangs_on_the_unknown(assumption):
            continue
        if assumption.trusts and all(trust.principal.form == "anyone" for trust in assumption.trusts):
            continue  # Who trusts everybody trusts nobody in particular: that is what is wrong there.
        known = found.get((source.name, target.name))
        if known is None or (assumption.decision.verdict == "allowed" != known.decision.verdict):
            found[source.name, target.name] = assumption
    return found


def _has_circle(edges: Iterable[tuple[str, str]]) -> bool:
    """Say whether there is any circle; mostly there is none, and nothing more to be done."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for source, target in edges:
        sorter.add(target, source)
    try:
        sorter.prepare()
    except CycleError:
        return True
    return False


def _shortest(component: nx.DiGraph[str]) -> list[str]:
    """Return a shortest circle within a strongly connected component, the first by name."""
    import networkx as nx

    best: list[str] = []
    for node in sorted(component):
        ways = nx.single_source_shortest_path(component, node)
        found = [ways[before] for before in component.predecessors(node)]
        shortest = min(found, key=lambda way: (len(way), way))
        if not best or len(shortest) < len(best):
            best = shortest
        if len(best) == 2:
            break
    return best


def _left(graph: nx.DiGraph[str], component: set[str], edge: tuple[str, str]) -> tuple[object, ...]:
    """Return how much of circles is left without an edge; then the edge into the weightier account goes first."""
    import networkx as nx

    left = 0
    if graph.number_of_edges() <= DENSE:
        rest: nx.DiGraph[str] = nx.DiGraph(graph.subgraph(component))
        rest.remove_edge(*edge)
        left = sum(rest.subgraph(part).number_of_edges() for part in nx.strongly_connected_components(rest))
    kind = graph.edges[edge]["assumption"].role.account.kind
    return left, RANK.index(kind) if kind in RANK else len(RANK), edge


@rule("AL120", "trust-cycle", severity="error", each=circles, tags=("identity", "trust"))
def check(circle: Circle, platform: Platform) -> Iterator[Violation]:
    """Accounts do not trust each other in circles.

    ## Why

    Accounts are walls: what goes wrong in one stays there. If one can become a role of
    another and, by whatever way, that one can become a role of the first, neither wall
    holds, and nobody can say which account is the more trusted one.

    ## Bad

    ```hcl
    # workspaces/email trusts security's auditor, and workspaces/security trusts
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::210000000006:role/bounce-reporter"] # email
    }
    ```

    ## Good

    Trust goes one way. What the less trusted account has to say, it puts on a queue or
    an event bus that the other reads.

    ## Exceptions

    Of several edges that close a circle, the one is reported without which the least
    of all circles is left. The role by which AWS has a new member administered
    (`OrganizationAccountAccessRole`) closes none: nobody wrote it. A circle that hangs on a condition is a warning that shows it.
    """
    first = circle.edges[0]
    conditions = [condition for edge in circle.edges for condition in edge.conditions]
    condition = f", if {' and '.join(conditions)}" if conditions else ""
    place = first.evidence[0]
    others = [item for edge in circle.edges for item in edge.evidence if item != place]
    uncertain = any(edge.decision.verdict != "allowed" for edge in circle.edges)
    yield first.role.resource.workspace.violation(
        f"`{circle.accounts[0]}` can become {first.role.title}, which closes the circle {circle}{condition}",
        place.span,
        place.text,
        subject=f"{circle.accounts[0]} -> {first.role.account}",
        evidence=tuple(others),
        path=tuple(item for edge in circle.edges for item in reversed(edge.evidence)),
        severity="warning" if uncertain else None,
    )
