"""What evaluation asks of AWS, answered by `astralint.aws` and by the platform's settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from astralint.assembly.certificates import CERTIFICATE, PLANNED, computed_of_certificate
from astralint.assembly.defaults import default_values
from astralint.assembly.lookups import LOOKUPS, lookup_request
from astralint.assembly.organization import computed_of_organization, organization_request
from astralint.assembly.provider_contexts import ProviderContexts, text_of_value
from astralint.assembly.runs import workspace_ids
from astralint.aws import provider_versions as versions
from astralint.aws.facts import has_region
from astralint.aws.plain import Plain
from astralint.estate.plain import block_schema, from_plain, to_plain
from astralint.source.partial import Hole, PartialText, Text
from astralint.terraform.knowledge import Ask, DefaultValues, ProviderContext
from astralint.terraform.requests import Answer, Request
from astralint.terraform.schema import BlockSchema
from astralint.terraform.values.convert import convert
from astralint.terraform.values.types import AnyType
from astralint.terraform.values.value import EvaluationError, Origin, Reason, Unknown, Value, unknown
from astralint.terraform.workspace import WorkspaceSpec

if TYPE_CHECKING:
    from astralint.config.settings import Settings


class AwsKnowledge:
    """Implements `astralint.terraform.knowledge.Knowledge` for the AWS provider; other providers stay unknown."""

    def __init__(self, settings: Settings, version: int = versions.RECORDED) -> None:
        """`version` is the major version of the AWS provider."""
        self._settings = settings
        self._version = version
        self._providers = ProviderContexts(settings)
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
        raw = versions.schema_of(self._version, mode, type_)
        return block_schema(raw) if raw is not None else None

    def refused(self, mode: str, type_: str, argument: str) -> str | None:
        """Say why the version of the provider refuses an argument; None where it takes it, or that is not known."""
        return versions.refused(self._version, mode, type_, argument)

    def other_name(self, mode: str, type_: str, attribute: str) -> str | None:
        """Return the attribute that says the same as one which other versions of the provider have."""
        return versions.other_name(mode, type_, attribute)

    def defaults(self, type_: str) -> DefaultValues | None:
        """Return what the provider fills in for arguments that are not set."""
        if type_ not in self._defaults:
            from astralint.aws.defaults import defaults, dependences, dropped, kept
            from astralint.aws.rewriting import rewritten

            told, schema = versions.defaults_of(self._version, type_, defaults(type_)), self.schema("managed", type_)
            if schema is None:
                self._defaults[type_] = None
            else:
                planned = PLANNED if type_ == CERTIFICATE else frozenset[str]()
                if self._version >= versions.REGIONAL and has_region(type_):
                    planned |= {"region"}
                as_written = versions.kept_as_written(self._version, type_)
                changes = {path: change for path, change in rewritten(type_).items() if path not in as_written}
                others = dependences(type_), changes
                self._defaults[type_] = default_values(told, schema, *others, planned, kept(type_), dropped(type_))
        return self._defaults[type_]

    def provider(self, address: str, type_: str, alias: str, values: Value, spec: WorkspaceSpec) -> ProviderContext:
        """Conclude account, region and partition of a provider configuration."""
        return self._providers.provider(address, type_, alias, values, spec)

    # --- resources and data sources ------------------------------------------------------

    def computed(
        self, type_: str, values: Mapping[str, Value], provider: ProviderContext, ask: Ask, identity: str
    ) -> Mapping[str, Value]:
        """Return what AWS makes predictable of a resource's computed attributes."""
        if not type_.startswith("aws_"):
            return {}
        from astralint.aws.computed import computed

        former = versions.former_names(self._version, "managed", type_)
        if former:
            # The rules know them by their former names.
            values = {**values, **{then: values[now] for now, then in former.items() if now in values}}
        read = _Read(values)
        place, tags = _place(provider, values, type_), _default_tags(provider)
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
        return {**found, **self._own_region("managed", type_, values, provider)}

    def _own_region(
        self, mode: str, type_: str, values: Mapping[str, Value], provider: ProviderContext
    ) -> dict[str, Value]:
        """Return the region of what lies in one, since version 6 of the provider shows it on each."""
        if self._version < versions.REGIONAL or not has_region(type_, mode):
            return {}
        own = values.get("region")
        region = own if own is not None and own.raw is not None else provider.region
        return {"region": region, "bucket_region": region} if type_ == "aws_s3_bucket" else {"region": region}

    def open_data(self, type_: str, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return what is known of a data source of another provider."""
        return workspace_ids(values) if type_ == "tfe_workspace_ids" else {}

    def data(
        self, type_: str, values: Mapping[str, Value], provider: ProviderContext, ask: Ask
    ) -> Mapping[str, Value] | None:
        """Return what a data source gives, by AWS's rules or from the platform's own resources."""
        if not type_.startswith("aws_"):
            return None
        told, own = self._told(type_, values, provider, ask), self._own_region("data", type_, values, provider)
        if told is None or self._version < versions.REGIONAL:
            return told or own or None
        former = versions.former_names(self._version, "data", type_)
        return {**told, **{now: told[then] for now, then in former.items() if then in told}, **own}

    def _told(
        self, type_: str, values: Mapping[str, Value], provider: ProviderContext, ask: Ask
    ) -> Mapping[str, Value] | None:
        from astralint.aws.facts import data_source

        answer: Answer | None = None
        asked = self._asked(type_, values, provider)
        if asked is not None:
            answer = ask(asked)
            if answer.value is not None or not answer.complete:
                return {**(self._answered(type_, answer) or {}), **self._named(type_, values, provider, answer)}
        plain = {name: to_plain(value) for name, value in values.items()}
        told = data_source(
            type_, plain, **_place(provider, values, type_, "data"), default_tags=_default_tags(provider)
        )
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

        place = _place(provider, values, type_, "data")
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


def _place(
    provider: ProviderContext, values: Mapping[str, Value], type_: str, mode: str = "managed"
) -> dict[str, Text]:
    own = values.get("region") if has_region(type_, mode) else None
    region = own if own is not None and own.raw is not None else provider.region
    return {
        "account": text_of_value(provider.account) or PartialText((Hole("the account is not known"),)),
        "region": text_of_value(region) or PartialText((Hole("the region is not known"),)),
        "partition": text_of_value(provider.partition) or "aws",
    }
