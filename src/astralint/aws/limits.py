"""What bounds a principal beside its own policies and the resource's: boundary, session, organization policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from astralint.aws.evaluation import Access, allows, denies
from astralint.aws.outcome import NO, YES, Outcome, both, either, opposite, undecided
from astralint.aws.policy import Policy, Unknowable
from astralint.aws.principals import Principal

if TYPE_CHECKING:
    from astralint.aws.kleene import Truth

Levels = tuple[tuple[Policy, ...], ...]


class Bounded(Protocol):
    """A request, as far as it says what bounds it."""

    @property
    def principal(self) -> Principal:
        """Who asks."""
        ...

    @property
    def identity(self) -> tuple[Policy, ...] | None:
        """The principal's own policies; None where they are not known."""
        ...

    @property
    def boundary(self) -> Policy | None:
        """Its permissions boundary."""
        ...

    @property
    def session(self) -> Policy | None:
        """The policy of its session."""
        ...

    @property
    def scps(self) -> Levels | Unknowable | None:
        """The service control policies above its account, a level each."""
        ...

    @property
    def rcps(self) -> Levels | Unknowable | None:
        """The resource control policies above the resource's account, a level each."""
        ...

    @property
    def caller_in_management(self) -> Truth:
        """Whether the principal is of the management account, which those policies do not bind."""
        ...


class Limits:
    """The bounds of one request for one access.

    `target` is what the resource is called in words, and `target_in_management` whether it is
    in the management account, whose resources no resource control policy binds.
    """

    def __init__(self, request: Bounded, access: Access, target: str, target_in_management: Truth) -> None:
        principal = request.principal
        self._request = request
        self._access = access
        self._target = stated(target_in_management, f"the {target} is in the management account")
        self._caller = stated(request.caller_in_management, "the caller is in the management account")
        self._is_free = is_service_linked(principal)
        self._is_bound = principal.is_aws and principal.kind != "anyone" and not self._is_free

    def allowed_by(self, policy: Policy | None, side: str) -> Outcome:
        """Return whether a boundary or session policy allows it; one that is not there does."""
        return YES if policy is None else allows((policy,), self._access, side)

    def service_control_policies(self) -> Outcome:
        """Return whether the service control policies of every level allow it."""
        scps = self._request.scps
        if not self._is_bound or scps is None or scps == ():
            return YES
        if isinstance(scps, Unknowable):
            return either((self._caller, undecided(f"the service control policies allow it ({scps.reason})")))
        return either((self._caller, both(allows(level, self._access, "scp") for level in scps)))

    def denials(self) -> list[Outcome]:
        """Return what a `Deny` of each of them says."""
        request, access = self._request, self._access
        found = [
            denies(request.identity or (), access, "identity"),
            denies((request.boundary,) if request.boundary else (), access, "boundary"),
            denies((request.session,) if request.session else (), access, "session"),
        ]
        if self._is_bound:
            found.append(both((opposite(self._caller), self._denied_by(request.scps, "scp"))))
        if not self._is_free:
            found.append(both((opposite(self._target), self._denied_by(request.rcps, "rcp"))))
        return found

    def _denied_by(self, levels: Levels | Unknowable | None, side: str) -> Outcome:
        if isinstance(levels, Unknowable):
            what = "service" if side == "scp" else "resource"
            return undecided(f"a {what} control policy denies it ({levels.reason})")
        return either(denies(level, self._access, side) for level in levels or ())


def is_service_linked(principal: Principal) -> bool:
    """Say whether a principal is a service-linked role, which no organization policy binds."""
    arn = principal.arn
    return principal.kind == "role" and arn is not None and str(arn.path).startswith("/aws-service-role/")


def stated(truth: Truth, text: str) -> Outcome:
    """Return what is known of something, or that it is open whether `text` holds."""
    return undecided(text) if truth is None else YES if truth else NO
