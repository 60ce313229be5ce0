"""What there is in each account that somebody could change or hand on: identities, policies, groups, resources."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.text import Text, join, known
from astralint.estate.model import Account, Resource
from astralint.estate.nodes import resource_node
from astralint.estate.origins import resource_behind, resources_behind
from astralint.estate.views import text
from astralint.source.evidence import Evidence
from astralint.source.partial import Hole, identity_of, same
from astralint.trust.assumption import Assumption
from astralint.trust.escalation.homes import Homes
from astralint.trust.escalation.table import Thing, templates
from astralint.trust.identity import Identity
from astralint.trust.index import TrustIndex
from astralint.trust.policies import account_text
from astralint.trust.relations import PROFILE, RunsAs, instance_profile

_SERVICE = "principal:service/"
RESERVED = ("/aws-service-role/", "/aws-reserved/")


class Group(msgspec.Struct, frozen=True, eq=False):
    """A group of IAM, with its members and what it may."""

    resource: Resource
    members: tuple[Identity, ...]

    @property
    def node(self) -> str:
        return resource_node(self.resource.workspace.name, self.resource.address)

    @property
    def name(self) -> str:
        return str(self.resource.text("name") or self.resource.name)


class HeldPolicy(msgspec.Struct, frozen=True, eq=False):
    """A managed policy that a workspace makes: who has it, and whose boundary it is."""

    resource: Resource
    arn: Text
    holders: tuple[Identity, ...]
    bounds: tuple[Identity, ...]

    @property
    def name(self) -> str:
        return str(self.resource.text("name") or self.resource.name)


class Holdings:
    """All of it, by account; nothing is looked for over all accounts."""

    def __init__(self, index: TrustIndex, homes: Homes) -> None:
        self.index = index
        self.estate = index.estate
        self.homes = homes

    # --- identities ---------------------------------------------------------------------------

    @cached_property
    def _identities(self) -> dict[tuple[str, str], list[Identity]]:
        found: dict[tuple[str, str], list[Identity]] = {}
        for identity in self.index.identities:
            account = self.homes.of_identity(identity)
            if account is not None and not is_reserved(identity):
                found.setdefault((account.name, identity.kind), []).append(identity)
        return found

    def roles(self, account: Account) -> tuple[Identity, ...]:
        """Return the roles of an account that may be changed: none of a service, none of Identity Center."""
        return tuple(self._identities.get((account.name, "role"), ()))

    def users(self, account: Account) -> tuple[Identity, ...]:
        """Return the users of an account."""
        return tuple(self._identities.get((account.name, "user"), ()))

    @cached_property
    def _passable(self) -> dict[tuple[str, str], list[Assumption]]:
        found: dict[tuple[str, str], list[Assumption]] = {}
        for assumption in self.index.assumptions:
            role, account = assumption.role, self.homes.of_identity(assumption.role)
            if (
                assumption.source.startswith(_SERVICE)
                and assumption.decision.verdict != "denied"
                and account is not None
                and not is_reserved(role)
            ):
                service = assumption.source.removeprefix(_SERVICE)
                found.setdefault((account.name, service), []).append(assumption)
        return found

    def passable(self, account: Account, service: str) -> tuple[Assumption, ...]:
        """Return the roles of an account that let a service in, with how they do."""
        return tuple(self._passable.get((account.name, service), ()))

    # --- groups and policies ------------------------------------------------------------------

    @cached_property
    def _groups(self) -> dict[str, list[Group]]:
        members: dict[str, list[Identity]] = {}
        for node, groups in self.index.directory.groups_of.items():
            identity = self.index.by_node.get(node)
            for group in groups if identity is not None else ():
                assert identity is not None
                members.setdefault(resource_node(group.workspace.name, group.address), []).append(identity)
        found: dict[str, list[Group]] = {}
        for resource in self.estate.resources("aws_iam_group"):
            account = self.homes.of(resource)
            if account is not None:
                own = members.get(resource_node(resource.workspace.name, resource.address), ())
                found.setdefault(account.name, []).append(Group(resource, tuple(own)))
        return found

    def groups(self, account: Account) -> tuple[Group, ...]:
        """Return the groups of an account."""
        return tuple(self._groups.get(account.name, ()))

    @cached_property
    def _policies(self) -> dict[str, list[HeldPolicy]]:
        holders: dict[str, list[Identity]] = {}
        bounds: dict[str, list[Identity]] = {}
        by_arn: dict[str, str] = {}
        for resource in self.estate.resources("aws_iam_policy"):
            arn = resource.text("arn")
            own = identity_of(arn) if arn is not None else None
            if own is not None:
                by_arn[own] = resource_node(resource.workspace.name, resource.address)
        for identity in self.index.identities:
            for attached in identity.policies:
                if attached.resource.type == "aws_iam_policy":
                    node = resource_node(attached.resource.workspace.name, attached.resource.address)
                    if identity not in holders.setdefault(node, []):
                        holders[node].append(identity)
            value = identity.resource.value("permissions_boundary") if identity.boundary is not None else None
            if value is not None:
                behind = resource_behind(self.estate, value, "aws_iam_policy")
                told = text(value)
                bound = by_arn.get(identity_of(told) or "") if told is not None else None
                if behind is not None and bound is None and behind.mode == "managed":
                    bound = resource_node(behind.workspace.name, behind.address)
                if bound is not None:
                    bounds.setdefault(bound, []).append(identity)
        found: dict[str, list[HeldPolicy]] = {}
        for resource in self.estate.resources("aws_iam_policy"):
            account, node = self.homes.of(resource), resource_node(resource.workspace.name, resource.address)
            if account is not None:
                held = tuple(one for one in holders.get(node, ()) if self.homes.of_identity(one) is account)
                limits = tuple(one for one in bounds.get(node, ()) if self.homes.of_identity(one) is account)
                arn = self.arn(resource, "arn", ("arn:{partition}:iam::{account}:policy/{name}",))
                found.setdefault(account.name, []).append(HeldPolicy(resource, arn, held, limits))
        return found

    def policies(self, account: Account) -> tuple[HeldPolicy, ...]:
        """Return the managed policies that an account makes."""
        return tuple(self._policies.get(account.name, ()))

    # --- resources ----------------------------------------------------------------------------

    @cached_property
    def _resources(self) -> dict[tuple[str, str], list[Resource]]:
        found: dict[tuple[str, str], list[Resource]] = {}
        for workspace in self.estate.workspaces.values():
            for resource in workspace.resources:
                account = self.homes.of(resource)
                if account is not None:
                    found.setdefault((account.name, resource.type), []).append(resource)
        return found

    def resources(self, account: Account, *types: str) -> Iterator[Resource]:
        """Yield the resources of some types in an account."""
        for type_ in types:
            yield from self._resources.get((account.name, type_), ())

    @cached_property
    def _roles_of(self) -> dict[str, list[RunsAs]]:
        found: dict[str, list[RunsAs]] = {}
        for running in self.index.runs_as:
            node = resource_node(running.resource.workspace.name, running.resource.address)
            found.setdefault(node, []).append(running)
        return found

    def runs_as(self, resource: Resource) -> tuple[RunsAs, ...]:
        """Return the roles that a resource runs as."""
        return tuple(self._roles_of.get(resource_node(resource.workspace.name, resource.address), ()))

    def roles_of(self, resource: Resource, thing: Thing) -> Iterator[tuple[Identity, tuple[Evidence, ...]]]:
        """Yield the roles that code of a resource runs as, with the lines that say so."""
        behind = resource
        way: tuple[Evidence, ...] = ()
        if thing.via:
            found = next(self._via(resource, thing.via), None)
            if found is None:
                return
            behind, way = found, (resource.evidence(f"`{resource}` runs `{found}`", thing.via),)
        for running in self.runs_as(behind):
            if not thing.roles or any(argument in thing.roles for argument in running.arguments):
                yield running.role, (*way, running.evidence)

    def _via(self, resource: Resource, argument: str) -> Iterator[Resource]:
        yield from (one for one in resources_behind(self.estate, resource.value(argument)) if one.mode == "managed")

    def arn(self, resource: Resource, argument: str, shapes: tuple[str, ...]) -> Text:
        """Return the ARN of a resource; where the code does not tell it, one of its kind with a name of its own."""
        told = resource.text(argument) if argument else None
        if told is not None and Arn.parse(told) is not None:
            return told
        node = resource_node(resource.workspace.name, resource.address)
        region = resource.instance.provider.region.raw if resource.instance.provider is not None else None
        name = resource.text("name") or Hole(f"what `{resource}` is called", f"generated:name of {node}")
        return filled(shapes[0], account_text(resource), region if isinstance(region, str) else "*", name)

    def arn_of(self, resource: Resource, thing: Thing) -> Text:
        """Return the ARN of a thing that exists."""
        return self.arn(resource, thing.arn, templates(thing.new))

    @cached_property
    def _profiles(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for running in self.index.runs_as:
            if running.resource.type == PROFILE:
                found.setdefault(running.role.node, []).append(running.resource)
        return found

    def profiles(self, role: Identity) -> tuple[Resource, ...]:
        """Return the instance profiles that hold a role."""
        return tuple(self._profiles.get(role.node, ()))

    def profile_of(self, instance: Resource) -> Resource | None:
        """Return the instance profile of a machine."""
        value = instance.value("iam_instance_profile")
        return instance_profile(self.estate, instance, value) if value is not None else None

    def region(self, account: Account) -> str:
        """Return the region in which most of an account's workspaces work."""
        counts: dict[str, int] = {}
        own = (one.resource.workspace for one in self.roles(account) + self.users(account))
        for workspace in self.estate.workspaces_of(account) or dict.fromkeys(own):
            for provider in workspace.result.providers:
                if isinstance(provider.region.raw, str):
                    counts[provider.region.raw] = counts.get(provider.region.raw, 0) + 1
        return max(sorted(counts), key=lambda name: counts[name]) if counts else "us-east-1"


def filled(template: str, account: Text, region: Text, name: Text | Hole) -> Text:
    """Return a template of an ARN with its places filled."""
    places: dict[str, Text | Hole] = {"partition": "aws", "region": region, "account": account, "name": name}
    pieces: list[Text | Hole] = []
    rest = template
    while rest:
        before, opened, after = rest.partition("{")
        pieces.append(before)
        if not opened:
            break
        place, _, rest = after.partition("}")
        pieces.append(places[place])
    return join(*pieces)


def is_reserved(identity: Identity) -> bool:
    """Say whether AWS alone changes an identity: a role of a service, of a permission set, or one that it makes."""
    whole = str(identity.arn)
    return identity.kind not in ("role", "user") or any(path in whole for path in RESERVED)


def is_same(first: Text, second: Text) -> bool:
    """Say whether two texts are the same for sure."""
    return same(first, second) is True


def shown(resource: Resource) -> str:
    """Return what people call a resource: its name where that is known."""
    return known(resource.text("name") or "") or resource.address
