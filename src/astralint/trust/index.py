"""The three layers of trust: what is declared on both sides, and what AWS would decide."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.decision import Decision
from astralint.aws.outcome import Outcome
from astralint.aws.text import known
from astralint.estate.estate import Estate
from astralint.estate.views import Undecided
from astralint.source.diagnostic import Diagnostic
from astralint.source.partial import Text
from astralint.terraform.values.value import Reason
from astralint.trust.access import Access, accesses
from astralint.trust.assumption import Assumption
from astralint.trust.bindings import Bindings
from astralint.trust.decider import Decider, most_pairs
from astralint.trust.declared import Grant, Trust, declared_grants, declared_trusts
from astralint.trust.deployments import Deployment, deployments
from astralint.trust.directory import IdentityDirectory
from astralint.trust.guardrails import Guardrails
from astralint.trust.identity import Identity
from astralint.trust.references import AccountReference, account_references
from astralint.trust.relations import Delegation, Provider, RunsAs, delegations, providers, run_as

MADE_BY_AWS = (
    "AWSControlTower",
    "aws-controltower",
    "AWSCloudFormationStackSet",
    "stacksets-exec-",
    "AWSReservedSSO_",
    "AWSServiceRole",
    "OrganizationAccountAccessRole",
)
"""How the names of roles begin that AWS makes in accounts."""


class TrustIndex:
    """All identities, and what is between them; computed layer by layer on demand."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.directory = IdentityDirectory(estate)
        self.identities = self.directory.identities
        self.roles = self.directory.roles
        self.by_node = self.directory.by_node
        self.find = self.directory.find
        self.may_exist = self.directory.may_exist
        self._unread: list[Identity] = []

    # --- declared ----------------------------------------------------------------------

    @cached_property
    def trusts(self) -> tuple[Trust, ...]:
        """Every principal that every role names."""
        identities = len(self.identities)
        return tuple(declared_trusts(self.estate, self.directory, most_pairs() // 3 + 10 * identities, self._unread))

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """Every role that an identity policy names in an `Allow` of sts:AssumeRole, wildcards apart."""
        return tuple(declared_grants(self.directory))

    @cached_property
    def deployments(self) -> tuple[Deployment, ...]:
        """Every role that a provider configuration assumes."""
        return tuple(deployments(self.estate, self.directory))

    @cached_property
    def runs_as(self) -> tuple[RunsAs, ...]:
        """Every resource for which AWS acts as a role."""
        return tuple(run_as(self.estate, self.directory))

    @cached_property
    def providers(self) -> tuple[Provider, ...]:
        """Every identity provider that a workspace makes and that some role trusts."""
        return tuple(providers(self.estate, self.trusts))

    @cached_property
    def delegations(self) -> tuple[Delegation, ...]:
        """Every service whose administration the management account hands on."""
        return tuple(delegations(self.estate))

    @cached_property
    def accesses(self) -> tuple[Access, ...]:
        """Every principal that a resource's policy, a grant or a share lets in."""
        return tuple(accesses(self.estate, self.directory))

    @cached_property
    def references(self) -> tuple[AccountReference, ...]:
        """Every account that a resource of another one is joined with: peerings, aggregations, endpoints."""
        return tuple(account_references(self.estate))

    @cached_property
    def guardrails(self) -> Guardrails:
        """The service and resource control policies of the organization."""
        return Guardrails(self.estate)

    def is_missing(self, deployment: Deployment) -> bool:
        """Say whether nobody makes the role that a workspace acts as: all that could was seen, and AWS makes none such."""
        arn, account = Arn.parse(deployment.arn), deployment.account
        name = known(arn.name) if arn is not None else None
        if deployment.role is not None or account is None or name is None or deployment.through == "profile":
            return False
        workspaces = self.estate.workspaces_of(account)
        if not workspaces or name.startswith(MADE_BY_AWS) or self.may_exist(deployment.arn):
            return False
        try:
            self.estate.require_complete("aws_iam_role", what=f"`{name}`", workspaces=workspaces)
        except Undecided:
            return False
        return True

    # --- effective ---------------------------------------------------------------------

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every pair of a principal and a role between which at least one side says something."""
        return tuple(self._decider.all())

    @property
    def limits(self) -> tuple[Diagnostic, ...]:
        """What was left out of `trusts` and `assumptions`, as far as these were asked for, because it was too much."""
        left = [*self._unread, *(self._decider.unfinished if "assumptions" in self.__dict__ else ())]
        if not left:
            return ()
        span = min((role.resource.header for role in left), key=lambda one: (one.file, one.line))
        return (
            Diagnostic(
                "limit",
                "error",
                f"there are more pairs of principals and roles than are decided: who can assume {left[0].title}"
                f"{f' and {len(left) - 1:,} more roles' if len(left) > 1 else ''} was left out",
                span,
                help="`ASTRALINT_TRUST_PAIRS` allows more",
                broken=True,
            ),
        )

    @cached_property
    def bindings(self) -> tuple[Assumption, ...]:
        """Whoever gets a role through a service or Identity Center, and the roots of member accounts."""
        return tuple(Bindings(self.estate, self.directory, self._decider).all())

    @cached_property
    def edges(self) -> tuple[Assumption, ...]:
        """All of it: who can become whom, by both sides' policies and by what is handed out."""
        return (*self.assumptions, *self.bindings)

    def target(self, node: str) -> Identity | None:
        """Return who is at the end of an edge, by its node."""
        return self._targets.get(node)

    def from_node(self, node: str) -> tuple[Assumption, ...]:
        """Return what a principal can, or half can, assume."""
        return self._by_source.get(node, ())

    def trusts_of(self, role: Identity) -> tuple[Trust, ...]:
        """Return the principals that a role names; raises Undecided where that was left out."""
        found = self.read_of(role)
        if not found and role in self._unread:
            raise Undecided(Reason("limit", f"whom `{role}` trusts was left out: there is too much of trust"))
        return found

    def read_of(self, role: Identity) -> tuple[Trust, ...]:
        """Return the principals that a role names, as far as they were looked at."""
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

    def with_all_that_may_be_its(self, identity: Identity) -> Identity:
        """Return a role or user with those policies too of which it is not known whose they are."""
        if identity.kind not in ("role", "user", "group"):
            return identity
        more = tuple(self.directory.policies.perhaps(identity.kind, identity.account, identity.name))
        return msgspec.structs.replace(identity, policies=(*identity.policies, *more)) if more else identity

    @cached_property
    def _decider(self) -> Decider:
        return Decider(self.estate, self.directory, self.trusts, self.grants, self.guardrails)

    @cached_property
    def _targets(self) -> dict[str, Identity]:
        return self.by_node | {edge.role.node: edge.role for edge in self.bindings}

    @cached_property
    def _by_source(self) -> dict[str, tuple[Assumption, ...]]:
        found: dict[str, list[Assumption]] = {}
        for assumption in self.edges:
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
        for assumption in self.edges:
            found.setdefault(assumption.role.node, []).append(assumption)
        return {node: tuple(items) for node, items in found.items()}
