"""The schema of the AWS provider: attributes and nested blocks of every resource type and data source.

`data/schema.bin` is recorded from `terraform providers schema -json` by `scripts/record_schema.py`.
It holds one small record a type, so that a run pays only for the types that it meets.
"""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

Mode: TypeAlias = Literal["managed", "data", "provider", "ephemeral"]
Nesting: TypeAlias = Literal["single", "group", "list", "set", "map"]
CtyType: TypeAlias = str | list[Any]
"""A type as cty writes it in JSON: `"string"`, `["list", "string"]`, `["object", {"a": "bool"}]`."""

MAGIC = b"astralint-schema-1\n"
DATA = Path(__file__).parent / "data" / "schema.bin"

REQUIRED, OPTIONAL, COMPUTED, SENSITIVE, WRITE_ONLY = 1, 2, 4, 8, 16


class RawAttribute(msgspec.Struct, frozen=True):
    """One attribute; `computed` without `optional` means that only the provider sets it."""

    type: CtyType
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False


class RawNested(msgspec.Struct, frozen=True):
    """A nested block type and its schema."""

    nesting: Nesting
    block: RawBlock


class RawBlock(msgspec.Struct, frozen=True):
    """Attributes and nested blocks; equal blocks within one type are one object."""

    attributes: dict[str, RawAttribute]
    blocks: dict[str, RawNested]


class _Header(msgspec.Struct):
    """The head of the data file: what all records share, and where each one lies."""

    version: str
    dictionary: bytes
    attributes: list[tuple[CtyType, int]]
    index: dict[str, dict[str, tuple[int, int]]]


_Record: TypeAlias = list[tuple[dict[str, int], dict[str, tuple[Nesting, int]]]]


class _Store:
    """The data file in memory; records stay compressed until they are asked for."""

    def __init__(self, content: bytes) -> None:
        if not content.startswith(MAGIC):
            raise ValueError("the provider schema is not in the format of this version")
        start = len(MAGIC) + 4
        length = int.from_bytes(content[len(MAGIC) : start], "big")
        self.header = msgspec.msgpack.decode(zlib.decompress(content[start : start + length]), type=_Header)
        self._records = memoryview(content)[start + length :]
        self._decoder = msgspec.msgpack.Decoder(_Record)
        self._attributes = [
            RawAttribute(
                type=cty,
                required=bool(flags & REQUIRED),
                optional=bool(flags & OPTIONAL),
                computed=bool(flags & COMPUTED),
                sensitive=bool(flags & SENSITIVE),
                write_only=bool(flags & WRITE_ONLY),
            )
            for cty, flags in self.header.attributes
        ]

    def block(self, mode: str, name: str) -> RawBlock | None:
        place = self.header.index.get(mode, {}).get(name)
        if place is None:
            return None
        offset, length = place
        inflate = zlib.decompressobj(zdict=self.header.dictionary)
        record = self._decoder.decode(inflate.decompress(self._records[offset : offset + length]) + inflate.flush())
        blocks: list[RawBlock] = []
        for attributes, nested in record:  # inner blocks come first, the type's own block last
            blocks.append(
                RawBlock(
                    {name: self._attributes[number] for name, number in attributes.items()},
                    {name: RawNested(nesting, blocks[number]) for name, (nesting, number) in nested.items()},
                )
            )
        return blocks[-1]


@cache
def _store() -> _Store:
    return _Store(DATA.read_bytes())


def provider_version() -> str:
    """Return the version of the provider that the schema was recorded from."""
    return _store().header.version


@cache
def resource_schema(mode: Mode, type: str) -> RawBlock | None:
    """Return the schema of a resource type, a data source, or (`provider`, `aws`) the provider block.

    Returns None for what the recorded version of the provider does not have.
    """
    return _store().block(mode, type)


def resource_types(mode: Mode) -> tuple[str, ...]:
    """Return all types of a mode, sorted."""
    return tuple(_store().header.index.get(mode, ()))


_REGION = RawAttribute("string", optional=True, computed=True)


def with_region(block: RawBlock) -> RawBlock:
    """Return the schema as version 6 of the provider has it for regional types: with the argument `region`.

    Version 6 takes `region` on every regional resource and data source; where it is set, it wins over the
    provider configuration's region. Global types (see `facts.is_global`) don't take it. Version 5, of which
    the schema is, has no such argument: so a configuration that sets it is meant for version 6.
    """
    own = block.attributes.get("region")
    if own is not None and (own.optional or own.required):
        return block
    return RawBlock({**block.attributes, "region": _REGION}, block.blocks)
