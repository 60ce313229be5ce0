"""Finds the pairs of a principal and a role that are worth deciding, and decides them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from astralint.aws.arn import Arn, match_arn
from astralint.aws.condition_keys import Facts, context_for
from astralint.aws.context import EMPTY_CONTEXT
from astralint.aws.decision import ASSUME_ROOT, AssumeRoleRequest, Decision, default_action
from astralint.aws.evaluation import identity_allows
from astralint.aws.kleene import Truth
from astralint.aws.limits import Levels
from astralint.aws.outcome import Outcome, Remaining, both
from astralint.aws.policy import Entry, Policy, Statement, Unknowable
from astralint.aws.principals import Principal
from astralint.aws.session_requests import decide_any
from astralint.estate.estate import Estate
from astralint.estate.model import Resource, existence
from astralint.estate.nodes import resource_node
from astralint.estate.organization import organization_id
from astralint.estate.origins import resource_behind
from astralint.source.partial import Text, same
from astralint.terraform.evaluation.builtin import text_of
from astralint.trust.assumption import Assumption
from astralint.trust.declared import Grant, Trust, is_about_assuming
from astralint.trust.directory import IdentityDirectory
from astralint.trust.guardrails import Guardrails
from astralint.trust.identity import Identity
from astralint.trust.policies import Attached
from astralint.trust.sessions import NOTHING, Carried, carried, has_no_mfa, saml_audience, session_tags

PAIRS, PAIRS_OF_ROLE = 15_000, 20
"""So many pairs of a principal and a role are decided, and so many more for each identity there is."""


class Decider:
    """Finds the pairs worth deciding, and decides them."""

    def __init__(
        self,
        estate: Estate,
        directory: IdentityDirectory,
        trusts: Sequence[Trust],
        grants: Sequence[Grant],
        guardrails: Guardrails,
    ) -> None:
        self.directory = directory
        self.estate = estate
        self.organization = text_of(organization_id(estate.settings))
        # The roles by which AWS administers an account may do all that its root may: its edge stands for them.
        self._granting = [
            identity
            for identity in directory.identities
            if not identity.is_implied and any(map(_may_assume, identity.policies))
        ]
        self._by_account: dict[str, list[Identity]] = {}
        for identity in self._granting:
            name = identity.account.name if identity.account is not None else ""
            self._by_account.setdefault(name, []).append(identity)
        self._left = most_pairs() + PAIRS_OF_ROLE * len(directory.identities)
        self.unfinished: list[Identity] = []
        self._guardrails = guardrails
        self.untagged = _untagged(estate)
        self._targets: dict[str, tuple[Text, ...]] = {}
        self._judges_context: dict[int, bool] = {}
        self._outsiders: dict[tuple[Principal, int], Decision] = {}
        self._carried: dict[str, Carried] = {}
        self._trusts: dict[str, list[Trust]] = {}
        for trust in trusts:
            self._trusts.setdefault(trust.role.node, []).append(trust)
        self._grants: dict[str, list[Grant]] = {}
        for grant in grants:
            if grant.role is not None:
                self._grants.setdefault(grant.role.node, []).append(grant)

    def all(self) -> Iterable[Assumption]:
        """Decide every pair worth deciding; where there are too many, for what roles it was left out is `unfinished`."""
        # A role that the code of several workspaces implies is one.
        roles = {role.node: role for role in (*self.directory.implied, *self.directory.roles)}
        for node in dict.fromkeys(role.node for role in (*self.directory.roles, *self.directory.implied)):
            if self._left > 0:
                yield from self._role(roles[node])
            else:
                self.unfinished.append(roles[node])

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
        candidates = {node: self.directory.by_node[node] for node in (*named, *grants)}
        for trust in wide:
            candidates.update({i.node: i for i in self._behind(trust) if self._may_name(i, role)})
        self._left -= len(candidates) + len(wide)
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
        # Whom everybody's trust lets in is whoever may assume it, on whatever pattern.
        return self._granting if trust.principal.form == "anyone" else ()

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
            return self._of_outsider(_principal_of(trust), trust.role)
        return self.between(trust.identity, trust.role)

    def between(self, identity: Identity, role: Identity) -> Decision:
        """Decide for one of our identities."""
        return self._decide(principal_of_identity(identity), identity, role)

    def of_subject(self, trust: Trust, claims: Mapping[str, Text]) -> Decision:
        """Decide for the holder of a token."""
        return self._decide(_principal_of(trust), None, trust.role, claims)

    def through(
        self,
        principal: Principal,
        role: Identity,
        claims: Mapping[str, Text],
        *,
        with_tags: bool = False,
        source_identity: bool = False,
    ) -> Decision:
        """Decide for a service or an identity provider that hands a role on."""
        return self._decide(principal, None, role, claims, with_tags=with_tags, source_identity=source_identity)

    def trusts_in(self, role: Identity, node: str) -> tuple[Trust, ...]:
        """Return where a role's trust policy names a principal, by the principal's node."""
        return tuple(trust for trust in self._trusts.get(role.node, ()) if trust.node == node)

    def as_root(self, principal: Principal, identity: Identity | None, root: Identity) -> Decision:
        """Decide whether a principal of an account that manages the members' roots may become one of these."""
        return self._decide(principal, identity, root, action=ASSUME_ROOT, root_access=True)

    def may(self, identity: Identity, action: str, resource: Text) -> Outcome:
        """Decide over an action of an identity."""
        context = context_for(principal_of_identity(identity), self._facts(identity, None))
        outcomes = [identity_allows([a.policy for a in identity.policies], action, resource, context)]
        if identity.boundary is not None:
            outcomes.append(identity_allows((identity.boundary,), action, resource, context))
        outcomes.append(self._guardrails.leaves(identity.account, action, resource, context))
        return both(outcomes)

    def _outsider(self, trust: Trust, role: Identity, trusts: list[Trust]) -> Assumption:
        principal = _principal_of(trust)
        decision = self._of_outsider(principal, role)
        return Assumption(trust.node, None, trust.account, role, decision, tuple(trusts), ())

    def _of_outsider(self, principal: Principal, role: Identity) -> Decision:
        """Decide for somebody who is none of ours, once."""
        key = principal, id(role)
        found = self._outsiders.get(key)
        if found is None:
            found = self._outsiders[key] = self._decide(principal, None, role)
        return found

    def _decide(
        self,
        principal: Principal,
        identity: Identity | None,
        role: Identity,
        claims: Mapping[str, Text] | None = None,
        *,
        action: str = "",
        with_tags: bool = False,
        source_identity: bool = False,
        root_access: Truth = None,
    ) -> Decision:
        ours = identity is not None or self.estate.account_of(principal.account) is not None
        policies = [a.policy for a in identity.policies] if identity is not None else []
        policies += [identity.boundary] if identity is not None and identity.boundary is not None else []
        policies += [role.trust.policy] if role.trust is not None else []
        if ":saml-provider/" in str(principal.text) and role.trust is not None:
            claims = {"saml:aud": saml_audience(role.trust.policy), **(claims or {})}
        context = EMPTY_CONTEXT
        if self._guardrails.exist or any(map(self._has_conditions, policies)):
            context = context_for(principal, self._facts(identity, role, ours=ours, claims=claims))
        action = action or default_action(principal)
        caller = identity.account if identity is not None else self.estate.account_of(principal.account)
        scps: Levels | Unknowable | None = None
        if principal.is_aws and ours and principal.kind != "anyone":
            scps = self._guardrails.levels("SERVICE_CONTROL_POLICY", caller, action, role.arn, context)
        rcps = self._guardrails.levels("RESOURCE_CONTROL_POLICY", role.account, action, role.arn, context)
        is_management = caller is not None and caller.kind == "management"
        hands_on = self._hands_on(identity) if identity is not None else NOTHING
        decision = decide_any(
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
                session_tags=with_tags or hands_on.tags,
                source_identity=source_identity or hands_on.source_identity,
                root_access=root_access,
            )
        )
        return doubted(decision, *(one.resource for one in (identity, role) if one is not None))

    def _hands_on(self, identity: Identity) -> Carried:
        known = self._carried.get(identity.node)
        if known is None:
            known = self._carried[identity.node] = carried(identity, self.untagged)
        return known

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
            tags=session_tags(identity) if identity is not None else None,
            mfa=False if identity is not None and has_no_mfa(identity) else None,
            resource_account=_account_of(role.arn) if role is not None else None,
            resource_organization=self.organization,
        )


