"""AL306."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.dns.delegation_dangling import delegations
from astralint_rules.dns.records import ZONE, is_private, whole_name, zone_of
from astralint_rules.dns.zones import zone_name, zones


@rule("AL306", "delegation-mismatch", severity="error", each=delegations, tags=("dns",))
def check(record: Resource, platform: Platform) -> Iterator[Violation]:
    """A delegation names the name servers of the zone that it delegates to.

    ## Why

    A zone that is made again gets other name servers. A delegation that takes them from the zone
    follows; one that names another zone's, or last year's, answers for nobody.

    ## Bad

    ```hcl
    # workspaces/dns
    resource "aws_route53_record" "staging" {
      zone_id = aws_route53_zone.root.zone_id
      name    = "staging"
      type    = "NS"
      ttl     = 300
      records = data.terraform_remote_state.production.outputs.name_servers
    }
    ```

    ## Good

    ```hcl
    resource "aws_route53_record" "staging" {
      zone_id = aws_route53_zone.root.zone_id
      name    = "staging"
      type    = "NS"
      ttl     = 300
      records = data.terraform_remote_state.staging.outputs.name_servers
    }
    ```

    ## Exceptions

    Name servers that are written out can't be compared without the state: a warning, where a workspace
    here makes the zone. Where the zone has a reusable delegation set, they stay the same.
    """
    if record["type"] != "NS":
        return
    parent = zone_of(record, platform)
    if parent is not None and is_private(parent):
        return
    name = whole_name(record, platform)
    own = [zone for zone in zones(platform) if zone.text("name") in (name, f"{name}.") and zone is not parent]
    if not own or any(map(_has_set, own)):
        return
    behind = platform.resource_behind(record.value("records"), ZONE)
    if behind is None:
        servers = record["records"]
        count = len(servers) if servers is not None else 0
        exact = "" if count == 4 else f", and they are {count} instead of four"
        yield record.finding(
            f"`{record.address}` writes out the name servers of `{name}`{exact}",
            at=("records",),
            label="is wrong as soon as the zone is made again",
            evidence=(own[0].evidence("the zone"),),
            help="take them from the zone's `name_servers`, through the outputs of its workspace",
            severity="warning",
        )
    elif behind not in own and behind.mode == "managed" and zone_name(behind) != name:
        yield record.finding(
            f"`{record.address}` delegates `{name}` to the name servers of `{behind.text('name')}`",
            at=("records",),
            label="another zone's name servers",
            evidence=(behind.evidence("the zone whose name servers these are"), own[0].evidence(f"the zone `{name}`")),
        )


def _has_set(zone: Resource) -> bool:
    """Say whether a zone has a reusable delegation set, whichever it is."""
    value = zone.value("delegation_set_id")
    return value is not None and value.raw not in (None, "")
