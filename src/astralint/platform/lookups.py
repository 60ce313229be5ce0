"""Data sources that look something up: answered by the one resource of the platform that matches."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

from astralint.source.partial import Hole, PartialText, Text, same
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.requests import Answer, LookupRequest
from astralint.terraform.results import ResourceInstance, WorkspaceResult
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import Origin, Reason, Unknown, Value, null, object_of


class Lookup(msgspec.Struct, frozen=True):
    """How a data source finds a resource.

    `resources` are the managed types that it may find. `by` are pairs of the data
    source's argument and the resource's attribute; those that are set must agree.
    `renamed` are attributes that have another name on the resource. `region` says
    whether the region must agree.
    """

    resources: tuple[str, ...]
    by: tuple[tuple[str, str], ...]
    renamed: dict[str, str] = {}
    regional: bool = True
    tags: bool = False


@cache
def _lookups() -> dict[str, Lookup]:
    data = tomllib.loads((Path(__file__).parent / "data" / "lookups.toml").read_text("utf-8"))
    return {
        name: Lookup(
            tuple(entry["resources"]),
            tuple((argument, attribute) for argument, attribute in entry["by"].items()),
            entry.get("renamed", {}),
            entry.get("regional", True),
            entry.get("tags", False),
        )
        for name, entry in data.items()
    }


class _Lookups:
    """The table, read when it is first asked for."""

    def __contains__(self, name: object) -> bool:
        return name in _lookups()

    def __getitem__(self, name: str) -> Lookup:
        return _lookups()[name]


LOOKUPS = _Lookups()


def lookup_request(type_: str, values: Mapping[str, Value], provider: ProviderContext) -> LookupRequest | None:
    """Return the request for a data source's configuration; None where it sets nothing that we match by."""
    lookup = LOOKUPS[type_]
    criteria: dict[str, Text] = {}
    for found in (_by_argument(lookup, type_, values), _by_tags(lookup, values), _by_filter(values)):
        if found is None:
            return None
        criteria.update(found)
    if not criteria:
        return None
    return LookupRequest(type_, _place(provider.account), _place(provider.region), tuple(sorted(criteria.items())))


def _by_argument(lookup: Lookup, type_: str, values: Mapping[str, Value]) -> dict[str, Text] | None:
    criteria: dict[str, Text] = {}
    for argument, attribute in lookup.by:
        value = values.get(argument)
        if value is None or value.raw is None:
            continue
        text = text_of(value)
        if text is None:
            return None
        if type_ == "aws_route53_zone" and attribute == "name" and isinstance(text, str):
            text = text.rstrip(".")
        criteria[attribute] = text
    return criteria


def _by_tags(lookup: Lookup, values: Mapping[str, Value]) -> dict[str, Text]:
    tags = values.get("tags") if lookup.tags else None
    given = tags.raw if tags is not None and isinstance(tags.raw, dict) else {}
    return {f"tags.{name}": text for name, value in given.items() if (text := text_of(value)) is not None}


def _by_filter(values: Mapping[str, Value]) -> dict[str, Text] | None:
    """Return what `filter` blocks ask for: tags with one value; None for anything else."""
    filters = values.get("filter")
    if filters is None or not filters.raw:
        return {}
    criteria: dict[str, Text] = {}
    for item in filters.raw if isinstance(filters.raw, tuple) else (filters,):
        found = item.raw if isinstance(item.raw, dict) else {}
        name = found["name"].raw if "name" in found else None
        wanted = found["values"].raw if "values" in found else None
        if not (isinstance(name, str) and name.startswith("tag:") and isinstance(wanted, tuple) and len(wanted) == 1):
            return None
        text = text_of(wanted[0])
        if text is None or (isinstance(text, str) and ("*" in text or "?" in text)):
            return None
        criteria[f"tags.{name[4:]}"] = text
    return criteria


def _place(value: Value) -> Text:
    if isinstance(value.raw, str):
        return value.raw
    text = value.raw.text if isinstance(value.raw, Unknown) else None
    return text if text is not None else PartialText((Hole("it is not known"),))


class ResourceDirectory:
    """The platform's managed resources by type, for look-ups."""

    def __init__(self, results: Iterable[WorkspaceResult]) -> None:
        self._by_type: dict[str, list[tuple[WorkspaceResult, ResourceInstance]]] = {}
        for result in results:
            for resource in result.resources:
                if resource.mode == "managed":
                    self._by_type.setdefault(resource.type, []).append((result, resource))

    def candidates(self, request: LookupRequest) -> list[tuple[bool | None, WorkspaceResult, ResourceInstance]]:
        """Return the resources that may be meant, each with True (for sure) or None (perhaps)."""
        lookup = LOOKUPS[request.type]
        found: list[tuple[bool | None, WorkspaceResult, ResourceInstance]] = []
        for type_ in lookup.resources:
            for result, resource in self._by_type.get(type_, ()):
                outcome = self._matches(lookup, request, resource)
                if outcome is not False:
                    found.append((outcome, result, resource))
        return found

    @staticmethod
    def _matches(lookup: Lookup, request: LookupRequest, resource: ResourceInstance) -> bool | None:
        if resource.provider is None:
            return None
        outcomes: list[bool | None] = [same(request.account, _place(resource.provider.account))]
        if lookup.regional:
            outcomes.append(same(request.region, _place(resource.provider.region)))
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
        what = ", ".join(f"{name} `{text}`" for name, text in request.criteria)
        if not candidates:
            message = f"no workspace makes the `{request.type}` with {what}"
        else:
            message = f"{len(candidates)} resources may be the `{request.type}` with {what}"
        return Answer(reason=Reason("data-source", message))


def _agrees(resource: ResourceInstance, attribute: str, wanted: Text | bool | tuple[Text, ...]) -> bool | None:
    raw = resource.values.raw
    if not isinstance(raw, dict) or not isinstance(wanted, str | PartialText):
        return None
    name, _, inner = attribute.partition(".")
    value = raw.get(name)
    if value is not None and inner:
        if isinstance(value.raw, Unknown):
            return None
        value = value.raw.get(inner) if isinstance(value.raw, dict) else None
    if value is None or value.raw is None:
        return False
    text = text_of(value)
    if text is None:
        return None
    if isinstance(text, str) and resource.type == "aws_route53_zone":
        text = text.rstrip(".")
    return same(text, wanted)


def _found(lookup: Lookup, result: WorkspaceResult, resource: ResourceInstance) -> Value:
    raw = resource.values.raw
    attributes: dict[str, Value] = {}
    for name, value in raw.items():
        origin = Origin("resource", f"{resource.address}.{name}", result.name, resource.span, value.origins)
        attributes[name] = value.with_origins(frozenset((origin,)))
    for name, source in lookup.renamed.items():
        attributes[name] = attributes.get(source, null(STRING))
    return object_of(attributes)
