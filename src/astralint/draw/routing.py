"""How the lines run: out of one box, through the gaps of the columns between, into the other."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING, Literal

import msgspec

from astralint.draw.bundles import Trunk, trunks
from astralint.draw.layout import MAXIMUM_SLOTS, SLOT, Box, Layout, Row, gap_places, settle

if TYPE_CHECKING:
    from astralint.draw.view import Edge

Point = tuple[float, float]
ARROW = 1.5
"""How far before a box a line ends, for the tip of its arrow."""
CHANNEL, FIRST_CHANNEL, MAXIMUM_CHANNELS = 7.0, 22.0, 9
"""Lines between boxes of one column run beside it, in channels."""
CORNER = 9.0


class Wire(msgspec.Struct):
    """The way of an edge. `gaps` are (column, place from the top) of the gaps it passes."""

    edge: Edge
    source: Box
    target: Box
    trunk: Trunk
    gaps: list[tuple[int, int]] = []
    points: list[Point] = []
    loop: bool = False
    channel: float = 0

    @property
    def path(self) -> str:
        """The line in SVG's words."""
        points = self.points
        if self.loop:
            (x1, y1), (x2, y2) = points
            x = self.channel
            down = min(CORNER, abs(y2 - y1) / 2) * (1 if y2 > y1 else -1)
            turn = min(CORNER, x - max(x1, x2))
            return (
                f"M{_n(x1)} {_n(y1)}H{_n(x - turn)}Q{_n(x)} {_n(y1)} {_n(x)} {_n(y1 + down)}"
                f"V{_n(y2 - down)}Q{_n(x)} {_n(y2)} {_n(x - turn)} {_n(y2)}H{_n(x2)}"
            )
        parts = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            if abs(y1 - y2) < 0.05:
                parts.append(f"H{_n(x2)}")
            else:
                bend = (x2 - x1) * 0.5
                parts.append(f"C{_n(x1 + bend)} {_n(y1)} {_n(x2 - bend)} {_n(y2)} {_n(x2)} {_n(y2)}")
        return "".join(parts)

    def at(self, segment: int, t: float) -> Point:
        """Return the point of a part of the way, from 0 to 1."""
        (x1, y1), (x2, y2) = self.points[segment : segment + 2]
        if self.loop:
            return self.channel, y1 + (y2 - y1) * t
        bend = (x2 - x1) * 0.5
        return _bezier(((x1, y1), (x1 + bend, y1), (x2 - bend, y2), (x2, y2)), t)


def route(layout: Layout, edges: tuple[Edge, ...]) -> list[Wire]:
    """Place the boxes for good and return the way of every edge, in the order of the edges."""
    wires = [
        Wire(edge, layout.home[edge.source], layout.home[edge.target], trunk)
        for edge, trunk in zip(edges, trunks(edges), strict=True)
    ]
    for wire in wires:
        wire.loop = wire.source.column == wire.target.column
    settle(layout, {}, edges)
    for wire in wires:
        _choose_gaps(layout, wire)
    settle(layout, {gap: len(trunks) for gap, trunks in _through(wires).items()}, edges)
    _run(layout, wires)
    return wires


def _choose_gaps(layout: Layout, wire: Wire) -> None:
    left, right = sorted((wire.source, wire.target), key=lambda box: box.column)
    y = left.middle
    for number in range(left.column + 1, right.column):
        wanted = y + (right.middle - y) / (right.column - number + 1)
        middles = _gaps(layout.columns[number], layout.measures.gap)
        place = min(gap_places(layout, number), key=lambda index: (abs(middles[index] - wanted), index))
        y = middles[place]
        wire.gaps.append((number, place))


def _gaps(column: list[Box], gap: float) -> list[float]:
    """Return the middles of the gaps of a column: above, between, below its boxes."""
    between = [(a.y + a.height + b.y) / 2 for a, b in itertools.pairwise(column)]
    return [column[0].y - gap / 2, *between, column[-1].y + column[-1].height + gap / 2]


def _through(wires: list[Wire]) -> dict[tuple[int, int], dict[Trunk, list[Wire]]]:
    through: dict[tuple[int, int], dict[Trunk, list[Wire]]] = defaultdict(lambda: defaultdict(list))
    for wire in wires:
        for gap in wire.gaps:
            through[gap][wire.trunk].append(wire)
    return through


