"""Whether an identity, or whoever a resource names, may do something: the decision with all that the platform knows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from astralint.aws.actions import Action, catalogue
from astralint.aws.arn import Arn
from astralint.aws.authorization import NEEDS_RESOURCE_POLICY, AccessRequest, Permission, authorize
from astralint.aws.condition_keys import Facts, context_for
from astralint.aws.context import Context
from astralint.aws.limits import Levels
from astralint.aws.outcome import Remaining, Source
from astralint.aws.policy import Policy, Statement, Unknowable
from astralint.aws.principals import Principal
from astralint.aws.text import Text, known
from astralint.estate.model import Account, existence
from astralint.estate.organization import organization_id
from astralint.source.evidence import Evidence
from astralint.terraform.evaluation.builtin import text_of
from astralint.trust.access import ALWAYS
from astralint.trust.assumption import policy_place
from astralint.trust.decider import principal_of_identity
from astralint.trust.identity import Identity
from astralint.trust.index import TrustIndex
from astralint.trust.policies import account_text_of
from astralint.trust.resource_policies import ResourcePolicies, ResourcePolicy, services
from astralint.trust.sessions import has_no_mfa, session_tags
from astralint.trust.targets import Target, account_of, of_resource

UNKNOWN_POLICY = "what the policy of the resource says is not in the code"


class Asked(msgspec.Struct, frozen=True, eq=False):
    """An action on a target, as the request names it: `resource` is the text, `policy` the resource's own."""

    action: Action
    resource: Text
    target: Target | None
    account: Account | None
    policy: ResourcePolicy | None
    account_text: Text | None = None
    without_policy: Policy | None = None

    @property
    def document(self) -> Policy | None:
        """The resource's own policy."""
        return self.policy.policy if self.policy is not None else self.without_policy


