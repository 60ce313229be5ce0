"""AL005."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Evidence, Platform, Reason, Undecided, Violation, rule

MADE_WITH_THE_LANDING_ZONE = frozenset({"log-archive", "suspended"})


def members(platform: Platform) -> Iterator[Account]:
    """Yield the accounts, if the configuration says which there are."""
    return iter(platform.accounts.values() if platform.settings.accounts else ())


@rule("AL005", "account-without-workspace", severity="error", each=members, tags=("workspaces",), profiles="astradot")
def check(account: Account, platform: Platform) -> Iterator[Violation]:
    """Each account of the organization has a workspace.

    ## Why

    An account that no code is for is managed by hand, if at all: nobody sees what is in it,
    and every rule about it is silent.

    ## Bad

    ```hcl
    # workspaces/management, and no workspace is for this account
    resource "aws_organizations_account" "analytics" {
      name  = "analytics"
      email = "aws+analytics@astradot.com"
    }
    ```

    ## Good

    ```hcl
    # astralint.hcl
    account "analytics" {
      kind = "analytics"
      workspace "analytics" { path = "workspaces/analytics" }
    }
    ```

    ## Exceptions

    It belongs to the profile `astradot`. `external = true` or `managed_by` in an account's block says that somebody else has its code. The
    log archive belongs to Control Tower; suspended accounts have nothing in them.
    """
    is_configured = account.span is not None and not account.is_guessed
    if platform.workspaces_of(account) or account.managed_by or account.kind in MADE_WITH_THE_LANDING_ZONE:
        return
    if account.external and is_configured:
        return
    for workspace in platform.workspaces.values():
        if workspace.account_or_none is None and any(p.type == "aws" for p in workspace.result.providers):
            reason = f"the workspace `{workspace}`, whose account is not known, may be for `{account}`"
            raise Undecided(Reason("account-not-known", reason))
    for unseen in platform.contents.unseen:
        raise Undecided(Reason(unseen.code, f"a workspace for `{account}` may be in what could not be seen"))
    if account.span is None:
        return
    yield Violation(
        f"no workspace is for the account `{account}`",
        Evidence(account.span, "nothing here manages it"),
        subject=account.name,
        account=account.name,
        help="add its `workspace` block, or say `external = true` where another repository has its code",
    )
