"""The tables of the inventory: which types there are, what of them nobody's code manages, what belongs to what."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from astralint.aws.wildcard import match
from astralint.inventory.model import Live

_DATA = Path(__file__).parent / "data"


class Detail(msgspec.Struct, frozen=True):
    """A further call for each item."""

    call: str
    items: str
    arguments: dict[str, str] = msgspec.field(name="with", default_factory=dict)


class CollectedType(msgspec.Struct, frozen=True):
    """How a type is collected and recognized; see `data/types.toml`."""

    service: str
    call: str
    items: str
    id: str
    id_after: str = ""
    arn: str = ""
    name: str = ""
    name_after: str = ""
    created: str = ""
    tags: str = ""
    cfn: str = ""
    scope: str = "region"
    parameters: dict[str, Any] = {}
    attributes: dict[str, str] = {}
    parents: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    skip: dict[str, str] = {}
    match: str = "id"
    import_id: str = ""
    of: str = ""
    form: str = ""
    only: str = ""
    action: str = ""
    helper: bool = False
    marks: str = ""
    detail: Detail | None = None
    arguments: dict[str, str] = msgspec.field(name="with", default_factory=dict)


class Skeleton(msgspec.Struct, frozen=True):
    """What a resource's arguments are by the list of its type; see `data/skeletons.toml`."""

    arguments: dict[str, str]
    ignored: tuple[str, ...] = ()
    unless: str = ""


class Recorded(msgspec.Struct, frozen=True):
    """What AWS Config calls a type, and the column that Terraform's id stands in."""

    type: str
    id: str = "resourceId"


class Sources(msgspec.Struct, frozen=True):
    """Which source covers which type, beside its own call; see `data/sources.toml`."""

    config: dict[str, Recorded]
    arns: dict[str, str]


class Exclusion(msgspec.Struct, frozen=True):
    """What no code of the platform is expected to manage; see `data/exclusions.toml`."""

    name: str
    title: str
    types: tuple[str, ...] = ()
    id: str = ""
    name_pattern: str = ""
    tags: str = ""
    attributes: dict[str, str] = {}

    def fits(self, live: Live) -> bool:
        """Say whether all that is given fits."""
        return (
            (not self.types or live.type in self.types)
            and (not self.id or _matches(self.id, live.id))
            and (not self.name_pattern or _matches(self.name_pattern, live.name))
            and (not self.tags or any(_matches(self.tags, key) for key in live.tags))
            and all(_matches(pattern, live.attributes.get(name, "")) for name, pattern in self.attributes.items())
        )


class Child(msgspec.Struct, frozen=True):
    """What comes and goes with something else; see `data/children.toml`."""

    types: tuple[str, ...]
    via: str
    of: tuple[str, ...]
    pattern: str = "(?P<parent>.+)"
    tag: str = ""
    default: bool = False
    when: dict[str, str] = {}

    def parents(self, live: Live) -> tuple[str, ...]:
        """Return the ids or names of what something belongs to by this row; none where it does not fit."""
        facts = {"name": live.name, **live.attributes}
        if live.type not in self.types or any(facts.get(name, "") != value for name, value in self.when.items()):
            return ()
        if self.via == "parents":
            return live.parents
        text = {"id": live.id, "tag": live.tags.get(self.tag, "")}.get(self.via, live.attributes.get(self.via, ""))
        found = re.fullmatch(self.pattern, text)
        return (found["parent"],) if found is not None else ()


def _matches(pattern: str, text: str) -> bool:
    return match(pattern, text) is True


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text("utf-8"))


@cache
def collected_types() -> dict[str, CollectedType]:
    """Return the types that are collected."""
    return msgspec.convert(_read("types.toml"), dict[str, CollectedType])


@cache
def sources() -> Sources:
    """Return what the sources cover that are asked beside the types' own calls."""
    return msgspec.convert(_read("sources.toml"), Sources)


@cache
def skeletons() -> dict[str, Skeleton]:
    """Return the types whose configuration the list of them tells."""
    return msgspec.convert(_read("skeletons.toml"), dict[str, Skeleton])


@cache
def exclusions() -> tuple[Exclusion, ...]:
    """Return what is left out, in the order of the table."""
    return msgspec.convert(_read("exclusions.toml")["exclusion"], tuple[Exclusion, ...])


@cache
def children() -> tuple[Child, ...]:
    """Return what belongs to what."""
    return msgspec.convert(_read("children.toml")["child"], tuple[Child, ...])
