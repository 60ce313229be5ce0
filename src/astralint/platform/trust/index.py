"""The three layers of trust: what is declared on both sides, and what AWS would decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from astralint.aws.arn import Arn, match_arn
from astralint.aws.condition_keys import Facts, context_for
from astralint.aws.context import EMPTY_CONTEXT
from astralint.aws.decision import ASSUME_ROLE, AssumeRoleRequest, Decision, Levels, decide, default_action
from astralint.aws.evaluation import identity_allows
from astralint.aws.outcome import Outcome, Source, both
from astralint.aws.policy import Entry, Policy, Statement, Unknowable
from astralint.aws.principals import Principal, TrustedPrincipal, trust_principals
from astralint.aws.text import is_partial, known, lower
from astralint.aws.wildcard import match
from astralint.platform.graph_model import account_node, principal_node
from astralint.platform.model import Account, Workspace
from astralint.platform.organization import organization_id
from astralint.platform.trust.guardrails import Guardrails
from astralint.platform.trust.identities import Attached, Identity, identities
from astralint.source.evidence import Evidence
from astralint.source.partial import Text, same
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.knowledge import ProviderContext

if TYPE_CHECKING:
    from astralint.platform.platform import Platform

SHOWN_FORMS = {
    "anyone": "wildcard",
    "deleted": "unknown",
    "other": "unknown",
    "unknown": "unknown",
    "federated-user": "user",
}


class Trust(msgspec.Struct, frozen=True, eq=False):
    """A role's trust policy names a principal.

    `node` is the principal's node in the graph. `account` is the account that it
    belongs to, where that is one of ours; `identity` is the role or user that a
    workspace makes.
    """

    role: Identity
    principal: TrustedPrincipal
    node: str
    account: Account | None
    identity: Identity | None

    def __str__(self) -> str:
        return f"{self.role.resource.address}: {self.principal.entry.text}"

    @property
    def evidence(self) -> Evidence:
        assert self.role.trust is not None
        return self.role.trust.evidence(
            f"`{self.role}` trusts `{self.principal.entry.text}`", self.principal.entry.path
        )


class Grant(msgspec.Struct, frozen=True, eq=False):
    """An identity policy lets its holder assume a role that it names; `role` is ours, or None."""

    identity: Identity
    attached: Attached
    statement: Statement
    entry: Entry
    role: Identity | None

    @property
    def evidence(self) -> Evidence:
        label = f"`{self.identity}` may assume `{self.entry.text}`"
        document = self.attached.document
        if document is None:
            return self.attached.resource.evidence(label)
        return document.evidence(label, self.entry.path)


class Assumption(msgspec.Struct, frozen=True, eq=False):
    """Whether a principal can assume a role, decided over both sides.

    `missing` is `permission` or `trust` where one side is there and the other is
    not (half-open); then the decision is `denied`.
    """

    source: str
    identity: Identity | None
    account: Account | None
    role: Identity
    decision: Decision
    trusts: tuple[Trust, ...]
    grants: tuple[Grant, ...]
    missing: str = ""

    def __str__(self) -> str:
        return f"{self.identity or self.source} -> {self.role}"

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Both sides' lines: the trust first."""
        return (*(trust.evidence for trust in self.trusts), *self.permissions)

    @property
    def permissions(self) -> tuple[Evidence, ...]:
        """The lines that let the principal assume it: where the role is named, else what decided."""
        if self.grants or self.identity is None:
            return tuple(grant.evidence for grant in self.grants)
        label = f"`{self.identity}` may assume roles"
        return tuple(
            place
            for source in self.decision.deciding
            if source.side == "identity" and (place := policy_place(self.identity, source, label)) is not None
        )

    @property
    def conditions(self) -> tuple[str, ...]:
        return tuple(str(condition) for condition in self.decision.conditions)


def policy_place(identity: Identity, source: Source, label: str) -> Evidence | None:
    """Return where a statement of one of an identity's policies stands; None for another's."""
    attached = next((a for a in identity.policies if a.policy.name == source.policy), None)
    if attached is None:
        return None
    if attached.document is None:
        return attached.resource.evidence(f"{label} (`{source.policy}`)")
    return attached.document.evidence(label, source.path)


