"""AL522."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Document, Statement, document
from astralint_rules.policies import at_document

POLICY = "aws_vpc_endpoint_policy"
BOUND = (
    "aws:principalorg",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:resourceorg",
    "aws:resourceaccount",
    "aws:sourceorg",
)
"""How the keys begin that bind who asks, or whose the thing is."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`without`: services, as the last part of their names, whose endpoints take no policy."""

    without: tuple[str, ...] = ()


@rule(
    "AL522",
    "endpoint-policy",
    severity="warning",
    each="aws_vpc_endpoint",
    profiles=("aws-sra",),
    tags=("network", "perimeter"),
    options=Options,
)
def check(endpoint: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """The policy of every VPC endpoint is bound to the organization.

    ## Why

    AWS's own policy lets everybody through to everything: with keys of a foreign account, data leaves a network that has no
    way to the internet.

    ## Bad

    ```hcl
    resource "aws_vpc_endpoint" "s3" {
      vpc_id       = aws_vpc.this.id
      service_name = "com.amazonaws.us-east-1.s3"
    }
    ```

    ## Good

    ```hcl
    resource "aws_vpc_endpoint" "s3" {
      vpc_id       = aws_vpc.this.id
      service_name = "com.amazonaws.us-east-1.s3"
      policy       = data.aws_iam_policy_document.organization_only.json # aws:PrincipalOrgID, aws:ResourceOrgID
    }
    ```

    ## Exceptions

    Endpoints of gateway load balancers and of services that are not AWS's: they take no policy. Statements about single
    resources, as the bucket that ECR keeps layers in.

    ## Options

    `without` are services whose endpoints take no policy.
    """
    service = str(endpoint["service_name"])
    if not service.startswith(("com.amazonaws.", "aws.")) or ".vpce." in service:
        return
    if service.rpartition(".")[2] in options.without or endpoint["vpc_endpoint_type"] == "GatewayLoadBalancer":
        return
    found = _policy(endpoint, platform)
    if found is None:
        for one in platform.resources(POLICY):
            if platform.resource_behind(one.value("vpc_endpoint_id"), "aws_vpc_endpoint") is None:
                # Whose it is may be this one's.
                assert one["vpc_endpoint_id"]
        platform.require_complete(POLICY, what=f"the policy of `{endpoint.address}`", workspaces=(endpoint.workspace,))
        yield endpoint.finding(
            f"the endpoint `{endpoint.address}` lets everybody through to everything", label="no policy"
        )
        return
    statements = found.policy.statements
    if any(one.unknown or _has_open(one) for one in statements):
        raise Undecided(Reason("policy-not-known", f"the policy of `{endpoint.address}` is not known"))
    if any(one.effect == "Deny" and _is_bound(one) for one in statements):
        return
    for statement in statements:
        if statement.effect == "Allow" and not _is_bound(statement):
            yield at_document(
                found, statement.path, f"the endpoint `{endpoint.address}` lets everybody through", "bound to nobody"
            )


def _policy(endpoint: Resource, platform: Platform) -> Document | None:
    """Return the policy of an endpoint, its own or one that is attached to it."""
    attached = (
        one
        for one in platform.resources(POLICY)
        if platform.resource_behind(one.value("vpc_endpoint_id"), "aws_vpc_endpoint") is endpoint
    )
    holder = endpoint if "policy" in endpoint.arguments else next(attached, None)
    return document(platform, holder, holder.value("policy"), ("policy",), "resource") if holder is not None else None


def _has_open(statement: Statement) -> bool:
    """Say whether it is not known whom, what or on what condition a statement is about."""
    elements = [one for one in (statement.principal, statement.resource) if one is not None]
    return statement.effect is None or any(one.unknown for one in (*elements, *statement.conditions))


def _is_bound(statement: Statement) -> bool:
    """Say whether a statement is about some principals or some resources only."""
    if any((known(one.key) or "").lower().startswith(BOUND) for one in statement.conditions):
        return True
    whom = statement.principal.entries if statement.principal is not None else ()
    what = statement.resource.entries if statement.resource is not None else ()
    return bool(whom and all(known(one.text) != "*" for one in whom)) or bool(
        what and all(known(one.text) != "*" for one in what)
    )
