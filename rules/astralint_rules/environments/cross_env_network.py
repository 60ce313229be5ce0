"""AL805."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from astralint.rules.api import Account, Evidence, Platform, Resource, Violation, rule
from astralint_rules.environments.between import crosses, let_in

JOINING = frozenset(
    {
        "aws_vpc_peering_connection",
        "aws_vpc_peering_connection_accepter",
        "aws_ec2_transit_gateway_peering_attachment",
        "aws_dx_gateway_association_proposal",
    }
)
SHARED = (
    "aws_vpc_endpoint_service",
    "aws_subnet",
    "aws_ec2_transit_gateway",
    "aws_ec2_managed_prefix_list",
    "aws_vpclattice_",
)
ATTACHED = {"aws_ec2_transit_gateway_vpc_attachment": "transit_gateway_id"}
GROUPS = {
    "aws_security_group_rule": "source_security_group_id",
    "aws_vpc_security_group_ingress_rule": "referenced_security_group_id",
    "aws_vpc_security_group_egress_rule": "referenced_security_group_id",
}
OF_ACCOUNT = re.compile(r"([0-9]{12})/sg-")


class Path(NamedTuple):
    """A resource joins its account's network with that of another."""

    resource: Resource
    other: Account
    evidence: Evidence

    def __str__(self) -> str:
        return self.resource.address


def paths(platform: Platform) -> Iterator[Path]:
    """Yield whatever joins the networks of two accounts."""
    for one in platform.trust.references:
        if one.resource.type in JOINING and one.account is not None:
            yield Path(one.resource, one.account, one.evidence)
    for access in platform.trust.accesses:
        other = let_in(access, platform) if access.resource.type.startswith(SHARED) else None
        if other is not None:
            yield Path(access.resource, other, access.evidence[0])
    for type_, name in ATTACHED.items():
        for resource in platform.resources(type_):
            behind = next((r for r in platform.resources_behind(resource.value(name)) if r.mode == "managed"), None)
            if behind is not None and behind.account_or_none is not None:
                yield Path(resource, behind.account_or_none, resource.evidence("attaches itself here", name))
    for type_, name in GROUPS.items():
        for resource in platform.resources(type_):
            found = OF_ACCOUNT.match(str(resource.text(name) or ""))
            account = platform.account_of(found[1]) if found is not None else None
            if account is not None:
                yield Path(resource, account, resource.evidence("names another account's group", name))


@rule("AL805", "cross-env-network", severity="error", each=paths, tags=("environments",), security_severity="7.0")
def check(path: Path, platform: Platform) -> Iterator[Violation]:
    """No network path joins two environments.

    ## Why

    What is tried out in staging can reach production's databases as soon as their networks
    are one, whatever policies say.

    ## Bad

    ```hcl
    # workspaces/staging
    resource "aws_vpc_peering_connection" "production" {
      vpc_id        = aws_vpc.this.id
      peer_vpc_id   = local.production_vpc_id
      peer_owner_id = "210000000007"
    }
    ```

    ## Good

    What both need is offered through an API, or lives in an account for both.

    ## Exceptions

    A network account that joins all of them, as long as its routes keep them apart (AL853).
    """
    own = path.resource.account
    if crosses(own, path.other) and path.resource.exists:
        yield path.resource.workspace.violation(
            f"`{path.resource.address}` joins the network of `{own}` with that of `{path.other}`",
            path.evidence.span,
            f"reaches `{path.other}`",
            subject=path.resource.address,
        )
