"""Which of an instance's values only an apply makes: those that are foretold, and all that is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from astralint.terraform.results import ResourceInstance, WorkspaceResult
from astralint.terraform.values.operations import wholly_known
from astralint.terraform.values.types import MapType, SetType
from astralint.terraform.values.value import Origin, Unknown, Value

_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_STORED = frozenset({"remote-state"})
"""Kinds of origins that are read from a state: what an apply made before is known to a plan."""


class Predictions:
    """The foretold values of one workspace."""

    def __init__(self, result: WorkspaceResult) -> None:
        self._instances: Mapping[str, ResourceInstance] = {
            instance.address: instance for instance in result.resources if instance.predicted
        }
        self._addresses = {
            f"{address}.{name}" for address, instance in self._instances.items() for name in instance.predicted
        }
        self._known: dict[int, bool] = {}
        self._kept: list[Origin] = []
        self._workspace = result.name

    def paths(self, instance: ResourceInstance) -> Iterator[str]:
        """Yield the paths of an instance's foretold values."""
        raw = instance.values.raw
        for name, value in raw.items() if isinstance(raw, dict) else ():
            if name in instance.predicted:
                yield from (name,) if wholly_known(value) else _known_paths(value, name)
            elif isinstance(value.type, MapType | SetType) and _is_of_old_kit(instance):
                # Terraform knows of these as a whole or not at all.
                if not wholly_known(value) or any(True for _ in self._derived(value, name)):
                    yield from _known_paths(value, name)
            else:
                yield from self._derived(value, name)

    def _derived(self, value: Value, path: str) -> Iterator[str]:
        raw = value.raw
        if isinstance(raw, Unknown) or raw is None:
            return
        if any(self._is_foretold(origin, value) for origin in value.origins):
            yield path
        elif isinstance(raw, dict):
            for name, item in raw.items():
                yield from self._derived(item, joined(path, name))
        elif isinstance(raw, tuple):
            for index, item in enumerate(raw):
                yield from self._derived(item, f"{path}[{index}]")

    def _is_foretold(self, origin: Origin, value: Value) -> bool:
        if origin.address in self._instances and origin.kind == "resource":
            return self._is_of_foretold(self._instances[origin.address], value)
        known = self._known.get(id(origin))
        if known is None:
            self._known[id(origin)] = False
            self._kept.append(origin)
            known = origin.workspace == self._workspace and (
                (origin.kind == "resource" and origin.address in self._addresses)
                or (origin.kind not in _STORED and any(self._is_foretold(source, value) for source in origin.sources))
            )
            self._known[id(origin)] = known
        return known

    @staticmethod
    def _is_of_foretold(instance: ResourceInstance, value: Value) -> bool:
        """Say whether a value that came of a whole instance is one of its foretold ones."""
        raw = instance.values.raw
        if not isinstance(raw, dict) or not isinstance(value.raw, str):
            return False
        planned = [item.raw for name, item in raw.items() if name not in instance.predicted]
        foretold = [raw[name].raw for name in instance.predicted]
        return value.raw in foretold and value.raw not in planned


def joined(path: str, name: str) -> str:
    """Return the path of an attribute or key."""
    if not _IDENTIFIER.fullmatch(name):
        return f"{path}[{msgspec.json.encode(name).decode()}]"
    return f"{path}.{name}" if path else name


def _is_of_old_kit(instance: ResourceInstance) -> bool:
    from astralint.aws.schema import resource_schema

    schema = resource_schema("managed", instance.type) if instance.mode == "managed" else None
    return schema is not None and "id" in schema.attributes and schema.attributes["id"].optional


def _known_paths(value: Value, path: str) -> Iterator[str]:
    raw = value.raw
    if isinstance(raw, dict):
        for name, item in raw.items():
            yield from _known_paths(item, joined(path, name))
    elif isinstance(raw, tuple):
        for index, item in enumerate(raw):
            yield from _known_paths(item, f"{path}[{index}]")
    elif not isinstance(raw, Unknown):
        yield path
