"""AL509."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.accounts import account_named

ADMINISTRATORS = {
    "aws_auditmanager_organization_admin_account_registration": ("Audit Manager", "admin_account_id"),
    "aws_cloudtrail_organization_delegated_admin_account": ("CloudTrail", "account_id"),
    "aws_detective_organization_admin_account": ("Detective", "account_id"),
    "aws_fms_admin_account": ("Firewall Manager", "account_id"),
    "aws_inspector2_delegated_admin_account": ("Inspector", "account_id"),
    "aws_macie2_organization_admin_account": ("Macie", "admin_account_id"),
}
ANALYZER = "aws_accessanalyzer_analyzer"


@rule(
    "AL509",
    "other-delegations",
    severity="warning",
    each=(*ADMINISTRATORS, ANALYZER),
    needs="security",
    tags=("security",),
)
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """The security account administers Inspector, Macie, Detective and the other services of security.

    ## Why

    What several accounts administer nobody sees together. An investigation needs one place.

    ## Bad

    ```hcl
    # workspaces/management
    resource "aws_inspector2_delegated_admin_account" "this" {
      account_id = local.accounts.production
    }
    ```

    ## Good

    ```hcl
    resource "aws_inspector2_delegated_admin_account" "this" {
      account_id = local.accounts.security
    }
    ```

    ## Exceptions

    Security Hub is AL501's, GuardDuty AL502's. Services that
    `aws_organizations_delegated_administrator` names are AL706's. Analyzers of single accounts may be anywhere.
    """
    home = platform.of_kind("security")[0]
    if resource.type == ANALYZER:
        if str(resource["type"] or "ACCOUNT").startswith("ORGANIZATION") and resource.account.kind != "security":
            yield resource.finding(
                f"the analyzer `{resource.address}` of the whole organization is in `{resource.account}`",
                at=("type",),
                label=f"belongs into `{home}`",
            )
        return
    service, attribute = ADMINISTRATORS[resource.type]
    account = account_named(resource, attribute, platform)
    if account is None or account.kind != "security":
        shown = f"`{account}`" if account is not None else f"the account {resource[attribute]}"
        yield resource.finding(
            f"{service} is administered by {shown} instead of `{home}`",
            at=(attribute,),
            label=f"should be the account `{home}`",
        )
