"""AL305."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Undecided, Violation, rule
from astralint_rules.dns.zones import is_below, public_zones, roots, zone_name


@rule("AL305", "delegation-missing", severity="error", each=public_zones, needs="dns", tags=("dns",))
def check(zone: Resource, platform: Platform) -> Iterator[Violation]:
    """The dns account delegates each subdomain that has a zone.

    ## Why

    Without NS records in the zone above, nobody on the internet finds the zone: its
    records exist and answer nothing.

    ## Bad

    A zone `app.astradot.com` in production, and no NS record of that name in dns.

    ## Good

    ```hcl
    # workspaces/dns
    resource "aws_route53_record" "production" {
      zone_id = aws_route53_zone.root.zone_id
      name    = "production"
      type    = "NS"
      ttl     = 172800
      records = data.terraform_remote_state.production.outputs.name_servers
    }
    ```

    ## Exceptions

    Private zones are not judged, nor zones that are below no root domain.
    """
    if zone.kind == "dns":
        return
    name = zone_name(zone)
    parents = [root for root in roots(platform) if is_below(name, root)]
    if not parents or not zone.exists:
        return
    home = platform.of_kind("dns")
    if not any(platform.workspaces_of(account) for account in home):
        return
    undecided: Undecided | None = None
    for record in platform.resources("aws_route53_record"):
        if record.account_or_none not in home:
            continue
        try:
            if record["type"] == "NS" and _names(record, name, parents):
                return
        except Undecided as reason:
            undecided = reason
    if undecided is not None:
        raise undecided
    workspaces = [workspace for account in home for workspace in platform.workspaces_of(account)]
    platform.require_complete("aws_route53_record", what=f"the delegation of `{name}`", workspaces=workspaces)
    yield zone.finding(
        f"nothing in the dns account delegates the zone `{name}`",
        label="no NS record of this name in the zone above",
        help="add an NS record to the root zone with the zone's `name_servers`",
    )


def _names(record: Resource, name: str, parents: list[str]) -> bool:
    """Say whether a record has a zone's name, written out or relative to the zone that it is in."""
    own = str(record["name"]).rstrip(".").lower()
    return own == name or any(f"{own}.{parent}" == name for parent in parents)