def _run(layout: Layout, wires: list[Wire]) -> None:
    rows = {row.id: row for box in layout.boxes for row in box.rows()}
    slots: dict[tuple[tuple[int, int], Trunk], float] = {}
    for gap, bundles in _through(wires).items():
        column = layout.columns[gap[0]]
        middle = _gaps(column, layout.measures.gap)[gap[1]]
        ordered = sorted(bundles, key=lambda trunk: (_mean_middle(bundles[trunk]), trunk))
        step = SLOT * min(1.0, MAXIMUM_SLOTS / len(ordered))
        half = (len(ordered) - 1) / 2
        if gap[1] == 0:
            middle -= half * step
        elif gap[1] == len(column):
            middle += half * step
        else:
            above = column[gap[1] - 1]
            step = min(step, max(column[gap[1]].y - above.y - above.height - 10, 2.0) / max(2 * half, 1.0))
        for index, trunk in enumerate(ordered):
            slots[gap, trunk] = middle + (index - half) * step
    for wire in wires:
        wire.points = _between(layout, wire, slots)
    ports = _ports(wires, rows)
    for number, wire in enumerate(wires):
        start, end = ports[number, 0], ports[number, 1]
        wire.points = [start, *wire.points, end]
    _channels(wires)


def _channels(wires: list[Wire]) -> None:
    """Give the lines of each trunk beside a column the first channel that is free from their top to their bottom."""
    columns: dict[int, dict[Trunk, list[Wire]]] = defaultdict(lambda: defaultdict(list))
    for wire in wires:
        if wire.loop:
            columns[wire.source.column][wire.trunk].append(wire)
    for bundles in columns.values():
        spans = []
        for trunk, members in bundles.items():
            heights = [point[1] for wire in members for point in wire.points]
            spans.append((max(heights) - min(heights), min(heights), max(heights), trunk))
        taken: list[list[tuple[float, float]]] = []
        for _, top, bottom, trunk in sorted(spans):
            free = (
                number
                for number, spans_there in enumerate(taken)
                if all(bottom < other_top - 2 or other_bottom + 2 < top for other_top, other_bottom in spans_there)
            )
            number = next(free, len(taken))
            if number == len(taken):
                taken.append([])
            taken[number].append((top, bottom))
            for wire in bundles[trunk]:
                start = wire.source.x + wire.source.width
                wire.channel = start + FIRST_CHANNEL + CHANNEL * (number % MAXIMUM_CHANNELS)


def _mean_middle(wires: list[Wire]) -> float:
    return sum(wire.source.middle + wire.target.middle for wire in wires) / len(wires)


def _between(layout: Layout, wire: Wire, slots: dict[tuple[tuple[int, int], Trunk], float]) -> list[Point]:
    points: list[Point] = []
    forward = wire.source.column < wire.target.column
    for gap in wire.gaps if forward else wire.gaps[::-1]:
        y = slots[gap, wire.trunk]
        box = layout.columns[gap[0]][0]
        near, far = box.x - 8, box.x + box.width + 8
        points += [(near, y), (far, y)] if forward else [(far, y), (near, y)]
    return points


def _ports(wires: list[Wire], rows: dict[str, Row]) -> dict[tuple[int, int], Point]:
    """Return where each line leaves and enters, by (number of the wire, end)."""
    ports: dict[tuple[int, int], Point] = {}
    sides: dict[tuple[str, Literal["left", "right"]], list[tuple[float, int, int]]] = defaultdict(list)
    for number, wire in enumerate(wires):
        for end, (box, other) in enumerate(((wire.source, wire.target), (wire.target, wire.source))):
            side: Literal["left", "right"] = "left" if other.column < box.column else "right"
            name = wire.edge.target if end else wire.edge.source
            beyond = (wire.points[-1 if end else 0][1]) if wire.points else _height(other, wire, 1 - end, rows)
            sides[name, side].append((beyond, number, end))
    for (name, side), ends in sides.items():
        first = wires[ends[0][1]]
        box = first.target if ends[0][2] else first.source
        x = box.x + box.width if side == "right" else box.x
        ends.sort()
        places: dict[tuple[Trunk, int], int] = {}
        for _, number, end in ends:
            places.setdefault((wires[number].trunk, end), len(places))
        row = rows.get(name)
        middle = row.y if row else box.y + (box.head if box.members else box.height) / 2
        room = 12.0 if row else (box.head if box.members else box.height) - 16
        step = min(9.0, room / len(places))
        for _, number, end in ends:
            slot = places[wires[number].trunk, end]
            y = middle + (slot - (len(places) - 1) / 2) * step
            away = ARROW if side == "right" else -ARROW
            ports[number, end] = (x + (away if end else 0), y)
    return ports


def _height(box: Box, wire: Wire, end: int, rows: dict[str, Row]) -> float:
    row = rows.get(wire.edge.target if end else wire.edge.source)
    return row.y if row else box.middle


def _bezier(points: tuple[Point, Point, Point, Point], t: float) -> Point:
    s = 1 - t
    weights = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
    return (
        sum(weight * point[0] for weight, point in zip(weights, points, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, points, strict=True)),
    )


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
