"""What may stand in which block: the table `blocks.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a block may hold; see `blocks.toml`."""

    labels: tuple[str, ...] = ()
    arguments: dict[str, str] = {}
    required: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    open: bool = False
    blocks_are_closed: bool = False
    reserved: tuple[str, ...] = ()

    def takes_argument(self, name: str) -> bool:
        """Return whether an argument may stand in the block."""
        return name in self.arguments or (self.open and not self.reserves(name))

    def takes_block(self, type_: str) -> bool:
        """Return whether a block may stand in the block."""
        return type_ in self.blocks or (self.open and not self.blocks_are_closed and not self.reserves(type_))

    def reserves(self, name: str) -> bool:
        """Return whether a name is kept for later versions."""
        return name in self.reserved


@cache
def shapes() -> dict[str, Shape]:
    """Return the table: what may stand in a block, by the block types that lead to it, joined by dots."""
    data = tomllib.loads((Path(__file__).parent / "blocks.toml").read_text("utf-8"))
    return msgspec.convert(data, dict[str, Shape])


@cache
def shape_of(path: str, type_: str = "") -> Shape | None:
    """Return what may stand in a block; `type_` is a resource's type, whose own arguments are known where it is built in."""
    shape = shapes().get(path)
    own = shapes().get(f"{path}:{type_}") if type_ else None
    if shape is None or own is None:
        return shape
    return Shape(
        shape.labels,
        {**shape.arguments, **own.arguments},
        (*shape.required, *own.required),
        (*shape.blocks, *own.blocks),
        shape.single,
    )
