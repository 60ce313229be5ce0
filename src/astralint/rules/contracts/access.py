"""Contracts about what may be done: no-access."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial

import msgspec

from astralint.aws.condition_keys import Facts, context_for
from astralint.aws.evaluation import Access as Request
from astralint.aws.evaluation import denies
from astralint.aws.outcome import Outcome
from astralint.aws.policy import Policy, Unknowable
from astralint.aws.text import join, known
from astralint.aws.wildcard import match
from astralint.estate.model import Resource, Violation
from astralint.estate.nodes import account_node, resource_node
from astralint.estate.views import Undecided
from astralint.platform.platform import Platform
from astralint.rules.api import rule
from astralint.rules.contracts.conditions import holds
from astralint.rules.contracts.dependencies import account_of_access
from astralint.rules.contracts.names import Members
from astralint.rules.contracts.resources import resources_of
from astralint.rules.contracts.subject import Contract, Subject, contracts_of, judged
from astralint.source.evidence import Evidence
from astralint.source.partial import Hole, Text
from astralint.terraform.values.value import Reason
from astralint.trust.access import ALWAYS, Access, resource_policies
from astralint.trust.assumption import policy_place
from astralint.trust.decider import principal_of_identity
from astralint.trust.documents import Document
from astralint.trust.identity import Identity

SHOWN = 3


class Allowed(msgspec.Struct, frozen=True, eq=False):
    """Whom a contract lets do it: accounts, and patterns of identities and principals."""

    accounts: Members
    patterns: tuple[str, ...]

    @classmethod
    def of(cls, contract: Contract) -> Allowed:
        """Return what a contract's `only` says."""
        words = contract.value("only", ())
        return cls(contract.names.members(w for w in words if not _is_pattern(w)), tuple(filter(_is_pattern, words)))

    def has(self, *names: str) -> bool:
        """Say whether one of somebody's names fits a pattern."""
        return any(match(pattern, name) is True for pattern in self.patterns for name in names)


def _is_pattern(word: str) -> bool:
    return "/" in word or word.startswith("arn:")


class Deed(msgspec.Struct, frozen=True, eq=False):
    """An action that somebody may do on a resource, by the statements that decided."""

    action: str
    resource: Resource
    outcome: Outcome


class Judge:
    """Decides what the identities of a platform may do, beyond their own policies too."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    @cached_property
    def _policies(self) -> dict[str, list[Document]]:
        return resource_policies(self.platform)

    @cached_property
    def accesses(self) -> dict[str, list[Access]]:
        """Whom resources let in, by the resource's node."""
        found: dict[str, list[Access]] = {}
        for access in self.platform.trust.accesses:
            if access.kind == "can-access":
                found.setdefault(access.node, []).append(access)
        return found

    def may(self, identity: Identity, action: str, resource: Resource) -> Outcome:
        """Return whether an identity may do something to a resource of its own account."""
        outcomes = [
            outcome
            for target in targets(resource)
            if (outcome := self.platform.trust.may(identity, action, target)).truth is not False
        ]
        best = next((outcome for outcome in outcomes if outcome.truth), outcomes[0] if outcomes else None)
        if best is None:
            return Outcome(truth=False)
        return best if not best.truth else self._beyond(identity, action, resource, best)

    def _beyond(self, identity: Identity, action: str, resource: Resource, allowed: Outcome) -> Outcome:
        """Return what is left of a permission by what stands outside of the identity's own policies."""
        node = resource_node(resource.workspace.name, resource.address)
        own = [found.policy for found in self._policies.get(node, ())]
        if own and action.lower().startswith("kms:") and not self._key_lets_in(identity, node):
            return Outcome(truth=False)
        target = next(iter(targets(resource)))
        context = context_for(principal_of_identity(identity), Facts(claims=ALWAYS))
        request = Request(action, target, context)
        scps = self.platform.trust.guardrails.levels(
            "SERVICE_CONTROL_POLICY", identity.account, action, target, context
        )
        if isinstance(scps, Unknowable):
            return Outcome(None)
        above: list[Policy] = [policy for level in scps or () for policy in level]
        refused = denies(above, request, "scp").truth
        if refused:
            return Outcome(truth=False)
        # Whom a `Deny` of the resource's policy is about is not looked at: it may be this one.
        return Outcome(None) if refused is None or denies(own, request, "resource").truth is not False else allowed

    def _key_lets_in(self, identity: Identity, node: str) -> bool:
        """Say whether a key's own policy lets an identity in, or leaves it to the account."""
        account = account_node(identity.account.name) if identity.account is not None else ""
        return any(access.principal in (account, identity.node) for access in self.accesses.get(node, ()))


def targets(resource: Resource) -> tuple[Text, ...]:
    """Return what an action on a resource may be about: it itself, and, of a bucket, what is in it."""
    arn = resource.text("arn") or Hole("its ARN is not known")
    whole = join(arn) if isinstance(arn, Hole) else arn
    if resource.type == "aws_s3_bucket":
        return whole, join(whole, "/", Hole("an object"))
    return (whole,)


def accessing(platform: Platform) -> Iterator[Subject]:
    """Yield what no-access contracts judge: each identity, and each principal that a resource lets in."""
    judge = Judge(platform)
    for contract in contracts_of(platform, "no-access"):
        allowed = Allowed.of(contract)
        resources = list(resources_of(platform, contract.value("resources")))
        for identity in platform.trust.identities:
            if identity.kind in ("role", "user", "permission-set") and not identity.is_implied:
                able = partial(_able, identity, contract, judge, resources, allowed)
                yield contract.subject(_title(identity), able, resource=identity.resource)
        for resource in resources:
            node = resource_node(resource.workspace.name, resource.address)
            for access in judge.accesses.get(node, ()):
                let_in = partial(_let_in, access, contract, platform, resource, allowed)
                yield contract.subject(
                    f"{access.name} -> {resource.address}", let_in, resource=resource, evidence=access.evidence[0]
                )


