"""AL116."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.aws import known_account
from astralint.rules.api.trust import Trust
from astralint_rules.identity.subjects import at_trust, bounds, trusts

OURS = frozenset({"aws:principalorgid", "aws:principalorgpaths"})


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

    Accounts of the organization, AWS's own accounts, services and identity providers
    need none. A condition that also holds without an ExternalId (`…IfExists`, `"*"`)
    requires none, so it does not count.
    """
    number = trust.principal.account
    if trust.principal.form not in ("account", "role", "user", "session", "federated-user"):
        return
    if trust.account is not None or number is None or trust.principal.statement.effect != "Allow":
        return
    required = bounds(trust, frozenset({"sts:externalid"}))
    if required or bounds(trust, OURS):
        return
    if not isinstance(number, str):
        raise Undecided(Reason("account-not-known", f"the account of `{trust.principal.entry.text}` is not known"))
    public = known_account(number)
    if public is not None and public.owner == "aws":
        return
    nameless = [account.name for account in platform.accounts.values() if not account.number]
    if number not in platform.settings.vendor_accounts and (nameless or not platform.settings.accounts):
        names = ", ".join(f"`{name}`" for name in nameless[:3]) or "the platform's accounts"
        raise Undecided(Reason("account-number-not-known", f"{number} may be one of {names}"))
    if required is None:
        raise Undecided(
            Reason("policy-not-known", f"the conditions under which `{trust.role}` trusts {number} are not known")
        )
    who = platform.settings.vendor_accounts.get(number) or (public.name if public is not None else "")
    yield at_trust(
        trust,
        f"the role {trust.role.title} trusts the third party {number}{f' ({who})' if who else ''} without an ExternalId",
        "no `sts:ExternalId` is required",
        help="require the `sts:ExternalId` that the vendor gave you, with `StringEquals`",
    )
