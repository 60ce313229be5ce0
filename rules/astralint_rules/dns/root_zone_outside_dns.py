"""AL301."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Undecided, Violation, rule
from astralint_rules.dns.zones import is_below, is_public, roots, zone_name, zones


@rule("AL301", "root-zone-outside-dns", severity="error", each=zones, home="dns", tags=("dns",))
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
    if zone.kind == "dns" or not is_public(zone):
        return
    name = zone_name(zone)
    known = roots(platform)
    if name not in known:
        if any(is_below(name, root) for root in known) or _has_parent(zone, name, platform):
            return
        platform.require_complete("aws_route53_zone", what=f"the zone above `{name}`")
    home = platform.account_of_kind("dns")
    yield zone.finding(
        f"the root zone `{name}` is created in the `{zone.account}` account",
        label=f"belongs into the `{home}` account" if home is not None else "belongs into an account of the kind `dns`",
    )


def _has_parent(zone: Resource, name: str, platform: Platform) -> bool:
    """Say whether another zone of the platform is above; raises Undecided where one of unknown name may be."""
    undecided: Undecided | None = None
    for other in zones(platform):
        try:
            if other is not zone and is_below(name, zone_name(other)) and is_public(other):
                return True
        except Undecided as reason:
            undecided = reason
    if undecided is not None:
        raise undecided
    return False