class Deployment(msgspec.Struct, frozen=True, eq=False):
    """A workspace's provider assumes a role; `role` is ours, or None."""

    workspace: Workspace
    provider: ProviderContext
    arn: Text
    role: Identity | None
    account: Account | None
    position: int
    block: str = "assume_role"

    def __str__(self) -> str:
        return f"{self.workspace} -> {self.arn}"

    @property
    def evidence(self) -> Evidence:
        span = self.workspace.provider_span(self.provider, self.block, self.position, "role_arn")
        return Evidence(span, f"workspace `{self.workspace}` deploys as `{self.arn}`", self.workspace.name)


class TrustIndex:
    """All identities, and what is between them; computed layer by layer on demand."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.identities = identities(platform)
        self.roles = [identity for identity in self.identities if identity.trust is not None]
        self._exact: dict[tuple[str, str], Identity] = {}
        self._vague: list[Identity] = []
        for identity in self.identities:
            arn = Arn.parse(identity.arn)
            if arn is not None and known(arn.name) is not None and identity.kind != "permission-set":
                self._exact.setdefault((str(arn.account), f"{arn.resource_type}/{arn.name}"), identity)
            else:
                self._vague.append(identity)
        self.by_node = {identity.node: identity for identity in self.identities}

    def find(self, arn: Text) -> Identity | None:
        """Return the role or user that an ARN names for sure (paths do not tell roles of one account apart)."""
        parsed = Arn.parse(arn)
        if parsed is None:
            return None
        kind, name = str(parsed.resource_type), parsed.name
        if kind == "assumed-role":
            session = parsed.session_role_name
            kind, name = "role", session if session is not None else name
        found = self._exact.get((str(parsed.account), f"{kind}/{name}"))
        if found is not None:
            return found
        return next((identity for identity in self._vague if same(identity.arn, arn)), None)

    def may_exist(self, arn: Text) -> bool:
        """Say whether an ARN could be one of the identities whose name is not known."""
        return any(same(identity.arn, arn) is not False for identity in self._vague)

    # --- declared ----------------------------------------------------------------------

    @cached_property
    def trusts(self) -> tuple[Trust, ...]:
        """Every principal that every role names."""
        found = []
        for role in self.roles:
            for principal in trust_principals(role.trust.policy if role.trust else Policy(())):
                node, account, identity = self._resolve(principal)
                found.append(Trust(role, principal, node, account, identity))
        return tuple(found)

    def _resolve(self, principal: TrustedPrincipal) -> tuple[str, Account | None, Identity | None]:
        text = principal.entry.text
        shown = str(text)
        account = self.platform.account_of(principal.account) if principal.account is not None else None
        if principal.form == "account":
            if account is not None:
                return account_node(account.name), account, None
            return principal_node("root", str(principal.account or shown)), None, None
        if principal.form in ("role", "user", "session"):
            identity = self.find(text)
            if identity is not None:
                return identity.node, account, identity
            return principal_node("role" if principal.form != "user" else "user", shown), account, None
        kind = SHOWN_FORMS.get(principal.form, principal.form)
        return principal_node(kind, shown), account, None

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """Every role that an identity policy names in an `Allow` of sts:AssumeRole, wildcards apart."""
        found = []
        for identity in self.identities:
            for attached in identity.policies:
                for statement in attached.policy.statements:
                    if statement.effect == "Deny" or not _about_assuming(statement):
                        continue
                    for entry in statement.resource.entries if statement.resource is not None else ():
                        if _names_a_role(entry.text) and not statement.resource.negated:  # type: ignore[union-attr]
                            found.append(Grant(identity, attached, statement, entry, self.find(entry.text)))
        return tuple(found)

    @cached_property
    def deployments(self) -> tuple[Deployment, ...]:
        """Every role that a provider configuration assumes."""
        found = []
        for workspace in self.platform.workspaces.values():
            for provider in workspace.result.providers:
                for block, position, arn in _assumed_by(provider):
                    parsed = Arn.parse(arn)
                    account = self.platform.account_of(parsed.account) if parsed is not None else None
                    found.append(Deployment(workspace, provider, arn, self.find(arn), account, position, block))
        return tuple(found)

    # --- effective ---------------------------------------------------------------------

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every pair of a principal and a role between which at least one side says something."""
        return tuple(self._decider.all())

    def from_node(self, node: str) -> tuple[Assumption, ...]:
        """Return what a principal can, or half can, assume."""
        return self._by_source.get(node, ())

    def trusts_of(self, role: Identity) -> tuple[Trust, ...]:
        """Return the principals that a role names."""
        return self._trusts_by_role.get(role.node, ())

    def into(self, role: Identity) -> tuple[Assumption, ...]:
        """Return who can, or half can, assume a role."""
        return self._by_target.get(role.node, ())

    def decision_of(self, trust: Trust) -> Decision:
        """Decide for a principal that a trust policy names, with all that is known of it."""
        return self._decider.decision_of(trust)

    def decision_between(self, identity: Identity, role: Identity) -> Decision:
        """Decide whether a role, user or permission set can assume a role."""
        return self._decider.between(identity, role)

    def decision_of_subject(self, trust: Trust, claims: Mapping[str, Text]) -> Decision:
        """Decide for a token of an identity provider with these claims, by their whole keys."""
        return self._decider.of_subject(trust, claims)

    def may(self, identity: Identity, action: str, resource: Text) -> Outcome:
        """Return whether an identity may do something: its policies, its boundary and the SCPs of its account."""
        return self._decider.may(identity, action, resource)

    @cached_property
    def _decider(self) -> _Decider:
        return _Decider(self)

    @cached_property
    def _by_source(self) -> dict[str, tuple[Assumption, ...]]:
        found: dict[str, list[Assumption]] = {}
        for assumption in self.assumptions:
            found.setdefault(assumption.source, []).append(assumption)
        return {node: tuple(items) for node, items in found.items()}

    @cached_property
    def _trusts_by_role(self) -> dict[str, tuple[Trust, ...]]:
        found: dict[str, list[Trust]] = {}
        for trust in self.trusts:
            found.setdefault(trust.role.node, []).append(trust)
        return {node: tuple(items) for node, items in found.items()}

    @cached_property
    def _by_target(self) -> dict[str, tuple[Assumption, ...]]:
        found: dict[str, list[Assumption]] = {}
        for assumption in self.assumptions:
            found.setdefault(assumption.role.node, []).append(assumption)
        return {node: tuple(items) for node, items in found.items()}


