"""Whether one can become another: the decision over both sides, and the lines that it rests on."""

from __future__ import annotations

from typing import Literal

import msgspec

from astralint.aws.decision import Decision
from astralint.aws.outcome import Source
from astralint.estate.model import Account
from astralint.source.evidence import Evidence
from astralint.trust.declared import Grant, Trust
from astralint.trust.identity import Identity

AssumptionKind = Literal["can-assume", "can-assume-root", "member-of"]


class Assumption(msgspec.Struct, frozen=True, eq=False):
    """Whether a principal can assume a role, decided over both sides.

    `missing` is `permission` or `trust` where one side is there and the other is
    not (half-open); then the decision is `denied`. Who gets a role through a service
    or Identity Center is no identity with policies: `name` is what it is called then,
    and `bindings` are the lines that hand the role to it. A member of a group
    (`member-of`) gets the roles of its group, `can-assume-root` leads to the root user
    of an account.
    """

    source: str
    identity: Identity | None
    account: Account | None
    role: Identity
    decision: Decision
    trusts: tuple[Trust, ...]
    grants: tuple[Grant, ...]
    missing: str = ""
    kind: AssumptionKind = "can-assume"
    name: str = ""
    bindings: tuple[Evidence, ...] = ()

    def __str__(self) -> str:
        return f"{self.identity or self.name or self.source} -> {self.role}"

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Both sides' lines: the trust first."""
        return (*self.bindings, *(trust.evidence for trust in self.trusts), *self.permissions)

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
