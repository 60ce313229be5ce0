"""AL717."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Evidence, Platform, Violation, rule
from astralint_rules.accounts import account_named

CONTACT = "aws_account_alternate_contact"
WITHOUT = ("", "suspended")


@rule(
    "AL717",
    "security-contact",
    severity="warning",
    each="account",
    profiles=("landing-zone", "aws-sra"),
    tags=("management", "security"),
)
def check(account: Account, platform: Platform) -> Iterator[Violation]:
    """Each account has a security contact.

    ## Why

    When AWS finds keys of an account in public, it writes to its security contact. Without one it writes to the
    root user's address, which nobody reads.

    ## Bad

    ```hcl
    resource "aws_account_alternate_contact" "billing" {
      alternate_contact_type = "BILLING"
      name                   = "Accounting"
      title                  = "Accounting"
      email_address          = "billing@astradot.com"
      phone_number           = "+1 555 0100"
    }
    ```

    ## Good

    ```hcl
    resource "aws_account_alternate_contact" "security" {
      for_each               = local.account_ids
      account_id             = each.value
      alternate_contact_type = "SECURITY"
      name                   = "Security"
      title                  = "Security"
      email_address          = "security@astradot.com"
      phone_number           = "+1 555 0100"
    }
    ```

    ## Exceptions

    Suspended accounts, and those that the configuration calls external.
    """
    if account.kind in WITHOUT or account.external:
        return
    for contact in platform.resources(CONTACT):
        of = account_named(contact, "account_id", platform) if "account_id" in contact.arguments else contact.account
        if of is account and contact["alternate_contact_type"] == "SECURITY" and contact.exists:
            return
    platform.require_complete(CONTACT, what=f"the security contact of `{account}`")
    workspaces = platform.workspaces_of(account)
    span = account.span or (workspaces[0].anchor if workspaces else None)
    if span is not None:
        yield Violation(
            f"the account `{account}` has no security contact",
            Evidence(span, f"no `{CONTACT}` of the type SECURITY"),
            subject=account.name,
            account=account.name,
        )