class _Decider:
    """Finds the pairs worth deciding, and decides them."""

    def __init__(self, index: TrustIndex) -> None:
        self.index = index
        self.platform = index.platform
        self.organization = text_of(organization_id(index.platform.settings))
        self._granting = [identity for identity in index.identities if any(map(_may_assume, identity.policies))]
        self._by_account: dict[str, list[Identity]] = {}
        for identity in self._granting:
            name = identity.account.name if identity.account is not None else ""
            self._by_account.setdefault(name, []).append(identity)
        self._guardrails = Guardrails(index.platform)
        self._targets: dict[str, tuple[Text, ...]] = {}
        self._judges_context: dict[int, bool] = {}
        self._trusts: dict[str, list[Trust]] = {}
        for trust in index.trusts:
            self._trusts.setdefault(trust.role.node, []).append(trust)
        self._grants: dict[str, list[Grant]] = {}
        for grant in index.grants:
            if grant.role is not None:
                self._grants.setdefault(grant.role.node, []).append(grant)

    def all(self) -> Iterable[Assumption]:
        for role in self.index.roles:
            yield from self._role(role)

    def _role(self, role: Identity) -> Iterable[Assumption]:
        trusts = self._trusts.get(role.node, [])
        grants: dict[str, list[Grant]] = {}
        for grant in self._grants.get(role.node, []):
            grants.setdefault(grant.identity.node, []).append(grant)
        named: dict[str, list[Trust]] = {}
        wide: list[Trust] = []
        for trust in trusts:
            if trust.identity is not None:
                named.setdefault(trust.identity.node, []).append(trust)
            else:
                wide.append(trust)
        candidates = {node: self.index.by_node[node] for node in (*named, *grants)}
        for trust in wide:
            candidates.update({i.node: i for i in self._behind(trust) if self._may_name(i, role)})
        for node in sorted(candidates):
            identity = candidates[node]
            own = [*named.get(node, []), *(trust for trust in wide if self._covers(trust, identity))]
            found = self._identity(identity, role, own, grants.get(node, []), specific=bool(named.get(node)))
            if found is not None:
                yield found
        seen: set[str] = set()
        for trust in wide:
            if trust.node not in seen:
                seen.add(trust.node)
                yield self._outsider(trust, role, [other for other in wide if other.node == trust.node])

    def _behind(self, trust: Trust) -> Iterable[Identity]:
        """Return the identities that a wide trust may let in, of those that may assume anything."""
        if trust.principal.form == "account":
            return self._by_account.get(trust.account.name, ()) if trust.account is not None else ()
        if trust.principal.form in ("role", "session", "user"):
            return [
                identity for identity in self._granting if same(identity.arn, trust.principal.entry.text) is not False
            ]
        return ()

    def _may_name(self, identity: Identity, role: Identity) -> bool:
        """Say whether a policy of an identity may be about a role: cheaper than deciding about each pair."""
        targets = self._targets.get(identity.node)
        if targets is None:
            targets = self._targets[identity.node] = _assumed(identity)
        return targets is ANY_ROLE or any(match_arn(text, role.arn) is not False for text in targets)

    @staticmethod
    def _covers(trust: Trust, identity: Identity) -> bool:
        if trust.principal.form == "account":
            return trust.account is not None and trust.account is identity.account
        if trust.principal.form in ("role", "session", "user"):
            return same(identity.arn, trust.principal.entry.text) is not False
        return trust.principal.form == "anyone"

    def _identity(
        self, identity: Identity, role: Identity, trusts: list[Trust], grants: list[Grant], *, specific: bool
    ) -> Assumption | None:
        if identity is role and not specific:
            return None
        decision = self.between(identity, role)
        missing = ""
        if decision.verdict == "denied":
            if decision.refused:
                missing = ""
            elif specific and not grants and decision.identity is False:
                missing = "permission"
            elif grants and decision.trust is False:
                missing = "trust"
            if not missing:
                return None
        return Assumption(
            identity.node, identity, identity.account, role, decision, tuple(trusts), tuple(grants), missing
        )

    def decision_of(self, trust: Trust) -> Decision:
        """Decide for the principal of a trust: the role or user itself where it is ours."""
        if trust.identity is None:
            return self._decide(_principal_of(trust), None, trust.role)
        return self.between(trust.identity, trust.role)

    def between(self, identity: Identity, role: Identity) -> Decision:
        """Decide for one of our identities."""
        return self._decide(_principal(identity), identity, role)

    def of_subject(self, trust: Trust, claims: Mapping[str, Text]) -> Decision:
        """Decide for the holder of a token."""
        return self._decide(_principal_of(trust), None, trust.role, claims)

    def may(self, identity: Identity, action: str, resource: Text) -> Outcome:
        """Decide over an action of an identity."""
        context = context_for(_principal(identity), self._facts(identity, None))
        outcomes = [identity_allows([a.policy for a in identity.policies], action, resource, context)]
        if identity.boundary is not None:
            outcomes.append(identity_allows((identity.boundary,), action, resource, context))
        return both(outcomes)

    def _outsider(self, trust: Trust, role: Identity, trusts: list[Trust]) -> Assumption:
        principal = _principal_of(trust)
        decision = self._decide(principal, None, role)
        return Assumption(trust.node, None, trust.account, role, decision, tuple(trusts), ())

    def _decide(
        self,
        principal: Principal,
        identity: Identity | None,
        role: Identity,
        claims: Mapping[str, Text] | None = None,
    ) -> Decision:
        ours = identity is not None or self.platform.account_of(principal.account) is not None
        policies = [a.policy for a in identity.policies] if identity is not None else []
        policies += [identity.boundary] if identity is not None and identity.boundary is not None else []
        policies += [role.trust.policy] if role.trust is not None else []
        context = EMPTY_CONTEXT
        if self._guardrails.exist or any(map(self._has_conditions, policies)):
            context = context_for(principal, self._facts(identity, role, ours=ours, claims=claims))
        action = default_action(principal)
        caller = identity.account if identity is not None else self.platform.account_of(principal.account)
        scps: Levels | Unknowable | None = None
        if principal.is_aws and ours and principal.kind != "anyone":
            scps = self._guardrails.levels("SERVICE_CONTROL_POLICY", caller, action, role.arn, context)
        rcps = self._guardrails.levels("RESOURCE_CONTROL_POLICY", role.account, action, role.arn, context)
        is_management = identity is not None and identity.account is not None and identity.account.kind == "management"
        return decide(
            AssumeRoleRequest(
                principal,
                role.arn,
                role.trust.policy if role.trust is not None else Policy(()),
                identity=tuple(a.policy for a in identity.policies) if identity is not None else None,
                boundary=identity.boundary if identity is not None else None,
                scps=scps,
                rcps=rcps,
                caller_in_management=is_management,
                role_in_management=role.account is not None and role.account.kind == "management",
                context=context,
                action=action,
            )
        )

    def _has_conditions(self, policy: Policy) -> bool:
        """Say whether what a policy says hangs on the context of a request: on a condition or a variable."""
        known = self._judges_context.get(id(policy))
        if known is None:
            known = self._judges_context[id(policy)] = any(
                statement.conditions or any("${" in str(entry.text) for entry in _resources(statement))
                for statement in policy.statements
            )
        return known

    def _facts(
        self,
        identity: Identity | None,
        role: Identity | None,
        *,
        ours: bool = True,
        claims: Mapping[str, Text] | None = None,
    ) -> Facts:
        return Facts(
            claims=claims or {},
            organization=self.organization if ours else None,
            tags=_tags(identity),
            mfa=False if identity is not None and identity.kind == "role" else None,
            resource_account=_account_of(role.arn) if role is not None else None,
            resource_organization=self.organization,
        )


