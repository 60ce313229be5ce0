"""Who can do something: every principal that may, by its own policies or the resource's, and who can become such a one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import msgspec

from astralint.aws.actions import Action, UnknownActionError, catalogue
from astralint.aws.authorization import Permission
from astralint.aws.evaluation import may_speak_of
from astralint.aws.principals import Principal, trust_principals
from astralint.aws.resource_access import principal_of
from astralint.estate.model import Account
from astralint.source.evidence import Evidence
from astralint.trust.assumption import Assumption
from astralint.trust.declared import resolve
from astralint.trust.encryption import needed_of_key
from astralint.trust.endpoints import NameProblem
from astralint.trust.generic import generic_resources
from astralint.trust.identity import Identity
from astralint.trust.index import TrustIndex
from astralint.trust.permissions import Asked, Permissions
from astralint.trust.policies import account_text_of
from astralint.trust.targets import Target, target, within

MAXIMUM_ACTIONS = 400
MAXIMUM_STEPS = 12


class Permit(msgspec.Struct, frozen=True, eq=False):
    """A principal may do something. `resources` are those that its statements name where none was asked for.

    `through` says whose policy allows it: `identity`, `resource`, or both. `is_open` says that nothing more is known
    than that a policy may allow it whose text is not in the code.
    """

    node: str
    name: str
    kind: str
    account: Account | None
    identity: Identity | None
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    verdict: str
    conditions: tuple[str, ...]
    through: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    is_open: bool = False


class Becoming(msgspec.Struct, frozen=True, eq=False):
    """Somebody who can become a principal that may do it, by a shortest chain; as sure as its weakest step."""

    node: str
    name: str
    account: Account | None
    steps: tuple[Assumption, ...]
    permit: Permit

    @property
    def verdict(self) -> str:
        sure = self.permit.verdict == "allowed" and all(step.decision.verdict == "allowed" for step in self.steps)
        return "allowed" if sure else "conditional"

    @property
    def conditions(self) -> tuple[str, ...]:
        found = (condition for step in self.steps for condition in step.conditions)
        return tuple(dict.fromkeys((*found, *self.permit.conditions)))


class WhoCan(msgspec.Struct, frozen=True, eq=False):
    """The answer; `notes` say what could not be seen."""

    actions: tuple[Action, ...]
    asked: str
    target: Target | None
    permits: tuple[Permit, ...]
    becoming: tuple[Becoming, ...]
    notes: tuple[str, ...]


def who_can(index: TrustIndex, action: str, resource: str | None = None) -> WhoCan:
    """Return everybody who can do something, on a resource or on any; raises NameProblem.

    An action may be a pattern (`s3:Get*`), a resource an ARN, an address or `workspace/address`.
    """
    try:
        actions = catalogue().asked_for(action)
    except UnknownActionError as error:
        raise NameProblem(error.message, error.help) from error
    if len(actions) > MAXIMUM_ACTIONS:
        raise NameProblem(
            f"`{action}` covers {len(actions):,} actions, more than {MAXIMUM_ACTIONS}", "ask for some of them"
        )
    wanted = target(index.estate, resource) if resource is not None else None
    return _Question(index, actions, action, wanted).answer()


class _Question:
    def __init__(self, index: TrustIndex, actions: tuple[Action, ...], asked: str, wanted: Target | None) -> None:
        self.index = index
        self.permissions = Permissions(index)
        self.actions = actions
        self.asked = asked
        self.wanted = wanted
        self.notes: dict[str, None] = {}

    def answer(self) -> WhoCan:
        found: dict[tuple[str, str, bool], list[Permit]] = {}
        for action in self.actions:
            for permit in self._of(action):
                found.setdefault((permit.node, permit.verdict, permit.is_open), []).append(permit)
        permits = [_together(some) for some in found.values()]
        permits.sort(key=_order)
        becoming = sorted(self._becoming(permits), key=lambda one: (one.verdict, len(one.steps), one.name))
        return WhoCan(self.actions, self.asked, self.wanted, tuple(permits), tuple(becoming), tuple(self.notes))

    # --- directly --------------------------------------------------------------------

    def _of(self, action: Action) -> Iterator[Permit]:
        if str(action).lower().startswith("sts:assumerole"):
            yield from self._assuming(action)
        elif self.wanted is None:
            yield from self._on_any(action)
        else:
            resource = within(self.wanted, action)
            if resource is None:
                self._note_foreign(action)
                return
            asked = self.permissions.asked(action, resource, self.wanted)
            self._note_unknown(asked)
            yield from self._on(asked)

    def _on(self, asked: Asked) -> Iterator[Permit]:
        """Yield who may do it on one resource."""
        for identity in self._speaking(asked.action, asked):
            permit = self._identity(identity, asked)
            if permit is not None:
                yield permit
        yield from self._named(asked)
        if asked.account is not None:
            root = Principal("account", f"arn:aws:iam::{account_text_of(asked.account)}:root")
            if isinstance(account_text_of(asked.account), str):
                permission = self.permissions.of_root(root, asked)
                if permission.verdict != "denied":
                    name = f"the root user of `{asked.account}`"
                    yield self._permit(
                        f"root:{asked.account.name}", name, "root", asked.account, None, permission, asked
                    )

    def _on_any(self, action: Action) -> Iterator[Permit]:
        """Yield who may do it on anything: what their own policies say, and the policies of our resources."""
        for identity in self._speaking(action, None):
            yield from self._generic(identity, action)
        for one in self.permissions.targets:
            resource = within(one, action) if action.types else None
            if resource is None:
                continue
            asked = self.permissions.asked(action, resource, one)
            if asked.policy is None or not any(
                may_speak_of(s, str(action).lower()) for s in asked.policy.policy.statements
            ):
                continue
            self._note_unknown(asked)
            for identity in self.index.identities:
                permit = self._identity(identity, asked) if self._is_named(identity, asked) else None
                if permit is not None and "resource" in permit.through:
                    yield msgspec.structs.replace(permit, resources=(str(one),))
            for permit in self._named(asked):
                yield msgspec.structs.replace(permit, resources=(str(one),))

    def _generic(self, identity: Identity, action: Action) -> Iterator[Permit]:
        for resource, shown, owner in generic_resources(identity, action):
            asked = self.permissions.generic(identity, action, resource, owner)
            permit = self._identity(identity, asked)
            if permit is not None:
                yield msgspec.structs.replace(permit, resources=(shown,))

    def _identity(self, identity: Identity, asked: Asked) -> Permit | None:
        permission = self.permissions.of_identity(identity, asked)
        if permission.verdict == "denied" or self._rests_on_nothing(permission, asked):
            return None
        permit = self._permit(
            identity.node, identity.title, identity.kind, identity.account, identity, permission, asked
        )
        needed = needed_of_key(self.permissions, asked)
        return self._with_key(permit, identity, needed) if isinstance(needed, Asked) else permit

    def _with_key(self, permit: Permit, identity: Identity, needed: Asked) -> Permit | None:
        """Return a permit as one that also takes the right to use a key."""
        permission = self.permissions.of_identity(identity, needed)
        if permission.verdict == "denied":
            return None
        sure = permit.verdict == permission.verdict == "allowed"
        conditions = dict.fromkeys((*permit.conditions, *map(str, permission.conditions)))
        evidence = dict.fromkeys((*permit.evidence, *self.permissions.evidence(permission, identity, needed)))
        return msgspec.structs.replace(
            permit,
            verdict="allowed" if sure else "conditional",
            conditions=tuple(conditions),
            evidence=tuple(evidence),
        )

    @staticmethod
    def _rests_on_nothing(permission: Permission, asked: Asked) -> bool:
        """Say whether only a policy of which nothing is known may let somebody in: a note says that once."""
        document = asked.document
        return (
            permission.identity is False
            and permission.resource is None
            and document is not None
            and all(statement.unknown and statement.principal is None for statement in document.statements)
        )

    def _named(self, asked: Asked) -> Iterator[Permit]:
        """Yield whom a resource's policy lets in that is no identity of ours."""
        if asked.policy is None:
            return
        seen: set[str] = set()
        for named in trust_principals(asked.policy.policy):
            node, account, identity = resolve(self.index.estate, self.index.directory, named, "")
            if identity is not None or named.form == "unknown" or named.never_matches or node in seen:
                continue
            if named.form == "account" and account is not None and self._is_own(account, asked):
                continue  # That an account may use its own is what its identities' policies decide.
            seen.add(node)
            principal = principal_of(named)
            permission = self.permissions.of_principal(principal, asked)
            if permission.verdict != "denied" and permission.resource is not False:
                kind = {"account": "account", "service": "service", "anyone": "anyone"}.get(principal.kind, "other")
                name = "anybody" if kind == "anyone" else f"`{named.entry.text}`"
                if kind == "account" and account is not None:
                    name = f"whoever `{account}` lets"
                yield self._permit(node, name, kind, account, None, permission, asked)

    @staticmethod
    def _is_own(account: Account, asked: Asked) -> bool:
        return asked.account is account

    def _permit(
        self,
        node: str,
        name: str,
        kind: str,
        account: Account | None,
        identity: Identity | None,
        permission: Permission,
        asked: Asked,
    ) -> Permit:
        sides = [source.side for source in permission.deciding]
        through = tuple(side for side in ("identity", "resource") if side in sides)
        return Permit(
            node,
            name,
            kind,
            account,
            identity,
            (str(asked.action),),
            (),
            permission.verdict,
            tuple(str(condition) for condition in permission.conditions),
            through,
            self.permissions.evidence(permission, identity, asked),
            identity is not None and permission.identity is None and "identity" not in through,
        )

    def _speaking(self, action: Action, asked: Asked | None) -> Iterator[Identity]:
        """Yield the identities of whom a policy may be about the action, or whom the resource's policy may name."""
        lowered = str(action).lower()
        for identity in self.index.identities:
            statements = (s for attached in identity.policies for s in attached.policy.statements)
            if any(s.effect != "Deny" and may_speak_of(s, lowered) for s in statements) or (
                asked is not None and self._is_named(identity, asked)
            ):
                yield identity

    def _is_named(self, identity: Identity, asked: Asked) -> bool:
        return asked.policy is not None and identity.kind != "root"

    # --- roles -----------------------------------------------------------------------

    def _assuming(self, action: Action) -> Iterator[Permit]:
        """Yield who may assume a role, or any: what trust is about."""
        node = None
        if self.wanted is not None:
            own = self.wanted.resource
            node = f"resource:{own.workspace.name}/{own.address}" if own is not None else ""
        for edge in self.index.edges:
            if edge.decision.verdict == "denied" or (node is not None and edge.role.node != node):
                continue
            if edge.decision.grade.name == "FEDERATED" or edge.kind != "can-assume":
                continue
            kind = edge.identity.kind if edge.identity is not None else "other"
            yield Permit(
                edge.source, _called(edge), kind, edge.account, edge.identity, (str(action),),
                () if node is not None else (edge.role.title,), edge.decision.verdict, edge.conditions,
                ("identity", "resource") if edge.permissions else ("resource",), edge.evidence,
            )  # fmt: skip

    # --- through others --------------------------------------------------------------

    def _becoming(self, permits: list[Permit]) -> Iterator[Becoming]:
        """Yield who can become one of those that may, by a shortest chain; allowed steps go first."""
        direct = {permit.node for permit in permits if permit.verdict == "allowed"}
        sure: set[str] = set()
        for verdicts in (("allowed",), ("allowed", "conditional")):
            starts = [p for p in permits if p.identity is not None and p.verdict in verdicts and not p.is_open]
            known = direct if len(verdicts) == 1 else {permit.node for permit in permits if not permit.is_open}
            for one in self._backward(starts, verdicts, known):
                if one.node not in sure:
                    sure.add(one.node)
                    yield one

    def _backward(self, starts: list[Permit], verdicts: tuple[str, ...], known: set[str]) -> Iterator[Becoming]:
        reached = set(known) | {permit.node for permit in starts}
        queue: deque[tuple[str, tuple[Assumption, ...], Permit]] = deque((p.node, (), p) for p in starts)
        while queue:
            node, chain, permit = queue.popleft()
            role = self.index.target(node)
            if role is None or len(chain) >= MAXIMUM_STEPS:
                continue
            for edge in self.index.into(role):
                if edge.decision.verdict not in verdicts or edge.source in reached:
                    continue
                reached.add(edge.source)
                steps = (edge, *chain)
                yield Becoming(edge.source, _called(edge), edge.account, steps, permit)
                queue.append((edge.source, steps, permit))

    # --- notes -----------------------------------------------------------------------

    def _note_foreign(self, action: Action) -> None:
        types = ", ".join(f"`{one.arn}`" for one in action.types)
        self.notes.setdefault(f"`{action}` is not about such a resource: it is about {types}")

    def _note_unknown(self, asked: Asked) -> None:
        wanted = asked.target
        if wanted is None or asked.resource == "*":
            return
        key = needed_of_key(self.permissions, asked)
        if key is not None and not isinstance(key, Asked):
            self.notes.setdefault(f"`{wanted}` is encrypted by `{key}`: whom that key lets use it is not known")
        if wanted.resource is None:
            self.notes.setdefault(f"no workspace makes `{wanted}`: whom its own policy lets in is not known")
        elif asked.policy is not None:
            for statement in asked.policy.policy.statements:
                if statement.unknown and statement.principal is None:
                    self.notes.setdefault(
                        f"the policy of `{wanted}` is not known ({statement.unknown[0]}): it may let in others, or refuse"
                    )


