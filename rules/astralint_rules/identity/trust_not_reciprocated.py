"""AL112."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.trust import Assumption


def half_open(platform: Platform) -> Iterator[Assumption]:
    """Yield the pairs of which one side is there and the other is not."""
    return (assumption for assumption in platform.trust.assumptions if assumption.missing)


@rule("AL112", "trust-not-reciprocated", severity="warning", each=half_open, tags=("identity", "trust"))
def check(assumption: Assumption, platform: Platform) -> Iterator[Violation]:
    """Both halves of an assumption are there: the trust and the permission.

    ## Why

    To assume a role of another account, its trust policy has to name the caller, and the
    caller's policies have to allow it. One half alone does nothing today, and becomes an
    open door on the day when somebody adds the other for another reason. Each workspace
    looks fine alone; only both together show it.

    ## Bad

    ```hcl
    # workspaces/staging: trusts astradot-ci-build …
    principals {
      type        = "AWS"
      identifiers = [local.ci_build_role_arn]
    }
    # workspaces/artifact: … whose policies do not mention this role
    ```

    ## Good

    Add the missing half, or remove the other.

    ## Exceptions

    Trust in an account's root leaves the other half to that account. Policies that are
    not known may hold the permission: then nothing is reported.
    """
    identity, role = assumption.identity, assumption.role
    if identity is None or identity.account is role.account:
        return
    assert identity.resource.exists
    assert role.resource.exists
    if assumption.missing == "permission":
        perhaps = platform.trust.with_all_that_may_be_its(identity)
        if perhaps is not identity and platform.trust.may(perhaps, "sts:AssumeRole", role.arn).truth is not False:
            raise Undecided(Reason("policy-not-known", f"a policy that may be {identity.title}'s may allow it"))
        primary = assumption.trusts[0].evidence
        other = identity.resource.evidence(f"no policy of `{identity}` lets it assume `{role}`")
        message = f"`{role}` of `{role.account}` trusts `{identity}` of `{identity.account}`, which has no permission to assume it"
        holder = role.resource.workspace
    else:
        primary = assumption.grants[0].evidence
        trust = role.trust
        label = f"the trust policy of `{role}` does not name `{identity}`"
        other = role.resource.evidence(label, *(trust.path if trust is not None else ()))
        message = (
            f"`{identity}` of `{identity.account}` may assume `{role}` of `{role.account}`, which does not trust it"
        )
        holder = assumption.grants[0].attached.resource.workspace
    yield holder.violation(
        message,
        primary.span,
        primary.text,
        subject=f"{identity.resource.address} -> {role.resource.address}",
        evidence=(Evidence(other.span, other.text, other.workspace),),
    )