def _assumed_by(provider: ProviderContext) -> Iterator[tuple[str, int, Text]]:
    """Yield the roles that a provider configuration assumes: the block's name, its position, the ARN."""
    raw = provider.values.raw
    for name in ("assume_role", "assume_role_with_web_identity"):
        blocks = raw.get(name) if isinstance(raw, dict) else None
        for position, block in enumerate(blocks.raw if blocks is not None and isinstance(blocks.raw, tuple) else ()):
            role = block.raw.get("role_arn") if isinstance(block.raw, dict) else None
            arn = text_of(role) if role is not None else None
            if arn is not None:
                yield name, position, arn


def _principal(identity: Identity) -> Principal:
    return Principal("user" if identity.kind == "user" else "role", identity.arn)


def _principal_of(trust: Trust) -> Principal:
    entry, form = trust.principal.entry, trust.principal.form
    if form == "service":
        return Principal("service", entry.text)
    if form == "federated":
        return Principal("federated", entry.text)
    if form == "anyone":
        return Principal("anyone", "*")
    return Principal.parse(entry.text) or Principal("role", entry.text)


def _account_of(arn: Text) -> Text | None:
    parsed = Arn.parse(arn)
    return parsed.account if parsed is not None else None


def _tags(identity: Identity | None) -> dict[str, Text] | None:
    if identity is None or identity.kind == "permission-set":
        return None
    value = identity.resource.value("tags_all") or identity.resource.value("tags")
    if value is None or not isinstance(value.raw, dict):
        return {} if value is None or value.raw is None else None
    return {name: text for name, item in value.raw.items() if (text := text_of(item)) is not None}


