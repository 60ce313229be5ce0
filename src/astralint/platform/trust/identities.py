"""Roles, users and permission sets, with all policies that have a say in what they may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from astralint.aws.arn import Arn, iam_arn, permission_set_role
from astralint.aws.managed_policies import managed_policy
from astralint.aws.policy import Policy
from astralint.aws.text import known
from astralint.platform.graph_model import principal_node, resource_node
from astralint.platform.knowledge import account_value
from astralint.platform.model import Account, Resource
from astralint.platform.trust.documents import Document, document
from astralint.platform.views import text
from astralint.source.partial import Hole, PartialText, Text, same
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.values.value import Unknown, Value

if TYPE_CHECKING:
    from astralint.platform.platform import Platform

Kind = Literal["role", "user", "permission-set"]


class Attached(msgspec.Struct, frozen=True, eq=False):
    """A policy that an identity has; `document` is None for one that AWS manages."""

    policy: Policy
    document: Document | None
    resource: Resource


class Identity(msgspec.Struct, frozen=True, eq=False):
    """A role or user that a workspace makes, or the role that Identity Center makes of a permission set.

    `unknown` says why it may have policies that are not seen.
    """

    node: str
    kind: Kind
    name: Text
    arn: Text
    account: Account | None
    resource: Resource
    trust: Document | None
    policies: tuple[Attached, ...]
    boundary: Policy | None
    unknown: tuple[str, ...] = ()

    def __str__(self) -> str:
        return known(self.name) or self.resource.address

    @property
    def title(self) -> str:
        """Its name and account for messages, in backticks; the workspace where the account is not known."""
        if self.account is None:
            return f"`{self}` of the workspace `{self.resource.workspace}`"
        return f"`{self}` of `{self.account}`"


ROLE_POLICIES = ("aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_policy_attachment")


def identities(platform: Platform) -> list[Identity]:
    """Return all identities, in stable order; those that may not exist are left out."""
    collector = _Collector(platform)
    found = [
        collector.role(resource) for resource in platform.resources("aws_iam_role") if not resource.instance.uncertain
    ]
    found += [
        collector.user(resource) for resource in platform.resources("aws_iam_user") if not resource.instance.uncertain
    ]
    found += collector.permission_sets()
    return found


class _Collector:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._customer = self._customer_policies()
        self._inline = self._by_holder("aws_iam_role_policy", "role") | self._by_holder("aws_iam_user_policy", "user")
        self._attachments = self._attached()
        self._members = self._memberships()

    # --- identities ----------------------------------------------------------------------

    def role(self, resource: Resource) -> Identity:
        name = resource.text("name") or PartialText((Hole("its name is not known"),))
        trust = document(
            self.platform, resource, resource.value("assume_role_policy"), ("assume_role_policy",), "trust"
        )
        policies = [*self._own_inline(resource), *self._listed(resource, "managed_policy_arns")]
        policies += self._held("role", resource, name)
        return self._identity("role", resource, name, trust, policies)

    def user(self, resource: Resource) -> Identity:
        name = resource.text("name") or PartialText((Hole("its name is not known"),))
        policies = self._held("user", resource, name)
        for group in self._members.get(self._key("user", resource, name), ()):
            policies += self._held("group", group, group.text("name") or "")
        return self._identity("user", resource, name, None, policies)

    def _identity(
        self, kind: Kind, resource: Resource, name: Text, trust: Document | None, policies: list[Attached]
    ) -> Identity:
        boundary = resource.value("permissions_boundary")
        limit = None
        if boundary is not None and boundary.raw is not None:
            attached = self._by_arn(boundary, resource)
            limit = attached.policy
        return Identity(
            resource_node(resource.workspace.name, resource.address),
            kind,
            name,
            self._arn(kind, resource, name),
            resource.account_or_none,
            resource,
            trust,
            tuple(policies),
            limit,
        )

    def _arn(self, kind: str, resource: Resource, name: Text) -> Text:
        known = text(resource.value("arn"))
        if known is not None and not (isinstance(known, PartialText) and len(known.parts) == 1):
            return known
        return iam_arn(account_text(resource), kind, name, resource.text("path") or "/").text

    def permission_sets(self) -> list[Identity]:
        """Return one virtual role for each account and permission set that is assigned there."""
        sets = {
            str(text(s.value("arn")) or s.address): s for s in self.platform.resources("aws_ssoadmin_permission_set")
        }
        found: dict[str, Identity] = {}
        for assignment in self.platform.resources("aws_ssoadmin_account_assignment"):
            account = self.platform.account_of(assignment.value("target_id"))
            permission_set = self._origin_resource(assignment, "permission_set_arn", "aws_ssoadmin_permission_set")
            permission_set = permission_set or sets.get(str(text(assignment.value("permission_set_arn"))))
            if account is None or permission_set is None or assignment.instance.uncertain:
                continue
            name = permission_set.text("name")
            if name is None:
                continue
            node = principal_node("permission-set", f"{account.name}/{name}")
            arn = permission_set_role(account_text_of(account), name).text
            policies = self._permission_set_policies(permission_set)
            found.setdefault(
                node, Identity(node, "permission-set", name, arn, account, permission_set, None, tuple(policies), None)
            )
        return [found[node] for node in sorted(found)]

    def _permission_set_policies(self, permission_set: Resource) -> list[Attached]:
        found: list[Attached] = []
        for attachment in self.platform.resources("aws_ssoadmin_managed_policy_attachment"):
            if self._origin_resource(attachment, "permission_set_arn", permission_set.type) is permission_set:
                value = attachment.value("managed_policy_arn")
                if value is not None:
                    found.append(self._by_arn(value, attachment))
        for inline in self.platform.resources("aws_ssoadmin_permission_set_inline_policy"):
            if self._origin_resource(inline, "permission_set_arn", permission_set.type) is permission_set:
                parsed = document(self.platform, inline, inline.value("inline_policy"), ("inline_policy",), "identity")
                if parsed is not None:
                    found.append(Attached(parsed.policy, parsed, inline))
        return found

    def _origin_resource(self, resource: Resource, attribute: str, type_: str) -> Resource | None:
        value = resource.value(attribute)
        pending = list(value.origins) if value is not None else []
        seen = set(pending)
        while pending:
            origin = pending.pop()
            if origin.kind == "resource":
                found = self.platform.find(origin.workspace, origin.address.rpartition(".")[0])
                found = found or self.platform.find(origin.workspace, origin.address)
                if found is not None and found.type == type_:
                    return found
            fresh = origin.sources - seen
            seen |= fresh
            pending.extend(fresh)
        return None

    # --- policies --------------------------------------------------------------------------

    def _own_inline(self, resource: Resource) -> Iterator[Attached]:
        value = resource.value("inline_policy")
        for position, block in enumerate(value.raw if value is not None and isinstance(value.raw, tuple) else ()):
            inner = block.raw.get("policy") if isinstance(block.raw, dict) else None
            path = ("inline_policy", position, "policy")
            parsed = document(self.platform, resource, inner, path, "identity")
            if parsed is not None:
                yield Attached(parsed.policy, parsed, resource)

    def _listed(self, resource: Resource, attribute: str) -> Iterator[Attached]:
        value = resource.value(attribute)
        for item in value.raw if value is not None and isinstance(value.raw, tuple) else ():
            yield self._by_arn(item, resource)

    def _held(self, kind: str, resource: Resource, name: Text) -> list[Attached]:
        key = self._key(kind, resource, name)
        return [*self._inline.get(key, ()), *self._attachments.get(key, ())]

    @staticmethod
    def _key(kind: str, resource: Resource, name: Text) -> tuple[str, str, str]:
        return kind, str(account_text(resource)), str(name)

    def _by_holder(self, type_: str, attribute: str) -> dict[tuple[str, str, str], list[Attached]]:
        kind = attribute
        found: dict[tuple[str, str, str], list[Attached]] = {}
        types = (type_, "aws_iam_group_policy") if kind == "user" else (type_,)
        for resource in self.platform.resources(*types):
            holder_kind = "group" if resource.type == "aws_iam_group_policy" else kind
            holder = resource.text(holder_kind)
            parsed = document(self.platform, resource, resource.value("policy"), ("policy",), "identity")
            if holder is not None and parsed is not None and not resource.instance.uncertain:
                key = self._key(holder_kind, resource, holder)
                found.setdefault(key, []).append(Attached(parsed.policy, parsed, resource))
        return found

    def _attached(self) -> dict[tuple[str, str, str], list[Attached]]:
        found: dict[tuple[str, str, str], list[Attached]] = {}

        def attach(kind: str, resource: Resource, holder: Text | None, arn: Value | None) -> None:
            if holder is not None and arn is not None:
                found.setdefault(self._key(kind, resource, holder), []).append(self._by_arn(arn, resource))

        for kind in ("role", "user", "group"):
            for resource in self.platform.resources(f"aws_iam_{kind}_policy_attachment"):
                if not resource.instance.uncertain:
                    attach(kind, resource, resource.text(kind), resource.value("policy_arn"))
            for resource in self.platform.resources(f"aws_iam_{kind}_policy_attachments_exclusive"):
                holder = resource.text(f"{kind}_name")
                arns = resource.value("policy_arns")
                for arn in arns.raw if arns is not None and isinstance(arns.raw, tuple) else ():
                    attach(kind, resource, holder, arn)
        for resource in self.platform.resources("aws_iam_policy_attachment"):
            for kind in ("role", "user", "group"):
                holders = resource.value(f"{kind}s")
                for holder_value in holders.raw if holders is not None and isinstance(holders.raw, tuple) else ():
                    attach(kind, resource, text(holder_value), resource.value("policy_arn"))
        return found

    def _memberships(self) -> dict[tuple[str, str, str], list[Resource]]:
        groups = {self._key("group", g, g.text("name") or ""): g for g in self.platform.resources("aws_iam_group")}
        found: dict[tuple[str, str, str], list[Resource]] = {}

        def join(resource: Resource, user: Text | None, group: Text | None) -> None:
            target = groups.get(self._key("group", resource, group)) if group is not None else None
            if target is not None and user is not None:
                found.setdefault(self._key("user", resource, user), []).append(target)

        for resource in self.platform.resources("aws_iam_user_group_membership"):
            listed = resource.value("groups")
            for group in listed.raw if listed is not None and isinstance(listed.raw, tuple) else ():
                join(resource, resource.text("user"), text(group))
        for resource in self.platform.resources("aws_iam_group_membership"):
            listed = resource.value("users")
            for user in listed.raw if listed is not None and isinstance(listed.raw, tuple) else ():
                join(resource, text(user), resource.text("group"))
        return found

    def _customer_policies(self) -> list[tuple[Text, Resource]]:
        found = []
        for resource in self.platform.resources("aws_iam_policy"):
            arn = text(resource.value("arn"))
            if arn is not None:
                found.append((arn, resource))
        return found

    def _by_arn(self, value: Value, holder: Resource) -> Attached:
        arn = text(value)
        if arn is None:
            return Attached(Policy.unknown("its policy is not known"), None, holder)
        managed = managed_policy(arn)
        if managed is not None:
            return Attached(managed, None, holder)
        matches = [resource for own, resource in self._customer if same(own, arn)]
        if not matches and isinstance(value.raw, Unknown):
            found = self._of_origin(value)
            matches = [found] if found is not None else []
        if matches:
            parsed = document(self.platform, matches[0], matches[0].value("policy"), ("policy",), "identity")
            if parsed is not None:
                return Attached(parsed.policy, parsed, matches[0])
        return Attached(Policy.unknown(f"what `{arn}` says is not in the code", name=str(arn)), None, holder)

    def _of_origin(self, value: Value) -> Resource | None:
        pending = list(value.origins)
        seen = set(pending)
        while pending:
            origin = pending.pop()
            found = self.platform.find(origin.workspace, origin.address.rpartition(".")[0])
            if found is not None and found.type == "aws_iam_policy":
                return found
            fresh = origin.sources - seen
            seen |= fresh
            pending.extend(fresh)
        return None


def account_text(resource: Resource) -> Text:
    """Return the account of a resource as it stands in ARNs: its number, its symbol, or a hole."""
    provider = resource.instance.provider
    account = text_of(provider.account) if provider is not None else None
    return account if account is not None else PartialText((Hole("the account is not known"),))


def account_text_of(account: Account) -> Text:
    """Return an account as it stands in ARNs."""
    value = text_of(account_value(account.name, account.number))
    return value if value is not None else ""


def role_name(arn: Text) -> Text | None:
    """Return the name of the role or user that an ARN names."""
    parsed = Arn.parse(arn)
    return parsed.name if parsed is not None else None