class Permissions:
    """Decides who may do what, over one platform."""

    def __init__(self, index: TrustIndex) -> None:
        self.index = index
        self.estate = index.estate
        self._organization = text_of(organization_id(index.estate.settings))

    @cached_property
    def policies(self) -> ResourcePolicies:
        """The policies of the platform's resources."""
        return ResourcePolicies(self.estate)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The resources that have a policy of their own."""
        nodes = set(self.policies.nodes())
        return tuple(
            of_resource(resource)
            for workspace in self.estate.workspaces.values()
            for resource in workspace.resources
            if f"resource:{workspace.name}/{resource.address}" in nodes and resource.value("arn") is not None
        )

    def asked(self, action: Action, resource: Text, target: Target | None) -> Asked:
        """Return an action on a resource with what the resource's side says."""
        own = target.resource if target is not None else None
        policy = self.policies.of(own) if own is not None and resource != "*" else None
        account = account_of(self.estate, target) if target is not None and resource != "*" else None
        text = target.account if target is not None and resource != "*" else None
        return Asked(action, resource, target, account, policy, text)

    def generic(self, identity: Identity, action: Action, resource: Text, owner: Text) -> Asked:
        """Return an action on a resource that stands for any of a pattern; `owner` is the account that it would be of.

        Where a policy that is not looked at has to agree, it may say anything.
        """
        key = self.estate.account_key
        policy: Policy | None = None
        if action.service in NEEDS_RESOURCE_POLICY and action.types:
            policy = Policy.unknown("the key's own has to let it in", kind="resource")
        elif identity.account is not None and key(owner) != key(account_text_of(identity.account)):
            policy = Policy.unknown("the other account's has to let it in", kind="resource")
        return Asked(action, resource, None, self.estate.account_of(owner), None, owner, policy)

    # --- the decision ----------------------------------------------------------------

    def of_identity(self, identity: Identity, asked: Asked) -> Permission:
        """Decide for one of our identities."""
        principal = principal_of_identity(identity)
        context = self._context(principal, asked, identity)
        permission = self._decide(
            principal,
            asked,
            context,
            identity.account,
            tuple(attached.policy for attached in identity.policies),
            identity.boundary,
        )
        doubts = tuple(Remaining(existence(identity.resource)) for _ in (1,) if identity.resource.instance.uncertain)
        if not doubts or permission.verdict == "denied":
            return permission
        return msgspec.structs.replace(permission, verdict="conditional", conditions=(*permission.conditions, *doubts))

    def of_principal(self, principal: Principal, asked: Asked) -> Permission:
        """Decide for somebody whose own policies are not in the code."""
        account = self.estate.account_of(principal.account) if principal.account is not None else None
        return self._decide(principal, asked, self._context(principal, asked, None), account, None, None)

    def of_root(self, principal: Principal, asked: Asked) -> Permission:
        """Decide for the root user of an account, who may do whatever nothing denies."""
        account = self.estate.account_of(principal.account)
        everything = Policy((Statement(("Statement", 0), "Allow"),), name="the root user")
        return self._decide(principal, asked, self._context(principal, asked, None), account, (everything,), None)

    def _decide(
        self,
        principal: Principal,
        asked: Asked,
        context: Context,
        caller: Account | None,
        identity: tuple[Policy, ...] | None,
        boundary: Policy | None,
    ) -> Permission:
        action = str(asked.action)
        guardrails = self.index.guardrails
        scps: Levels | Unknowable | None = ()
        if principal.is_aws and principal.kind != "anyone" and caller is not None:
            scps = guardrails.levels("SERVICE_CONTROL_POLICY", caller, action, asked.resource, context)
        rcps: Levels | Unknowable | None = ()
        if catalogue().heeds_resource_control_policies(asked.action.service):
            rcps = guardrails.levels("RESOURCE_CONTROL_POLICY", asked.account, action, asked.resource, context)
        request = AccessRequest(
            principal,
            action,
            asked.resource,
            asked.document,
            asked.account_text,
            identity,
            boundary,
            None,
            scps,
            rcps,
            caller is not None and caller.kind == "management",
            asked.account is not None and asked.account.kind == "management",
            context,
        )
        return self._particular(authorize(request), principal, asked)

    def _particular(self, permission: Permission, principal: Principal, asked: Asked) -> Permission:
        """Heed what is particular of a service: actions of one's own account only, public policies that do not count."""
        if permission.verdict == "denied" or not self._is_outside(principal, asked):
            return permission
        own = services().own_account.get(asked.action.service, ())
        resource = asked.target.resource if asked.target is not None else None
        if asked.action.name in own:
            return msgspec.structs.replace(permission, verdict="denied", conditions=(), deciding=())
        if resource is not None and principal.kind != "service" and self.policies.is_restricted(resource):
            if principal.kind == "anyone":
                return msgspec.structs.replace(permission, verdict="denied", conditions=(), deciding=())
            if asked.document is not None and _may_be_public(asked.document):
                doubt = Remaining(f"the policy of `{resource}`, whose public access is blocked, counts as not public")
                return msgspec.structs.replace(
                    permission, verdict="conditional", conditions=(*permission.conditions, doubt)
                )
        return permission

    def _is_outside(self, principal: Principal, asked: Asked) -> bool:
        """Say whether somebody is surely of another account than the resource."""
        if principal.kind in ("anyone", "service"):
            return True
        mine, other = principal.account, asked.account_text
        if mine is None or other is None:
            return False
        keys = self.estate.account_key(mine), self.estate.account_key(other)
        return None not in keys and keys[0] != keys[1]

    def _context(self, principal: Principal, asked: Asked, identity: Identity | None) -> Context:
        ours = identity is not None or (
            principal.account is not None and self.estate.account_of(principal.account) is not None
        )
        arn = Arn.parse(asked.resource)
        region = arn.region if arn is not None and known(arn.region) else _region_of(asked)
        own = asked.account is not None or asked.resource == "*"
        facts = Facts(
            organization=self._organization if ours else None,
            tags=session_tags(identity) if identity is not None else None,
            mfa=False if identity is not None and has_no_mfa(identity) else None,
            claims=ALWAYS,
            resource_account=asked.account_text,
            resource_organization=self._organization if own else None,
            region=region,
        )
        return context_for(principal, facts)

    # --- evidence --------------------------------------------------------------------

    def evidence(self, permission: Permission, identity: Identity | None, asked: Asked) -> tuple[Evidence, ...]:
        """Return the lines of the statements that decided."""
        return tuple(dict.fromkeys(self._places(permission, identity, asked)))

    def _places(self, permission: Permission, identity: Identity | None, asked: Asked) -> Iterator[Evidence]:
        for source in permission.deciding:
            found = self._place(source, identity, asked)
            if found is not None:
                yield found

    @staticmethod
    def _place(source: Source, identity: Identity | None, asked: Asked) -> Evidence | None:
        verb = "denies" if source.effect == "Deny" else "allows"
        if source.side == "identity" and identity is not None:
            return policy_place(identity, source, f"{verb} `{asked.action}`")
        if source.side == "resource" and asked.policy is not None:
            return asked.policy.evidence(f"the policy of `{asked.policy.resource}` {verb} it", source)
        return None


def _region_of(asked: Asked) -> Text | None:
    """Return the region of a resource whose ARN has none."""
    own = asked.target.resource if asked.target is not None and asked.resource != "*" else None
    return text_of(own.region_value) if own is not None else None


def _may_be_public(policy: Policy) -> bool:
    """Say whether a policy lets anybody in, conditions apart."""
    return any(
        statement.effect != "Deny"
        and (statement.principal is None or any(entry.text == "*" for entry in statement.principal.entries))
        for statement in policy.statements
    )
