"""What rules about records share: the zone that a record is in, and its whole name."""

from __future__ import annotations

from astralint.rules.api import Platform, Reason, Resource, Undecided, Unknown
from astralint_rules.dns.zones import is_below, zone_name

ZONE = "aws_route53_zone"


def zone_of(record: Resource, platform: Platform) -> Resource | None:
    """Return the zone, or the look-up of one, that a record is in; None where the code does not tell."""
    return platform.resource_behind(record.value("zone_id"), ZONE)


def whole_name(record: Resource, platform: Platform) -> str:
    """Return a record's name with that of its zone; raises Undecided where that is not known."""
    name = str(record["name"] or "").rstrip(".").lower()
    zone = zone_of(record, platform)
    if zone is None:
        raise Undecided(Reason("zone-not-known", f"which zone `{record.address}` is in is not known"))
    parent = zone_name(zone)
    if not name or name == parent or is_below(name, parent):
        return name or parent
    return f"{name}.{parent}"


def is_private(zone: Resource) -> bool:
    """Say whether a zone is surely private."""
    vpc, private = zone.value("vpc"), zone.value("private_zone")
    has_vpc = zone.mode == "managed" and vpc is not None and bool(vpc.raw) and not isinstance(vpc.raw, Unknown)
    return has_vpc or (private is not None and private.raw is True)
