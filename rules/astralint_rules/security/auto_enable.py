"""AL504."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule

TYPES = (
    "aws_guardduty_organization_configuration",
    "aws_securityhub_organization_configuration",
)
ASSOCIATION = "aws_securityhub_configuration_policy_association"


@rule("AL504", "auto-enable", severity="error", each=TYPES, tags=("security",), security_severity="6.0")
def check(configuration: Resource, platform: Platform) -> Iterator[Violation]:
    """Every account of the organization is watched by itself.

    ## Why

    An account that has to be enrolled by hand is not enrolled on the day when somebody
    breaks into it.

    ## Bad

    ```hcl
    resource "aws_guardduty_organization_configuration" "this" {
      detector_id                      = aws_guardduty_detector.this.id
      auto_enable_organization_members = "NONE"
    }
    ```

    ## Good

    ```hcl
    resource "aws_guardduty_organization_configuration" "this" {
      detector_id                      = aws_guardduty_detector.this.id
      auto_enable_organization_members = "ALL"
    }
    ```

    ## Exceptions

    `NEW` is a warning: accounts that were there before are left out. With central
    configuration of Security Hub, a configuration policy at the root enrolls.
    """
    if configuration.type == "aws_guardduty_organization_configuration":
        yield from _guardduty(configuration)
        return
    given = "organization_configuration" in configuration.arguments
    if given and any(
        block["configuration_type"] == "CENTRAL" for block in configuration.blocks("organization_configuration")
    ):
        if any(True for _ in platform.resources(ASSOCIATION)):
            return
        platform.require_complete(ASSOCIATION, what="a configuration policy at the root")
        yield configuration.finding(
            "Security Hub is configured centrally, but no configuration policy is associated with anything",
            label=f"no `{ASSOCIATION}`",
        )
    elif configuration["auto_enable"] is not True:
        yield configuration.finding(
            "new accounts are not enrolled in Security Hub", at=("auto_enable",), label="should be true"
        )


def _guardduty(configuration: Resource) -> Iterator[Violation]:
    if "auto_enable" in configuration.arguments:
        # The older argument, which the other one replaces: new members, or none.
        members = "NEW" if configuration["auto_enable"] else "NONE"
    else:
        members = configuration["auto_enable_organization_members"]
    if members == "ALL":
        return
    at = "auto_enable_organization_members" if "auto_enable" not in configuration.arguments else "auto_enable"
    yield configuration.finding(
        "accounts that were there before are not enrolled in GuardDuty"
        if members == "NEW"
        else "accounts are not enrolled in GuardDuty",
        at=(at,),
        label='should be "ALL"',
        severity="warning" if members == "NEW" else None,
    )
