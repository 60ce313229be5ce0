"""AL905."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, Workspace, rule
from astralint.rules.api.code import ProviderContext
from astralint_rules.accounts import account_named
from astralint_rules.regions.facts import facts

ENABLING = "aws_account_region"


@rule("AL905", "optin-region", severity="warning", each="workspace", tags=("regions",))
def check(workspace: Workspace, platform: Platform) -> Iterator[Violation]:
    """A region that has to be enabled first is enabled by code.

    ## Why

    AWS's newer regions are off until somebody enables them, in each account. If a person
    did that in the console, the next account fails at its first apply.

    ## Bad

    ```hcl
    provider "aws" {
      region = "eu-south-1" # enabled by nobody here
    }
    ```

    ## Good

    ```hcl
    resource "aws_account_region" "milan" {
      region_name = "eu-south-1"
      enabled     = true
    }
    ```

    ## Exceptions

    Provider configurations that make nothing. The resource may stand in the management account, with the
    account's number.
    """
    used = {resource.instance.provider.address for resource in workspace.resources if resource.instance.provider}
    for provider in workspace.result.providers:
        region = provider.region.raw
        if provider.address not in used or region not in facts()["opt_in"] or _is_enabled(provider, platform):
            continue
        platform.require_complete(ENABLING, what=f"what enables {region}")
        yield workspace.violation(
            f"`{workspace}` uses {region}, which no code enables",
            workspace.provider_span(provider, "region"),
            f"no `{ENABLING}` for it",
            subject=provider.address,
        )


def _is_enabled(provider: ProviderContext, platform: Platform) -> bool:
    """Say whether some workspace enables a region for the provider's account."""
    account = platform.account_of(provider.account)
    for resource in platform.resources(ENABLING):
        if resource["region_name"] != provider.region.raw or not resource["enabled"]:
            continue
        is_named = "account_id" in resource.arguments
        target = account_named(resource, "account_id", platform) if is_named else resource.account
        if account is None:
            raise Undecided(Reason("account-not-known", f"which account `{provider.address}` is for is not known"))
        if target is account and resource.exists:
            return True
    return False
