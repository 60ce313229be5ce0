"""AL312."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.dns.delegation_dangling import PROVING
from astralint_rules.dns.records import zone_of
from astralint_rules.dns.zones import is_below, roots, zone_name


def named(platform: Platform) -> Iterator[Resource]:
    """Yield the records whose name somebody chose: not those that prove something to an issuer of certificates, or mail."""
    for record in platform.resources("aws_route53_record"):
        is_known = isinstance(record.text("name"), str)
        behind = () if is_known else platform.resources_behind(record.value("name"))
        if not any(PROVING.search(one.type) for one in behind):
            yield record


@rule("AL312", "record-outside-zone", severity="note", each=named, tags=("dns",))
def check(record: Resource, platform: Platform) -> Iterator[Violation]:
    """A record's name is within its zone.

    ## Why

    Route 53 appends the zone to every name that does not end in it: `www.astradot.net` in the zone
    `astradot.com` is `www.astradot.net.astradot.com`, which nobody asks for.

    ## Bad

    ```hcl
    resource "aws_route53_record" "www" {
      zone_id = aws_route53_zone.com.zone_id
      name    = "www.astradot.net"
      type    = "CNAME"
      ttl     = 300
      records = ["astradot.com"]
    }
    ```

    ## Good

    The name `www`, or the whole of `www.astradot.com`.

    ## Exceptions

    Relative names are fine. A name counts as whole where it ends in a root domain of the platform.
    """
    zone = zone_of(record, platform)
    if zone is None:
        return
    name, parent = str(record["name"] or "").rstrip(".").lower(), zone_name(zone)
    is_whole = any(name == root or is_below(name, root) for root in roots(platform))
    if is_whole and name != parent and not is_below(name, parent):
        yield record.finding(
            f"`{record.address}` is called `{name}`, which becomes `{name}.{parent}` in its zone",
            at=("name",),
            label=f"not within `{parent}`",
        )