def _title(identity: Identity) -> str:
    return f"{identity.account or identity.resource.workspace}/{identity}"


def _able(
    identity: Identity, contract: Contract, judge: Judge, resources: list[Resource], allowed: Allowed
) -> Iterator[Violation]:
    if allowed.has(_title(identity), known(identity.arn) or ""):
        return
    account = identity.account
    if account is not None and allowed.accounts.may_hold(account):
        return
    certain: list[Deed] = []
    undecided: Undecided | None = None
    for resource in resources:
        try:
            if not _is_meant(resource, contract) or (account is not None and resource.account is not account):
                continue
            for action in contract.value("actions"):
                outcome = judge.may(identity, action, resource)
                if outcome.truth and account is not None:
                    certain.append(Deed(action, resource, outcome))
                elif outcome.truth is not False and undecided is None:
                    left = f": {outcome.remainder}" if outcome.remainder is not None else ""
                    what = f"whether {identity.title} may do `{action}` on `{resource.address}` is not known{left}"
                    undecided = Undecided(Reason("permission-not-known", what))
        except Undecided as found:
            undecided = undecided or found
    if certain:
        assert identity.resource.exists
        yield _told(identity, contract, certain)
    elif undecided is not None:
        raise undecided


def _is_meant(resource: Resource, contract: Contract) -> bool:
    scope = contract.members("accounts") if contract.argument("accounts") is not None else None
    return (scope is None or scope.holds(resource.account)) and holds(resource, contract.value("where", {}))


def _told(identity: Identity, contract: Contract, deeds: list[Deed]) -> Violation:
    actions = list(dict.fromkeys(deed.action for deed in deeds))
    resources = list(dict.fromkeys(deed.resource for deed in deeds))
    places = [
        place
        for deed in deeds
        for source in deed.outcome.sources
        if source.effect == "Allow" and (place := policy_place(identity, source, f"allows `{deed.action}`")) is not None
    ]
    unique = list(dict.fromkeys(places)) or [identity.resource.evidence(f"may do `{actions[0]}`")]
    others = [*unique[1:], *(r.evidence("on this resource") for r in resources)]
    first = unique[0]
    message = (
        f"{identity.title} may do {_listed(actions)} on {_listed([r.address for r in resources])}, "
        f"which {contract.title} forbids"
    )
    return identity.resource.workspace.violation(
        message, first.span, first.text, subject=_title(identity), evidence=tuple(others)
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown


def _let_in(
    access: Access, contract: Contract, platform: Platform, resource: Resource, allowed: Allowed
) -> Iterator[Violation]:
    """Yield the violation that a resource's own policy is, which lets somebody of another account do it."""
    account = account_of_access(platform, access)
    own = resource.account_or_none
    named = [action for action in contract.value("actions") if _speaks_of(access, action)]
    if not named or (account is not None and account is own) or access.name.endswith(".amazonaws.com"):
        return
    identity = platform.trust.by_node.get(access.principal)
    if allowed.has(access.name, *([_title(identity)] if identity is not None else [])):
        return
    if account is not None and allowed.accounts.may_hold(account):
        return
    if not _is_meant(resource, contract):
        return
    if "{" in access.name or (account is None and access.verdict == "conditional"):
        what = f"whether `{resource.address}` lets `{access.name}` do `{named[0]}` is not known"
        raise Undecided(Reason("permission-not-known", what))
    assert resource.exists
    of = f" of `{account}`" if account is not None else ""
    condition = f", if {' and '.join(access.conditions)}" if access.conditions else ""
    place: Evidence = access.evidence[0]
    yield resource.workspace.violation(
        f"`{resource.address}` lets `{access.name}`{of} do {_listed(named)}{condition}, which {contract.title} forbids",
        place.span,
        place.text,
        subject=f"{access.name} -> {resource.address}",
        severity="warning" if access.conditions else None,
    )


def _speaks_of(access: Access, action: str) -> bool:
    """Say whether a policy's statement is about an action."""
    fits = any(match(pattern.lower(), action.lower()) is True for pattern in access.actions)
    return fits != access.all_but


@rule("AC08", "no-access", severity="error", each=accessing, tags=("contract", "trust"))
def no_access(subject: Subject, platform: Platform) -> Iterator[Violation]:
    """Nobody but some may do something to resources of some types.

    ## Why

    Who may delete backups, or decrypt with a key, is written in many policies: those of
    roles and users, of groups, boundaries, and of the resources themselves. Together they
    decide, and no single one shows it.

    ## Bad

    ```hcl
    # astralint.hcl
    contract "no-access" "only the archivist deletes backups" {
      actions   = ["backup:DeleteRecoveryPoint"]
      resources = ["aws_backup_vault"]
      only      = ["production/archivist"]
    }
    # workspaces/production: a role of the application may do
    statement {
      actions   = ["backup:*"]
      resources = ["*"]
    }
    ```

    ## Good

    ```hcl
    statement {
      actions   = ["backup:StartBackupJob"]
      resources = ["*"]
    }
    ```

    ## Options

    `actions` are single actions of AWS, `resources` types, narrowed by `accounts` (where they
    are) and `where`. `only` names who may: accounts, `account/role`, or ARNs, with `*`.

    ## Exceptions

    Services of AWS, and roles that AWS makes in each account. A condition that can't be
    decided, or a `Deny` that may be about somebody, leaves it undecided.
    """
    yield from judged(subject)
