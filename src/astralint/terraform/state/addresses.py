"""Addresses of instances, taken apart: which module, and what `moved` blocks make of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

_STEP = re.compile(r'(?:[^.\["]|\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])+')
_KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')
MAXIMUM_MOVES = 50


class Move(msgspec.Struct, frozen=True):
    """A `moved` block: in the module at `module` (without instance keys, "" for the root), from one address to another."""

    module: str
    source: str
    target: str


def steps(address: str) -> list[str]:
    """Return the parts of an address between its dots, each with its instance key."""
    return _STEP.findall(address)


def without_keys(address: str) -> str:
    """Return an address without any instance key."""
    return _KEY.sub("", address)


def split_module(address: str) -> tuple[str, str]:
    """Return the module of an address, with its keys, and the rest."""
    found = steps(address)
    count = 0
    while count + 1 < len(found) and found[count] == "module":
        count += 2
    return ".".join(found[:count]), ".".join(found[count:])


def moved(address: str, moves: Iterable[Move]) -> str:
    """Return where the instance at an address is now, by all moves one after the other."""
    known = tuple(moves)
    for _ in range(MAXIMUM_MOVES):
        after = next((new for move in known if (new := _moved_once(address, move)) not in (None, address)), None)
        if after is None:
            return address
        address = after
    return address


def _moved_once(address: str, move: Move) -> str | None:
    """Return an address after one move; None where it does not speak of it."""
    parts = steps(address)
    depth = len(steps(move.module)) if move.module else 0
    prefix, inner = parts[:depth], parts[depth:]
    if without_keys(".".join(prefix)) != move.module:
        return None
    source = steps(move.source)
    if len(inner) < len(source) or inner[: len(source) - 1] != source[:-1]:
        return None
    last = inner[len(source) - 1]
    if last != source[-1] and _KEY.sub("", last) != source[-1]:
        return None
    # A key stays where the block speaks of all instances.
    key = last[len(source[-1]) :] if last != source[-1] else ""
    rest = inner[len(source) :]
    return ".".join([*prefix, move.target + key, *rest])
