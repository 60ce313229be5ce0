"""Which policies a role, user or group has: inline, attached, listed, less what an exclusive resource takes away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeVar

import msgspec

from astralint.aws.managed_policies import managed_policy
from astralint.aws.policy import Policy
from astralint.aws.text import known
from astralint.estate.account_names import account_value
from astralint.estate.estate import Estate
from astralint.estate.model import Account, Resource
from astralint.estate.nodes import resource_node
from astralint.estate.origins import possible_resource, resource_behind
from astralint.estate.views import text
from astralint.source.partial import Hole, PartialText, Text, same
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.values.value import Unknown, Value
from astralint.trust.documents import Document, document

HolderKind = Literal["role", "user", "group"]
HolderKey = tuple[HolderKind, str, str]
Held = TypeVar("Held")
HOLDER_KINDS: tuple[HolderKind, ...] = ("role", "user", "group")


class Attached(msgspec.Struct, frozen=True, eq=False):
    """A policy that an identity has; `document` is None for one that AWS manages.

    `name` is that of an inline policy, `arn` that of a managed one.
    """

    policy: Policy
    document: Document | None
    resource: Resource
    name: Text | None = None
    arn: Text | None = None


class PolicyDirectory:
    """All policies of a platform, by who holds them."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._adrift: list[tuple[HolderKind, Text, Attached]] = []
        self._customer = self._customer_policies()
        self._inline = self._inline_policies()
        self._attachments = self._attached()
        self._only_inline = self._exclusive("policies_exclusive", "policy_names")
        self._only_attached = self._exclusive("policy_attachments_exclusive", "policy_arns")

    def of(self, kind: HolderKind, resource: Resource) -> list[Attached]:
        """Return the policies of a role, user or group, with those that its own block holds."""
        account = holder_account(self.estate, resource)
        inline = [*self._own_inline(resource), *_of(self._inline, kind, resource, account)]
        listed = [*self._listed(resource, "managed_policy_arns"), *_of(self._attachments, kind, resource, account)]
        for names in _of(self._only_inline, kind, resource, account):
            inline = [a for a in inline if a.name is None or _may_hold(names, a.name)]
        for arns in _of(self._only_attached, kind, resource, account):
            listed = [a for a in listed if a.arn is None or _may_hold(arns, a.arn)]
        return [*inline, *listed]

    def perhaps(self, kind: HolderKind, account: Account | None, name: Text) -> Iterator[Attached]:
        """Yield the policies that a role, user or group may have, since it is not known who has them."""
        for own, holder, attached in self._adrift:
            home = attached.resource.account_or_none
            if own == kind and (home is None or account is None or home is account) and same(holder, name) is not False:
                yield attached

    def by_arn(self, value: Value, holder: Resource) -> Attached:
        """Return the managed policy that a value names: AWS's, one of the platform's, or one that isn't known."""
        arn = text(value)
        if arn is None:
            return Attached(Policy.unknown("its policy is not known"), None, holder)
        managed = managed_policy(arn)
        if managed is not None:
            return Attached(managed, None, holder, arn=arn)
        matches = [resource for own, resource in self._customer if same(own, arn)]
        if not matches and isinstance(value.raw, Unknown):
            found = resource_behind(self.estate, value, "aws_iam_policy")
            matches = [found] if found is not None and found.mode == "managed" else []
        attached = self._customer_policy(matches[0], arn) if matches else None
        unknown = Policy.unknown(f"what `{arn}` says is not in the code", name=str(arn))
        return attached or Attached(unknown, None, holder, arn=arn)

    def by_name(self, account: Account, name: Text, path: Text, holder: Resource) -> Attached:
        """Return an account's own managed policy, as permission sets refer to it."""
        for arn, resource in self._customer:
            own_path = resource.text("path") or "/"
            if resource.account_or_none is account and same(resource.text("name") or "", name) and same(own_path, path):
                attached = self._customer_policy(resource, arn)
                if attached is not None:
                    return attached
        return Attached(Policy.unknown(f"what `{name}` of `{account}` says is not in the code"), None, holder)

    def _customer_policy(self, resource: Resource, arn: Text) -> Attached | None:
        parsed = document(self.estate, resource, resource.value("policy"), ("policy",), "identity")
        return Attached(parsed.policy, parsed, resource, arn=arn) if parsed is not None else None

    def _customer_policies(self) -> list[tuple[Text, Resource]]:
        found = []
        for resource in self.estate.resources("aws_iam_policy"):
            arn = text(resource.value("arn"))
            if arn is not None:
                found.append((arn, resource))
        return found

    # --- inline ----------------------------------------------------------------------------

    def _own_inline(self, resource: Resource) -> Iterator[Attached]:
        value = resource.value("inline_policy")
        for position, block in enumerate(elements(value)):
            inner = block.raw.get("policy") if isinstance(block.raw, dict) else None
            path = ("inline_policy", position, "policy")
            parsed = document(self.estate, resource, inner, path, "identity")
            if parsed is not None and isinstance(block.raw, dict):
                yield Attached(parsed.policy, parsed, resource, name=text(block.raw.get("name")))

    def _inline_policies(self) -> dict[HolderKey, list[Attached]]:
        found: dict[HolderKey, list[Attached]] = {}
        for kind in HOLDER_KINDS:
            for resource in self.estate.resources(f"aws_iam_{kind}_policy"):
                parsed = document(self.estate, resource, resource.value("policy"), ("policy",), "identity")
                key = self._holder(kind, resource, resource.value(kind))
                if parsed is None:
                    continue
                attached = Attached(parsed.policy, parsed, resource, name=resource.text("name"))
                if key is not None:
                    found.setdefault(key, []).append(_doubted(attached, resource))
                else:
                    self._set_adrift(kind, resource.value(kind), attached)
        return found

    def _set_adrift(self, kind: HolderKind, holder: Value | None, attached: Attached) -> None:
        """Note a policy of which it is not known who holds it."""
        name = text(holder)
        if name is not None:
            doubted = attached.policy.doubted(f"whom `{attached.resource.address}` is for")
            self._adrift.append((kind, name, msgspec.structs.replace(attached, policy=doubted)))

    # --- attached --------------------------------------------------------------------------

    def _listed(self, resource: Resource, attribute: str) -> Iterator[Attached]:
        for item in elements(resource.value(attribute)):
            yield self.by_arn(item, resource)

    def _attached(self) -> dict[HolderKey, list[Attached]]:
        found: dict[HolderKey, list[Attached]] = {}

        def attach(kind: HolderKind, resource: Resource, holder: Value | None, arn: Value | None) -> None:
            key = self._holder(kind, resource, holder)
            if arn is None:
                return
            if key is not None:
                found.setdefault(key, []).append(_doubted(self.by_arn(arn, resource), resource))
            else:
                self._set_adrift(kind, holder, self.by_arn(arn, resource))

        for kind in HOLDER_KINDS:
            for resource in self.estate.resources(f"aws_iam_{kind}_policy_attachment"):
                attach(kind, resource, resource.value(kind), resource.value("policy_arn"))
            for resource in self.estate.resources(f"aws_iam_{kind}_policy_attachments_exclusive"):
                for arn in elements(resource.value("policy_arns")):
                    attach(kind, resource, resource.value(f"{kind}_name"), arn)
        for resource in self.estate.resources("aws_iam_policy_attachment"):
            for kind in HOLDER_KINDS:
                for holder in elements(resource.value(f"{kind}s")):
                    attach(kind, resource, holder, resource.value("policy_arn"))
        return found

    def _exclusive(self, suffix: str, attribute: str) -> dict[HolderKey, list[tuple[Text, ...]]]:
        """Return, of each holder, what it is left with; what is not known there may be anything."""
        found: dict[HolderKey, list[tuple[Text, ...]]] = {}
        for kind in HOLDER_KINDS:
            for resource in self.estate.resources(f"aws_iam_{kind}_{suffix}"):
                key = self._holder(kind, resource, resource.value(f"{kind}_name"))
                value = resource.value(attribute)
                if key is None or value is None or isinstance(value.raw, Unknown) or resource.instance.uncertain:
                    continue
                texts = (text(item) for item in elements(value))
                found.setdefault(key, []).append(tuple(item for item in texts if item is not None))
        return found

    # --- holders ---------------------------------------------------------------------------

    def _holder(self, kind: HolderKind, resource: Resource, value: Value | None) -> HolderKey | None:
        """Return the key of who holds a policy: by name, or by the resource where the name isn't known."""
        name = text(value)
        if name is None:
            return None
        whole = known(name)
        if whole is not None:
            return kind, holder_account(self.estate, resource), whole
        possible = possible_resource(self.estate, name)
        if possible is not None:
            own = known(possible.text("name") or PartialText((Hole("its name is not known"),)))
            node = resource_node(possible.workspace.name, possible.address)
            return (kind, holder_account(self.estate, possible), own) if own is not None else (kind, "", node)
        behind = resource_behind(self.estate, value, f"aws_iam_{kind}")
        if behind is not None and str(behind.text("name")) == str(name):
            return kind, "", resource_node(behind.workspace.name, behind.address)
        return None


