"""Data sources that look something up: answered by the one resource of the platform that matches."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

from astralint.aws.facts import has_region
from astralint.estate.account_names import AccountNames, place_text
from astralint.source.partial import Hole, PartialText, Text, same
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.requests import Answer, LookupRequest
from astralint.terraform.results import ResourceInstance, WorkspaceResult
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import Origin, Reason, Unknown, Value, boolean, null, object_of, string, unknown


class Lookup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a data source finds a resource.

    `resources` are the managed types that it may find. `by` are the data source's
    arguments and the resource's attributes; those that are set must agree. An argument
    that stands in blocks has them before it (`alternate_identifier.unique_attribute.attribute_value`).
    `renamed` are attributes that have another name on the resource. `region` says
    whether the region must agree, `organization` that any account finds what the
    organization has. `tags` and `filters` (names of filters and attributes) narrow the
    search. `defaults` are what arguments that are not set are shown as. `ignored` are arguments that change nothing for the one that is found. With
    `single` an account has at most one, which nothing needs to name. `named` are attributes that
    follow from what the resource is looked up by, wherever it is made.
    """

    resources: tuple[str, ...]
    by: dict[str, str] = {}
    renamed: dict[str, str] = {}
    regional: bool = True
    organization: bool = False
    tags: bool = False
    filters: dict[str, str] = {}
    ignored: tuple[str, ...] = ()
    defaults: dict[str, bool | str] = {}
    single: bool = False
    named: tuple[str, ...] = ()


@cache
def _lookups() -> dict[str, Lookup]:
    data = tomllib.loads((Path(__file__).parent / "data" / "lookups.toml").read_text("utf-8"))
    return msgspec.convert(data, dict[str, Lookup])


def lookup_types() -> tuple[str, ...]:
    """Return the data sources that find a resource, sorted."""
    return tuple(sorted(_lookups()))


class _Lookups:
    """The table, read when it is first asked for."""

    def __contains__(self, name: object) -> bool:
        return name in _lookups()

    def __getitem__(self, name: str) -> Lookup:
        return _lookups()[name]


LOOKUPS = _Lookups()
ZONE = "aws_route53_zone"
PRIVATE = "private_zone"


_NEVER_NARROW = frozenset({"region", "timeouts", "tags", "filter"})


def lookup_request(type_: str, values: Mapping[str, Value], provider: ProviderContext) -> LookupRequest | None:
    """Return the request for a data source's configuration; None where it searches in a way that we can't follow."""
    lookup = LOOKUPS[type_]
    criteria: dict[str, Text] = {}
    for found in (_by_argument(lookup, values), _by_tags(lookup, values), _by_filter(lookup, values)):
        if found is None:
            return None
        criteria.update(found)
    if "name" in criteria and type_ == ZONE:
        private = text_of(values["private_zone"]) if "private_zone" in values else None
        criteria[PRIVATE] = "true" if "vpc_id" in criteria else private or "false"
    if not criteria and not lookup.single:
        return None
    own = values.get("region") if has_region(type_, "data") else None
    region = own if own is not None and own.raw is not None else provider.region
    return LookupRequest(type_, place_text(provider.account), place_text(region), tuple(sorted(criteria.items())))


def _by_argument(lookup: Lookup, values: Mapping[str, Value]) -> dict[str, Text] | None:
    criteria: dict[str, Text] = {}
    roots = {path.partition(".")[0] for path in lookup.by}
    for name, value in values.items():
        if value.raw in (None, (), {}) or name in _NEVER_NARROW or name in lookup.ignored:
            continue
        if name not in roots:
            return None
    for path, attribute in lookup.by.items():
        found = _at(values, path)
        if found is None:
            continue
        text = text_of(found)
        if text is None:
            return None
        criteria[attribute] = _normal(text, attribute, lookup.resources[0])
    return criteria


def _at(values: Mapping[str, Value], path: str) -> Value | None:
    """Return an argument, through single blocks; None where it is not set."""
    first, *steps = path.split(".")
    value = values.get(first)
    for step in steps:
        raw = value.raw if value is not None else None
        if isinstance(raw, tuple) and len(raw) == 1:
            raw = raw[0].raw
        value = raw.get(step) if isinstance(raw, dict) else None
    return value if value is not None and value.raw is not None else None


def _normal(text: Text, attribute: str, type_: str) -> Text:
    return text.rstrip(".") if type_ == ZONE and attribute == "name" and isinstance(text, str) else text


