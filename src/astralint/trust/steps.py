"""The steps of which ways are made: by assuming, by deploying, and by what somebody's permissions let them change."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.estate.nodes import workspace_node
from astralint.source.evidence import Evidence
from astralint.trust.escalation.index import Escalations
from astralint.trust.escalation.model import Escalation, Goal, Proof, Target, administrator
from astralint.trust.escalation.table import ENTERING, path
from astralint.trust.index import TrustIndex

ESCALATING = frozenset({"can-escalate", "is-administrator", "administers"})
"""The kinds of steps that are no assumption."""
_SIDES = {"trust": "trust", "binding": "binding", "resource": "binding"}


class Step(msgspec.Struct, frozen=True, eq=False):
    """One edge of a way.

    `kind` is that of the graph's edge, or `administers` where an administrator of an account takes any identity there;
    `verdict` is `allowed` or `conditional`, `conditions` what it hangs on. `trust` are the lines of the target's side,
    `permission` those of the source's, `binding` those that hand the target to the source. Of an escalation, `path` is
    the id of the way in the table, `does` says it in words, `how` is what one gets, `through` are the resources.
    """

    kind: str
    source: str
    target: Target
    source_name: str
    verdict: str
    conditions: tuple[str, ...]
    trust: tuple[Evidence, ...]
    permission: tuple[Evidence, ...]
    binding: tuple[Evidence, ...] = ()
    path: str = ""
    does: str = ""
    how: str = ""
    through: tuple[str, ...] = ()


def assumptions(index: TrustIndex, node: str) -> Iterator[Step]:
    """Yield what a node can assume, or is handed."""
    for assumption in index.from_node(node):
        if assumption.decision.verdict != "denied":
            name = f"`{assumption.name or _shown(node)}`"
            name = assumption.identity.title if assumption.identity is not None else name
            yield Step(
                assumption.kind,
                node,
                assumption.role,
                name,
                assumption.decision.verdict,
                assumption.conditions,
                tuple(trust.evidence for trust in assumption.trusts),
                assumption.permissions,
                assumption.bindings,
            )


def deployments(index: TrustIndex, workspace: str) -> Iterator[Step]:
    """Yield the roles that a workspace deploys as."""
    for deployment in index.deployments:
        if deployment.workspace.name == workspace and deployment.role is not None:
            node, name = workspace_node(workspace), f"the workspace `{workspace}`"
            yield Step("deploys-as", node, deployment.role, name, "allowed", (), (), (deployment.evidence,))


def escalations(found: Escalations, node: str) -> Iterator[Step]:
    """Yield whom somebody can make themselves, and the account that they administer by their rights."""
    standing = found.standing.get(node)
    identity = found.index.by_node.get(node)
    account = found.home(identity) if identity is not None else None
    if standing is not None and standing.by == "rights" and identity is not None and account is not None:
        goal = administrator(account)
        conditions = standing.conditions
        yield _step("is-administrator", node, goal, identity.title, standing.verdict, conditions, standing.proofs)
    for edge in found.of(node):
        step = _escalation(edge)
        if step is not None:
            yield step


def administered(found: Escalations, goal: Goal, wanted: frozenset[str]) -> Iterator[Step]:
    """Yield whom an administrator of an account takes: those that lead out of the account, and those that are wanted."""
    account = goal.account
    for identity in found.index.identities if account is not None else ():
        if found.home(identity) is not account or identity.kind not in ("role", "user"):
            continue
        leads_out = identity.node in wanted or any(
            edge.decision.verdict != "denied" and found.home(edge.role) is not account
            for edge in found.index.from_node(identity.node)
        )
        leads_out = leads_out or any(edge.target.account is not account for edge in found.of(identity.node))
        if leads_out:
            yield Step("administers", goal.node, identity, goal.title, "allowed", (), (), ())


def _escalation(edge: Escalation) -> Step | None:
    """Return an edge as a step; None for one by which nobody becomes anybody."""
    target = edge.target
    if isinstance(target, Goal) and target.kind != "administrator":
        return None
    route = next((one for one in edge.routes if isinstance(target, Goal) or one.how in ENTERING), None)
    if route is None:
        return None
    source = edge.source.title
    made = _step("can-escalate", edge.source.node, target, source, route.verdict, route.conditions, route.proofs)
    return msgspec.structs.replace(
        made, path=route.path, does=path(route.path).does, how=route.how, through=route.through
    )


def _step(
    kind: str,
    node: str,
    target: Target,
    name: str,
    verdict: str,
    conditions: tuple[str, ...],
    proofs: tuple[Proof, ...],
) -> Step:
    sides: dict[str, list[Evidence]] = {"trust": [], "permission": [], "binding": []}
    for proof in proofs:
        sides[_SIDES.get(proof.side, "permission")].append(proof.evidence)
    return Step(
        kind, node, target, name, verdict, conditions,
        tuple(sides["trust"]), tuple(sides["permission"]), tuple(sides["binding"]),
    )  # fmt: skip


def _shown(node: str) -> str:
    return node.partition(":")[2].partition("/")[2] if node.startswith("principal:") else node.partition(":")[2]
