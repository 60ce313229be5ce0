"""AL850."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.network import Range, overlapping, ranges


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`isolated`: kinds of accounts whose networks are never joined with others."""

    isolated: tuple[str, ...] = ()


class Subject(NamedTuple):
    """A range, with the one that it lies in, if there is one."""

    own: Range
    other: Range | None

    @property
    def resource(self) -> Resource:
        return self.own.resource

    def __str__(self) -> str:
        return str(self.own)


def subjects(platform: Platform) -> Iterator[Subject]:
    """Yield every range that the code gives a VPC, with what it overlaps."""
    every = [one for one in ranges(platform) if not one.from_pool]
    hits = [pair for pair in overlapping(every) if not pair[1].resource.instance.uncertain]
    found = {id(own): other for own, other in hits}
    yield from (Subject(one, found.get(id(one))) for one in every)


@rule(
    "AL850",
    "cidr-overlap",
    severity="warning",
    each=subjects,
    profiles=("landing-zone", "aws-sra"),
    tags=("network",),
    options=Options,
)
def check(subject: Subject, platform: Platform, options: Options) -> Iterator[Violation]:
    """The address ranges of all VPCs are disjoint.

    ## Why

    Two networks with the same addresses can never be joined, neither by a peering nor by a transit gateway, and nobody
    changes the range of a VPC that is in use.

    ## Bad

    ```hcl
    # workspaces/production, and workspaces/staging alike
    resource "aws_vpc" "this" {
      cidr_block = "10.0.0.0/16"
    }
    ```

    ## Good

    ```hcl
    # workspaces/staging
    resource "aws_vpc" "this" {
      cidr_block = "10.1.0.0/16"
    }
    ```

    ## Exceptions

    Default VPCs, which all have one range, and ranges that a pool of IPAM gives.

    ## Options

    `isolated` are kinds of accounts whose networks are never joined with others: `["sandbox"]`.
    """
    own, other = subject
    if own.network is None:
        _ = own.resource["cidr_block"]
        return
    if other is None:
        return
    if options.isolated and {one.kind for one in (own.resource, other.resource)} & set(options.isolated):
        return
    owner = other.resource.account_or_none
    yield own.resource.finding(
        f"the range {own.network} of `{own}` overlaps {other.network} of `{other}`"
        + (f" in `{owner}`" if owner is not None else ""),
        at=("cidr_block",),
        label="these addresses are taken",
        evidence=(other.resource.evidence("the other range", "cidr_block"),),
    )
