"""Who may reach a resource from outside of itself: its policy, grants that name a principal, shares with accounts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.condition_keys import Facts, context_for
from astralint.aws.context import Context
from astralint.aws.policy import PrincipalEntry, Statement
from astralint.aws.principals import Principal, TrustedPrincipal, entry_form
from astralint.aws.resource_access import resource_access
from astralint.aws.text import known
from astralint.estate.estate import Estate
from astralint.estate.model import Resource, existence
from astralint.estate.nodes import named_node, resource_node
from astralint.estate.organization import organization_id
from astralint.estate.origins import resource_behind, resources_behind
from astralint.estate.paths import Place, values_at
from astralint.estate.views import Attributes, text
from astralint.source.evidence import Evidence
from astralint.source.partial import Text
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.values.value import Value
from astralint.trust.declared import resolve
from astralint.trust.directory import IdentityDirectory
from astralint.trust.documents import Document, document
from astralint.trust.policies import account_text, elements

_DATA = Path(__file__).parent / "data" / "access.toml"
ALWAYS = {"aws:SecureTransport": "true"}
"""What holds for whoever is meant to get in: the tools of AWS use TLS."""


class _Policy(msgspec.Struct, frozen=True):
    policy: str
    of: str = ""


class _Grant(msgspec.Struct, frozen=True):
    resource: str
    principal: str
    actions: str | tuple[str, ...]
    of: str = ""
    conditions: dict[str, str] = {}
    condition_blocks: str = ""


class _Share(msgspec.Struct, frozen=True, rename={"with_": "with"}):
    resource: str
    with_: tuple[str, ...]
    of: str = ""


class _Tables(msgspec.Struct, frozen=True):
    """`data/access.toml`, which says what the fields are."""

    policies: dict[str, _Policy]
    grant: tuple[_Grant, ...]
    share: tuple[_Share, ...]


@cache
def _tables() -> _Tables:
    return msgspec.convert(tomllib.loads(_DATA.read_text("utf-8")), _Tables)


class Access(msgspec.Struct, frozen=True, eq=False):
    """A principal that a resource lets in, as far as the resource's own side goes.

    `kind` is `can-access` for a policy or a grant, `shared-with` for a share with whole
    accounts. `actions` are what it may do (all others with `all_but`).
    """

    kind: Literal["can-access", "shared-with"]
    principal: str
    name: str
    resource: Resource
    actions: tuple[str, ...]
    all_but: bool
    verdict: Literal["allowed", "conditional"]
    conditions: tuple[str, ...]
    evidence: tuple[Evidence, ...]

    @property
    def node(self) -> str:
        return node_of(self.resource)


def node_of(resource: Resource) -> str:
    """Return a resource's node in the graph."""
    return resource_node(resource.workspace.name, resource.address)


def accesses(estate: Estate, directory: IdentityDirectory) -> Iterator[Access]:
    """Yield every access that the platform's resources give, in stable order."""
    finder = _Finder(estate, directory)
    tables = _tables()
    for type_, policy in tables.policies.items():
        for resource in estate.resources(type_):
            yield from _hanging_on(resource, finder.of_policy(resource, policy))
    for grant in tables.grant:
        for resource in estate.resources(grant.resource):
            yield from _hanging_on(resource, finder.of_grant(resource, grant))
    for share in tables.share:
        for resource in estate.resources(share.resource):
            yield from _hanging_on(resource, finder.of_share(resource, share))


def _hanging_on(resource: Resource, found: Iterator[Access]) -> Iterator[Access]:
    """Yield accesses as conditional on the resource that gives them, where it is not known whether that exists."""
    if not resource.instance.uncertain:
        yield from found
        return
    for access in found:
        conditions = (*access.conditions, existence(resource))
        yield msgspec.structs.replace(access, verdict="conditional", conditions=conditions)


def resource_policies(estate: Estate) -> dict[str, list[Document]]:
    """Return the policies of resources, by the node of the resource that each is about."""
    found: dict[str, list[Document]] = {}
    for type_, entry in _tables().policies.items():
        for resource in estate.resources(type_):
            for place, value in _policy_values(resource, entry):
                parsed = document(estate, resource, value, place, "resource")
                if parsed is not None:
                    target = _target(estate, resource, entry.of)
                    found.setdefault(resource_node(target.workspace.name, target.address), []).append(parsed)
    return found


def resource_policy_values(estate: Estate) -> Iterator[tuple[Resource, Place, Value]]:
    """Yield the arguments that hold policies of resources."""
    for type_, entry in _tables().policies.items():
        for resource in estate.resources(type_):
            for place, value in _policy_values(resource, entry):
                if value is not None and value.raw is not None and value.raw != "":
                    yield resource, place, value


def _policy_values(resource: Resource, entry: _Policy) -> Iterator[tuple[Place, Value | None]]:
    """Yield where a resource's policies stand, and what."""
    if entry.policy.partition("[")[0] not in resource.arguments:
        return  # What AWS fills in is not the code's.
    # A path that is a plain argument is read whole: its JSON is one value.
    places = values_at(resource, entry.policy) if "[]" in entry.policy else (((entry.policy,), None),)
    for place, found in places:
        yield place, found if found is not None else resource.value(entry.policy)


