"""Deep merge, as Atmos does it: later maps over earlier ones."""

from __future__ import annotations

from collections.abc import Iterable

from astralint.layouts.atmos.node import Call, Mapping, Node, Sequence
from astralint.source.span import Span

REPLACE, APPEND, MERGE = "replace", "append", "merge"
STRATEGIES = (REPLACE, APPEND, MERGE)
"""What becomes of a list that meets another: the later one, both in a row, or element by element."""
UNSET = "unset"
"""The YAML function that takes away a key; it is a value until all is merged."""


def merge(maps: Iterable[Mapping], strategy: str = REPLACE) -> Mapping:
    """Return maps merged, from the first to the last."""
    result: Mapping | None = None
    for each in maps:
        if result is None or not result.items:
            result = each
        elif each.items:
            result = _merged(result, each, strategy)
    return result if result is not None else Mapping({}, Span("", 1, 1, 1, 1))


def _merged(under: Mapping, over: Mapping, strategy: str) -> Mapping:
    items = dict(under.items)
    for name, later in over.items.items():
        earlier = items.get(name)
        items[name] = later if earlier is None else _met(earlier, later, strategy)
    return Mapping(items, over.span)


def _met(earlier: Node, later: Node, strategy: str) -> Node:
    """Return what comes of two values for one key: different kinds never mix, null is a value as any."""
    if isinstance(earlier, Mapping) and isinstance(later, Mapping):
        return _merged(earlier, later, strategy)
    if isinstance(earlier, Sequence) and isinstance(later, Sequence):
        if strategy == APPEND or later.appends:
            return Sequence((*earlier.items, *later.items), later.span, earlier.appends and later.appends)
        if strategy == MERGE:
            return _side_by_side(earlier, later, strategy)
    return later


def _side_by_side(earlier: Sequence, later: Sequence, strategy: str) -> Sequence:
    """Merge lists position by position: of two that are no maps the earlier stays, and what is longer is kept."""
    items = list(earlier.items)
    for position, over in enumerate(later.items):
        if position >= len(items):
            items.append(over)
            continue
        under = items[position]
        if isinstance(under, Mapping) and isinstance(over, Mapping):
            items[position] = _merged(under, over, strategy)
    return Sequence(tuple(items), later.span)


def without_unset(node: Mapping) -> Mapping:
    """Return a map without the keys that are taken away, all the way down."""
    items: dict[str, Node] = {}
    for name, item in node.items.items():
        if not (isinstance(item, Call) and item.name == UNSET):
            items[name] = without_unset(item) if isinstance(item, Mapping) else item
    return Mapping(items, node.span)
