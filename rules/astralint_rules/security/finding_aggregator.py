"""AL505."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Resource, Violation, rule
from astralint_rules.security.administrators import is_central
from astralint_rules.security.expected import is_expected

AGGREGATOR = "aws_securityhub_finding_aggregator"
CONFIGURATION = "aws_securityhub_organization_configuration"


@rule("AL505", "finding-aggregator", severity="error", each="platform", needs="security", tags=("security",))
def check(platform: Platform, _: Platform) -> Iterator[Violation]:
    """Security Hub's findings of all regions come together in one.

    ## Why

    Security Hub is a regional service. Without an aggregator, somebody has to look into each
    region, and nobody does.

    ## Bad

    ```hcl
    resource "aws_securityhub_finding_aggregator" "this" {
      linking_mode      = "SPECIFIED_REGIONS"
      specified_regions = ["us-east-1"] # the platform has eu-west-1, too
    }
    ```

    ## Good

    ```hcl
    resource "aws_securityhub_finding_aggregator" "this" {
      linking_mode = "ALL_REGIONS"
    }
    ```

    ## Exceptions

    An aggregator outside of the security account is AL506's. One that is missing is said
    where the organization uses Security Hub in more than one region, or under a profile.
    """
    security = platform.of_kind("security")
    own = [one for one in platform.resources(AGGREGATOR) if one.exists and one.account in security]
    for one in own[1:]:
        yield one.finding(
            f"`{one.address}` is a second aggregator of findings beside `{own[0].address}`",
            label="an account has one",
            evidence=(own[0].evidence("the first"),),
        )
    for one in own:
        yield from _left_out(one, platform)
    if own or any(True for _ in platform.resources(AGGREGATOR)) or not _is_missed(platform):
        return
    platform.require_complete(AGGREGATOR, what="an aggregator of findings")
    yield Violation(
        f"the findings of Security Hub's regions come together nowhere: `{security[0]}` has no aggregator",
        Evidence(security[0].span or platform.workspaces_of(security[0])[0].anchor, "the security account"),
        subject="finding aggregator",
        account=security[0].name,
    )


def _is_missed(platform: Platform) -> bool:
    regions = {one.region for one in platform.resources(CONFIGURATION)} | set(platform.regions)
    return is_expected(platform, CONFIGURATION) and len(regions) > 1 and not is_central(platform, CONFIGURATION)


def _left_out(aggregator: Resource, platform: Platform) -> Iterator[Violation]:
    """Yield the regions of the platform that an aggregator leaves out."""
    mode, told = aggregator["linking_mode"], tuple(aggregator["specified_regions"] or ())
    if mode == "ALL_REGIONS":
        return
    covered = {*told, aggregator.region} if mode == "SPECIFIED_REGIONS" else set(platform.regions) - set(told)
    missing = [region for region in platform.regions if region not in covered]
    if missing:
        yield aggregator.finding(
            f"`{aggregator.address}` leaves out {', '.join(missing)}",
            at=("specified_regions",),
            label="not all regions of the platform",
        )
