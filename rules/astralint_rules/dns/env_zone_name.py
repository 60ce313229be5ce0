"""AL304."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.dns.zones import public_zones, roots, zone_name


@rule("AL304", "env-zone-name", severity="error", each=public_zones, needs="dns", tags=("dns",))
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
    have. Without it, the label must be the account's name or kind.
    """
    account = zone.account
    if not account.is_environment:
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
    label, _, parent = name.partition(".")
    if parent in roots(platform) and label not in (account.name.lower(), account.kind):
        yield zone.finding(
            f"the zone `{name}` is not called after its environment `{account}`",
            at=("name",),
            label=f"should be `{account.name.lower()}.{parent}`",
        )
