"""What else joins accounts and roles: resources that run as roles, and services whose administration is handed on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from astralint.aws.role_references import role_references
from astralint.aws.text import known
from astralint.estate.model import Account, Resource
from astralint.estate.nodes import account_node, named_node, resource_node
from astralint.estate.origins import resource_behind
from astralint.estate.paths import values_at
from astralint.estate.views import text
from astralint.source.evidence import Evidence
from astralint.source.partial import identity_of
from astralint.terraform.values.value import Value
from astralint.trust.bindings import role_of
from astralint.trust.directory import IdentityDirectory
from astralint.trust.identity import Identity
from astralint.trust.policies import holder_account

if TYPE_CHECKING:
    from astralint.estate.estate import Estate
    from astralint.trust.declared import Trust

_DATA = Path(__file__).parent / "data" / "access.toml"
PROFILE = "aws_iam_instance_profile"
_PROFILE_ARN = re.compile(r".*:instance-profile/(?:.*/)?")


class RunsAs(msgspec.Struct, frozen=True, eq=False):
    """A resource for which AWS acts as a role; `arguments` are those that name it."""

    resource: Resource
    role: Identity
    evidence: Evidence
    arguments: tuple[str, ...] = ()


class Delegation(msgspec.Struct, frozen=True, eq=False):
    """The management account lets another one administer a service for the whole organization."""

    source: Account
    target: str
    account: Account | None
    service: str
    evidence: Evidence


class Provider(msgspec.Struct, frozen=True, eq=False):
    """An identity provider that a workspace makes, and the principal that trust policies name it by."""

    resource: Resource
    node: str

    @property
    def evidence(self) -> Evidence:
        return self.resource.evidence(f"`{self.node.partition('/')[2]}` is made here")


class _Delegation(msgspec.Struct, frozen=True):
    resource: str
    account: str
    service: str


@cache
def _delegations() -> tuple[_Delegation, ...]:
    return msgspec.convert(tomllib.loads(_DATA.read_text("utf-8"))["delegation"], tuple[_Delegation, ...])


def providers(estate: Estate, trusts: Iterable[Trust]) -> Iterator[Provider]:
    """Yield the identity providers of IAM that a workspace makes and that some role trusts."""
    trusted = {identity_of(t.principal.entry.text): t.node for t in trusts if t.principal.form == "federated"}
    for resource in estate.resources("aws_iam_openid_connect_provider", "aws_iam_saml_provider"):
        node = trusted.get(identity_of(resource.text("arn") or ""))
        if node is not None and not resource.instance.uncertain:
            yield Provider(resource, node)


def run_as(estate: Estate, directory: IdentityDirectory) -> Iterator[RunsAs]:
    """Yield the resources that run as roles of the platform, in stable order."""
    for type_, paths in role_references().items():
        for resource in estate.resources(type_):
            if resource.instance.uncertain:
                continue
            found: dict[str, RunsAs] = {}
            for path in paths:
                for place, value in values_at(resource, path):
                    role = _role(estate, directory, resource, value, is_profile="profile" in path)
                    if role is not None and role.node not in found:
                        evidence = resource.evidence(f"runs as `{role}`", *place)
                        found[role.node] = RunsAs(resource, role, evidence, (path,))
                    elif role is not None:
                        known_ = found[role.node]
                        found[role.node] = msgspec.structs.replace(known_, arguments=(*known_.arguments, path))
            yield from found.values()


def _role(
    estate: Estate, directory: IdentityDirectory, resource: Resource, value: Value, *, is_profile: bool
) -> Identity | None:
    if not is_profile:
        found = role_of(estate, directory, value)
        return found or _by_name(directory, resource, value)
    profile = instance_profile(estate, resource, value)
    role = profile.value("role") if profile is not None else None
    if profile is None or role is None:
        return None
    return role_of(estate, directory, role) or _by_name(directory, profile, role)


def instance_profile(estate: Estate, resource: Resource, value: Value) -> Resource | None:
    """Return the instance profile that an argument of a resource names."""
    return resource_behind(estate, value, PROFILE) or _profile(estate, resource, value)


def _by_name(directory: IdentityDirectory, resource: Resource, value: Value) -> Identity | None:
    name, account = text(value), resource.account_or_none
    if name is None or account is None or known(name) is None:
        return None
    return next((role for role in directory.roles if role.account is account and role.name == name), None)


def _profile(estate: Estate, resource: Resource, value: Value) -> Resource | None:
    name = known(text(value) or "")
    name = _PROFILE_ARN.sub("", name) if name else ""
    fits = (one for one in estate.resources(PROFILE) if name and one.text("name") == name)
    own = holder_account(estate, resource)
    return next((one for one in fits if holder_account(estate, one) == own), None)


def _root_node(resource: Resource, account: Account | None, value: Value) -> str:
    if account is not None:
        return account_node(account.name)
    return named_node("root", text(value) or "", resource_node(resource.workspace.name, resource.address))


def delegations(estate: Estate) -> Iterator[Delegation]:
    """Yield which services' administration the management account hands to whom."""
    for entry in _delegations():
        for resource in estate.resources(entry.resource):
            source, value = resource.account_or_none, resource.value(entry.account)
            if source is None or value is None or resource.instance.uncertain:
                continue
            account = estate.account_of(value)
            name = entry.service
            if name.startswith("{"):
                name = str(resource.text(name.strip("{}")) or "")
            target = _root_node(resource, account, value)
            label = f"`{account or text(value)}` administers {name}"
            if account is not source:
                yield Delegation(source, target, account, name, resource.evidence(label, entry.account))