def _by_tags(lookup: Lookup, values: Mapping[str, Value]) -> dict[str, Text] | None:
    tags = values.get("tags") if lookup.tags else None
    if tags is None or tags.raw is None:
        return {}
    if not isinstance(tags.raw, dict):
        return None
    return {f"tags.{name}": text for name, value in tags.raw.items() if (text := text_of(value)) is not None}


def _by_filter(lookup: Lookup, values: Mapping[str, Value]) -> dict[str, Text] | None:
    """Return what `filter` blocks ask for: tags and attributes with one value; None for anything else."""
    filters = values.get("filter")
    if filters is None or "filter" in {path.partition(".")[0] for path in lookup.by}:
        return {}
    if not isinstance(filters.raw, tuple):
        return {} if filters.raw is None else None
    criteria: dict[str, Text] = {}
    for item in filters.raw:
        found = item.raw if isinstance(item.raw, dict) else {}
        name = found["name"].raw if "name" in found else None
        wanted = found["values"].raw if "values" in found else None
        if not (isinstance(name, str) and isinstance(wanted, tuple) and len(wanted) == 1):
            return None
        attribute = f"tags.{name[4:]}" if name.startswith("tag:") else lookup.filters.get(name)
        text = text_of(wanted[0])
        if attribute is None or text is None or (isinstance(text, str) and ("*" in text or "?" in text)):
            return None
        criteria[attribute] = text
    return criteria


Made = tuple[WorkspaceResult, ResourceInstance]
OPEN = PartialText((Hole("it is not known"),))
"""What stands for a text of which nothing is known."""


class Index(msgspec.Struct, frozen=True):
    """Positions in the list of a type's resources: by what is known of an attribute, and of those that leave it open."""

    known: dict[str, list[int]]
    open: list[int]


class ResourceDirectory:
    """The platform's managed resources by type, for look-ups."""

    def __init__(self, results: Iterable[WorkspaceResult], names: AccountNames) -> None:
        self._names = names
        self._by_type: dict[str, list[Made]] = {}
        self._indexes: dict[tuple[str, str], Index] = {}
        for result in results:
            for resource in result.resources:
                if resource.mode == "managed":
                    self._by_type.setdefault(resource.type, []).append((result, resource))

    def candidates(self, request: LookupRequest) -> list[tuple[bool | None, WorkspaceResult, ResourceInstance]]:
        """Return the resources that may be meant, each with True (for sure) or None (perhaps)."""
        lookup = LOOKUPS[request.type]
        found: list[tuple[bool | None, WorkspaceResult, ResourceInstance]] = []
        for type_ in lookup.resources:
            for result, resource in self._worth_comparing(type_, request):
                outcome = self._matches(lookup, request, resource)
                if outcome is not False:
                    found.append((outcome, result, resource))
        return found

    def _worth_comparing(self, type_: str, request: LookupRequest) -> Sequence[Made]:
        """Return the resources of a type that no single criterion rules out, by the index that leaves the fewest."""
        made = self._by_type.get(type_, ())
        fewest: Sequence[int] | None = None
        for attribute, wanted in request.criteria:
            if attribute == PRIVATE or not isinstance(wanted, str):
                continue
            index = self._index(type_, attribute)
            positions = index.known.get(wanted, ())
            if fewest is None or len(positions) + len(index.open) < len(fewest):
                fewest = sorted((*positions, *index.open))
        return made if fewest is None else [made[position] for position in fewest]

    def _index(self, type_: str, attribute: str) -> Index:
        """Return a type's resources by one attribute; those that certainly don't have it are in it nowhere."""
        index = self._indexes.get((type_, attribute))
        if index is None:
            index = self._indexes[type_, attribute] = Index({}, [])
            for position, (_, resource) in enumerate(self._by_type.get(type_, ())):
                value = _value_of(resource, attribute) if resource.provider is not None else OPEN
                if isinstance(value, str):
                    index.known.setdefault(value, []).append(position)
                elif value is not None:
                    index.open.append(position)
        return index

    def _matches(self, lookup: Lookup, request: LookupRequest, resource: ResourceInstance) -> bool | None:
        if resource.provider is None:
            return None
        outcomes: list[bool | None] = []
        if not lookup.organization:
            outcomes.append(self._names.same(request.account, place_text(resource.provider.account)))
        if lookup.regional:
            outcomes.append(same(request.region, place_text(_region(resource, resource.provider))))
        for attribute, wanted in request.criteria:
            outcomes.append(_agrees(resource, attribute, wanted))
            if outcomes[-1] is False:
                return False
        if False in outcomes:
            return False
        return True if all(outcomes) and not resource.uncertain else None

    def answer(self, request: LookupRequest) -> Answer:
        """Answer with the one resource that matches for sure, and only if no other may match."""
        candidates = self.candidates(request)
        if len(candidates) == 1 and candidates[0][0]:
            _, result, resource = candidates[0]
            return Answer(_found(LOOKUPS[request.type], result, resource), None, result.name, resource.span)
        what = " and ".join(f"{name} `{text}`" for name, text in request.criteria if name != PRIVATE)
        shown = f"`{request.type}`{f' with {what}' if what else ''}"
        if not candidates:
            return Answer(reason=Reason("data-source", f"no workspace makes the {shown} in this account and region"))
        named = ", ".join(f"`{resource.address}` of `{result.name}`" for _, result, resource in candidates[:3])
        verb = "may be" if len(candidates) > 1 or not candidates[0][0] else "is"
        message = f"{len(candidates)} {'resource' if len(candidates) == 1 else 'resources'} {verb} the {shown}: {named}"
        return Answer(reason=Reason("data-source", message), complete=False)


