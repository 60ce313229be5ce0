"""Which calls a collection makes, and the read-only policy that they need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import msgspec

from astralint.aws.actions import catalogue
from astralint.inventory.tables import CollectedType, collected_types

PREFIXES = {
    "apigatewayv2": "apigateway",
    "cloudcontrol": "cloudformation",
    "cognito-idp": "cognito-idp",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "opensearch": "es",
    "sesv2": "ses",
    "sso-admin": "sso",
    "stepfunctions": "states",
}
"""How IAM calls a service where its client is called otherwise."""
ENTERING = ("ec2:DescribeRegions", "tag:GetResources")
"""What is asked in every account, whatever the types."""
CENTRAL = ("organizations:DescribeOrganization", "organizations:ListAccounts", "sts:AssumeRole")
"""What the caller itself needs beside that."""
CONFIG = ("config:DescribeConfigurationAggregatorSourcesStatus", "config:SelectAggregateResourceConfig")
EXPLORER = ("resource-explorer-2:ListResources",)


class Call(msgspec.Struct, frozen=True, order=True):
    """A call that is made, where (`global`, `region`, `home`), for which types, and the rights it needs."""

    service: str
    operation: str
    scope: str
    types: tuple[str, ...]
    actions: tuple[str, ...]


def action_of(service: str, operation: str) -> str:
    """Return the right that a call needs, which is called like it."""
    name = f"{PREFIXES.get(service, service)}:{operation.replace('_', '')}"
    found = catalogue().find(name)
    return str(found) if found is not None else name


def rights_of(row: CollectedType) -> tuple[str, ...]:
    """Return the rights that the calls of a type need."""
    if row.service == "cloudcontrol":
        return ("cloudformation:ListResources", row.action)
    own = [row.action or action_of(row.service, row.call)]
    if row.detail is not None:
        own.append(action_of(row.service, row.detail.call))
    return tuple(own)


def calls_of(types: Iterable[str]) -> Iterator[Call]:
    """Yield the calls for these types, each once."""
    found: dict[tuple[str, str, str], tuple[list[str], list[str]]] = {}
    for name in types:
        row = collected_types()[name]
        operations = [row.call] + ([row.detail.call] if row.detail is not None else [])
        for operation in operations:
            of_types, rights = found.setdefault((row.service, operation, row.scope), ([], []))
            of_types.append(name)
            rights += rights_of(row) if operation == row.call else ()
    for (service, operation, scope), (of_types, rights) in sorted(found.items()):
        yield Call(service, operation, scope, tuple(of_types), tuple(sorted(set(rights))))


def read_only_policy(types: Iterable[str]) -> str:
    """Return the policy of the role that is assumed in each account."""
    rights = {right for name in types for right in rights_of(collected_types()[name])}
    return _policy("Inventory", rights | set(ENTERING))


def central_policy(role: str, partition: str, *, config: bool, explorer: bool) -> str:
    """Return the policy of whoever calls, beside the one of the role."""
    statements = [{"Sid": "Organization", "Effect": "Allow", "Action": sorted(CENTRAL[:2]), "Resource": "*"}]
    if role:
        resource = f"arn:{partition}:iam::*:role/{role}"
        statements.append(
            {"Sid": "EnterAccounts", "Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": resource}
        )
    actions = [*(CONFIG if config else ()), *(EXPLORER if explorer else ())]
    if actions:
        statements.append({"Sid": "Sources", "Effect": "Allow", "Action": sorted(actions), "Resource": "*"})
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)


def _policy(name: str, rights: Iterable[str]) -> str:
    statement = {"Sid": name, "Effect": "Allow", "Action": sorted(rights), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