def _together(some: list[Permit]) -> Permit:
    """Return one permit for several of a principal, with all their actions, resources and lines."""
    if len(some) == 1:
        return some[0]
    return msgspec.structs.replace(
        some[0],
        actions=tuple(dict.fromkeys(action for one in some for action in one.actions)),
        resources=tuple(dict.fromkeys(resource for one in some for resource in one.resources)),
        conditions=_alternatives(some),
        through=tuple(dict.fromkeys(side for one in some for side in one.through)),
        evidence=tuple(dict.fromkeys(item for one in some for item in one.evidence)),
    )


def _alternatives(some: list[Permit]) -> tuple[str, ...]:
    different = list(dict.fromkeys(one.conditions for one in some))
    if len(different) == 1:
        return different[0]
    return tuple(dict.fromkeys(condition for conditions in different for condition in conditions))


def _order(permit: Permit) -> tuple[bool, bool, bool, str, str, str]:
    account = permit.account.name if permit.account is not None else ""
    return permit.is_open, permit.verdict != "allowed", permit.kind == "root", account, permit.name, permit.node


def _called(edge: Assumption) -> str:
    """Return what the source of an edge is called."""
    if edge.identity is not None:
        return edge.identity.title
    kind, _, name = edge.source.partition(":")
    if kind == "account":
        return f"whoever `{name}` lets"
    return f"`{edge.name or (name.partition('/')[2] if kind == 'principal' else name)}`"


__all__ = ["Becoming", "Permit", "WhoCan", "who_can"]
