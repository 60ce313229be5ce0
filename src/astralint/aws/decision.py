"""May a principal assume a role? The decision, over all policies that have a say in it.

Everything is three-valued. `allowed` and `denied` are said only where they hold whatever
the unknown turns out to be; all else is `conditional`, with what is left to be known.

Sources: AWS's IAM User Guide, "Policy evaluation logic" (within an account, across accounts, permissions
boundaries, session policies) and "AWS JSON policy elements: Principal"; the Organizations User Guide on what
service and resource control policies do not restrict; and a simulator's answers, see `tests/oracle/iam`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.context import EMPTY_CONTEXT, Context
from astralint.aws.evaluation import Access, allows
from astralint.aws.limits import Levels, Limits, stated
from astralint.aws.outcome import (
    NO,
    YES,
    Outcome,
    Remainder,
    Source,
    both,
    conjuncts,
    either,
    opposite,
    undecided,
)
from astralint.aws.policy import Policy, Unknowable
from astralint.aws.principals import Grade, Principal
from astralint.aws.resource_side import ResourceSide
from astralint.aws.text import Text, is_partial
from astralint.aws.wildcard import equal

if TYPE_CHECKING:
    from astralint.aws.kleene import Truth

Verdict = Literal["allowed", "conditional", "denied"]

ASSUME_ROLE = "sts:AssumeRole"
WITH_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
WITH_SAML = "sts:AssumeRoleWithSAML"
ASSUME_ROOT = "sts:AssumeRoot"
TAG_SESSION = "sts:TagSession"
SET_SOURCE_IDENTITY = "sts:SetSourceIdentity"
_FEDERATED_ACTIONS = (WITH_WEB_IDENTITY.lower(), WITH_SAML.lower())
_WITH_ANY = (TAG_SESSION, SET_SOURCE_IDENTITY)


class AssumeRoleRequest(msgspec.Struct, frozen=True):
    """A principal that wants to assume a role, and the policies that have a say in it.

    `identity` None: the principal's policies are not known. `scps` and `rcps` hold the policies
    of each level, from the organization's root down to the account; `()` means that there are
    none, None that nothing is known (the decision then says that it assumed none), and an
    `Unknowable` leaves it open. `action` "" means the one that fits the principal. For
    `sts:AssumeRoot`, `role` is the root's ARN of the member account, and `root_access` says
    whether the caller may manage the members' roots.
    """

    principal: Principal
    role: Text
    trust: Policy
    action: str = ""
    identity: tuple[Policy, ...] | None = ()
    boundary: Policy | None = None
    session: Policy | None = None
    scps: Levels | Unknowable | None = ()
    rcps: Levels | Unknowable | None = ()
    caller_in_management: Truth = False
    role_in_management: Truth = False
    context: Context = EMPTY_CONTEXT
    session_tags: bool = False
    source_identity: bool = False
    root_access: Truth = None


class Decision(msgspec.Struct, frozen=True):
    """The verdict, and why.

    `conditions` are what is left to be known: all of them must hold. `trust`, `identity`,
    `guardrails` (SCPs, RCPs, boundary, session policy) and `refused` (any `Deny`) are the
    parts of the decision. `deciding` are the statements that made it. `unverified` says that
    AWS's own behaviour is not certain here. `assumptions` are what was taken for granted.
    """

    verdict: Verdict
    conditions: tuple[Remainder, ...]
    grade: Grade
    deciding: tuple[Source, ...]
    explanation: str
    trust: Truth
    identity: Truth
    guardrails: Truth
    refused: Truth
    unverified: bool = False
    assumptions: tuple[str, ...] = ()


def decide(request: AssumeRoleRequest) -> Decision:
    """Return whether the principal may assume the role."""
    judged = [_Case(request, action) for action in _actions(request)]
    allowed = both(case.allowed for case in judged)
    refused = either(case.refused for case in judged)
    partition = _same_partition(request)
    final = both((partition, opposite(refused), allowed))
    verdict: Verdict = "conditional" if final.truth is None else "allowed" if final.truth else "denied"
    deciding = refused.sources if refused.truth else final.sources
    assumptions = _assumptions(request)
    unverified = verdict != "denied" and any(case.unverified for case in judged)
    return Decision(
        verdict,
        conjuncts(final.remainder),
        judged[0].side.grade,
        deciding,
        _explanation(request, judged, partition, refused, final),
        both(case.trust for case in judged).truth,
        both(case.identity for case in judged).truth,
        both(case.guardrails for case in judged).truth,
        refused.truth,
        unverified,
        assumptions,
    )


def default_action(principal: Principal) -> str:
    """Return the action by which a principal of this kind takes a role."""
    if principal.kind != "federated":
        return ASSUME_ROLE
    return WITH_SAML if ":saml-provider/" in str(principal.text) else WITH_WEB_IDENTITY


class _Case:
    """One action of a request, judged."""

    def __init__(self, request: AssumeRoleRequest, action: str) -> None:
        self.request = request
        self.principal = request.principal
        self.access = Access(action, request.role, request.context)
        self.is_federation = action.lower() in _FEDERATED_ACTIONS
        self.is_for_caller = action in _WITH_ANY or self.is_federation == (request.principal.kind == "federated")
        self.side = ResourceSide(request.trust, request.principal, self.access, "trust")
        # What may refuse, but need not be said where the same thing is left for the allowance.
        self._open = list(self.side.open)
        self.same_account = _same_account(request)
        self.limits = Limits(request, self.access, "role", request.role_in_management)
        self.identity = self._identity()
        self.boundary = self.limits.allowed_by(request.boundary, "boundary")
        self.session = self.limits.allowed_by(request.session, "session")
        self.scps = self.limits.service_control_policies()
        self.trust = self._trust()
        self.allowed = self._allowed()
        self.guardrails = both((self.boundary, self.session, self.scps))
        self.refused = self._refused()

    # --- the trust policy ------------------------------------------------------------

    def _trust(self) -> Outcome:
        if self.access.action.lower() == ASSUME_ROOT.lower():
            return stated(self.request.root_access, "the caller may manage the roots of member accounts")
        if not self.is_for_caller:
            return NO
        found = self.side.allowed
        if self.principal.kind == "federated":
            return both((_provider_account(self.request), found))
        return found

    # --- the other policies ------------------------------------------------------------

    def _identity(self) -> Outcome:
        if not self.principal.is_aws or self.principal.kind == "anyone":
            return YES
        if self.request.identity is None:
            self._open.append(undecided(f"an identity policy of {self.principal.text} denies {self.access.action}"))
            return undecided(
                f"an identity policy of {self.principal.text} allows {self.access.action} on {self.request.role}"
            )
        return allows(self.request.identity, self.access, "identity")

    def _refused(self) -> Outcome:
        found = [self.side.refused, *self.limits.denials()]
        if self.allowed.truth:
            found.extend(self._open)
        return either(found)

    # --- together ------------------------------------------------------------------------

    def _allowed(self) -> Outcome:
        if self.trust.truth is False:
            return NO
        if not self.principal.is_aws:
            return self.trust
        everything = (self.trust, self.identity, self.boundary, self.session, self.scps)
        if self.principal.kind == "anyone" or self.access.action.lower() == ASSUME_ROOT.lower():
            return both(everything)
        across = both(everything)
        if self.same_account is False:
            return across
        named = self.side.group("named", "anyone")
        within = either(
            (
                both((named, self.session, self.scps)),
                both((self.side.group("role"), self.boundary, self.session, self.scps)),
                both((self.side.group("account"), self.identity, self.boundary, self.session, self.scps)),
            )
        )
        if self.same_account or within.truth is across.truth is not None:
            return within if self.same_account else across
        mine = self.principal.account if self.principal.account is not None else "the account of who asks"
        same = undecided(f"{mine} and {_account(self.request)} are the same account")
        return either((both((same, within)), both((opposite(same), across))))

    @property
    def unverified(self) -> bool:
        """Whether only `*` without an identity policy opens the role within its account."""
        if self.same_account is False or self.side.group("anyone").truth is False:
            return False
        if not self.principal.is_aws or self.principal.kind == "anyone" or self.identity.truth:
            return False
        return not (self.side.group("named").truth or self.side.group("role").truth)


def _actions(request: AssumeRoleRequest) -> list[str]:
    actions = [request.action or default_action(request.principal)]
    if request.session_tags:
        actions.append(TAG_SESSION)
    if request.source_identity:
        actions.append(SET_SOURCE_IDENTITY)
    return actions


def _account(request: AssumeRoleRequest) -> Text | None:
    arn = Arn.parse(request.role)
    return arn.account if arn else None


def _same_account(request: AssumeRoleRequest) -> Truth:
    if not request.principal.is_aws or request.principal.kind == "anyone":
        return False
    mine, other = request.principal.account, _account(request)
    return None if mine is None or other is None else equal(mine, other)


def _provider_account(request: AssumeRoleRequest) -> Outcome:
    """Return whether an identity provider is in the role's account: no other can be used."""
    provider, account = request.principal.arn, _account(request)
    if provider is None or account is None:
        return YES
    return stated(equal(provider.account, account), f"the identity provider is in the account {account}")


