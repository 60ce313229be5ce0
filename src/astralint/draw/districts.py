"""Pictures of much: groups are closed, and accounts of one kind stand together, until they are asked for."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from astralint.draw.escape import counted
from astralint.draw.kinds import Family
from astralint.draw.reduce import collapse, in_order, merge, union
from astralint.draw.view import Container, Edge, View

MANY_ACCOUNTS = 40
"""More accounts than this are not shown one by one."""
SMALLEST = 6
FOLD_OVER = 8
"""A group of more members than this is drawn closed where accounts are."""
_FOLDED = frozenset({"group:service", "group:federated"})
"""Groups that are drawn closed where accounts are, however few they hold: their members are many times the same."""


def fold(view: View) -> View:
    """Return the view with its large groups closed, where accounts are closed too."""
    if view.level != "account":
        return view
    large = {
        item.id
        for item in view.containers
        if item.kind == "group" and item.members > (1 if item.id in _FOLDED else FOLD_OVER)
    }
    closed = large | {item.id for item in view.containers if item.collapsed}
    return collapse(view, closed) if large else view


def gather(view: View) -> View:
    """Return the view of closed accounts with a district for each kind of many; the same where there are few."""
    kinds: dict[tuple[int, str], list[Container]] = defaultdict(list)
    accounts = [item for item in view.containers if item.kind == "account"]
    for item in accounts:
        if item.account_kind and not item.external:
            kinds[item.lane, item.account_kind].append(item)
    gathered = [members for members in kinds.values() if len(members) >= SMALLEST]
    if len(accounts) <= MANY_ACCOUNTS or not gathered:
        return view
    home = {item.id: f"district:{item.lane}/{item.account_kind}" for members in gathered for item in members}
    pairs: dict[tuple[str, str, Family], list[Edge]] = defaultdict(list)
    inner: dict[str, list[Edge]] = defaultdict(list)
    for edge in view.edges:
        source, target = home.get(edge.source, edge.source), home.get(edge.target, edge.target)
        if source == target:
            inner[source].append(edge)
        else:
            pairs[source, target, edge.family].append(edge)
    districts = [_district(home[members[0].id], members, inner) for members in gathered]
    return msgspec.structs.replace(
        view,
        containers=(*(item for item in view.containers if item.id not in home), *districts),
        edges=tuple(
            merge(source, target, pairs[source, target, family])
            for source, target, family in in_order(pairs)
            if family != "access" or (source, target, "trust") not in pairs
        ),
    )


def short_name(name: str, kind: str) -> str:
    """Return an account's name without the kind that its district says already."""
    for separator in "-_ .":
        rest = name.removesuffix(separator + kind).removeprefix(kind + separator)
        if rest not in ("", name):
            return rest
    return name


def _district(name: str, members: list[Container], inner: dict[str, list[Edge]]) -> Container:
    first = members[0]
    return Container(
        name,
        first.account_kind,
        first.lane,
        "district",
        account_kind=first.account_kind,
        workspaces=sum(item.workspaces for item in members),
        members=len(members),
        collapsed=True,
        inner=sum(item.inner for item in members) + sum(edge.count for edge in inner[name]),
        inner_findings=union([*(item.inner_findings for item in members), *(edge.findings for edge in inner[name])]),
        accounts=tuple(item.id for item in members),
        number=counted(len(members), "account"),
    )
