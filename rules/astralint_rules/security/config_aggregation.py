"""AL503."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Resource, Violation, rule
from astralint_rules.security.expected import is_expected

AGGREGATOR = "aws_config_configuration_aggregator"
DELEGATED = ("config.amazonaws.com", "config-multiaccountsetup.amazonaws.com")


@rule("AL503", "config-aggregation", severity="error", each="platform", needs="security", tags=("security",))
def check(platform: Platform, _: Platform) -> Iterator[Violation]:
    """The security account collects what AWS Config records in all accounts and regions.

    ## Why

    An investigation needs one place that says what was configured where. An aggregator of some accounts
    or regions says nothing of the others, and nobody sees that.

    ## Bad

    ```hcl
    # workspaces/management
    resource "aws_config_configuration_aggregator" "this" {
      name = "organization"

      organization_aggregation_source {
        all_regions = true
        role_arn    = aws_iam_role.config.arn
      }
    }
    ```

    ## Good

    The aggregator stands in the security account, which is the delegated administrator of
    `config.amazonaws.com`.

    ## Exceptions

    That there is none at all is said where some workspace uses Config, or under a profile. Aggregators of single
    accounts, for a team's own use, are not judged.
    """
    security = platform.of_kind("security")
    wide = [one for one in platform.resources(AGGREGATOR) if one.blocks("organization_aggregation_source")]
    for one in wide:
        if one.account not in security:
            yield one.finding(
                f"`{one.address}` collects the organization's configuration in `{one.account}`",
                label=f"belongs into the `{security[0]}` account",
            )
        yield from _too_little(one, platform)
    if wide or not is_expected(platform, "aws_config_*"):
        return
    platform.require_complete(AGGREGATOR, what="an aggregator of the organization")
    yield Violation(
        f"nobody collects what Config records of the organization: `{security[0]}` has no aggregator",
        Evidence(security[0].span or platform.workspaces_of(security[0])[0].anchor, "the security account"),
        subject="config aggregator",
        account=security[0].name,
    )


def _too_little(aggregator: Resource, platform: Platform) -> Iterator[Violation]:
    """Yield the regions of the platform that an aggregator leaves out."""
    source = aggregator.blocks("organization_aggregation_source")[0]
    missing = [] if source["all_regions"] else [r for r in platform.regions if r not in (source["regions"] or ())]
    if missing:
        yield aggregator.finding(
            f"`{aggregator.address}` leaves out {', '.join(missing)}",
            at=("organization_aggregation_source", 0, "regions"),
            label="not all regions of the platform",
        )
