"""The roles that Identity Center makes of permission sets, and who is assigned to them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.aws.arn import permission_set_role
from astralint.aws.policy import Policy
from astralint.aws.text import join, known
from astralint.estate.estate import Estate
from astralint.estate.model import Account, Resource
from astralint.estate.nodes import named_node, resource_node
from astralint.estate.origins import resource_behind
from astralint.estate.views import Attributes, text
from astralint.source.evidence import Evidence
from astralint.source.partial import Hole, PartialText, Text, identity_of
from astralint.terraform.values.value import Value
from astralint.trust.documents import document
from astralint.trust.identity import Identity
from astralint.trust.policies import Attached, PolicyDirectory, account_text_of, elements

PERMISSION_SET = "aws_ssoadmin_permission_set"
UNKNOWN_ACCOUNT = PartialText((Hole("the account that the permission set is assigned in is not known"),))


class Assignment(msgspec.Struct, frozen=True, eq=False):
    """A user or group of Identity Center that may sign in as a permission set's role of one account.

    `kind` is `sso-user` or `sso-group`, `name` what it is called, as far as that is known.
    """

    kind: str
    node: str
    name: Text
    role: Identity
    resource: Resource

    @property
    def evidence(self) -> Evidence:
        label = f"`{self.name}` is assigned `{self.role}`"
        return self.resource.evidence(label, "principal_id")


class Membership(msgspec.Struct, frozen=True, eq=False):
    """A user of Identity Center that is in a group of it."""

    user_node: str
    user: Text
    group_node: str
    group: Text
    resource: Resource

    @property
    def evidence(self) -> Evidence:
        return self.resource.evidence(f"`{self.user}` is a member of `{self.group}`", "member_id")


class PermissionSets:
    """All permission sets of the platform, with their policies, assignments and the groups' members."""

    def __init__(self, estate: Estate, policies: PolicyDirectory) -> None:
        self._estate = estate
        self._policies = policies
        self._sets = tuple(estate.resources(PERMISSION_SET))
        self.roles: dict[str, Identity] = {}
        self.assignments: list[Assignment] = []
        for resource in estate.resources("aws_ssoadmin_account_assignment"):
            self._assignment(resource)
        self.memberships = list(self._members())
        self.groups = {one.node: self._group(one) for one in self.assignments if one.kind == "sso-group"}

    def _assignment(self, resource: Resource) -> None:
        account = self._estate.account_of(resource.value("target_id"))
        permission_set = self._behind(resource.value("permission_set_arn"))
        name = permission_set.text("name") if permission_set is not None else None
        if permission_set is None or name is None:
            return
        # Which account it is may be known for another assignment's: two unknown ones are not the same.
        node = named_node("permission-set", join(self._account(resource, account), "/", name), _node(permission_set))
        role = self.roles.get(node)
        if role is None:
            role = self.roles[node] = self._role(node, permission_set, name, account)
        kind = "sso-user" if resource.text("principal_type") == "USER" else "sso-group"
        principal = principal_of(self._estate, resource, "principal_id", kind)
        self.assignments.append(Assignment(kind, *principal, role, resource))

    @staticmethod
    def _account(assignment: Resource, account: Account | None) -> Text:
        if account is not None:
            return account.name
        target = assignment.text("target_id") or ""
        if identity_of(target) is not None:
            return target
        return PartialText((Hole("it is not known", f"generated:target of {_node(assignment)}"),))

    def _role(self, node: str, permission_set: Resource, name: Text, account: Account | None) -> Identity:
        arn = permission_set_role(account_text_of(account) if account is not None else UNKNOWN_ACCOUNT, name, node).text
        policies = tuple(self._attached(permission_set, account))
        boundary = next(self._boundaries(permission_set, account), None)
        return Identity(node, "permission-set", name, arn, account, permission_set, None, policies, boundary)

    def _behind(self, value: Value | None) -> Resource | None:
        """Return the permission set that an ARN is of; where it was looked up, the one that the platform makes."""
        found = resource_behind(self._estate, value, PERMISSION_SET)
        if found is not None and found.mode == "managed":
            return found
        arn = str(text(value) or "")
        made = next((one for one in self._sets if str(text(one.value("arn")) or one.address) == arn), None)
        if made is None and found is not None:
            named = [one for one in self._sets if one.text("name") == found.text("name")]
            made = named[0] if len(named) == 1 else None
        return made or found

    # --- what a permission set may do ----------------------------------------------------

    def _of(self, type_: str, permission_set: Resource) -> Iterator[Resource]:
        for resource in self._estate.resources(f"aws_ssoadmin_{type_}"):
            if self._behind(resource.value("permission_set_arn")) is permission_set:
                yield resource

    def _attached(self, permission_set: Resource, account: Account | None) -> Iterator[Attached]:
        if permission_set.mode == "data":
            reason = f"the policies of the permission set `{permission_set.text('name')}` are not in the code"
            yield Attached(Policy.unknown(reason), None, permission_set)
        for attachment in self._of("managed_policy_attachment", permission_set):
            value = attachment.value("managed_policy_arn")
            if value is not None:
                yield self._policies.by_arn(value, attachment)
        for attachment in self._of("customer_managed_policy_attachment", permission_set):
            for reference in elements(attachment.value("customer_managed_policy_reference")):
                yield self._by_reference(Attributes(reference), account, attachment)
        for inline in self._of("permission_set_inline_policy", permission_set):
            parsed = document(self._estate, inline, inline.value("inline_policy"), ("inline_policy",), "identity")
            if parsed is not None:
                yield Attached(parsed.policy, parsed, inline)

    def _boundaries(self, permission_set: Resource, account: Account | None) -> Iterator[Policy]:
        for attachment in self._of("permissions_boundary_attachment", permission_set):
            for block in elements(attachment.value("permissions_boundary")):
                boundary = Attributes(block)
                managed = boundary.raw("managed_policy_arn")
                if managed is not None and managed.raw is not None:
                    yield self._policies.by_arn(managed, attachment).policy
                for reference in elements(boundary.raw("customer_managed_policy_reference")):
                    yield self._by_reference(Attributes(reference), account, attachment).policy

    def _by_reference(self, reference: Attributes, account: Account | None, holder: Resource) -> Attached:
        name = reference.text("name")
        if name is None or account is None:
            return Attached(Policy.unknown("which policy of its account it has is not known"), None, holder)
        return self._policies.by_name(account, name, reference.text("path") or "/", holder)

    @staticmethod
    def _group(assignment: Assignment) -> Identity:
        account = assignment.resource.account_or_none
        return Identity(assignment.node, "group", assignment.name, "", account, assignment.resource, None, (), None)

    # --- groups --------------------------------------------------------------------------

    def _members(self) -> Iterator[Membership]:
        for resource in self._estate.resources("aws_identitystore_group_membership"):
            user = principal_of(self._estate, resource, "member_id", "sso-user")
            group = principal_of(self._estate, resource, "group_id", "sso-group")
            yield Membership(*user, *group, resource)


