"""May a principal do something with a resource? The decision over identity and resource policies, and all that limits them.

Three-valued as `decide` is. Sources: AWS's IAM User Guide, "Policy evaluation logic" and "How AWS evaluates requests
for cross-account access"; the KMS Developer Guide, "Key policies" (a key's policy alone decides whether identity
policies count); the Organizations User Guide on service and resource control policies; and a simulator's answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.context import EMPTY_CONTEXT, Context
from astralint.aws.decision import Verdict
from astralint.aws.evaluation import Access, allows
from astralint.aws.limits import Levels, Limits
from astralint.aws.outcome import NO, YES, Outcome, Remainder, Source, both, conjuncts, either, opposite, undecided
from astralint.aws.policy import Policy, Unknowable
from astralint.aws.principals import Principal
from astralint.aws.resource_side import ResourceSide
from astralint.aws.text import Text
from astralint.aws.wildcard import equal

if TYPE_CHECKING:
    from astralint.aws.kleene import Truth

NEEDS_RESOURCE_POLICY = frozenset({"kms"})
"""The services whose resources are open to nobody, not even to their account, unless their own policy says so."""

Side = Literal["identity", "resource"]


class AccessRequest(msgspec.Struct, frozen=True):
    """A principal that wants to do something, and the policies that have a say in it.

    `policy` is the resource's own; None where it has none. `account` is that of the resource (None: its ARN tells
    it). `identity` None: the principal's policies are not known. `scps` and `rcps` are as with `AssumeRoleRequest`.
    """

    principal: Principal
    action: str
    resource: Text
    policy: Policy | None = None
    account: Text | None = None
    identity: tuple[Policy, ...] | None = ()
    boundary: Policy | None = None
    session: Policy | None = None
    scps: Levels | Unknowable | None = ()
    rcps: Levels | Unknowable | None = ()
    caller_in_management: Truth = False
    resource_in_management: Truth = False
    context: Context = EMPTY_CONTEXT


class Permission(msgspec.Struct, frozen=True):
    """The verdict, what is left to be known, and the statements that made it.

    `identity` and `resource` say what the two sides allow, `refused` whether any `Deny` applies.
    """

    verdict: Verdict
    conditions: tuple[Remainder, ...]
    deciding: tuple[Source, ...]
    identity: Truth
    resource: Truth
    refused: Truth


def authorize(request: AccessRequest) -> Permission:
    """Return whether the principal may do it."""
    case = _Case(request)
    final = both((_same_partition(request), opposite(case.refused), case.allowed))
    verdict: Verdict = "conditional" if final.truth is None else "allowed" if final.truth else "denied"
    deciding = case.refused.sources if case.refused.truth else final.sources
    return Permission(
        verdict,
        conjuncts(final.remainder),
        deciding,
        case.identity.truth,
        case.side.allowed.truth,
        case.refused.truth,
    )


class _Case:
    """A request, judged."""

    def __init__(self, request: AccessRequest) -> None:
        self.request = request
        self.principal = request.principal
        self.access = Access(request.action, request.resource, request.context)
        self.side = ResourceSide(request.policy or Policy(()), request.principal, self.access, "resource")
        self._open = list(self.side.open)
        self.limits = Limits(request, self.access, "resource", request.resource_in_management)
        self.identity = self._identity()
        self.boundary = self.limits.allowed_by(request.boundary, "boundary")
        self.session = self.limits.allowed_by(request.session, "session")
        self.scps = self.limits.service_control_policies()
        self.allowed = self._allowed()
        self.refused = self._refused()

    # --- the parts -------------------------------------------------------------------

    def _identity(self) -> Outcome:
        if not self.principal.is_aws or self.principal.kind == "anyone":
            return YES
        if self.request.identity is None:
            text = self.principal.text
            self._open.append(undecided(f"an identity policy of {text} denies {self.access.action}"))
            return undecided(f"an identity policy of {text} allows {self.access.action} on {self.access.resource}")
        return allows(self.request.identity, self.access, "identity")

    def _refused(self) -> Outcome:
        found = [self.side.refused, *self.limits.denials()]
        if self.allowed.truth:
            found.extend(self._open)
        return either(found)

    # --- together --------------------------------------------------------------------

    def _allowed(self) -> Outcome:
        if self.principal.kind == "federated":
            # A token opens roles and nothing else.
            return NO
        if not self.principal.is_aws or self.principal.kind == "anyone":
            return self.side.allowed
        own = both((self.identity, self.boundary, self.session, self.scps))
        across = both((self.side.allowed, own))
        same = _same_account(self.request)
        if same is False:
            return across
        within = either(
            (
                self._alone(own),
                both((self.side.group("named", "anyone"), self.session, self.scps)),
                both((self.side.group("role"), self.boundary, self.session, self.scps)),
            )
        )
        if same or within.truth is across.truth is not None:
            return within if same else across
        accounts = f"{self.principal.account or 'the account of who asks'} and {_account(self.request) or 'that of the resource'}"
        together = undecided(f"{accounts} are the same account")
        return either((both((together, within)), both((opposite(together), across))))

    def _alone(self, own: Outcome) -> Outcome:
        """Return what identity policies allow within the resource's account."""
        if self.request.action.partition(":")[0].lower() in NEEDS_RESOURCE_POLICY and not _is_of_account(self.request):
            return both((self.side.group("account"), own))
        return own


def _is_of_account(request: AccessRequest) -> bool:
    """Say whether a request is about no resource: it is asked for on `*`."""
    return request.resource == "*"


def _account(request: AccessRequest) -> Text | None:
    if request.account is not None:
        return request.account
    arn = Arn.parse(request.resource)
    return arn.account if arn is not None and arn.account != "" else None


def _same_account(request: AccessRequest) -> Truth:
    mine, other = request.principal.account, _account(request)
    if other is None and _is_of_account(request):
        return True
    return None if mine is None or other is None else equal(mine, other)


def _same_partition(request: AccessRequest) -> Outcome:
    mine, other = request.principal.arn, Arn.parse(request.resource)
    if mine is None or other is None:
        return YES
    # A partition that is not known is that of the whole platform.
    return NO if equal(mine.partition, other.partition) is False else YES
