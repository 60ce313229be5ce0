"""AL507."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from astralint.rules.api import Evidence, Platform, Resource, Violation, rule
from astralint_rules.accounts import account_named
from astralint_rules.security.expected import is_expected

SERVICES = {
    "GuardDuty": ("aws_guardduty_organization_admin_account", "aws_guardduty_organization_configuration"),
    "Security Hub": ("aws_securityhub_organization_admin_account", "aws_securityhub_organization_configuration"),
}
MEMBERS = {"GuardDuty": "aws_guardduty_member", "Security Hub": "aws_securityhub_member"}


class Region(NamedTuple):
    """A service has an administrator in a region."""

    service: str
    admin: Resource

    def __str__(self) -> str:
        return f"{self.service} of {self.admin.address}"


def regions(platform: Platform) -> Iterator[Region]:
    """Yield the regions in which a service has an administrator, where it is missed that nobody is enrolled."""
    for service, (admin, configuration) in SERVICES.items():
        if is_expected(platform, configuration, MEMBERS[service]):
            yield from (Region(service, one) for one in platform.resources(admin))


@rule("AL507", "member-coverage", severity="error", each=regions, needs="security", tags=("security",))
def check(subject: Region, platform: Platform) -> Iterator[Violation]:
    """Every account is a member of what the security account administers.

    ## Why

    An administrator sees its members only. An account that nobody has enrolled is as dark as
    one without the service.

    ## Bad

    ```hcl
    # workspaces/management names the administrator, and in the security account nothing enrolls anybody
    resource "aws_guardduty_organization_admin_account" "this" {
      admin_account_id = local.accounts.security
    }
    ```

    ## Good

    ```hcl
    # workspaces/security
    resource "aws_guardduty_organization_configuration" "this" {
      detector_id                      = aws_guardduty_detector.this.id
      auto_enable_organization_members = "ALL"
    }
    ```

    or a member for each account.

    ## Exceptions

    Central configuration of Security Hub enrolls in all regions. Suspended accounts. Where nothing
    enrolls anybody in any region, it is said under a profile only.
    """
    service, admin = subject
    configurations = [one for one in platform.resources(SERVICES[service][1]) if one.exists]
    central = service == "Security Hub" and any("organization_configuration" in one.arguments for one in configurations)
    if central or any(one.region == admin.region for one in configurations):
        return
    security = platform.of_kind("security")[0]
    members = [one for one in platform.resources(MEMBERS[service]) if one.exists and one.region == admin.region]
    enrolled = {account_named(one, "account_id", platform) for one in members}
    left = [a for a in platform.accounts.values() if a not in enrolled and a.kind not in ("security", "suspended")]
    if not left:
        return
    platform.require_complete(SERVICES[service][1], MEMBERS[service], what=f"members of {service}")
    names = ", ".join(f"`{account}`" for account in left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
    yield admin.finding(
        f"{service} of {admin.region} has an administrator, but nothing enrolls {names}",
        label="no members",
        evidence=(Evidence(security.span, "the security account"),) if security.span is not None else (),
        help=f"add an `{SERVICES[service][1]}` to the security account's workspace",
    )
