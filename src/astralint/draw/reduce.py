"""From the platform's graph to what a picture shows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from astralint.draw.kinds import EDGES, GROUPS, Family, Style, drawn, edge_kind, is_gained, principal_kind
from astralint.draw.names import Names
from astralint.draw.view import STRENGTH, Container, Counts, Edge, Lane, Node, Place, View, lane_of
from astralint.draw.ways import Ways, find_ways

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx as nx

    from astralint.draw.options import DrawOptions

_FAMILIES = get_args(Family)
_ORDER = {kind: place for place, kind in enumerate(EDGES)}
_GROUP_LANES: dict[str, Lane] = {"unassigned": 2, "people": 1, "organization": 1}


def view_of(graph: nx.MultiDiGraph[str], options: DrawOptions, *, light: bool | None = None) -> View:
    """Return what a picture of the graph shows at a level; raises DrawError where an end is not in the graph.

    `light` asks for the edges that give way to trust; by default the role level has none of them.
    """
    light = options.level != "role" if light is None else light
    ways = find_ways(graph, options)
    view = _Builder(graph, options, ways, light=light).view()
    if options.level != "account":
        return view
    return collapse(view, {container.id for container in view.containers if container.kind == "account"})


class _Builder:
    """Builds the view of the role or resource level."""

    def __init__(self, graph: nx.MultiDiGraph[str], options: DrawOptions, ways: Ways | None, *, light: bool) -> None:
        self.graph = graph
        self.options = options
        self.ways = ways
        self.light = light
        self.names = Names(graph)
        self.accounts: dict[str, str] = {
            _text(data, "name"): node for node, data in graph.nodes(data=True) if data.get("kind") == "account"
        }

    def view(self) -> View:
        edges = self._edges()
        nodes = self._nodes(edges)
        containers = self._containers(nodes, edges)
        counts = _counts(containers, nodes, edges)
        notes = self.ways.notes if self.ways else ()
        options = self.options
        return View(options.level, containers, nodes, edges, counts, options.title, options.version, notes)

    def _edges(self) -> tuple[Edge, ...]:
        merged: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        decided: set[tuple[str, str]] = set()
        undecided: list[tuple[str, str, dict[str, Any]]] = []
        for source, target, key, data in self.graph.edges(keys=True, data=True):
            kind = _text(data, "kind")
            if self.ways is not None and (source, target, key) not in self.ways.edges:
                continue
            if kind == "trusts":
                if self._is_unknown(target):
                    undecided.append((target, source, data))
            elif drawn(kind, self.options.level, light=self.light, gained=is_gained(kind, self.graph.nodes[target])):
                merged[source, target, kind].append(data)
                if kind == "can-assume":
                    decided.add((source, target))
        # A trust whose principal is not known may have no verdict; it is drawn all the same.
        for principal, role, data in undecided:
            if (principal, role) not in decided:
                merged[principal, role, "trusts"].append(data)
        edges = [self._edge(*key, merged[key]) for key in sorted(merged)]
        return tuple(edges)

    def _edge(self, source: str, target: str, kind: str, all_data: list[dict[str, Any]]) -> Edge:
        edges = [
            Edge(
                source,
                target,
                (kind,),
                _verdict(kind, data),
                _texts(data.get("conditions"))
                or (("the principal could not be resolved",) if kind == "trusts" else ()),
                _texts(data.get("findings")),
                places_of(data),
                unresolved=self._is_unknown(source),
                details=_details(data),
            )
            for data in all_data
        ]
        return edges[0] if len(edges) == 1 else merge(source, target, edges)

    def _is_unknown(self, node: str) -> bool:
        data = self.graph.nodes[node]
        return data.get("kind") == "principal" and data.get("principal_kind") == "unknown"

    def _nodes(self, edges: tuple[Edge, ...]) -> tuple[Node, ...]:
        taking_part = {end for edge in edges for end in (edge.source, edge.target)}
        if self.ways is not None:
            taking_part |= self.ways.ends
        found: list[Node] = []
        for node, data in self.graph.nodes(data=True):
            kind = data.get("kind")
            if kind == "account":
                continue
            wanted = node in taking_part or (
                bool(data.get("findings")) and self.options.level != "account" and self.ways is None
            )
            if self.options.level == "resource" and self.ways is None:
                wanted = wanted or kind in ("workspace", "resource", "principal")
            if wanted:
                found.append(self._node(node, data))
        found.sort(key=lambda node: (node.container, node.kind, node.name, node.id))
        return tuple(_told_apart(found))

    def _node(self, node: str, data: dict[str, Any]) -> Node:
        container = self._container_of(data)
        name = self.names.short(_text(data, "name")) or node
        match data.get("kind"):
            case "workspace":
                return Node(node, name, "workspace", container, _text(data, "path"))
            case "resource":
                type_, address = _text(data, "type"), _text(data, "address")
                kind = {"aws_iam_role": "role", "aws_iam_user": "user"}.get(type_, "resource")
                known = kind != "resource" and name != node and "{" not in name
                label = _marked(name if known else address or name, data)
                line = data.get("line")
                line = line if isinstance(line, int) else 0
                return Node(node, label, kind, container, address, _text(data, "file"), line)
        principal_kind = _text(data, "principal_kind") or "unknown"
        return Node(node, name, principal_kind, container, node.partition(":")[2])

    def _container_of(self, data: dict[str, Any]) -> str:
        principal = data.get("kind") not in ("workspace", "resource")
        place = principal_kind(_text(data, "principal_kind"))
        if principal and place.always:
            return f"group:{place.group}"
        account = self.accounts.get(_text(data, "account")) if _text(data, "account") else None
        if account is not None:
            return account
        return f"group:{place.group}" if principal else "group:unassigned"

    def _containers(self, nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> tuple[Container, ...]:
        members: dict[str, int] = defaultdict(int)
        for node in nodes:
            if node.kind != "resource" or self.options.level == "resource":
                members[node.container] += 1
            else:
                members.setdefault(node.container, 0)
        ends = {end for edge in edges for end in (edge.source, edge.target)}
        if self.ways is not None:
            ends |= self.ways.ends
        found: list[Container] = []
        for name, account in self.accounts.items():
            if self.ways is not None and account not in members and account not in ends:
                continue
            data = self.graph.nodes[account]
            external = bool(data.get("external"))
            account_kind = _text(data, "account_kind")
            workspaces = data.get("workspaces")
            unmanaged = data.get("unmanaged")
            found.append(
                Container(
                    account,
                    name or "(no name)",
                    lane_of(account_kind, external=external),
                    account_kind=account_kind,
                    number=_text(data, "number"),
                    external=external,
                    workspaces=workspaces if isinstance(workspaces, int) else 0,
                    members=members[account],
                    inner_findings=_texts(data.get("findings")),
                    unmanaged=unmanaged if isinstance(unmanaged, int) else 0,
                )
            )
        for group, name in GROUPS.items():
            if f"group:{group}" in members:
                lane = _GROUP_LANES.get(group, 0)
                found.append(Container(f"group:{group}", name, lane, "group", members=members[f"group:{group}"]))
        found.sort(key=lambda item: (item.lane, item.kind != "group", item.account_kind, item.name, item.id))
        return tuple(found)


def collapse(view: View, closed: Iterable[str]) -> View:
    """Return the view with some containers closed: one edge for each ordered pair of what is left."""
    closed = frozenset(closed)
    home = {node.id: node.container for node in view.nodes if node.container in closed}
    services = {"group:service"} | {node.id for node in view.nodes if node.container == "group:service"}
    pairs: dict[tuple[str, str, Family], list[Edge]] = defaultdict(list)
    inner: dict[str, list[Edge]] = defaultdict(list)
    for edge in view.edges:
        source, target = home.get(edge.source, edge.source), home.get(edge.target, edge.target)
        if source == target and source in closed:
            inner[source].append(edge)
        else:
            pairs[source, target, edge.family].append(edge)
    # Who may use something there is drawn where nothing else joins the two; services use everything everywhere.
    for source, target, family in list(pairs):
        if (
            family == "access"
            and not closed.isdisjoint((source, target))
            and (source in services or (source, target, "trust") in pairs)
        ):
            del pairs[source, target, family]
    containers = tuple(
        msgspec.structs.replace(
            item,
            collapsed=True,
            inner=item.inner + sum(edge.count for edge in inner[item.id]),
            inner_findings=union([item.inner_findings, *(edge.findings for edge in inner[item.id])]),
        )
        if item.id in closed
        else item
        for item in view.containers
    )
    merged = tuple(merge(source, target, pairs[source, target, family]) for source, target, family in in_order(pairs))
    nodes = tuple(node for node in view.nodes if node.id not in home)
    return msgspec.structs.replace(view, containers=containers, nodes=nodes, edges=merged)


def in_order(pairs: Iterable[tuple[str, str, Family]]) -> list[tuple[str, str, Family]]:
    """Return pairs of ends in stable order, trust first."""
    return sorted(pairs, key=lambda pair: (*pair[:2], _FAMILIES.index(pair[2])))


def merge(source: str, target: str, edges: list[Edge]) -> Edge:
    """Return one edge that stands for several: the strongest verdict, and all that made it."""
    verdict = max((_strength(edge) for edge in edges), key=lambda verdict: STRENGTH[verdict])
    strongest = [edge for edge in edges if _strength(edge) == verdict]
    if verdict == "allowed" and all(not edge.verdict for edge in strongest):
        verdict = ""
    return Edge(
        source,
        target,
        tuple(sorted(union(edge.kinds for edge in edges), key=_place_of)),
        verdict,
        union(edge.conditions for edge in strongest),
        union(edge.findings for edge in edges),
        tuple(dict.fromkeys(place for edge in edges for place in edge.evidence)),
        sum(edge.count for edge in edges),
        any(edge.unresolved for edge in edges),
        union(edge.details for edge in edges),
    )


def _place_of(kind: str) -> tuple[int, str]:
    return _ORDER.get(kind, len(_ORDER)), kind


def _strength(edge: Edge) -> str:
    # A pipeline that deploys as a role, or an account that was put in charge, is as strong as a trust that allows.
    return "allowed" if edge.style in ("deploys", "delegates") else edge.verdict


def _counts(containers: tuple[Container, ...], nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> Counts:
    styles: dict[Style, int] = defaultdict(int)
    for edge in edges:
        styles[edge.style] += edge.count
    return Counts(
        sum(1 for item in containers if item.kind == "account"),
        len(nodes),
        dict(styles),
        sum(edge.count for edge in edges if edge.findings),
        sum(edge.count for edge in edges if edge.unresolved),
    )


def _verdict(kind: str, data: dict[str, Any]) -> str:
    if kind == "deploys-as" and data.get("missing"):
        return "denied"
    verdict = _text(data, "verdict")
    return verdict if verdict in STRENGTH and verdict else edge_kind(kind).verdict


def _marked(label: str, data: dict[str, Any]) -> str:
    """Return the label of a resource with the rules that found something there."""
    found = _texts(data.get("findings"))
    return f"{label} ({', '.join(found)})" if found else label


def _details(data: dict[str, Any]) -> tuple[str, ...]:
    actions = _texts(data.get("actions"))
    through = _text(data, "through")
    return (
        *(("all actions but",) if data.get("all_but") else ()),
        *actions,
        *_texts(data.get("service") or None),
        *dict.fromkeys(str(route["does"]) for route in data.get("routes") or ()),
        *((f"through {through.replace('-', ' ')}",) if through and through != "provider" else ()),
    )


def places_of(data: dict[str, Any]) -> tuple[Place, ...]:
    """Return the evidence of an edge."""
    found = []
    for item in data.get("evidence") or ():
        line, column = item.get("line"), item.get("column")
        found.append(
            Place(
                _text(item, "file"),
                line if isinstance(line, int) else 0,
                column if isinstance(column, int) else 1,
                _text(item, "side"),
                _text(item, "text"),
                _text(item, "workspace"),
            )
        )
    return tuple(found)


def _told_apart(nodes: list[Node]) -> Iterator[Node]:
    """Give nodes of the same name in one container their longer name."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for node in nodes:
        seen[node.container, node.name] += 1
    for node in nodes:
        if seen[node.container, node.name] > 1 and node.detail:
            yield msgspec.structs.replace(node, name=node.detail)
        else:
            yield node


def union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what is in any of the groups, each once, in their order."""
    return tuple(dict.fromkeys(item for group in groups for item in group))


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else "" if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()