def _same_partition(request: AssumeRoleRequest) -> Outcome:
    mine, other = request.principal.arn, Arn.parse(request.role)
    if mine is None or other is None:
        return YES
    same = equal(mine.partition, other.partition)
    if same is None and (is_partial(mine.partition) or is_partial(other.partition)):
        # A partition that is not known is that of the whole platform.
        return YES
    return YES if same else NO


def _assumptions(request: AssumeRoleRequest) -> tuple[str, ...]:
    found: list[str] = []
    if request.scps is None and request.principal.is_aws and request.caller_in_management is not True:
        found.append("no service control policy stands in the way: none is known")
    if request.rcps is None and request.role_in_management is not True:
        found.append("no resource control policy stands in the way: none is known")
    return tuple(found)


def _explanation(
    request: AssumeRoleRequest, judged: list[_Case], partition: Outcome, refused: Outcome, final: Outcome
) -> str:
    who, role = request.principal.text, request.role
    if final.truth:
        by = ", ".join(str(source) for source in final.sources)
        return f"{who} may assume {role}" + (f": {by}" if by else "")
    if final.truth is None:
        return f"{who} may assume {role} if {final.remainder}"
    if refused.truth:
        return f"{who} may not assume {role}: denied by {', '.join(str(source) for source in refused.sources)}"
    if partition.truth is False:
        return f"{who} may not assume {role}: they are in different partitions"
    return f"{who} may not assume {role}: {_missing(request, judged)}"


def _missing(request: AssumeRoleRequest, judged: list[_Case]) -> str:
    who, role = request.principal.text, request.role
    case = next((case for case in judged if case.allowed.truth is False), judged[0])
    action = case.access.action
    if case.is_federation and request.principal.kind != "federated":
        return f"{action} is for identity providers"
    if not case.is_for_caller:
        return f"an identity provider's subjects do not use {action}"
    if _provider_account(request).truth is False and request.principal.kind == "federated":
        return "the identity provider is in another account"
    if case.trust.truth is False:
        return f"its trust policy does not allow {action} to {who}"
    for outcome, text in (
        (case.scps, "a service control policy's level does not allow"),
        (case.session, "the session policy does not allow"),
        (case.identity, f"no identity policy of {who} allows"),
        (case.boundary, "the permissions boundary does not allow"),
    ):
        if outcome.truth is False:
            return f"{text} {action} on {role}"
    return f"its policies do not allow {action} together"
