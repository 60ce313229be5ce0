"""AL305."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Undecided, Violation, rule
from astralint_rules.dns.zones import is_below, is_public, roots, roots_above, zone_name, zones


@rule("AL305", "delegation-missing", severity="error", each=zones, tags=("dns",))
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

    Private zones are not judged, nor zones that are below no root domain and no other zone
    of the platform. A zone below another account's zone (`eks.production.astradot.com`)
    may be delegated there as well. NS records count where they stand in a zone above.
    """
    account = zone.account_or_none
    if (account is not None and account.kind == "dns") or not is_public(zone):
        return
    name = zone_name(zone)
    parents = [other for other in zones(platform) if other is not zone and _is_above(other, name)]
    certain = [parent for parent in parents if isinstance(parent.text("name"), str) and not parent.instance.uncertain]
    if not certain:
        has_home = any(platform.workspaces_of(account) for account in platform.of_kind("dns"))
        if not has_home or not roots_above(platform, name):
            return
    if not zone.exists:
        return
    homes = list(dict.fromkeys((*platform.of_kind("dns"), *(parent.account_or_none for parent in parents))))
    undecided: Undecided | None = None
    for record in platform.resources("aws_route53_record"):
        try:
            found = record["type"] == "NS" and _names(record, name, platform, parents) and record.account in homes
            if found and record.exists and _stands_above(record, name, platform):
                return
        except Undecided as reason:
            undecided = reason
    if undecided is not None:
        raise undecided
    workspaces = [w for account in homes if account is not None for w in platform.workspaces_of(account)]
    platform.require_complete("aws_route53_record", what=f"the delegation of `{name}`", workspaces=workspaces)
    for parent in parents:
        # The nearest zone above may be one whose name or account is not known.
        _ = parent.account, zone_name(parent)
    nearest = max(certain, key=lambda parent: len(zone_name(parent)), default=None)
    where = (
        "in the dns account"
        if nearest is None
        else f"in the zone `{zone_name(nearest)}` of `{nearest.account_or_none}`"
    )
    yield zone.finding(
        f"nothing {where} delegates the zone `{name}`",
        label="no NS record of this name in the zone above",
        evidence=() if nearest is None else (nearest.evidence("the zone above"),),
        help="add an NS record to the zone above with this zone's `name_servers`",
    )


def _stands_above(record: Resource, name: str, platform: Platform) -> bool:
    """Say whether a record may be in a zone above a name: one in the zone itself, or elsewhere, delegates nothing."""
    home = platform.resource_behind(record.value("zone_id"), "aws_route53_zone")
    known = home.text("name") if home is not None else None
    return not isinstance(known, str) or is_below(name, known.rstrip(".").lower())


def _is_above(zone: Resource, name: str) -> bool:
    """Say whether a zone is, or may be, above a name."""
    known = zone.text("name")
    return not isinstance(known, str) or is_below(name, known.rstrip(".").lower())


def _names(record: Resource, name: str, platform: Platform, parents: list[Resource]) -> bool:
    """Say whether a record has a zone's name, written out or relative to the zone that it is in."""
    own = str(record["name"]).rstrip(".").lower()
    if own == name:
        return True
    above = [root for root in roots(platform) if is_below(name, root)]
    above += [zone_name(parent) for parent in parents if isinstance(parent.text("name"), str)]
    return any(f"{own}.{parent}" == name for parent in above)
