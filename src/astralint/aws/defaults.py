"""What plans show of arguments that the configuration leaves out: defaults, which the provider's schema doesn't tell.

`data/defaults.json` was measured by `scripts/record_defaults.py` on made-up resources. It holds for each type
`[attributes, {nested block: [attributes, …]}, computed]`: what optional arguments were planned with, the same for each
nested block that was tried, and which blocks and arguments are known only after apply where they are not configured.
`data/dependences.json` holds what is planned otherwise where another argument is set: `{type: {argument: [[value,
{attribute: planned}], …]}}`, with null for what is then known only after apply, and "null" for null. `data/rewritten.json` holds the arguments
that the provider plans in another form, by the name of what it does, and `data/kept.json` those that it drops unless
another argument beside them has a value: `{type: {path: [argument, value]}}`. `data/dropped.json` has the words that are
planned as nothing, or left to the apply: `{type: {argument: {word: "null" or null}}}`.
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


@cache
def _kept() -> dict[str, dict[str, tuple[str, str | bool]]]:
    data = (_DATA / "kept.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, dict[str, tuple[str, str | bool]]])


def kept(type: str) -> dict[str, tuple[str, str | bool]]:
    """Return the arguments that are planned only where another one has a value: by path, that argument and the value."""
    return _kept().get(type, {})


def measured_types() -> tuple[str, ...]:
    """Return the types of which the defaults are known, sorted."""
    return tuple(_table())


@cache
def _dropped() -> dict[str, dict[str, dict[str, str | None]]]:
    return msgspec.json.decode((_DATA / "dropped.json").read_bytes(), type=dict[str, dict[str, dict[str, str | None]]])


def dropped(type: str) -> dict[str, dict[str, str | None]]:
    """Return the words of arguments that are planned as nothing ("null") or as known only after apply (None)."""
    return _dropped().get(type, {})
