"""AL852."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.placement import outside

SHARE = "aws_ram_resource_share"
TYPES = (
    "aws_ec2_transit_gateway",
    "aws_ec2_transit_gateway_route_table",
    "aws_ec2_client_vpn_endpoint",
    "aws_vpc_ipam",
    "aws_vpc_ipam_pool",
    "aws_vpc_ipam_scope",
    "aws_networkfirewall_firewall",
    "aws_networkfirewall_firewall_policy",
    "aws_networkmanager_core_network",
    "aws_networkmanager_global_network",
    "aws_customer_gateway",
    "aws_vpn_connection",
    "aws_vpn_gateway",
    "aws_dx_connection",
    "aws_dx_gateway",
    "aws_dx_transit_virtual_interface",
    "aws_dx_private_virtual_interface",
    "aws_route53_resolver_endpoint",
)


@rule(
    "AL852",
    "network-outside-network",
    severity="warning",
    each=(*TYPES, SHARE),
    needs="network",
    profiles=("landing-zone", "aws-sra"),
    tags=("network",),
)
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """What joins networks is in the network account, and shared within the organization only.

    ## Why

    Whoever administers a transit gateway, a VPN or a resolver decides what every account behind it can reach.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_ec2_transit_gateway" "hub" {
      description = "joins all environments"
    }
    ```

    ## Good

    ```hcl
    # workspaces/network
    resource "aws_ec2_transit_gateway" "hub" {
      description = "joins all environments"
    }

    resource "aws_ram_resource_share" "hub" {
      name                      = "hub"
      allow_external_principals = false
    }
    ```

    ## Exceptions

    Attachments, accepters and associations are made by the account that joins in.
    """
    if resource.type != SHARE:
        yield from outside(resource, platform, "network", f"`{resource.address}`")
    elif resource.kind == "network" and resource["allow_external_principals"] is not False:
        yield resource.finding(
            f"the share `{resource.address}` of the network account takes accounts outside of the organization",
            at=("allow_external_principals",),
            label="should be false",
        )
