"""What evaluation asks of AWS, answered by `astralint.aws` and by the platform's settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from astralint.assembly.certificates import CERTIFICATE, PLANNED, computed_of_certificate
from astralint.assembly.defaults import default_values
from astralint.assembly.lookups import LOOKUPS, lookup_request
from astralint.assembly.organization import computed_of_organization, organization_request
from astralint.assembly.runs import workspace_ids
from astralint.aws.plain import Plain
from astralint.estate.account_names import OF_PROVIDER, OF_WORKSPACE, account_value, named_in, unknown_account
from astralint.estate.plain import block_schema, from_plain, to_plain
from astralint.source.partial import Hole, PartialText, Text
from astralint.terraform.knowledge import Ask, DefaultValues, ProviderContext
from astralint.terraform.requests import Answer, Request
from astralint.terraform.schema import BlockSchema
from astralint.terraform.values.convert import convert
from astralint.terraform.values.types import STRING, AnyType
from astralint.terraform.values.value import EvaluationError, Origin, Reason, Unknown, Value, string, symbolic, unknown
from astralint.terraform.workspace import WorkspaceSpec

if TYPE_CHECKING:
    from astralint.config.settings import AccountSettings, Settings


class AwsKnowledge:
    """Implements `astralint.terraform.knowledge.Knowledge` for the AWS provider; other providers stay unknown."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._profiles = {profile: account for account in settings.accounts for profile in account.profiles}
        self._by_name = {account.name: account for account in settings.accounts}
        self._schemas: dict[tuple[str, str], BlockSchema | None] = {}
        self._defaults: dict[str, DefaultValues | None] = {}

    # --- schemas ----------------------------------------------------------------------

    def schema(self, mode: Literal["managed", "data", "ephemeral", "provider"], type_: str) -> BlockSchema | None:
        """Return the schema of an AWS type; None for any other provider's."""
        key = (mode, type_)
        if key not in self._schemas:
            self._schemas[key] = self._load(mode, type_)
        return self._schemas[key]

    def _load(self, mode: Literal["managed", "data", "ephemeral", "provider"], type_: str) -> BlockSchema | None:
        if not type_.startswith("aws_") and not (mode == "provider" and type_ == "aws"):
            return None
        from astralint.aws.schema import resource_schema

        raw = resource_schema(mode, type_)
        return block_schema(raw) if raw is not None else None

    def defaults(self, type_: str) -> DefaultValues | None:
        """Return what the provider fills in for arguments that are not set."""
        if type_ not in self._defaults:
            from astralint.aws.defaults import defaults, dependences, dropped, kept
            from astralint.aws.rewriting import rewritten

            told, schema = defaults(type_), self.schema("managed", type_)
            if schema is None:
                self._defaults[type_] = None
            else:
                planned = PLANNED if type_ == CERTIFICATE else frozenset[str]()
                others = dependences(type_), rewritten(type_)
                self._defaults[type_] = default_values(told, schema, *others, planned, kept(type_), dropped(type_))
        return self._defaults[type_]

    # --- providers --------------------------------------------------------------------

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
        text = _text(role)
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

    # --- resources and data sources ------------------------------------------------------

    def computed(
        self, type_: str, values: Mapping[str, Value], provider: ProviderContext, ask: Ask, identity: str
    ) -> Mapping[str, Value]:
        """Return what AWS makes predictable of a resource's computed attributes."""
        if not type_.startswith("aws_"):
            return {}
        from astralint.aws.computed import computed

        read = _Read(values)
        place, tags = _place(provider, values), _default_tags(provider)
        told = computed(type_, read, **place, default_tags=tags, identity=identity)
        schema = self.schema("managed", type_)
        types = {name: attribute.type for name, attribute in schema.attributes.items()} if schema else {}
        used = [values[name] for name in sorted(read.names)]
        origins = frozenset().union(*(value.origins for value in used))
        reasons = _reasons(used) or _reasons((provider.account, provider.region))
        found = {name: from_plain(value, reasons, origins, types.get(name)) for name, value in told.items()}
        if "tags_all" in found:
            found["tags_all"] = _without_ignored_tags(found["tags_all"], provider)
        if type_.startswith("aws_organizations_"):
            of_organization = computed_of_organization(type_, values, provider, self._settings, ask)
            found |= {name: _as(value, types[name]) for name, value in of_organization.items()}
        if type_ == CERTIFICATE:
            found |= {name: _as(value, types[name]) for name, value in computed_of_certificate(values).items()}
        return found

    def open_data(self, type_: str, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return what is known of a data source of another provider."""
        return workspace_ids(values) if type_ == "tfe_workspace_ids" else {}

    def data(
        self, type_: str, values: Mapping[str, Value], provider: ProviderContext, ask: Ask
    ) -> Mapping[str, Value] | None:
        """Return what a data source gives, by AWS's rules or from the platform's own resources."""
        if not type_.startswith("aws_"):
            return None
        from astralint.aws.facts import data_source

        answer: Answer | None = None
        asked = self._asked(type_, values, provider)
        if asked is not None:
            answer = ask(asked)
            if answer.value is not None or not answer.complete:
                return {**(self._answered(type_, answer) or {}), **self._named(type_, values, provider, answer)}
        plain = {name: to_plain(value) for name, value in values.items()}
        told = data_source(type_, plain, **_place(provider, values), default_tags=_default_tags(provider))
        if told is None:
            if answer is None:
                return None
            return {**(self._answered(type_, answer) or {}), **self._named(type_, values, provider, answer)}
        origins: frozenset[Origin] = frozenset().union(
            *(value.origins for value in values.values()), _deep(values.values())
        )
        schema = self.schema("data", type_)
        types = {name: attribute.type for name, attribute in schema.attributes.items()} if schema else {}
        reasons = _reasons(values.values()) or _reasons((provider.account, provider.region))
        return {name: from_plain(value, reasons, origins, types.get(name)) for name, value in told.items()}

    def _named(
        self, type_: str, values: Mapping[str, Value], provider: ProviderContext, answer: Answer
    ) -> dict[str, Value]:
        """Return what the name of something tells that no code makes: its ARN, and often its id."""
        schema = self.schema("data", type_)
        if answer.value is not None or type_ not in LOOKUPS or schema is None:
            return {}
        lookup = LOOKUPS[type_]
        shown = {
            name: from_plain(default, (), type_=schema.attributes[name].type)
            for name, default in lookup.defaults.items()
        }
        given = {attribute: to_plain(values[name]) for name, attribute in lookup.by.items() if name in values}
        if not lookup.named or any(item is None for item in given.values()):
            return shown
        from astralint.aws.computed import computed

        place = _place(provider, values)
        told = computed(lookup.resources[0], given, place["account"], place["region"], place["partition"])
        used = [values[name] for name in lookup.by if name in values]
        origins = frozenset[Origin]().union(*(value.origins for value in used))
        reasons = _reasons(used) or _reasons((provider.account, provider.region))
        for name in lookup.named:
            if name in told and name in schema.attributes:
                shown[name] = from_plain(told[name], reasons, origins, schema.attributes[name].type)
        return shown

    @staticmethod
    def _asked(type_: str, values: Mapping[str, Value], provider: ProviderContext) -> Request | None:
        """Return what a data source asks of the platform; None where AWS's rules alone answer it, or nothing does."""
        if type_ in LOOKUPS:
            return lookup_request(type_, values, provider)
        if type_.startswith("aws_organizations_"):
            return organization_request(type_, values, provider)
        return None

    def _answered(self, type_: str, answer: Answer) -> Mapping[str, Value] | None:
        """Return an answer as the data source's attributes, each of the type that it has there."""
        schema = self.schema("data", type_)
        if schema is None:
            return None
        given: Mapping[str, Value] = {}
        if answer.value is not None and isinstance(answer.value.raw, dict):
            given = answer.value.raw
        elif answer.reason is None:
            return None
        reasons = (answer.reason,) if answer.reason is not None else ()
        found: dict[str, Value] = {}
        shown = LOOKUPS[type_].defaults if type_ in LOOKUPS else {}
        for name, attribute in schema.attributes.items():
            if name in given and (attribute.computed or name in shown):
                found[name] = _as(given[name], attribute.type)
            elif attribute.computed and reasons:
                found[name] = unknown(reasons, attribute.type)
        return found


class _Read(Mapping[str, Plain]):
    """Values as plain ones, converted when they are read; `names` are those that were."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Plain:
        value = self._values[name]
        self.names.add(name)
        return to_plain(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def _default_tags(provider: ProviderContext) -> Mapping[str, Plain] | None:
    raw = provider.values.raw
    blocks = raw.get("default_tags") if isinstance(raw, dict) else None
    tags: dict[str, Plain] = {}
    for block in blocks.raw if blocks is not None and isinstance(blocks.raw, tuple) else ():
        given = to_plain(block.raw["tags"]) if isinstance(block.raw, dict) and "tags" in block.raw else None
        if isinstance(given, dict):
            tags.update(given)
    return tags


def _without_ignored_tags(tags: Value, provider: ProviderContext) -> Value:
    """Return tags without those that the provider's `ignore_tags` leaves to others."""
    raw = provider.values.raw
    blocks = raw.get("ignore_tags") if isinstance(raw, dict) else None
    if blocks is None or not isinstance(blocks.raw, tuple) or not isinstance(tags.raw, dict):
        return tags
    keys: set[object] = set()
    prefixes: tuple[str, ...] = ()
    for block in blocks.raw:
        given = {name: to_plain(value) for name, value in block.raw.items()} if isinstance(block.raw, dict) else {}
        keys.update(_texts(given.get("keys")))
        prefixes += _texts(given.get("key_prefixes"))
    kept = {name: value for name, value in tags.raw.items() if name not in keys and not name.startswith(prefixes)}
    return Value(tags.type, kept, tags.marks, tags.origins)


def _texts(plain: Plain) -> tuple[str, ...]:
    return tuple(text for text in plain if isinstance(text, str)) if isinstance(plain, list) else ()


def _as(value: Value, type_: AnyType) -> Value:
    """Return a value as another attribute's type; what does not fit is not known."""
    try:
        return convert(value, type_)
    except EvaluationError:
        reason = Reason("data-source", "the provider shows it in another form")
        return unknown(reason, type_, origins=_deep((value,)))


def _deep(values: Iterable[Value]) -> frozenset[Origin]:
    found: set[Origin] = set()
    pending = list(values)
    while pending:
        value = pending.pop()
        found |= value.origins
        if isinstance(value.raw, dict):
            pending.extend(value.raw.values())
        elif isinstance(value.raw, tuple):
            pending.extend(value.raw)
    return frozenset(found)


def _reasons(values: Iterable[Value]) -> tuple[Reason, ...]:
    found: dict[Reason, None] = {}
    pending = list(values)
    pending.reverse()
    while pending and len(found) < 8:
        value = pending.pop()
        if isinstance(value.raw, Unknown):
            found.update(dict.fromkeys(value.raw.reasons))
        elif isinstance(value.raw, dict):
            pending.extend(reversed(value.raw.values()))
        elif isinstance(value.raw, tuple):
            pending.extend(reversed(value.raw))
    return tuple(found)[:8]


def _place(provider: ProviderContext, values: Mapping[str, Value]) -> dict[str, Text]:
    own = values.get("region")
    region = own if own is not None and isinstance(own.raw, str) else provider.region
    return {
        "account": _text(provider.account) or PartialText((Hole("the account is not known"),)),
        "region": _text(region) or PartialText((Hole("the region is not known"),)),
        "partition": _text(provider.partition) or "aws",
    }


def _text(value: Value) -> Text | None:
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
