"""Networks: the address ranges of VPCs, and who shares a transit gateway's route tables."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from astralint.estate.model import Account, Resource
from astralint.estate.origins import resource_behind

if TYPE_CHECKING:
    from astralint.estate.estate import Estate

Network = ipaddress.IPv4Network
RANGES = ("aws_vpc", "aws_vpc_ipv4_cidr_block_association")
TABLE, GATEWAY = "aws_ec2_transit_gateway_route_table", "aws_ec2_transit_gateway"
ATTACHMENT, ACCEPTER = f"{GATEWAY}_vpc_attachment", f"{GATEWAY}_vpc_attachment_accepter"
JOINS = (f"{TABLE}_association", f"{TABLE}_propagation")


class Range(msgspec.Struct, frozen=True, eq=False):
    """An address range of a VPC; `network` is None where it is not known, or a pool gives it (`from_pool`)."""

    resource: Resource
    network: Network | None
    from_pool: bool

    def __str__(self) -> str:
        return self.resource.address


class Member(msgspec.Struct, frozen=True, eq=False):
    """A VPC that is attached to a transit gateway's route table: by `join`, or because it is the default one (None)."""

    table: Resource
    attachment: Resource
    join: Resource | None

    @property
    def account(self) -> Account | None:
        """The account whose network it is."""
        return self.attachment.account_or_none


def parsed(cidr: object) -> Network | None:
    """Return an IPv4 range as it is written; None for what is none."""
    try:
        return ipaddress.IPv4Network(str(cidr), strict=False)
    except ValueError:
        return None


def ranges(estate: Estate) -> Iterator[Range]:
    """Yield every IPv4 range of the platform's own VPCs, default VPCs apart."""
    for resource in estate.resources(*RANGES):
        cidr = resource.text("cidr_block")
        pool = "ipv4_ipam_pool_id" in resource.arguments
        yield Range(resource, parsed(cidr) if isinstance(cidr, str) else None, pool)


def overlapping(some: list[Range]) -> Iterator[tuple[Range, Range]]:
    """Yield each range that lies within another one, or is it, with the nearest such."""
    known = [(one.network, one) for one in some if one.network is not None]
    around: list[tuple[Network, Range]] = []
    # Ranges are disjoint or within each other: in this order, those around one come before it.
    for network, one in sorted(known, key=lambda pair: (int(pair[0].network_address), pair[0].prefixlen)):
        while around and not network.subnet_of(around[-1][0]):
            around.pop()
        if around:
            yield one, around[-1][1]
        around.append((network, one))


def attachment_behind(estate: Estate, resource: Resource) -> Resource | None:
    """Return the VPC's attachment that a resource names, through the accepter's if need be; None where that is not known."""
    found = resource_behind(estate, resource.value("transit_gateway_attachment_id"), ATTACHMENT, ACCEPTER)
    if found is not None and found.type == ACCEPTER:
        return resource_behind(estate, found.value("transit_gateway_attachment_id"), ATTACHMENT)
    return found


def members(estate: Estate) -> Iterator[Member]:
    """Yield which VPCs are associated with, or propagate into, which route table; the gateway stands for its default one."""
    associated: set[int] = set()
    for join in estate.resources(*JOINS):
        attachment = attachment_behind(estate, join)
        if attachment is None:
            continue
        if join.type.endswith("_association"):
            associated.add(id(attachment))
        table = resource_behind(estate, join.value("transit_gateway_route_table_id"), TABLE, GATEWAY)
        if table is not None:
            yield Member(table, attachment, join)
    kept = {id(found) for accepter in estate.resources(ACCEPTER) if (found := _kept_apart(estate, accepter))}
    for attachment in estate.resources(ATTACHMENT):
        gateway = resource_behind(estate, attachment.value("transit_gateway_id"), GATEWAY)
        if gateway is None or id(attachment) in associated | kept or _is_apart(attachment):
            continue
        if gateway["default_route_table_association"] != "disable":
            yield Member(gateway, attachment, None)


def _kept_apart(estate: Estate, accepter: Resource) -> Resource | None:
    return attachment_behind(estate, accepter) if _is_apart(accepter) else None


def _is_apart(resource: Resource) -> bool:
    """Say whether an attachment's code keeps it out of the default route table, or may."""
    name = "transit_gateway_default_route_table_association"
    value = resource.value(name)
    return name in resource.arguments and value is not None and value.raw is not True
