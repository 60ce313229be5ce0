"""AL116."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.trust import Trust
from astralint_rules.identity.subjects import at_trust, trusts
from astralint_rules.identity.third_parties import FORMS, lacks_external_id, vendor


@rule("AL116", "external-id", severity="error", each=trusts, tags=("identity", "trust"), security_severity="7.5")
def check(trust: Trust, platform: Platform) -> Iterator[Violation]:
    """A trust in a third party requires an ExternalId.

    ## Why

    A vendor assumes the roles of all its customers with the same principal. Another
    customer who tells the vendor our role's ARN would be let in as us: the confused
    deputy. Only a value that the vendor has given to us alone tells us apart.

    ## Bad

    ```hcl
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::390000000001:role/collector"]
    }
    ```

    ## Good

    ```hcl
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::390000000001:role/collector"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["astradot-7f3a"]
    }
    ```

    ## Exceptions

    Third parties are the vendors of the configuration and those that are publicly known;
    whoever else is outside of the organization is AL109's. AWS's own accounts, services,
    identity providers, and people who go through multi-factor authentication need none. A condition that also holds without an ExternalId (`…IfExists`, `"*"`)
    requires none, so it does not count.
    """
    number = trust.principal.account
    if trust.principal.form not in FORMS or trust.principal.statement.effect != "Allow":
        return
    if trust.account is not None or number is None:
        return
    if not isinstance(number, str):
        if lacks_external_id(trust, platform):
            raise Undecided(Reason("account-not-known", f"the account of `{trust.principal.entry.text}` is not known"))
        return
    who = vendor(number, platform)
    if who and lacks_external_id(trust, platform):
        yield at_trust(
            trust,
            f"the role {trust.role.title} trusts the third party {number} ({who}) without an ExternalId",
            "no `sts:ExternalId` is required",
            help="require the `sts:ExternalId` that the vendor gave you, with `StringEquals`",
        )
