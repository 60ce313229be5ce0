"""What finders share: the index, what there is, the judge, and how a target is made a scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.context import ABSENT, KeyState, Known
from astralint.aws.outcome import Outcome, conjuncts
from astralint.aws.policy import Policy
from astralint.aws.policy_parser import parse_policy
from astralint.estate.model import Account, Resource
from astralint.estate.nodes import resource_node
from astralint.source.partial import Text
from astralint.trust.escalation.holder import Holder, holder_of
from astralint.trust.escalation.holdings import Group, HeldPolicy, Holdings, shown
from astralint.trust.escalation.homes import Homes
from astralint.trust.escalation.judge import Judge, Object
from astralint.trust.escalation.model import Goal, Proof, Route, Target
from astralint.trust.escalation.rights import Ask, Rights, tag_states
from astralint.trust.escalation.table import Path_, Thing, things
from astralint.trust.identity import Identity
from astralint.trust.index import TrustIndex


class Hit(msgspec.Struct, frozen=True, eq=False):
    """A holder gets somewhere by a route."""

    target: Target
    route: Route


class Hunt:
    """All that finders ask."""

    def __init__(self, index: TrustIndex, organization: Text | None) -> None:
        self.index = index
        self.estate = index.estate
        self.organization = organization
        self.homes = Homes(index.estate)
        self.home = self.homes.of_identity
        self.rights = Rights(index, self.homes)
        self.holdings = Holdings(index, self.homes)
        self.judge = Judge(self.rights, self.holdings, organization)
        self._capped: dict[tuple[str, int], bool] = {}

    # --- scopes -------------------------------------------------------------------------------

    def identity(self, identity: Identity) -> Object:
        """Return a role or user as what an action is on."""
        keys: list[tuple[str, KeyState]] = [("iam:PermissionsBoundary", _boundary(identity))]
        for name, state in tag_states(identity.resource).items():
            keys += [(f"aws:ResourceTag/{name}", state), (f"iam:ResourceTag/{name}", state)]
        return Object(identity.arn, f"`{identity}`", keys=tuple(keys))

    def group(self, group: Group) -> Object:
        """Return a group as what an action is on."""
        arn = self.holdings.arn(group.resource, "arn", ("arn:{partition}:iam::{account}:group/{name}",))
        return Object(arn, f"the group `{group.name}`")

    @staticmethod
    def policy(policy: HeldPolicy) -> Object:
        """Return a managed policy as what an action is on."""
        return Object(policy.arn, f"the policy `{policy.name}`")

    def thing(self, resource: Resource, thing: Thing) -> Object:
        """Return a resource as what an action is on."""
        return Object(self.holdings.arn_of(resource, thing), f"`{shown(resource)}`", resource)

    def things(self, holder: Holder, path: Path_) -> Iterator[tuple[Resource, Thing]]:
        """Yield the resources that a holder may change by a path: those of its account, and others that let it in."""
        account = self.home(holder.identity)
        for kind in path.things:
            thing = things()[kind]
            for resource in self.holdings.resources(account, *thing.types) if account is not None else ():
                yield resource, thing
            for resource in self.rights.letting_in(holder.identity):
                if resource.type in thing.types and self.homes.of(resource) is not account:
                    yield resource, thing

    # --- what widening is worth ---------------------------------------------------------------

    def is_capped(self, identity: Identity) -> bool:
        """Say whether an identity with all rights stays under its permissions boundary."""
        account = self.home(identity)
        if identity.boundary is None or account is None:
            return False
        key = (account.name, id(identity.boundary))
        found = self._capped.get(key)
        if found is None:
            found = self._capped[key] = not self.escapes(identity)
        return found

    def escapes(self, identity: Identity) -> bool:
        """Say whether an administrator under an identity's boundary can leave it."""
        full = msgspec.structs.replace(self.everything(identity), boundary=identity.boundary)
        account = self.home(identity)
        if account is None:
            return False
        arn = Arn.parse(identity.arn)
        number = arn.account if arn is not None else "*"
        role = Object(f"arn:aws:iam::{number}:role/new" if isinstance(number, str) else identity.arn, "a new role")
        unbound = {"iam:PermissionsBoundary": ABSENT}
        own = self.identity(identity)
        kind = "User" if identity.kind == "user" else "Role"
        makes = self.judge.allowed(full, "iam:CreateRole", role, unbound).truth and any(
            self.judge.allowed(full, action, role, unbound).truth
            for action in ("iam:AttachRolePolicy", "iam:PutRolePolicy")
        )
        takes_off = any(
            self.judge.allowed(full, f"iam:{verb}{kind}PermissionsBoundary", own).truth for verb in ("Delete", "Put")
        )
        rewrites = any(
            self.judge.allowed(full, "iam:CreatePolicyVersion", self.policy(policy)).truth
            for policy in self.holdings.policies(account)
            if identity in policy.bounds
        )
        return bool(makes or takes_off or rewrites)

    def everything(self, identity: Identity) -> Holder:
        """Return an identity as if it had all rights, and no boundary."""
        own = holder_of(msgspec.structs.replace(identity, policies=(), boundary=None), self.organization)
        return msgspec.structs.replace(own, allowing=(EVERYTHING,), denying=(EVERYTHING,), bits=-1, known={})

    # --- small things -------------------------------------------------------------------------

    def ask(self, holder: Holder, action: str, resource: Text) -> Outcome:
        """Return whether a holder may do something that no resource has a say in."""
        return self.rights.decide(holder, Ask(action, resource))

    def proof(self, outcome: Outcome, holder: Holder, action: str, target: Object) -> tuple[Proof, ...]:
        """Return the lines of an outcome."""
        return self.judge.proofs(holder, action, target, outcome)


def resource_goal(resource: Resource) -> Goal:
    """Return a resource as the end of an edge."""
    return Goal(node(resource), "resource", shown(resource), resource.account_or_none)


def account_goal(account: Account) -> Goal:
    """Return an account as the end of an edge: that what limits it goes away."""
    return Goal(f"account:{account.name}", "account", account.name, account)


def node(resource: Resource) -> str:
    """Return a resource's node in the graph."""
    return resource_node(resource.workspace.name, resource.address)


def left(outcome: Outcome) -> tuple[str, ...]:
    """Return what an outcome hangs on, as texts."""
    return tuple(str(one) for one in conjuncts(outcome.remainder))


def _boundary(identity: Identity) -> KeyState:
    if identity.boundary is None:
        return ABSENT
    told = identity.resource.text("permissions_boundary")
    return Known((told,)) if told is not None else ABSENT


EVERYTHING: Policy = parse_policy(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
    kind="identity",
    name="everything",
)

Finder = Callable[[Hunt, Holder, Path_], Iterator[Hit]]
FINDERS: dict[str, Finder] = {}


def finder(name: str) -> Callable[[Finder], Finder]:
    """Register a function under a word of the table's `finds`."""

    def register(function: Finder) -> Finder:
        FINDERS[name] = function
        return function

    return register
