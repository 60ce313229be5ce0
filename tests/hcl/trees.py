"""Walks over trees, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from astralint.hcl import syntax as s

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFSETS = {"start", "end", "name_end", "header_end"}


def children(node: s.Node) -> Iterator[s.Node]:
    for value in msgspec.structs.astuple(node):
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, s.Node):
                yield item


def walk(node: s.Node) -> Iterator[s.Node]:
    yield node
    for child in children(node):
        yield from walk(child)


def moved(value: Any, by: int) -> Any:
    """Return a tree with all its offsets moved."""
    if isinstance(value, s.Node):
        changed: dict[str, Any] = {}
        for name in value.__struct_fields__:
            field = getattr(value, name)
            if name in OFFSETS:
                changed[name] = field + by
            elif name == "label_spans":
                changed[name] = tuple((start + by, end + by) for start, end in field)
            else:
                changed[name] = moved(field, by)
        return type(value)(**changed)
    if isinstance(value, tuple):
        return tuple(moved(item, by) for item in value)
    return value