def _of(table: dict[HolderKey, list[Held]], kind: HolderKind, resource: Resource, account: str) -> list[Held]:
    name = known(resource.text("name") or PartialText((Hole("its name is not known"),)))
    if name is not None:
        return table.get((kind, account, name), [])
    return table.get((kind, "", resource_node(resource.workspace.name, resource.address)), [])


def _doubted(attached: Attached, resource: Resource) -> Attached:
    """Return a policy as one that may not be there, where that of what attaches it is not known."""
    if not resource.instance.uncertain:
        return attached
    reason = f"whether `{resource.address}` exists: {resource.instance.uncertain[0].message}"
    return msgspec.structs.replace(attached, policy=attached.policy.doubted(reason))


def _may_hold(names: tuple[Text, ...], name: Text) -> bool:
    return any(same(one, name) is not False for one in names)


def elements(value: Value | None) -> tuple[Value, ...]:
    """Return the elements of a list, set or tuple, as far as they are known."""
    return value.raw if value is not None and isinstance(value.raw, tuple) else ()


def account_text(resource: Resource) -> Text:
    """Return the account of a resource as it stands in ARNs: its number, its symbol, or a hole."""
    provider = resource.instance.provider
    account = text_of(provider.account) if provider is not None else None
    return account if account is not None else PartialText((Hole("the account is not known"),))


def holder_account(estate: Estate, resource: Resource) -> str:
    """Return what is equal for resources of one account only: an unknown account is no other unknown one."""
    key = estate.account_key(account_text(resource))
    return key if key is not None else resource_node(resource.workspace.name, resource.address)


def account_text_of(account: Account) -> Text:
    """Return an account as it stands in ARNs."""
    value = text_of(account_value(account.name, account.number))
    return value if value is not None else ""
