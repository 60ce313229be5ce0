"""AL109."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.aws import known_account
from astralint.rules.api.trust import (
    STRANGE_ORGANIZATION,
    STRANGER,
    Owner,
    Trust,
    admissions,
    named_owners,
    principal_itself,
    somebody,
    strangers,
)
from astralint_rules.identity.subjects import at_trust, opens, trusts
from astralint_rules.identity.third_parties import FORMS, is_outside, lacks_external_id, vendor


@rule("AL109", "external-trust", severity="error", each=trusts, tags=("identity", "trust"), security_severity="8.0")
def check(trust: Trust, platform: Platform) -> Iterator[Violation]:
    """Roles trust only accounts of the organization.

    ## Why

    Whoever a role trusts can become it. An account outside of the organization is
    bound by none of its policies and appears in none of its logs.

    ## Bad

    ```hcl
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::390000000001:root"] # whose is it?
    }
    ```

    ## Good

    A vendor is named in the configuration, and its trust requires an `sts:ExternalId`:

    ```hcl
    # astralint.hcl
    vendor "cost-collector" {
      accounts = ["390000000001"]
    }
    ```

    ## Exceptions

    Vendors of the configuration. What lets a vendor in without an `sts:ExternalId` is
    AL116 alone. Accounts and organizations that conditions name count as well as principals
    do. As long as the number of one of the platform's own
    accounts is not in the code, an unknown number may be that account: then this is
    undecided.
    """
    if trust.principal.statement.effect != "Allow":
        return
    if trust.principal.form == "anyone":
        yield from _named_in_conditions(trust, platform)
        return
    if trust.principal.form not in FORMS:
        return
    number = trust.principal.account
    if trust.account is not None or number is None:
        return
    if not isinstance(number, str):
        raise Undecided(Reason("account-not-known", f"the account of `{trust.principal.entry.text}` is not known"))
    if not is_outside(number, platform):
        return
    what = f"whether conditions keep {number} out of `{trust.role}`"
    if not opens(admissions(platform, trust, principal_itself(platform, trust)), what):
        return
    if vendor(number, platform) and lacks_external_id(trust, platform):
        return  # AL116 says it all.
    bare = trust.principal.form != "user" and lacks_external_id(trust, platform)
    public = known_account(number)
    who = f" ({public.name})" if public is not None else ""
    yield at_trust(
        trust,
        f"the role `{trust.role}` of `{trust.role.account}` trusts the account {number}{who}, which is not of the platform",
        f"an account outside of the organization{', and no `sts:ExternalId` is required' if bare else ''}",
        help="name the vendor in a `vendor` block of `astralint.hcl`, or remove the trust",
    )


def _named_in_conditions(trust: Trust, platform: Platform) -> Iterator[Violation]:
    """Yield trust in everybody that is bound to somebody else: an account or organization that is not ours."""
    owners = named_owners(trust)
    numbers = [STRANGER, *(owner.id for owner in owners if owner.kind == "account")]
    open_: Undecided | None = None
    for owner in owners:
        accounts = [owner.id] if owner.kind == "account" else numbers
        within = [owner.id] if owner.kind == "organization" else [STRANGE_ORGANIZATION, ""]
        callers = [somebody(platform, trust, account, place) for account in accounts for place in within]
        try:
            admitted = admissions(platform, trust, callers)
            if admitted.truth is False or opens(
                admissions(platform, trust, strangers(platform, trust)), "who is trusted"
            ):
                continue
            if not _is_foreign(owner, platform):
                continue
            if opens(admitted, f"whether conditions keep {owner.id} out of `{trust.role}`"):
                assert trust.role.trust is not None
                yield at_trust(
                    trust,
                    f"the role `{trust.role}` of `{trust.role.account}` trusts everybody of the {owner.kind} {owner.id}, "
                    "which is not of the platform",
                    f"{'an account' if owner.kind == 'account' else 'another organization'} outside of the organization",
                    evidence=(trust.role.trust.evidence(f"lets {owner.id} in", owner.path),),
                    help="name the platform's own organization or accounts in the condition",
                )
        except Undecided as undecided:
            open_ = undecided
    if open_ is not None:
        raise open_


def _is_foreign(owner: Owner, platform: Platform) -> bool:
    """Say whether an account or organization is not ours; raises Undecided where it may be."""
    if owner.kind == "account":
        return is_outside(owner.id, platform)
    own = platform.settings.platform.organization_id
    if not own:
        reason = f"{owner.id} may be the organization's own id, which is not in the configuration"
        raise Undecided(Reason("organization-not-known", reason))
    return owner.id != own
