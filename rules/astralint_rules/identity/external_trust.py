"""AL109."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.aws import known_account
from astralint.rules.api.trust import Trust
from astralint_rules.identity.subjects import at_trust, trusts


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

    Vendors of the configuration. As long as the number of one of the platform's own
    accounts is not in the code, an unknown number may be that account: then this is
    undecided.
    """
    if trust.principal.form not in ("account", "role", "user", "session", "federated-user"):
        return
    number = trust.principal.account
    if trust.account is not None or number is None:
        return
    if not isinstance(number, str):
        raise Undecided(Reason("account-not-known", f"the account of `{trust.principal.entry.text}` is not known"))
    if number in platform.settings.vendor_accounts:
        return
    if not platform.settings.accounts:
        reason = f"{number} may be an account of the organization: the configuration names none"
        raise Undecided(Reason("account-not-known", reason))
    nameless = [account.name for account in platform.accounts.values() if not account.number]
    if nameless or not platform.accounts:
        names = ", ".join(f"`{name}`" for name in nameless[:3]) or "the platform's accounts"
        raise Undecided(
            Reason("account-number-not-known", f"{number} may be one of {names}, whose numbers are not in the code")
        )
    public = known_account(number)
    who = f" ({public.name})" if public is not None else ""
    yield at_trust(
        trust,
        f"the role `{trust.role}` of `{trust.role.account}` trusts the account {number}{who}, which is not of the platform",
        "an account outside of the organization",
        help="name the vendor in a `vendor` block of `astralint.hcl`, or remove the trust",
    )