def _target(estate: Estate, resource: Resource, argument: str) -> Resource:
    """Return the resource that an argument names, where the platform makes it; else the resource itself."""
    value = resource.value(argument) if argument else None
    return next((r for r in resources_behind(estate, value) if r.mode == "managed"), resource)


class _Finder:
    def __init__(self, estate: Estate, directory: IdentityDirectory) -> None:
        self._estate = estate
        self._directory = directory
        self._organization = text_of(organization_id(estate.settings))

    def certain(self, type_: str) -> Iterator[Resource]:
        return (resource for resource in self._estate.resources(type_) if not resource.instance.uncertain)

    def of_policy(self, resource: Resource, entry: _Policy) -> Iterator[Access]:
        target = self._target(resource, entry.of)
        for place, value in _policy_values(resource, entry):
            parsed = document(self._estate, resource, value, place, "resource")
            if parsed is None:
                continue
            for one in resource_access(parsed.policy, lambda principal: self._context(principal, resource)):
                node, _, _ = resolve(self._estate, self._directory, one.principal, node_of(resource))
                label = f"`{target}` lets `{one.principal.entry.text}` in"
                yield Access(
                    "can-access",
                    node,
                    str(one.principal.entry.text),
                    target,
                    tuple(map(str, one.actions)),
                    one.all_but,
                    "allowed" if one.outcome.truth else "conditional",
                    (str(one.outcome.remainder),) if one.outcome.remainder is not None else (),
                    (parsed.evidence(label, one.principal.entry.path),),
                )

    def _context(self, principal: Principal, resource: Resource) -> Context:
        account = principal.account
        ours = account is not None and self._estate.account_of(account) is not None
        facts = Facts(
            organization=self._organization if ours else None,
            claims=ALWAYS,
            resource_account=account_text(resource),
            resource_organization=self._organization,
        )
        return context_for(principal, facts)

    def of_grant(self, resource: Resource, entry: _Grant) -> Iterator[Access]:
        target = self._target(resource, entry.of)
        conditions = tuple(self._conditions(resource, entry))
        for place, value in values_at(resource, entry.principal):
            told = text(value)
            if told is not None:
                node = self._node(told, place, resource)
                evidence = (resource.evidence(f"`{target}` is granted to `{told}`", *place),)
                actions = entry.actions if isinstance(entry.actions, tuple) else self._actions(resource, entry.actions)
                verdict: Literal["allowed", "conditional"] = "conditional" if conditions else "allowed"
                yield Access(
                    "can-access",
                    node,
                    str(told),
                    target,
                    actions,
                    all_but=False,
                    verdict=verdict,
                    conditions=conditions,
                    evidence=evidence,
                )

    @staticmethod
    def _actions(resource: Resource, path: str) -> tuple[str, ...]:
        texts = (text(value) for _, value in values_at(resource, path))
        return tuple(dict.fromkeys(str(item) for item in texts if item is not None))

    @staticmethod
    def _conditions(resource: Resource, entry: _Grant) -> Iterator[str]:
        for argument, key in entry.conditions.items():
            told = resource.text(argument)
            if told is not None:
                yield f'{key} is "{told}"'
        for block in elements(resource.value(entry.condition_blocks)) if entry.condition_blocks else ():
            condition = Attributes(block)
            yield f'{condition.text("key")} {condition.text("type")} "{condition.text("value")}"'

    def of_share(self, resource: Resource, entry: _Share) -> Iterator[Access]:
        for target in self._shared(resource, entry):
            for path in entry.with_:
                for place, value in values_at(resource, path):
                    told = text(value)
                    if told is not None:
                        evidence = (resource.evidence(f"`{target}` is shared with `{told}`", *place),)
                        node = self._node(told, place, resource)
                        yield Access("shared-with", node, str(told), target, (), False, "allowed", (), evidence)

    def _shared(self, resource: Resource, entry: _Share) -> list[Resource]:
        """Return what is shared; for a share of Resource Access Manager, all that is associated with it."""
        target = self._target(resource, entry.of)
        if target.type != "aws_ram_resource_share":
            return [target]
        found = []
        for link in self.certain("aws_ram_resource_association"):
            share = resource_behind(self._estate, link.value("resource_share_arn"), "aws_ram_resource_share")
            if share is target:
                found.append(self._target(link, "resource_arn"))
        return found or [target]

    def _target(self, resource: Resource, argument: str) -> Resource:
        return _target(self._estate, resource, argument)

    def _node(self, told: Text, place: Place, resource: Resource) -> str:
        """Return the node of whom an argument names: an account, a unit, the organization, or a principal."""
        arn = Arn.parse(told)
        if arn is not None and known(arn.service) == "organizations":
            kind = "organization" if known(arn.resource_type) == "organization" else "organizational-unit"
            return named_node(kind, told, node_of(resource))
        if told == "all":
            told = "*"
        whole = known(told) or ""
        entry = PrincipalEntry(
            "Service" if whole.endswith((".amazonaws.com", ".amazonaws.com.cn")) else "AWS", told, place
        )
        account = arn.account if arn is not None else told
        named = TrustedPrincipal(Statement(place), entry, entry_form(entry), arn, account)
        return resolve(self._estate, self._directory, named, node_of(resource))[0]