def _may_assume(attached: Attached) -> bool:
    """Say whether a policy may allow any sts:AssumeRole at all."""
    return any(statement.effect != "Deny" and _about_assuming(statement) for statement in attached.policy.statements)


def _about_assuming(statement: Statement) -> bool:
    action = statement.action
    if statement.unknown or action is None:
        return bool(statement.unknown)
    fits = [match(lower(entry.text), ASSUME_ROLE.lower()) for entry in action.entries]
    if action.negated:
        return not any(fits)
    return any(fit is not False for fit in fits) or bool(action.unknown)


def _resources(statement: Statement) -> tuple[Entry, ...]:
    return statement.resource.entries if statement.resource is not None else ()


ANY_ROLE: tuple[Text, ...] = ("*",)


def _assumed(identity: Identity) -> tuple[Text, ...]:
    """Return patterns of all roles that an identity's policies may let it assume."""
    found: dict[Text, None] = {}
    for attached in identity.policies:
        for statement in attached.policy.statements:
            if statement.effect == "Deny" or not _about_assuming(statement):
                continue
            element = statement.resource
            if element is None or element.negated or element.unknown or statement.unknown:
                return ANY_ROLE
            for entry in element.entries:
                if "${" in str(entry.text):
                    return ANY_ROLE
                found.setdefault(entry.text)
    return tuple(found)


def _names_a_role(text: Text) -> bool:
    """Say whether a resource entry is one role's ARN: no wildcard in it, and its name is known."""
    arn = Arn.parse(text)
    if arn is None or is_partial(arn.resource_type) or str(arn.resource_type) != "role":
        return False
    return known(arn.name) is not None and not any(c in str(text) for c in "*?")


def build_trust(platform: Platform) -> TrustIndex:
    """Return the trust index of a platform."""
    return TrustIndex(platform)
