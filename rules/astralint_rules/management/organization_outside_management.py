"""AL702."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.placement import outside

TYPES = (
    "aws_organizations_account",
    "aws_organizations_delegated_administrator",
    "aws_organizations_organization",
    "aws_organizations_organizational_unit",
    "aws_organizations_policy",
    "aws_organizations_policy_attachment",
    "aws_organizations_resource_policy",
    "aws_auditmanager_organization_admin_account_registration",
    "aws_cloudtrail_organization_delegated_admin_account",
    "aws_detective_organization_admin_account",
    "aws_fms_admin_account",
    "aws_guardduty_organization_admin_account",
    "aws_iam_organizations_features",
    "aws_inspector2_delegated_admin_account",
    "aws_macie2_organization_admin_account",
    "aws_ram_sharing_with_organization",
    "aws_securityhub_organization_admin_account",
    "aws_servicecatalog_organizations_access",
    "aws_vpc_ipam_organization_admin_account",
)
DELEGATION = "aws_organizations_resource_policy"


@rule("AL702", "org-outside-management", severity="error", each=TYPES, home="management", tags=("management",))
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """The organization is administered only from the management account.

    ## Why

    Accounts, organizational units, policies and delegated administrators are AWS
    Organizations' own, whose API is the management account's. In another account's
    workspace they fail at apply, or speak of another organization.

    ## Bad

    ```hcl
    # workspaces/security
    resource "aws_guardduty_organization_admin_account" "this" {
      admin_account_id = data.aws_caller_identity.current.account_id
    }
    ```

    ## Good

    ```hcl
    # workspaces/management
    resource "aws_guardduty_organization_admin_account" "this" {
      admin_account_id = local.accounts.security
    }
    ```

    ## Exceptions

    Policies may live in another account where a resource policy of the organization
    delegates them to it.
    """
    if resource.type.startswith("aws_organizations_policy") and _is_delegated(platform):
        return
    yield from outside(resource, platform, "management", f"`{resource.address}`")


def _is_delegated(platform: Platform) -> bool:
    if any(policy.exists for policy in platform.resources(DELEGATION)):
        return True
    management = [w for account in platform.of_kind("management") for w in platform.workspaces_of(account)]
    platform.require_complete(DELEGATION, what="a delegation of policies", workspaces=management)
    return False
