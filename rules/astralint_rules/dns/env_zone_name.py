"""AL304."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.dns.zones import is_public, roots_above, zone_name, zones


@rule("AL304", "env-zone-name", severity="error", each=zones, needs="dns", tags=("dns",))
def check(zone: Resource, platform: Platform) -> Iterator[Violation]:
    """An environment's zone is called after it: `<environment>.<root domain>`.

    ## Why

    The name of a host then says which environment it is in, and certificates, cookies
    and allow-lists of one environment can't cover another.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_route53_zone" "app" {
      name = "app.astradot.com"
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

    The `domain` of an account in the configuration is the name that its zone has to
    have. Without it, the label must be the account's name or kind. Zones below no root
    domain are not judged.
    """
    account = zone.account
    if not account.is_environment or not is_public(zone):
        return
    name = zone_name(zone)
    if account.domain:
        wanted = account.domain.rstrip(".").lower()
        if name != wanted:
            yield zone.finding(
                f"the zone `{name}` of `{account}` is not called `{wanted}`",
                at=("name",),
                label=f"should be `{wanted}`",
            )
        return
    root = max(roots_above(platform, name), key=len, default="")
    labels = (account.name.lower(), account.kind)
    if root and name not in [f"{label}.{root}" for label in labels]:
        yield zone.finding(
            f"the zone `{name}` is not called after its environment `{account}`",
            at=("name",),
            label=f"should be `{account.name.lower()}.{root}`",
        )
