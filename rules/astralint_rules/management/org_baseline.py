"""AL708."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule

FEATURES = "aws_iam_organizations_features"
ROOT = "RootCredentialsManagement"


@rule(
    "AL708",
    "org-baseline",
    severity="warning",
    each="aws_organizations_organization",
    tags=("management",),
)
def check(organization: Resource, platform: Platform) -> Iterator[Violation]:
    """The organization has all features, service control policies, and no root users with credentials.

    ## Why

    Without all features there are no policies that bind accounts. A root user with a password
    in each member is one that nobody watches.

    ## Bad

    ```hcl
    resource "aws_organizations_organization" "this" {
      feature_set = "CONSOLIDATED_BILLING"
    }
    ```

    ## Good

    ```hcl
    resource "aws_organizations_organization" "this" {
      feature_set          = "ALL"
      enabled_policy_types = ["SERVICE_CONTROL_POLICY"]
    }

    resource "aws_iam_organizations_features" "this" {
      enabled_features = ["RootCredentialsManagement"]
    }
    ```

    ## Exceptions

    Where Control Tower's landing zone is code too, it has switched service control policies on.
    """
    if organization["feature_set"] != "ALL":
        yield organization.finding(
            f"the organization `{organization.address}` has not all features",
            at=("feature_set",),
            label='should be "ALL"',
        )
    landing_zone = any(True for _ in platform.resources("aws_controltower_landing_zone"))
    if "SERVICE_CONTROL_POLICY" not in (organization["enabled_policy_types"] or ()) and not landing_zone:
        yield organization.finding(
            f"the organization `{organization.address}` has no service control policies",
            at=("enabled_policy_types",),
            label="`SERVICE_CONTROL_POLICY` is not switched on",
        )
    if any(ROOT in (one["enabled_features"] or ()) for one in platform.resources(FEATURES)):
        return
    platform.require_complete(FEATURES, what="the management of root credentials")
    yield organization.finding(
        f"the members of `{organization.address}` keep root users with credentials of their own",
        label=f"no `{FEATURES}` with {ROOT}",
    )
