"""An order of things in which few relations lead backwards."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def forward_order(things: Sequence[str], relations: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return each thing's place, by the heuristic of Eades, Lin and Smyth: sinks last, sources first.

    Of what stands in cycles, the thing comes first that more leads out of than into.
    """
    outgoing: dict[str, dict[str, int]] = {thing: defaultdict(int) for thing in things}
    incoming: dict[str, dict[str, int]] = {thing: defaultdict(int) for thing in things}
    for source, target in relations:
        if source != target:
            outgoing[source][target] += 1
            incoming[target][source] += 1
    left: list[str] = []
    right: list[str] = []
    remaining = dict.fromkeys(things)
    while remaining:
        sinks = [thing for thing in remaining if not outgoing[thing]]
        sources = [thing for thing in remaining if outgoing[thing] and not incoming[thing]]
        if sinks:
            right += reversed(sinks)
            chosen = sinks
        elif sources:
            left += sources
            chosen = sources
        else:
            chosen = [max(remaining, key=lambda thing: sum(outgoing[thing].values()) - sum(incoming[thing].values()))]
            left += chosen
        for thing in chosen:
            del remaining[thing]
            for target in outgoing.pop(thing):
                incoming[target].pop(thing, None)
            for source in incoming.pop(thing):
                outgoing[source].pop(thing, None)
            outgoing[thing], incoming[thing] = defaultdict(int), defaultdict(int)
    return {thing: place for place, thing in enumerate([*left, *reversed(right)])}
