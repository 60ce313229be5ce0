"""What a provider says of the shape of its resources, as far as evaluation needs it."""

from __future__ import annotations

from typing import Literal

import msgspec

from astralint.terraform.values.types import AnyType


class AttributeSchema(msgspec.Struct, frozen=True, array_like=True):
    """One attribute; `computed` without `optional` means that only the provider sets it.

    What is `write_only` goes to the provider and is null ever after. `length` says between which bounds
    (None: open) the length of a text lies that the provider fills in; then it is never null.
    """

    type: AnyType
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False
    length: tuple[int, int | None] | None = None


class NestedBlock(msgspec.Struct, frozen=True, array_like=True):
    """A nested block type: how many there may be, and their schema."""

    nesting: Literal["single", "group", "list", "set", "map"]
    block: BlockSchema


class BlockSchema(msgspec.Struct, frozen=True, array_like=True):
    """The attributes and nested blocks of a resource, a data source or a provider."""

    attributes: dict[str, AttributeSchema]
    blocks: dict[str, NestedBlock]
