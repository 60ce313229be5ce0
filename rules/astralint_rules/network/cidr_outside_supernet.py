"""AL851."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.network import Network, Range, parsed, ranges

POOL = "aws_vpc_ipam_pool_cidr"


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`supernets`: the ranges that the organization's networks lie in."""

    supernets: tuple[str, ...] = ()


@rule(
    "AL851",
    "cidr-outside-supernet",
    severity="warning",
    each="platform",
    profiles=("landing-zone", "aws-sra"),
    tags=("network",),
    options=Options,
)
def check(platform: Platform, _: Platform, options: Options) -> Iterator[Violation]:
    """The address range of each VPC lies in the organization's.

    ## Why

    Firewalls, routes and partners name the organization by its ranges. What lies elsewhere is not reached, or is
    somebody else's.

    ## Bad

    ```hcl
    # the organization has 10.0.0.0/8
    resource "aws_vpc" "this" {
      cidr_block = "192.168.0.0/16"
    }
    ```

    ## Good

    ```hcl
    resource "aws_vpc" "this" {
      cidr_block = "10.20.0.0/16"
    }
    ```

    ## Exceptions

    Default VPCs, ranges that a pool of IPAM gives, and those within a pool's range.

    ## Options

    `supernets` are the organization's ranges: `["10.0.0.0/8"]`. Without them, and without pools, nothing can be judged.
    """
    given = [parsed(one) for one in options.supernets]
    pools = [parsed(one["cidr"]) for one in platform.resources(POOL) if isinstance(one.text("cidr"), str)]
    supernets = [one for one in (*given, *pools) if one is not None]
    every = [one for one in ranges(platform) if not one.from_pool]
    if every and not supernets:
        raise Undecided(
            Reason("not-configured", "the option `supernets` does not say which ranges are the organization's")
        )
    open_: Undecided | None = None
    for one in every:
        try:
            yield from _outside(one, supernets)
        except Undecided as undecided:
            open_ = undecided
    if open_ is not None:
        raise open_


def _outside(one: Range, supernets: list[Network]) -> Iterator[Violation]:
    """Yield where a range lies in none of the organization's; raises Undecided where it is not known."""
    if one.network is None:
        _ = one.resource["cidr_block"]
    elif not any(one.network.subnet_of(supernet) for supernet in supernets):
        yield one.resource.finding(
            f"the range {one.network} of `{one}` is not within the organization's",
            at=("cidr_block",),
            label=f"not in {', '.join(map(str, supernets[:3]))}",
        )
