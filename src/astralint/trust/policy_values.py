"""Every policy document that resources hold: trust, identity, resource and control policies."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.aws.policy import PolicyKind
from astralint.aws.text import known
from astralint.estate.estate import Estate
from astralint.estate.model import Resource
from astralint.estate.views import Attributes
from astralint.terraform.values.value import Value
from astralint.trust.access import resource_policy_values
from astralint.trust.policies import elements

_IDENTITY = (
    ("aws_iam_policy", "policy"),
    ("aws_iam_role_policy", "policy"),
    ("aws_iam_user_policy", "policy"),
    ("aws_iam_group_policy", "policy"),
    ("aws_ssoadmin_permission_set_inline_policy", "inline_policy"),
)
_CONTROL: dict[str, PolicyKind] = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}
_ENDPOINTS = ("aws_vpc_endpoint", "aws_vpc_endpoint_policy")


class PolicyValue(msgspec.Struct, frozen=True, eq=False):
    """A policy as it stands in a resource's argument; `name` tells several of one resource apart."""

    resource: Resource
    path: tuple[str | int, ...]
    value: Value
    kind: PolicyKind
    name: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What is the same in another revision."""
        argument = str(self.path[0]) + (f" {self.name}" if self.name else "")
        return self.resource.workspace.name, self.resource.address, argument


def policy_values(estate: Estate) -> Iterator[PolicyValue]:
    """Yield all policies of a platform's resources."""
    for role in estate.resources("aws_iam_role"):
        yield from _one(role, "assume_role_policy", "trust")
        yield from _inline(role)
    for type_, argument in _IDENTITY:
        for resource in estate.resources(type_):
            yield from _one(resource, argument, "identity")
    for resource in estate.resources("aws_organizations_policy"):
        kind = _CONTROL.get(known(resource.text("type") or "SERVICE_CONTROL_POLICY") or "")
        if kind is not None:
            yield from _one(resource, "content", kind)
    for type_ in _ENDPOINTS:
        for resource in estate.resources(type_):
            yield from _one(resource, "policy", "resource")
    for resource, place, value in resource_policy_values(estate):
        if resource.type not in _ENDPOINTS:
            yield PolicyValue(resource, place, value, "resource", ".".join(map(str, place[1:])))


def _one(resource: Resource, argument: str, kind: PolicyKind) -> Iterator[PolicyValue]:
    value = resource.value(argument) if argument in resource.arguments else None
    if value is not None and value.raw is not None and value.raw != "":
        yield PolicyValue(resource, (argument,), value, kind)


def _inline(role: Resource) -> Iterator[PolicyValue]:
    for position, block in enumerate(elements(role.value("inline_policy"))):
        inner = Attributes(block).raw("policy")
        if inner is not None and inner.raw is not None and inner.raw != "":
            name = known(Attributes(block).text("name") or "") or str(position)
            yield PolicyValue(role, ("inline_policy", position, "policy"), inner, "identity", name)
