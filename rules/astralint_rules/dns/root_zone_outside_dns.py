"""AL301."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.dns.zones import is_below, public_zones, roots, zone_name


@rule("AL301", "root-zone-outside-dns", severity="error", each=public_zones, needs="dns", tags=("dns",))
def check(zone: Resource, platform: Platform) -> Iterator[Violation]:
    """The zones of root domains are only in the dns account.

    ## Why

    Whoever writes the root zone controls every name of the company: its web site, its
    mail, and by DNS validation its certificates. That is kept in one account that runs
    nothing else; environments own just the subdomain that is delegated to them.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_route53_zone" "root" {
      name = "astradot.com"
    }
    ```

    ## Good

    ```hcl
    # workspaces/production
    resource "aws_route53_zone" "environment" {
      name = "production.astradot.com"
    }
    ```

    ## Exceptions

    Private zones are not judged. A zone below another zone of the platform is no root.
    """
    if zone.kind == "dns":
        return
    name = zone_name(zone)
    known = roots(platform)
    if name not in known:
        others = {zone_name(other) for other in public_zones(platform) if other is not zone}
        if any(is_below(name, parent) for parent in (*known, *others)):
            return
        platform.require_complete("aws_route53_zone", what=f"the zone above `{name}`")
    yield zone.finding(
        f"the root zone `{name}` is created in the `{zone.account}` account",
        label=f"belongs into the `{platform.account_of_kind('dns')}` account",
    )
