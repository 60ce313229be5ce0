"""What rules about zones share."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource


def public_zones(platform: Platform) -> Iterator[Resource]:
    """Yield all public hosted zones; whether a zone is private is in its `vpc` blocks."""
    for zone in platform.resources("aws_route53_zone"):
        vpc = zone.value("vpc")
        if vpc is None or not vpc.raw:
            yield zone


def zone_name(zone: Resource) -> str:
    """Return a zone's name in lower case without the dot at its end; raises Undecided where it is unknown."""
    return str(zone["name"] or "").rstrip(".").lower()


def is_below(name: str, parent: str) -> bool:
    """Say whether a domain is a subdomain of another."""
    return name.endswith("." + parent)


def roots(platform: Platform) -> tuple[str, ...]:
    """Return the root domains: configured, else those of the dns account's public zones."""
    if platform.root_domains:
        return platform.root_domains
    found = [zone_name(zone) for zone in public_zones(platform) if zone.kind == "dns"]
    return tuple(name for name in dict.fromkeys(found) if not any(is_below(name, other) for other in found))
