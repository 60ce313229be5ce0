"""AL502."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Violation, rule
from astralint_rules.security.delegation import administrators


@rule(
    "AL502", "guardduty-admin", severity="error", each="platform", needs=("management", "security"), tags=("security",)
)
def check(platform: Platform, _: Platform) -> Iterator[Violation]:
    """The security account is the delegated administrator of GuardDuty in each region.

    ## Why

    GuardDuty is a regional service: where the organization has no administrator, new
    accounts are not enrolled, and nobody sees what happens there.

    ## Bad

    One registration in us-east-1, while eu-west-1 is used as well.

    ## Good

    ```hcl
    # workspaces/management, in every region that is used
    resource "aws_guardduty_organization_admin_account" "eu_west_1" {
      provider         = aws.eu_west_1
      admin_account_id = local.accounts.security
    }
    ```
    """
    yield from administrators(platform, "aws_guardduty_organization_admin_account", "GuardDuty")
