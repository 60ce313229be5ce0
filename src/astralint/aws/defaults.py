"""What plans show of arguments that the configuration leaves out: defaults, which the provider's schema doesn't tell.

`data/defaults.json` was measured by `scripts/record_defaults.py` on made-up resources. It holds for each type
`[attributes, {nested block: [attributes, …]}, computed]`: what optional arguments were planned with, the same for each
nested block that was tried, and which blocks and arguments are known only after apply where they are not configured.
`data/dependences.json` holds what is planned otherwise where another argument is set: `{type: {argument: [[value,
{attribute: planned}], …]}}`, with null for what is then known only after apply, and "null" for null. `data/rewritten.json` holds the arguments
that the provider plans in another form, by the name of what it does.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

_DATA = Path(__file__).parent / "data"


class Defaults(msgspec.Struct, frozen=True, array_like=True):
    """The defaults of a resource type, or of one of its nested blocks where the block is configured."""

    attributes: dict[str, Any]
    blocks: dict[str, Defaults]
    computed: tuple[str, ...] = ()


@cache
def _table() -> dict[str, msgspec.Raw]:
    return msgspec.json.decode((_DATA / "defaults.json").read_bytes(), type=dict[str, msgspec.Raw])


@cache
def defaults(type: str) -> Defaults | None:
    """Return the defaults of a resource type; None for a type of which they could not be measured."""
    raw = _table().get(type)
    return None if raw is None else msgspec.json.decode(raw, type=Defaults)


@cache
def _dependences() -> dict[str, msgspec.Raw]:
    return msgspec.json.decode((_DATA / "dependences.json").read_bytes(), type=dict[str, msgspec.Raw])


def dependences(type: str) -> dict[str, list[tuple[Any, dict[str, Any]]]]:
    """Return what is planned otherwise where an argument is set: by argument, its values with the other attributes."""
    raw = _dependences().get(type)
    return {} if raw is None else msgspec.json.decode(raw, type=dict[str, list[tuple[Any, dict[str, Any]]]])


def measured_types() -> tuple[str, ...]:
    """Return the types of which the defaults are known, sorted."""
    return tuple(_table())
