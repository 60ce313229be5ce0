"""In which account and region a provider configuration works: by its role, what it allows, its profile, its workspace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from astralint.estate.account_names import OF_PROVIDER, OF_WORKSPACE, account_value, named_in, unknown_account
from astralint.source.partial import Hole, PartialText, Text
from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import Reason, Unknown, Value, string, symbolic, unknown
from astralint.terraform.workspace import WorkspaceSpec

if TYPE_CHECKING:
    from astralint.config.settings import AccountSettings, Settings


class ProviderContexts:
    """Concludes the account, region and partition of provider configurations."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._profiles = {profile: account for account in settings.accounts for profile in account.profiles}
        self._by_name = {account.name: account for account in settings.accounts}

    def provider(self, address: str, type_: str, alias: str, values: Value, spec: WorkspaceSpec) -> ProviderContext:
        """Conclude account, region and partition of a provider configuration."""
        if type_ != "aws":
            nothing = unknown(Reason("unsupported", f"provider `{type_}` has no AWS account"), STRING)
            return ProviderContext(address, type_, alias, values, nothing, nothing, nothing)
        attributes: Mapping[str, Value] = values.raw if isinstance(values.raw, dict) else {}
        account, evidence = self._account(address, alias, attributes, spec)
        account = unknown_account(account, f"{OF_PROVIDER}{spec.name}/{address}")
        region = self._region(address, attributes, spec)
        return ProviderContext(address, type_, alias, values, account, region, self._partition(region), evidence)

    def _account(
        self, address: str, alias: str, attributes: Mapping[str, Value], spec: WorkspaceSpec
    ) -> tuple[Value, str]:
        roles = _assumed_roles(attributes)
        if roles:
            return self._of_role(address, roles[-1], attributes), "assume_role"
        allowed = self._allowed(attributes)
        if allowed is not None:
            return allowed, "allowed_account_ids"
        profile = attributes.get("profile")
        if profile is not None and profile.raw is not None:
            named = self._account_of_profile(profile.raw) if isinstance(profile.raw, str) else None
            if named is not None:
                return account_value(named.name, named.id, profile.origins), "profile"
            if alias:
                reason = Reason(
                    "account-not-known", f"nothing says which account the profile of `{address}` belongs to"
                )
                return unknown(reason, STRING, not_null=True, origins=profile.origins), "profile"
        if spec.account:
            return account_value(spec.account, spec.account_number), "workspace"
        reason = Reason("account-not-known", f"the account of workspace `{spec.name}` is not known")
        return symbolic(f"{OF_WORKSPACE}{spec.name}", reason), ""

    def _account_of_profile(self, profile: str) -> AccountSettings | None:
        if profile in self._profiles:
            return self._profiles[profile]
        name = named_in(profile, self._by_name)
        return self._by_name[name] if name is not None else None

    def _of_role(self, address: str, role: Value, attributes: Mapping[str, Value]) -> Value:
        text = text_of_value(role)
        account = account_of_arn(text) if text is not None else None
        if isinstance(account, str):
            return string(account).with_origins(role.origins)
        reasons = role.raw.reasons if isinstance(role.raw, Unknown) else ()
        if account is not None:
            reasons = reasons or (Reason("account-not-known", f"the account of `{address}` is not known"),)
            return unknown(reasons, STRING, text=account, not_null=True, origins=role.origins)
        allowed = self._allowed(attributes)
        if allowed is not None:
            return allowed
        reason = Reason("account-not-known", f"the role that `{address}` assumes is not known")
        return unknown((*reasons, reason)[:8], STRING, not_null=True, origins=role.origins)

    @staticmethod
    def _allowed(attributes: Mapping[str, Value]) -> Value | None:
        allowed = attributes.get("allowed_account_ids")
        if allowed is not None and isinstance(allowed.raw, tuple) and len(allowed.raw) == 1:
            value: Value = allowed.raw[0]
            text = value.raw.text if isinstance(value.raw, Unknown) else value.raw
            if text is not None:
                return value
        return None

    def _region(self, address: str, attributes: Mapping[str, Value], spec: WorkspaceSpec) -> Value:
        region = attributes.get("region")
        if region is not None and region.raw is not None:
            return region
        if spec.region:
            return string(spec.region)
        return unknown(Reason("region-not-known", f"`{address}` sets no region"), STRING, not_null=True)

    def _partition(self, region: Value) -> Value:
        if isinstance(region.raw, str):
            from astralint.aws.partitions import partition_of

            partition = partition_of(region.raw)
            if partition is not None:
                return string(partition.name)
        return string(self._settings.platform.partition)


def text_of_value(value: Value) -> Text | None:
    """Return what is known of a text; None where nothing is, or it is none."""
    if isinstance(value.raw, Unknown):
        return value.raw.text
    return value.raw if isinstance(value.raw, str) else None


def _assumed_roles(attributes: Mapping[str, Value]) -> list[Value]:
    """Return the role ARNs of a provider's `assume_role` and web identity blocks, in their order."""
    roles: list[Value] = []
    for name in ("assume_role_with_web_identity", "assume_role"):
        blocks = attributes.get(name)
        for block in blocks.raw if blocks is not None and isinstance(blocks.raw, tuple) else ():
            role = block.raw.get("role_arn") if isinstance(block.raw, dict) else None
            if role is not None and role.raw is not None:
                roles.append(role)
    return roles


def account_of_arn(arn: Text) -> Text | None:
    """Return the account part of an ARN: a number, a text that is one symbolic hole, or None."""
    parts: tuple[str | Hole, ...] = (arn,) if isinstance(arn, str) else arn.parts
    fields: list[list[str | Hole]] = [[]]
    for part in parts:
        if isinstance(part, Hole):
            fields[-1].append(part)
            continue
        pieces = part.split(":")
        if pieces[0]:
            fields[-1].append(pieces[0])
        fields.extend([[piece] if piece else [] for piece in pieces[1:]])
    if len(fields) < 6 or fields[0] != ["arn"]:
        return None
    account = fields[4]
    if len(account) == 1:
        only = account[0]
        if isinstance(only, str):
            return only
        return PartialText((only,)) if only.symbol else None
    return None
