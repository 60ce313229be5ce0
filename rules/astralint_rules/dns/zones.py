"""What rules about zones share."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Resource, Undecided, Unknown, undecided
from astralint.rules.api.text import PartialText


def zones(platform: Platform) -> Iterator[Resource]:
    """Yield all hosted zones but those that are surely private."""
    for zone in platform.resources("aws_route53_zone"):
        vpc = zone.value("vpc")
        if vpc is None or not vpc.raw or isinstance(vpc.raw, Unknown):
            yield zone


def is_public(zone: Resource) -> bool:
    """Return True; raises Undecided where it is not known whether a zone has a VPC, which makes it private."""
    vpc = zone.value("vpc")
    if vpc is not None and isinstance(vpc.raw, Unknown):
        raise undecided(vpc.raw)
    return True


def zone_name(zone: Resource) -> str:
    """Return a zone's name in lower case without the dot at its end; raises Undecided where it is unknown."""
    return str(zone["name"] or "").rstrip(".").lower()


def is_below(name: str, parent: str) -> bool:
    """Say whether a domain is a subdomain of another."""
    return name.endswith("." + parent)


def roots(platform: Platform) -> tuple[str, ...]:
    """Return the root domains that are known: configured, else those of the dns account's zones."""
    if platform.root_domains:
        return platform.root_domains
    found = [name for zone in zones(platform) if _is_dns(zone) and (name := _known(zone))]
    return tuple(name for name in dict.fromkeys(found) if not any(is_below(name, other) for other in found))


def roots_above(platform: Platform, name: str) -> tuple[str, ...]:
    """Return the root domains that a name is below of; raises Undecided where none is, but an unknown one may be."""
    above = tuple(root for root in roots(platform) if is_below(name, root))
    if not above and name not in roots(platform) and not platform.root_domains:
        for zone in zones(platform):
            if zone.account_or_none is None or (_is_dns(zone) and not _known(zone)):
                raise Undecided(
                    Reason("root-not-known", f"`{zone.address}` may be the zone of a root domain", zone.header)
                )
    return above


def _is_dns(zone: Resource) -> bool:
    account = zone.account_or_none
    return account is not None and account.kind == "dns"


def _known(zone: Resource) -> str:
    name = zone.text("name")
    return "" if name is None or isinstance(name, PartialText) else name.rstrip(".").lower()
