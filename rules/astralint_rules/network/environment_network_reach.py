"""AL854."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from astralint.rules.api import Account, Evidence, Platform, Resource, Violation, rule
from astralint.rules.api.network import attachment_behind, members, parsed, ranges
from astralint_rules.environments.between import let_in

ROUTE, STATIC = "aws_route", "aws_ec2_transit_gateway_route"
BETWEEN = ("transit_gateway_id", "vpc_peering_connection_id", "core_network_arn")


class Reach(NamedTuple):
    """An environment reaches the network of another one."""

    resource: Resource
    own: Account
    other: Account
    place: Evidence
    evidence: tuple[Evidence, ...]

    def __str__(self) -> str:
        return self.resource.address


def reaches(platform: Platform) -> Iterator[Reach]:
    """Yield the routes and shares by which an environment reaches a network that is not its own."""
    yield from _routes(platform)
    yield from _static_routes(platform)
    yield from _shared_subnets(platform)


@rule(
    "AL854",
    "environment-network-reach",
    severity="error",
    each=reaches,
    profiles=("landing-zone", "aws-sra"),
    tags=("network", "environments"),
    security_severity="7.0",
)
def check(reach: Reach, platform: Platform) -> Iterator[Violation]:
    """An environment's routes and shared subnets lead into its own networks only.

    ## Why

    Two environments can be joined although neither names the other: by a route of the hub between them, or by subnets of one
    network that both were given.

    ## Bad

    ```hcl
    # workspaces/network: both environments work in one VPC
    resource "aws_ram_principal_association" "staging" {
      resource_share_arn = aws_ram_resource_share.production_subnets.arn
      principal          = "210000000008"
    }
    ```

    ## Good

    A VPC for each environment, whose subnets are shared with that environment's account.

    ## Exceptions

    Routes to ranges that hold more than one network (`10.0.0.0/8`): what is reached there is decided by the route tables of the
    transit gateway (AL853). What joins two environments directly is AL805.
    """
    if reach.own is not reach.other and reach.resource.exists:
        yield reach.resource.workspace.violation(
            f"`{reach.resource.address}` lets `{reach.own}` reach the network of `{reach.other}`",
            reach.place.span,
            f"leads into `{reach.other}`",
            subject=f"{reach.resource.address} {reach.other}",
            evidence=reach.evidence,
        )


def _routes(platform: Platform) -> Iterator[Reach]:
    """Yield routes of an environment to a range that lies in another one's network, and in no other."""
    known = [(one.network, one.resource) for one in ranges(platform) if one.network is not None]
    for route in platform.resources(ROUTE):
        own, cidr = route.account_or_none, route.text("destination_cidr_block")
        target = parsed(cidr) if isinstance(cidr, str) else None
        if target is None or own is None or not own.is_environment or not route.arguments & set(BETWEEN):
            continue
        owners = [vpc for network, vpc in known if target.subnet_of(network)]
        accounts = {vpc.account_or_none for vpc in owners}
        other = owners[0].account_or_none if len(accounts) == 1 else None
        if other is not None and other.is_environment:
            place = route.evidence("", "destination_cidr_block")
            yield Reach(route, own, other, place, (owners[0].evidence("the network", "cidr_block"),))


def _static_routes(platform: Platform) -> Iterator[Reach]:
    """Yield static routes of a transit gateway that lead from one environment into another one."""
    users: dict[str, list[Account]] = {}
    for member in members(platform):
        if member.account is not None and member.account.is_environment and member.join is not None:
            users.setdefault(str(member.table), []).append(member.account)
    for route in platform.resources(STATIC):
        attachment = attachment_behind(platform, route)
        table = platform.resource_behind(
            route.value("transit_gateway_route_table_id"), "aws_ec2_transit_gateway_route_table"
        )
        other = attachment.account_or_none if attachment is not None else None
        if table is None or other is None or attachment is None or not other.is_environment:
            continue
        for own in dict.fromkeys(users.get(str(table), ())):
            place = route.evidence("", "transit_gateway_attachment_id")
            yield Reach(route, own, other, place, (attachment.evidence("the network that is attached"),))


def _shared_subnets(platform: Platform) -> Iterator[Reach]:
    """Yield shares of one VPC's subnets, in an account that is no environment, with more than one environment."""
    first: dict[str, tuple[Account, Evidence]] = {}
    for access in platform.trust.accesses:
        subnet, account = access.resource, let_in(access, platform)
        owner = subnet.account_or_none
        if subnet.type != "aws_subnet" or account is None or not account.is_environment:
            continue
        if owner is None or owner.is_environment:
            continue  # Who shares its own network is AL805's.
        vpc = platform.resource_behind(subnet.value("vpc_id"), "aws_vpc")
        key = f"{subnet.workspace}/{vpc.address}" if vpc is not None else ""
        before = first.setdefault(key, (account, access.evidence[0]))
        if key and before[0] is not account:
            yield Reach(subnet, account, before[0], access.evidence[0], (before[1],))
