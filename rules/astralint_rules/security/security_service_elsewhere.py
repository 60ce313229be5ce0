"""AL506."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.placement import outside

TYPES = (
    "aws_securityhub_organization_configuration",
    "aws_securityhub_finding_aggregator",
    "aws_securityhub_insight",
    "aws_securityhub_action_target",
    "aws_securityhub_automation_rule",
    "aws_securityhub_configuration_policy",
    "aws_securityhub_configuration_policy_association",
    "aws_guardduty_organization_configuration",
    "aws_guardduty_organization_configuration_feature",
    "aws_guardduty_filter",
    "aws_guardduty_ipset",
    "aws_guardduty_threatintelset",
    "aws_guardduty_publishing_destination",
)


@rule("AL506", "security-service-elsewhere", severity="warning", each=TYPES, needs="security", tags=("security",))
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """The organization's security tooling is configured only in the security account.

    ## Why

    Security Hub and GuardDuty collect the findings of all accounts in the security
    account. A filter or a publishing destination elsewhere can hide findings from
    those who watch.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_guardduty_filter" "quiet" {
      name        = "quiet"
      action      = "ARCHIVE"
      detector_id = aws_guardduty_detector.this.id
      rank        = 1
    }
    ```

    ## Good

    The filter stands in the security account's workspace.

    ## Exceptions

    Naming the delegated administrators (`aws_securityhub_organization_admin_account`
    and its like) is possible only from the management account. Members switch on
    Security Hub for themselves with `aws_securityhub_account`.
    """
    yield from outside(resource, platform, "security", f"`{resource.address}`")