def _node(resource: Resource) -> str:
    return resource_node(resource.workspace.name, resource.address)


def principal_of(estate: Estate, resource: Resource, argument: str, kind: str) -> tuple[str, Text]:
    """Return the node and the name of a user or group of Identity Center by its id, made or looked up."""
    value = resource.value(argument)
    type_, attribute = {
        "sso-user": ("aws_identitystore_user", "user_name"),
        "sso-group": ("aws_identitystore_group", "display_name"),
    }[kind]
    found = resource_behind(estate, value, type_)
    if found is None:
        shown = text(value) or ""
        return named_node(kind, shown, _node(resource)), shown
    name = found.text(attribute)
    if name is None or known(name) is None:
        name = _looked_up_by(found) or found.address
    if found.mode == "managed":
        return resource_node(found.workspace.name, found.address), name
    made = [one for one in estate.resources(type_) if one.text(attribute) == name]
    if len(made) == 1:
        return resource_node(made[0].workspace.name, made[0].address), name
    return named_node(kind, name, _node(found)), name


def _looked_up_by(data: Resource) -> Text | None:
    """Return what a user or group is looked up by (`alternate_identifier`'s unique attribute, or a filter)."""
    for name in ("alternate_identifier", "filter"):
        for block in elements(data.value(name)):
            found = Attributes(block)
            for inner in (found, *map(Attributes, elements(found.raw("unique_attribute")))):
                value = inner.text("attribute_value")
                if value is not None:
                    return value
    return None
