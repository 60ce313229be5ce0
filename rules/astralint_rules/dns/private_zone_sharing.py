"""AL311."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Platform, Resource, Unknown, Violation, rule, undecided
from astralint.rules.api.code import Value
from astralint_rules.dns.records import ZONE

TYPES = (ZONE, "aws_route53_zone_association", "aws_route53_vpc_association_authorization")
VPC = ("aws_vpc", "aws_default_vpc")


@rule("AL311", "private-zone-sharing", severity="warning", each=TYPES, tags=("dns",), by_kind=True)
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """No environment answers the private names of another one.

    ## Why

    Whoever resolves `database.internal` in production's private zone connects to production. Shared
    with staging's network, the name means production there too.

    ## Bad

    ```hcl
    # workspaces/staging
    resource "aws_route53_zone_association" "internal" {
      zone_id = data.terraform_remote_state.production.outputs.internal_zone_id
      vpc_id  = aws_vpc.main.id
    }
    ```

    ## Good

    Each environment has a private zone of its own, of the same name if need be.

    ## Exceptions

    Zones and rules of a network account that all environments share.
    """
    zone = resource if resource.type == ZONE else platform.resource_behind(resource.value("zone_id"), ZONE)
    own = zone.account_or_none if zone is not None else None
    if own is None or not own.is_environment:
        return
    for place, value in _networks(resource):
        network = platform.resource_behind(value, *VPC)
        if network is None and isinstance(value.raw, Unknown):
            raise undecided(value.raw)
        other: Account | None = network.account_or_none if network is not None else None
        if network is not None and other is not None and other is not own and other.is_environment:
            yield resource.finding(
                f"`{resource.address}` lets the network of `{other}` resolve a private zone of `{own}`",
                at=place,
                label=f"a network of `{other}`",
                evidence=(network.evidence(f"the network of `{other}`"),),
            )


def _networks(resource: Resource) -> Iterator[tuple[tuple[str | int, ...], Value]]:
    """Yield the networks that may resolve a zone, and where they are named."""
    if resource.type != ZONE:
        value = resource.value("vpc_id")
        if value is not None:
            yield ("vpc_id",), value
        return
    blocks = resource.value("vpc")
    for position, block in enumerate(blocks.raw if blocks is not None and isinstance(blocks.raw, tuple) else ()):
        if isinstance(block.raw, dict) and "vpc_id" in block.raw:
            yield ("vpc", position, "vpc_id"), block.raw["vpc_id"]
