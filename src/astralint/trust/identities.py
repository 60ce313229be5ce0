"""All roles, users and groups that have policies: what workspaces make, and what AWS makes of that."""

from __future__ import annotations

import msgspec

from astralint.aws.arn import iam_arn
from astralint.aws.text import is_partial
from astralint.estate.estate import Estate
from astralint.estate.model import Resource
from astralint.estate.nodes import resource_node
from astralint.estate.views import text
from astralint.source.partial import Hole, PartialText, Text, identity_of
from astralint.terraform.values.value import Unknown, Value
from astralint.trust.documents import Document, document
from astralint.trust.identity import Identity, Kind
from astralint.trust.policies import Attached, HolderKey, PolicyDirectory, account_text, elements, holder_account


def roles_and_users(
    estate: Estate, policies: PolicyDirectory, groups: dict[str, list[Resource]] | None = None
) -> list[Identity]:
    """Return the IAM roles and users that workspaces make, in stable order, those included that may not exist.

    `groups` is filled with the groups that each user is in, by the user's node.
    """
    maker = _Maker(estate, policies, groups if groups is not None else {})
    found = [maker.role(resource) for resource in estate.resources("aws_iam_role")]
    found += [maker.user(resource) for resource in estate.resources("aws_iam_user")]
    return found + [
        maker.group(resource) for resource in estate.resources("aws_iam_group") if maker.may_have_others(resource)
    ]


class _Maker:
    def __init__(self, estate: Estate, policies: PolicyDirectory, groups: dict[str, list[Resource]]) -> None:
        self.estate = estate
        self._policies = policies
        self._groups = groups
        self._open: dict[HolderKey, None] = {}
        self._closed: dict[HolderKey, None] = {}
        self._members = self._memberships()

    def role(self, resource: Resource) -> Identity:
        value = resource.value("assume_role_policy")
        trust = document(self.estate, resource, value, ("assume_role_policy",), "trust")
        return self._identity("role", resource, trust, self._policies.of("role", resource))

    def user(self, resource: Resource) -> Identity:
        policies = self._policies.of("user", resource)
        for group in self._members.get(self._key("user", resource, _name(resource)), ()):
            policies += self._policies.of("group", group)
            self._groups.setdefault(resource_node(resource.workspace.name, resource.address), []).append(group)
        return self._identity("user", resource, None, policies)

    def group(self, resource: Resource) -> Identity:
        """Return a group as whoever is in it: with an unknown name, and the group's permissions."""
        own = self._identity("group", resource, None, self._policies.of("group", resource))
        member = Hole(f"who is in `{own}`", f"generated:member of {own.node}")
        return msgspec.structs.replace(own, arn=iam_arn(account_text(resource), "user", PartialText((member,))).text)

    def may_have_others(self, resource: Resource) -> bool:
        """Say whether a group may have members that are not known: some are not, or nothing says who is in it."""
        key = self._key("group", resource, _name(resource))
        return key in self._open or key not in self._closed

    def _identity(self, kind: Kind, resource: Resource, trust: Document | None, policies: list[Attached]) -> Identity:
        boundary = resource.value("permissions_boundary")
        is_bound = boundary is not None and boundary.raw is not None and boundary.raw != ""
        return Identity(
            resource_node(resource.workspace.name, resource.address),
            kind,
            _name(resource),
            _arn(kind, resource),
            resource.account_or_none,
            resource,
            trust,
            tuple(policies),
            self._policies.by_arn(boundary, resource).policy if is_bound and boundary is not None else None,
        )

    def _key(self, kind: str, resource: Resource, name: Text) -> HolderKey:
        account = holder_account(self.estate, resource)
        own = identity_of(name)
        # Two names that are not known are the same only where they are one resource's.
        told = own if own is not None else resource_node(resource.workspace.name, resource.address)
        return "user" if kind == "user" else "group", account, told

    def _memberships(self) -> dict[HolderKey, list[Resource]]:
        groups = {self._key("group", g, _name(g)): g for g in self.estate.resources("aws_iam_group")}
        found: dict[HolderKey, list[Resource]] = {}

        def join(resource: Resource, user: Text | None, group: Text | None) -> None:
            key = self._key("group", resource, group) if group is not None else None
            target = groups.get(key) if key is not None else None
            if key is None or target is None:
                return
            if user is None or is_partial(user) or resource.instance.uncertain:
                self._open[key] = None
            if user is not None and not resource.instance.uncertain:
                self._closed[key] = None
                found.setdefault(self._key("user", resource, user), []).append(target)

        for resource in self.estate.resources("aws_iam_user_group_membership"):
            for group in elements(resource.value("groups")):
                join(resource, resource.text("user"), text(group))
        for resource in self.estate.resources("aws_iam_group_membership"):
            users = resource.value("users")
            if users is not None and isinstance(users.raw, Unknown):
                join(resource, None, resource.text("group"))
            for user in elements(users):
                join(resource, text(user), resource.text("group"))
        return found


def _name(resource: Resource) -> Text:
    return resource.text("name") or PartialText((Hole("its name is not known"),))


def _arn(kind: str, resource: Resource) -> Text:
    value: Value | None = resource.value("arn")
    known = text(value)
    if known is not None and not (isinstance(known, PartialText) and len(known.parts) == 1):
        return known
    return iam_arn(account_text(resource), kind, _name(resource), resource.text("path") or "/").text