def _region(resource: ResourceInstance, provider: ProviderContext) -> Value:
    """Return a resource's region: its own, or else its provider's."""
    raw = resource.values.raw
    own = raw.get("region") if isinstance(raw, dict) and has_region(resource.type, resource.mode) else None
    return own if own is not None and own.raw is not None else provider.region


def _agrees(resource: ResourceInstance, attribute: str, wanted: Text | bool | tuple[Text, ...]) -> bool | None:
    raw = resource.values.raw
    if not isinstance(raw, dict) or not isinstance(wanted, str | PartialText):
        return None
    if attribute == PRIVATE:
        return _is_private(raw, wanted)
    value = _value_of(resource, attribute)
    if value is None:
        return False
    return None if value is OPEN else same(value, wanted)


def _value_of(resource: ResourceInstance, attribute: str) -> Text | None:
    """Return an attribute, or a tag, as far as it is known; None where it is certainly not set."""
    raw = resource.values.raw
    if not isinstance(raw, dict):
        return OPEN
    name, _, inner = attribute.partition(".")
    value = raw.get("tags_all" if name == "tags" and "tags_all" in raw else name)
    if value is not None and inner:
        if isinstance(value.raw, Unknown):
            return OPEN
        value = value.raw.get(inner) if isinstance(value.raw, dict) else None
    if value is None or value.raw is None:
        return None
    text = text_of(value)
    return OPEN if text is None else _normal(text, attribute, resource.type)


def _is_private(raw: Mapping[str, Value], wanted: Text) -> bool | None:
    """Say whether a zone is private, or public, as wanted: a private one is of a VPC."""
    vpcs = raw["vpc"].raw if "vpc" in raw else None
    if isinstance(vpcs, Unknown) or not isinstance(wanted, str):
        return None
    return bool(vpcs) == (wanted == "true")


def _found(lookup: Lookup, result: WorkspaceResult, resource: ResourceInstance) -> Value:
    """Return the resource as it is read; what the code leaves to AWS is not known."""
    attributes: dict[str, Value] = {}
    for name, value in resource.values.raw.items():
        origin = Origin("resource", f"{resource.address}.{name}", result.name, resource.span, value.origins)
        told = value
        if value.raw is None or (value.raw in ((), {}) and name != "tags_all"):
            reason = Reason("data-source", f"`{resource.address}` does not set `{name}`", resource.span)
            told = unknown(reason, value.type)
        attributes[name] = told.with_origins(frozenset((origin,)))
    if "tags_all" in attributes:
        attributes["tags"] = attributes["tags_all"]
    for name, source in lookup.renamed.items():
        attributes[name] = attributes.get(source, null(STRING))
    for name, default in lookup.defaults.items():
        attributes[name] = boolean(default) if isinstance(default, bool) else string(default)
    if resource.type == ZONE:
        name, vpcs = attributes["name"], resource.values.raw["vpc"].raw
        if isinstance(name.raw, str):
            attributes["name"] = string(name.raw.rstrip(".")).with_origins(name.origins)
        if not isinstance(vpcs, Unknown):
            attributes[PRIVATE] = boolean(bool(vpcs))
    return object_of(attributes)
