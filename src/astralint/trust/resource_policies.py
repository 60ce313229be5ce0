"""The policies of resources as one policy each: what their documents say, and grants in arguments."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from astralint.aws.outcome import Source
from astralint.aws.plain import Plain
from astralint.aws.policy import Policy, Statement
from astralint.aws.policy_parser import parse_policy
from astralint.aws.text import Text, known
from astralint.estate.estate import Estate
from astralint.estate.model import Resource, existence
from astralint.estate.nodes import resource_node
from astralint.estate.origins import resources_behind
from astralint.estate.paths import values_at
from astralint.estate.views import text
from astralint.source.evidence import Evidence
from astralint.trust.access import resource_policies
from astralint.trust.documents import Document

WITHOUT_RESOURCE = frozenset({"aws_ecr_repository_policy", "aws_ecrpublic_repository_policy"})
"""The policies whose statements name no resource."""
_DATA = Path(__file__).parent / "data" / "resource_services.toml"


class _Grant(msgspec.Struct, frozen=True):
    resource: str
    principal: str
    actions: str
    of: str
    prefix: str = ""
    default: str = ""
    conditions: dict[str, str] = {}


class _Block(msgspec.Struct, frozen=True):
    resource: str
    of: str
    argument: str


class Encrypted(msgspec.Struct, frozen=True):
    """An entry of `data/resource_services.toml`: what is needed of the key that encrypts a resource."""

    resource: str
    key: str
    action: str
    needs: str


class Services(msgspec.Struct, frozen=True):
    """`data/resource_services.toml`, which says what the fields are."""

    grant: tuple[_Grant, ...]
    own_account: dict[str, tuple[str, ...]]
    public_access_block: _Block
    encrypted: tuple[Encrypted, ...]


@cache
def services() -> Services:
    """Return what is particular of services."""
    return msgspec.convert(tomllib.loads(_DATA.read_text("utf-8")), Services)


class _Part(msgspec.Struct, frozen=True, eq=False):
    """A piece of a resource's policy: a document, or a grant with the resource that makes it."""

    policy: Policy
    document: Document | None
    grant: Resource | None

    def evidence(self, label: str, source: Source) -> Evidence | None:
        if self.document is not None:
            return self.document.evidence(label, source.path[1:])
        return self.grant.evidence(label, "principal") if self.grant is not None else None


class ResourcePolicy(msgspec.Struct, frozen=True, eq=False):
    """All that a resource's own side says; `policy` begins the path of each statement with the number of its part."""

    resource: Resource
    policy: Policy
    parts: tuple[_Part, ...]

    def evidence(self, label: str, source: Source) -> Evidence | None:
        """Return where a statement of the policy stands."""
        number = source.path[0] if source.path else None
        return self.parts[number].evidence(label, source) if isinstance(number, int) else None


class ResourcePolicies:
    """The policies of all resources, by the nodes of these."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        found: dict[str, list[_Part]] = {}
        for node, documents in resource_policies(estate).items():
            found.setdefault(node, []).extend(_of_document(one) for one in documents)
        for entry in services().grant:
            for resource in estate.resources(entry.resource):
                for target in _targets(estate, resource, entry.of):
                    node = resource_node(target.workspace.name, target.address)
                    found.setdefault(node, []).extend(_of_grant(resource, entry))
        self._parts = found
        self._restricted = set(self._with_restriction())

    def of(self, resource: Resource) -> ResourcePolicy | None:
        """Return the policy of a resource; None where it has none."""
        parts = self._parts.get(resource_node(resource.workspace.name, resource.address), ())
        if not parts:
            return None
        statements = tuple(
            msgspec.structs.replace(statement, path=(number, *statement.path))
            for number, part in enumerate(parts)
            for statement in part.policy.statements
        )
        variables = all(part.policy.variables for part in parts)
        name = parts[0].policy.name
        return ResourcePolicy(resource, Policy(statements, (), name, "resource", variables), tuple(parts))

    def nodes(self) -> tuple[str, ...]:
        """Return the nodes of the resources that have a policy."""
        return tuple(self._parts)

    def is_restricted(self, resource: Resource) -> bool:
        """Say whether a public policy of a bucket counts for its own account only."""
        return resource_node(resource.workspace.name, resource.address) in self._restricted

    def _with_restriction(self) -> Iterator[str]:
        entry = services().public_access_block
        for block in self._estate.resources(entry.resource):
            told = block.value(entry.argument)
            if told is not None and told.raw is True and not block.instance.uncertain:
                for target in _targets(self._estate, block, entry.of):
                    yield resource_node(target.workspace.name, target.address)


def _targets(estate: Estate, resource: Resource, argument: str) -> list[Resource]:
    value = resource.value(argument)
    behind = [one for one in resources_behind(estate, value) if one.mode == "managed"]
    return behind[:1]


def _of_document(document: Document) -> _Part:
    policy = about_its_own(document.policy, document.resource)
    if document.resource.instance.uncertain:
        policy = policy.doubted(existence(document.resource))
    return _Part(policy, document, None)


def about_its_own(policy: Policy, resource: Resource) -> Policy:
    """Return a policy of a type whose statements name no resource as one about the resource that it hangs on."""
    if resource.type not in WITHOUT_RESOURCE:
        return policy
    return msgspec.structs.replace(policy, statements=tuple(map(_about_all, policy.statements)))


def _about_all(statement: Statement) -> Statement:
    """Return a statement that names no resource as one about the resource that it hangs on."""
    element = statement.resource
    if element is None or element.entries or element.negated:
        return statement
    return msgspec.structs.replace(statement, resource=None)


def _of_grant(resource: Resource, entry: _Grant) -> Iterator[_Part]:
    for _, value in values_at(resource, entry.principal):
        principal = text(value)
        if principal is None:
            continue
        told = [text(one) for _, one in values_at(resource, entry.actions)]
        actions: list[Plain] = [f"{entry.prefix}{one}" for one in told if one is not None] or [entry.default]
        conditions: dict[str, Any] = {}
        for argument, meaning in entry.conditions.items():
            given = resource.text(argument)
            if given is not None:
                operator, _, key = meaning.partition(" ")
                conditions.setdefault(operator, {})[key] = given
        statement = {
            "Effect": "Allow",
            "Principal": _principal(principal),
            "Action": actions,
            "Resource": "*",
            **({"Condition": conditions} if conditions else {}),
        }
        policy = parse_policy(
            {"Version": "2012-10-17", "Statement": [statement]}, kind="resource", name=resource.address
        )
        yield _Part(policy.doubted(existence(resource)) if resource.instance.uncertain else policy, None, resource)


def _principal(told: Text) -> Any:
    whole = known(told) or ""
    if whole == "*":
        return "*"
    return {"Service" if whole.endswith((".amazonaws.com", ".amazonaws.com.cn")) else "AWS": told}
