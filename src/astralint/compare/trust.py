"""The edges of trust, named so that two revisions can be compared, and their difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from astralint.estate.nodes import workspace_node
from astralint.source.evidence import Evidence
from astralint.trust.escalation.model import Goal, Target
from astralint.trust.escalation.table import path

if TYPE_CHECKING:
    from astralint.platform.platform import Platform

EdgeKind = Literal["can-assume", "can-assume-root", "member-of", "deploys-as", "can-escalate"]
STRENGTH = {"denied": 0, "conditional": 1, "allowed": 2}


class TrustEdge(msgspec.Struct, frozen=True, eq=False):
    """Somebody, and a role that is opened to them or that names them.

    `source` and `target` are what people call them (`account/name`), the same in both
    revisions; the nodes are those of the graph. `verdict` is that of the assumption;
    for `deploys-as` it is `allowed`, or `denied` where no workspace makes the role.
    `missing` is the side that is not there of a half-open one. Of an escalation, `does` says what its best routes do.
    """

    kind: EdgeKind
    source: str
    target: str
    source_node: str
    target_node: str
    verdict: str
    conditions: tuple[str, ...]
    missing: str
    evidence: tuple[Evidence, ...]
    does: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind, self.source, self.target


_Edges = dict[tuple[str, str, str], TrustEdge]


class ChangedEdge(msgspec.Struct, frozen=True, eq=False):
    """An edge that both revisions have, with another verdict or other conditions."""

    before: TrustEdge
    after: TrustEdge

    @property
    def widens(self) -> bool:
        """Say whether it lets in more surely than before, or on fewer conditions."""
        before, after = self.before, self.after
        if before.verdict != after.verdict:
            return STRENGTH[after.verdict] > STRENGTH[before.verdict]
        return set(after.conditions) < set(before.conditions)


class TrustDifference(msgspec.Struct, frozen=True, eq=False):
    """The edges that only one revision has, and those that are not the same."""

    added: tuple[TrustEdge, ...]
    removed: tuple[TrustEdge, ...]
    changed: tuple[ChangedEdge, ...]


def trust_edges(platform: Platform) -> dict[tuple[str, str, str], TrustEdge]:
    """Return all edges by their key, in stable order; of several between the same two the strongest."""
    found: dict[tuple[str, str, str], TrustEdge] = {}
    for edge in (*_assumptions(platform), *_deployments(platform)):
        known = found.get(edge.key)
        if known is None or STRENGTH[edge.verdict] > STRENGTH[known.verdict]:
            found[edge.key] = edge
    return dict(sorted(found.items()))


def difference(before: Platform, after: Platform) -> TrustDifference:
    """Return what a change does to who can become whom."""
    return _difference(trust_edges(before), trust_edges(after))


def escalation_difference(before: Platform, after: Platform) -> TrustDifference:
    """Return what a change does to who can make themselves somebody else."""
    return _difference(*({edge.key: edge for edge in _escalations(side)} for side in (before, after)))


def _difference(old: _Edges, new: _Edges) -> TrustDifference:
    return TrustDifference(
        tuple(edge for key, edge in new.items() if key not in old),
        tuple(edge for key, edge in old.items() if key not in new),
        tuple(
            ChangedEdge(old[key], edge)
            for key, edge in new.items()
            if key in old and (old[key].verdict, old[key].conditions) != (edge.verdict, edge.conditions)
        ),
    )


def _assumptions(platform: Platform) -> Iterator[TrustEdge]:
    for assumption in platform.trust.edges:
        source = assumption.name or _outsider(assumption.source)
        source = _called(assumption.identity) if assumption.identity is not None else source
        yield TrustEdge(
            assumption.kind,
            source,
            _called(assumption.role),
            assumption.source,
            assumption.role.node,
            assumption.decision.verdict,
            assumption.conditions,
            assumption.missing,
            assumption.evidence,
        )


def _deployments(platform: Platform) -> Iterator[TrustEdge]:
    for deployment in platform.trust.deployments:
        role = deployment.role
        target = _called(role) if role is not None else str(deployment.arn)
        yield TrustEdge(
            "deploys-as",
            f"workspace {deployment.workspace.name}",
            target,
            workspace_node(deployment.workspace.name),
            deployment.node,
            "allowed" if role is not None else "denied",
            (),
            "" if role is not None else "role",
            (deployment.evidence,),
        )


def _escalations(platform: Platform) -> Iterator[TrustEdge]:
    for edge in platform.escalations.edges:
        if isinstance(edge.target, Goal) and edge.target.kind not in ("administrator", "created"):
            continue
        yield TrustEdge(
            "can-escalate",
            _called(edge.source),
            _called(edge.target),
            edge.source.node,
            edge.target.node,
            edge.verdict,
            edge.conditions,
            "",
            edge.best.evidence,
            tuple(dict.fromkeys(path(route.path).does for route in edge.routes if route.verdict == edge.verdict))[:3],
        )


def _called(identity: Target) -> str:
    if isinstance(identity, Goal):
        own = "administrator" if identity.kind == "administrator" else identity.name
        return f"{identity.account}/{own}" if identity.account is not None else own
    where = identity.account.name if identity.account is not None else identity.resource.workspace.name
    return f"{where}/{identity}"


def _outsider(node: str) -> str:
    """Return what a principal that no workspace makes is called: its ARN or name, an account's root by its account."""
    kind, _, name = node.partition(":")
    return f"{name} (the whole account)" if kind == "account" else name.partition("/")[2]
