"""Every edge of escalation of a platform, and how far each identity is an administrator."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby

import msgspec

from astralint.estate.model import Account
from astralint.estate.organization import organization_id
from astralint.terraform.evaluation.builtin import text_of
from astralint.trust.escalation.finders import compute, iam, limits
from astralint.trust.escalation.finders.hunt import FINDERS, Hunt, left
from astralint.trust.escalation.holder import Holder, allows_everything
from astralint.trust.escalation.holdings import is_reserved
from astralint.trust.escalation.judge import Object
from astralint.trust.escalation.model import (
    Escalation,
    Goal,
    Proof,
    Removal,
    Route,
    Standing,
    Target,
    administrator,
    sorted_routes,
)
from astralint.trust.escalation.prerequisites import DEMANDS
from astralint.trust.escalation.table import ENTERING, Path_, paths
from astralint.trust.identity import Identity
from astralint.trust.index import TrustIndex

MODULES = (compute, iam, limits)
"""The finders that there are."""

_WRITES_IAM = ("iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:CreateRole", "iam:CreatePolicyVersion")


class Escalations:
    """All of it, found when it is made."""

    def __init__(self, index: TrustIndex) -> None:
        self.index = index
        self._hunt = Hunt(index, text_of(organization_id(index.estate.settings)))
        self._found: dict[str, dict[str, tuple[Target, list[Route]]]] = {}
        self.standing: dict[str, Standing] = {}
        asked = [path for path in paths() if path.finds in FINDERS and all(name in DEMANDS for name in path.demands)]
        self._sources: dict[str, Identity] = {}
        for identity in index.identities:
            if self._hunt.home(identity) is not None and not identity.is_implied and identity.kind != "root":
                self._of(self._hunt.judge.holder_of(identity), asked)
        self._by_way()
        self._by_entering()
        self.edges = tuple(self._edges())
        self._by_source = {node: tuple(edges) for node, edges in groupby(self.edges, lambda edge: edge.source.node)}

    @cached_property
    def administrators(self) -> dict[str, Goal]:
        """Return whoever may do anything in an account, by their node."""
        homes = {account.name: account for one in self.index.identities if (account := self.home(one)) is not None}
        return {goal.node: goal for goal in map(administrator, homes.values())}

    @cached_property
    def removals(self) -> tuple[Removal, ...]:
        """Return who may take away, or rewrite, the permissions boundary that it is under."""
        found: list[Removal] = []
        for identity in self.index.identities:
            account = self.home(identity) if identity.boundary is not None else None
            if account is None or is_reserved(identity):
                continue
            holder = self._hunt.judge.holder_of(identity)
            kind, own = "User" if identity.kind == "user" else "Role", self._hunt.identity(identity)
            asked = [(f"iam:{verb}{kind}PermissionsBoundary", own) for verb in ("Delete", "Put")]
            for policy in self._hunt.holdings.policies(account):
                if identity in policy.bounds:
                    target = self._hunt.policy(policy)
                    asked += [(f"iam:{verb}PolicyVersion", target) for verb in ("Create", "SetDefault")]
            for action, target in asked:
                outcome = self._hunt.judge.allowed(holder, action, target)
                if outcome.truth is not False:
                    proofs = self._hunt.judge.proofs(holder, action, target, outcome)
                    found.append(Removal(identity, action, proofs, left(outcome)))
        return tuple(found)

    def home(self, identity: Identity) -> Account | None:
        """Return the account of an identity, be it known which one that is or not."""
        return self._hunt.home(identity)

    def of(self, node: str) -> tuple[Escalation, ...]:
        """Return the edges out of a node."""
        return self._by_source.get(node, ())

    # --- one holder -------------------------------------------------------------------------

    def _of(self, holder: Holder, asked: Iterable[Path_]) -> None:
        identity = holder.identity
        account = self._hunt.home(identity)
        if not holder.bits or account is None:
            return
        rights = self._rights(holder)
        if rights is not None:
            self.standing[identity.node] = rights
            return
        hits = [hit for path in asked if _may(holder, path) for hit in FINDERS[path.finds](self._hunt, holder, path)]
        own = [hit.route for hit in hits if hit.target is identity and hit.route.how == "widens"]
        goal = administrator(account)
        if own and not self._hunt.is_capped(identity):
            best = sorted_routes(own)[0]
            self.standing[identity.node] = Standing(best.verdict, "widening", "", best.proofs, best.conditions)
            if best.verdict == "allowed":
                self._add(identity, goal, [*own, *(hit.route for hit in hits if hit.target.node == goal.node)])
                return
            self._add(identity, goal, own)
        for hit in hits:
            if hit.target is not identity:
                self._add(identity, hit.target, [hit.route])

    def _rights(self, holder: Holder) -> Standing | None:
        """Return that a holder has all rights, where it may write IAM after all limits."""
        everything = allows_everything(holder)
        if everything is None:
            return None
        target = Object(holder.identity.arn, f"`{holder.identity}`")
        for action in _WRITES_IAM:
            outcome = self._hunt.judge.allowed(holder, action, target)
            if outcome.truth:
                proofs = self._hunt.judge.proofs(holder, action, target, outcome)
                named = (
                    msgspec.structs.replace(p.evidence, text=f"`{holder.identity}` may do anything") for p in proofs
                )
                return Standing("allowed", "rights", "", tuple(Proof("identity", one) for one in named))
        return None

    def _by_way(self) -> None:
        """Add whoever widens somebody that they can become."""
        for node, targets in list(self._found.items()):
            identity = self._sources[node]
            assumed = {a.role.node: a for a in self.index.from_node(node) if a.decision.verdict != "denied"}
            for target, routes in list(targets.values()):
                account = self._hunt.home(target) if not isinstance(target, Goal) else None
                if isinstance(target, Goal) or account is None or self._hunt.is_capped(target):
                    continue
                widening = [route for route in routes if route.how == "widens"]
                entering = [route for route in routes if route.how in ENTERING]
                assumption = assumed.get(target.node)
                if not widening or not (entering or assumption):
                    continue
                more: tuple[Proof, ...] = ()
                conditions: tuple[str, ...] = ()
                if assumption is not None:
                    more = tuple(Proof("trust", trust.evidence) for trust in assumption.trusts)
                    more += tuple(Proof("identity", line) for line in assumption.permissions)
                    conditions = assumption.conditions
                else:
                    best = sorted_routes(entering)[0]
                    more, conditions = best.proofs, best.conditions
                made = [_with(route, target.node, more, conditions) for route in widening]
                self._add(identity, administrator(account), made)
                if account is self._hunt.home(identity):
                    first = sorted_routes(made)[0]
                    self.standing.setdefault(node, Standing(first.verdict, "way", target.node, first.proofs))

    def _by_entering(self) -> None:
        """Note who becomes an administrator of its own account by becoming one, through however many others."""
        changed = True
        while changed:
            changed = False
            for node, targets in self._found.items():
                if node in self.standing:
                    continue
                for target, routes in targets.values():
                    reached = self.standing.get(target.node)
                    entering = [route for route in routes if route.how in ENTERING and route.verdict == "allowed"]
                    if isinstance(target, Goal) or reached is None or reached.verdict != "allowed" or not entering:
                        continue
                    if self._hunt.home(target) is self._hunt.home(self._sources[node]):
                        best = sorted_routes(entering)[0]
                        self.standing[node] = Standing("allowed", "way", target.node, best.proofs)
                        changed = True
                        break

    def _add(self, source: Identity, target: Target, routes: list[Route]) -> None:
        self._sources[source.node] = source
        known = self._found.setdefault(source.node, {}).setdefault(target.node, (target, []))
        known[1].extend(routes)

    def _edges(self) -> Iterable[Escalation]:
        for node in sorted(self._found):
            for target in sorted(self._found[node]):
                goal, routes = self._found[node][target]
                yield Escalation(self._sources[node], goal, sorted_routes(routes))


def _may(holder: Holder, path: Path_) -> bool:
    """Say whether a path is worth looking at; what policies of resources give is looked at for things alone."""
    if path.things:
        return True
    return all(any(holder.may_at_all(choice.action) for choice in need) for need in path.needs)


def _with(route: Route, through: str, more: tuple[Proof, ...], conditions: tuple[str, ...]) -> Route:
    every = tuple(dict.fromkeys((*route.conditions, *conditions)))
    return msgspec.structs.replace(
        route,
        through=(*route.through, through),
        proofs=(*route.proofs, *more),
        conditions=every,
        verdict="conditional" if every else route.verdict,
    )
