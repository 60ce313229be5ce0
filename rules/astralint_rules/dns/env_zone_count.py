"""AL303."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Evidence, Platform, Reason, Undecided, Violation, rule
from astralint_rules.dns.zones import is_public, zone_name, zones


@rule("AL303", "env-zone-count", severity="error", each="account", needs="dns", tags=("dns",))
def check(account: Account, platform: Platform) -> Iterator[Violation]:
    """Each environment has exactly one public zone.

    ## Why

    One delegated subdomain an environment keeps names predictable and says where a
    name is managed. A second zone, even of the same name, means that nobody knows which
    one answers.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_route53_zone" "environment" { name = "production.astradot.com" }
    resource "aws_route53_zone" "app"         { name = "app.astradot.com" }
    ```

    ## Good

    ```hcl
    resource "aws_route53_zone" "environment" { name = "production.astradot.com" }
    resource "aws_route53_record" "app" {
      zone_id = aws_route53_zone.environment.zone_id
      name    = "app"
      type    = "A"
      # …
    }
    ```

    ## Exceptions

    A sandbox may have no zone. Private zones do not count.
    """
    workspaces = platform.workspaces_of(account)
    if not account.is_environment or not workspaces:
        return
    own = [zone for zone in zones(platform) if zone.account_or_none is account and zone.exists and is_public(zone)]
    if not own:
        if account.kind == "sandbox":
            return
        for zone in zones(platform):
            if zone.account_or_none is None:
                raise Undecided(Reason("account-not-known", f"`{zone.address}` may be its zone", zone.header))
        platform.require_complete("aws_route53_zone", what=f"the zone of `{account}`", workspaces=workspaces)
        span = account.span or workspaces[0].anchor
        message = f"the environment `{account}` has no public zone of its own"
        yield Violation(
            message, Evidence(span, "no zone for this environment"), subject=account.name, account=account.name
        )
        return
    ordered = sorted(own, key=lambda z: (zone_name(z) != account.domain.rstrip(".").lower(), z.header))
    for surplus in ordered[1:]:
        yield surplus.finding(
            f"the environment `{account}` has {len(own)} public zones: `{zone_name(surplus)}` is one too many",
            label="a further public zone",
            evidence=[ordered[0].evidence(f"the zone of `{account}`")],
        )
