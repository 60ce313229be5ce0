"""AL853."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.network import Member, members


class Table(NamedTuple):
    """A route table of a transit gateway, with all that use it."""

    resource: Resource
    members: tuple[Member, ...]

    def __str__(self) -> str:
        return self.resource.address


def tables(platform: Platform) -> Iterator[Table]:
    """Yield the route tables of transit gateways that environments use."""
    found: dict[int, list[Member]] = {}
    for member in members(platform):
        found.setdefault(id(member.table), []).append(member)
    yield from (Table(some[0].table, tuple(some)) for some in found.values())


@rule(
    "AL853",
    "tgw-routes-mixed",
    severity="error",
    each=tables,
    profiles=("landing-zone", "aws-sra"),
    tags=("network", "environments"),
    security_severity="7.0",
)
def check(table: Table, platform: Platform) -> Iterator[Violation]:
    """Production and other environments use different route tables of a transit gateway.

    ## Why

    Who shares a route table reaches each other. One table for all, which is what a transit gateway begins with, makes
    one network of production and of what is tried out.

    ## Bad

    ```hcl
    resource "aws_ec2_transit_gateway_route_table_propagation" "staging" {
      transit_gateway_attachment_id  = local.staging_attachment_id
      transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.production.id
    }
    ```

    ## Good

    ```hcl
    resource "aws_ec2_transit_gateway_route_table_propagation" "staging" {
      transit_gateway_attachment_id  = local.staging_attachment_id
      transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.staging.id
    }
    ```

    ## Exceptions

    Networks of accounts that are no environments, as those that hold what all use. The default route table counts as one, unless
    the gateway or the attachment leaves it.
    """
    users = [m for m in table.members if m.account is not None and m.account.is_environment]
    kinds = {member.account.kind for member in users if member.account is not None}
    if "production" not in kinds or kinds == {"production"}:
        return
    others = [m for m in users if m.account is not None and m.account.kind != "production"]
    production = next(m for m in users if m.account is not None and m.account.kind == "production")
    join, other = others[0].join, others[0].account
    evidence = [(m.join or m.attachment).evidence(f"the network of `{m.account}`") for m in (production, *others)]
    at = ("transit_gateway_route_table_id",) if join is not None else ("default_route_table_association",)
    yield (join or table.resource).finding(
        f"`{other}` and `{production.account}` use one route table of a transit gateway, `{table}`",
        at=at,
        label="reaches production" if join is not None else "one table for all",
        evidence=evidence[:1] + evidence[2:] if join is not None else evidence,
    )
