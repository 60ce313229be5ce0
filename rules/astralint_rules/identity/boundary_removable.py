"""AL134."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Violation, rule
from astralint.rules.api.escalation import Removal
from astralint.rules.api.trust import Identity
from astralint_rules.identity.climbs import at_statement, cause_of, require_written


def bounded(platform: Platform) -> Iterator[Identity]:
    """Yield the roles and users that are under a permissions boundary."""
    for identity in platform.trust.identities:
        if identity.boundary is not None and identity.kind in ("role", "user") and not identity.is_implied:
            yield identity


@rule("AL134", "boundary-removable", severity="error", each=bounded, tags=("identity",), security_severity="8.4")
def check(identity: Identity, platform: Platform) -> Iterator[Violation]:
    """Nobody can take off, or rewrite, the permissions boundary that it is under.

    ## Why

    A permissions boundary lets teams write policies of their own, since nobody gets more
    than the boundary allows. Whoever may delete it, replace it, or write a new version of
    its policy is under none.

    ## Bad

    ```hcl
    # The boundary itself
    statement {
      actions   = ["iam:*", "lambda:*", "s3:*"]
      resources = ["*"]
    }
    ```

    ## Good

    ```hcl
    statement {
      effect    = "Deny"
      actions   = ["iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary", "iam:CreatePolicyVersion"]
      resources = ["*"]
    }
    ```

    ## Exceptions

    Both have to allow it, the policies of the role or user and the boundary: what only one
    of them allows is no finding. What hangs on a condition is a warning that shows it.
    """
    removals: list[Removal] = [one for one in platform.escalations.removals if one.identity is identity]
    if not removals:
        return
    assert identity.resource.exists
    best = min(removals, key=lambda one: (bool(one.conditions), one.action))
    cause = cause_of(best.proofs)
    if cause is None:
        return
    require_written(best.conditions)
    condition = f", if {' and '.join(best.conditions)}" if best.conditions else ""
    actions = ", ".join(dict.fromkeys(one.action for one in removals if bool(one.conditions) == bool(best.conditions)))
    yield at_statement(
        identity,
        cause,
        f"{identity.title} can take away its own permissions boundary ({actions}){condition}",
        cause.text,
        identity.resource.address,
        [identity.resource.evidence("is under this boundary", "permissions_boundary")],
        help="deny these actions in the boundary itself",
        severity="warning" if best.conditions else None,
    )
