"""The AWS provider by its major version: what version 6 has otherwise than version 5, of which the recorded schema is.

`data/provider_6.toml` is from the provider's own guides: what was removed, renamed or added, and other defaults.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from astralint.aws.defaults import Defaults
from astralint.aws.facts import has_region
from astralint.aws.schema import Mode, RawAttribute, RawBlock, RawNested, resource_schema, with_region

RECORDED, REGIONAL = 5, 6
"""The major version of the recorded schema, and the first one that takes `region` on each regional resource."""
_DATA = Path(__file__).parent / "data" / "provider_6.toml"


class _Changes(msgspec.Struct):
    removed: dict[str, dict[str, str]]
    added: dict[str, dict[str, tuple[str, ...]]]
    same: dict[str, dict[str, dict[str, str]]]
    defaults: dict[str, dict[str, bool]]
    as_written: dict[str, frozenset[str]]
    lists: dict[str, tuple[str, ...]]


@cache
def _changes() -> _Changes:
    return msgspec.convert(tomllib.loads(_DATA.read_text("utf-8")), _Changes)


_ADDED = RawAttribute("string", optional=True, computed=True)


def schema_of(version: int, mode: Mode, type: str) -> RawBlock | None:
    """Return the schema of a type as a major version of the provider has it; None for a type that is not recorded."""
    block = resource_schema(mode, type)
    if block is None or version < REGIONAL or mode == "provider":
        return block
    changes = _changes()
    attributes = {
        name: attribute
        for name, attribute in block.attributes.items()
        if mode != "managed" or name not in changes.removed.get(type, {})
    }
    attributes |= dict.fromkeys(changes.added.get(mode, {}).get(type, ()), _ADDED)
    blocks = dict(block.blocks)
    for name in changes.lists.get(type, ()) if mode == "managed" else ():
        blocks[name] = RawNested("list", blocks[name].block)
    changed = RawBlock(attributes, blocks)
    return with_region(changed) if has_region(type, mode) else changed


def defaults_of(version: int, type: str, told: Defaults | None) -> Defaults | None:
    """Return the defaults of a type, of which `told` are those of the recorded version."""
    other = _changes().defaults.get(type) if version >= REGIONAL else None
    if told is None or other is None:
        return told
    return msgspec.structs.replace(told, attributes={**told.attributes, **other})


def kept_as_written(version: int, type: str) -> frozenset[str]:
    """Return the arguments of a type that the recorded version rewrites, and this one does not."""
    return _changes().as_written.get(type, frozenset()) if version >= REGIONAL else frozenset()


def former_names(version: int, mode: str, type: str) -> dict[str, str]:
    """Return what attributes were called in the recorded version: by the name of now, that of then."""
    return _changes().same.get(mode, {}).get(type, {}) if version >= REGIONAL else {}


def other_name(mode: str, type: str, attribute: str) -> str | None:
    """Return the attribute that has said the same in other versions."""
    return _changes().same.get(mode, {}).get(type, {}).get(attribute)


def is_of_version_6(mode: str, type: str, arguments: Any) -> bool:
    """Say whether a declaration has an argument that only version 6 takes: `region`, or one that came with it."""
    if "region" in arguments and has_region(type, mode):
        block = resource_schema("data" if mode == "data" else "managed", type)
        own = block.attributes.get("region") if block is not None else None
        return block is not None and (own is None or not (own.optional or own.required))
    return any(name in arguments for name in _changes().added.get(mode, {}).get(type, ()))


def refused(version: int, mode: str, type: str, argument: str) -> str | None:
    """Say why a major version of the provider refuses an argument; None where it takes it, or that is not known."""
    if version < REGIONAL:
        return None
    changes = _changes()
    instead = changes.removed.get(type, {}).get(argument) if mode == "managed" else None
    if instead is not None:
        what = f"; {instead} is in its place" if instead else ""
        return f"`{type}` has no `{argument}` any more in version {version} of the AWS provider{what}"
    block = resource_schema("data" if mode == "data" else "managed", type)
    if argument != "region" or block is None or "region" in block.attributes or has_region(type, mode):
        return None
    return f"`{type}` belongs to no region: it takes no `region`"