def most_pairs() -> int:
    """Return how many pairs are decided, from the environment, which is the user's."""
    given = os.environ.get("ASTRALINT_TRUST_PAIRS", "")
    return int(given) if given.isdecimal() and len(given) < 16 else PAIRS


def doubted(decision: Decision, *resources: Resource) -> Decision:
    """Return a decision that hangs on resources being there, where that is not known."""
    doubts = tuple(Remaining(existence(one)) for one in dict.fromkeys(resources) if one.instance.uncertain)
    if not doubts or decision.verdict == "denied":
        return decision
    return msgspec.structs.replace(decision, verdict="conditional", conditions=(*decision.conditions, *doubts))


def principal_of_identity(identity: Identity) -> Principal:
    """Return who asks where an identity does."""
    return Principal("user" if identity.kind in ("user", "group") else "role", identity.arn)


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


def _untagged(estate: Estate) -> frozenset[str]:
    """Return the nodes of the roles that Pod Identity opens without its tags."""
    found = set()
    for association in estate.resources("aws_eks_pod_identity_association"):
        disabled = association.value("disable_session_tags")
        if disabled is not None and disabled.raw not in (None, False):
            role = resource_behind(estate, association.value("role_arn"), "aws_iam_role")
            found |= {resource_node(role.workspace.name, role.address)} if role is not None else set()
    return frozenset(found)


def _may_assume(attached: Attached) -> bool:
    """Say whether a policy may allow any sts:AssumeRole at all."""
    return any(statement.effect != "Deny" and is_about_assuming(statement) for statement in attached.policy.statements)


def _resources(statement: Statement) -> tuple[Entry, ...]:
    return statement.resource.entries if statement.resource is not None else ()


ANY_ROLE: tuple[Text, ...] = ("*",)


def _assumed(identity: Identity) -> tuple[Text, ...]:
    """Return patterns of all roles that an identity's policies may let it assume."""
    found: dict[Text, None] = {}
    for attached in identity.policies:
        for statement in attached.policy.statements:
            if statement.effect == "Deny" or not is_about_assuming(statement):
                continue
            element = statement.resource
            if element is None or element.negated or element.unknown:
                return ANY_ROLE
            for entry in element.entries:
                if "${" in str(entry.text):
                    return ANY_ROLE
                found.setdefault(entry.text)
    return tuple(found)
