"""AL004."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Evidence, Platform, Violation, rule


@rule(
    "AL004",
    "one-workspace-per-account",
    severity="warning",
    each="account",
    tags=("workspaces",),
    profiles="astradot",
)
def check(account: Account, platform: Platform) -> Iterator[Violation]:
    """Each account has one workspace of its own.

    ## Why

    One account, one workspace: then there is one plan that shows all of the account, and nobody
    asks in which of nine states a thing is kept, or in which order they are applied.

    ## Bad

    ```hcl
    # astralint.hcl
    account "production" {
      kind = "production"
      workspace "production-network" { path = "production/network" }
      workspace "production-cluster" { path = "production/cluster" }
    }
    ```

    ## Good

    One workspace whose modules are the layers.

    ## Exceptions

    It belongs to the profile `astradot`: many platforms keep an account in layers on
    purpose, which `layers = true` of the `platform` block says too.
    """
    workspaces = platform.workspaces_of(account)
    if len(workspaces) < 2 or platform.settings.platform.layers:
        return
    yield Violation(
        f"the account `{account}` has {len(workspaces)} workspaces",
        Evidence(account.span or workspaces[1].anchor, "kept in several states"),
        tuple(Evidence(one.anchor, f"the workspace `{one}`", one.name) for one in workspaces[:20]),
        subject=account.name,
        account=account.name,
        help="say `layers = true` in the `platform` block where that is meant",
    )
