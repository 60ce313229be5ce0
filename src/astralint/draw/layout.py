"""Where the accounts stand: columns from left to right, ordered so that few lines cross.

The columns are given by what accounts are for, not found from the edges, so this is
the ordering and placing half of Sugiyama's method alone. (A general layered layout
would choose its own columns, and knows nothing of rows inside of containers.)
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from astralint.draw.bundles import trunks
from astralint.draw.view import LANES, Container, Edge, Node, View

if TYPE_CHECKING:
    from collections.abc import Callable

MARGIN = 32.0
HEAD = 112.0
"""The room above the columns: title, figures, names of the columns."""
UNDER_NAME = 20.0
"""So much lower stands a column that lines pass above, for they run below its name."""
ROW = 24.0
NAME = 15.2
"""The size that gives the width of a box's name: 13.5, and its weight."""
MANY_BOXES = 40
MANY_EDGES = 120
SWEEPS = 8
SLOT = 7.0
MAXIMUM_SLOTS = 12
CORRIDOR = 8
"""Through a long column, lines run between groups of this many boxes only, so that its rows stay together."""
LONG = 12
TALLEST_CARD = 124.0


class Measures(msgspec.Struct, frozen=True):
    """The sizes of a picture; a picture of many accounts has smaller ones."""

    width: float
    head: float
    gap: float
    gutter: float
    inner_gutter: float
    ratio: float = 1.55


NORMAL = Measures(196, 52, 26, 176, 120)
DETAILED = Measures(230, 52, 26, 176, 120)
COMPACT = Measures(172, 30, 8, 120, 58, 2.5)


class Row(msgspec.Struct, frozen=True):
    """A member of an open box; `y` is its middle."""

    id: str
    label: str
    kind: str
    y: float


class Box(msgspec.Struct):
    """An account or group in its place; `column` counts from the left."""

    container: Container
    members: list[Node]
    lane: int
    column: int = 0
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    head: float = 0

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2

    def rows(self) -> list[Row]:
        """Return its members in their places."""
        top = self.y + self.head
        return [Row(node.id, node.name, node.kind, top + ROW * (i + 0.5)) for i, node in enumerate(self.members)]


class Layout(msgspec.Struct):
    """All boxes in their places. `home` finds the box of an edge's end."""

    columns: list[list[Box]]
    measures: Measures
    home: dict[str, Box]
    lanes: list[tuple[str, float, float]] = []
    width: float = 0
    height: float = 0
    many: bool = False

    @property
    def boxes(self) -> list[Box]:
        """All boxes, column by column from the top."""
        return [box for column in self.columns for box in column]


def arrange(view: View) -> Layout:
    """Return a place for every container and node of the view, the same for the same view."""
    many = len(view.containers) > MANY_BOXES
    measures = COMPACT if many else DETAILED if any(not item.collapsed for item in view.containers) else NORMAL
    if not many and view.level == "account":
        measures = NORMAL
    inside: dict[str, list[Node]] = defaultdict(list)
    for node in view.nodes:
        inside[node.container].append(node)
    boxes = [_box(container, inside[container.id], measures) for container in view.containers]
    if many:
        longest = max(text_width(box.container.name, NAME) for box in boxes)
        measures = msgspec.structs.replace(measures, width=round(min(max(longest + 34, 150), 240)))
        for box in boxes:
            box.width = measures.width
    columns = _columns(boxes, measures)
    home = {box.container.id: box for box in boxes}
    home |= {node.id: box for box in boxes for node in box.members}
    layout = Layout(columns, measures, home, many=many or len(view.edges) > MANY_EDGES)
    _across(layout)
    if not layout.many:
        _grow(layout, view.edges)
    _order(layout, view.edges)
    return layout


def _box(container: Container, members: list[Node], measures: Measures) -> Box:
    head = measures.head if container.caption or not members else 34.0
    height = head + ROW * len(members) + (10 if members else 0)
    return Box(container, members, container.lane, width=measures.width, height=height, head=head)


def _columns(boxes: list[Box], measures: Measures) -> list[list[Box]]:
    """Break the lanes into columns so that the picture has a screen's proportions."""
    lanes = [[box for box in boxes if box.lane == lane] for lane in range(len(LANES))]
    lanes = [lane for lane in lanes if lane]
    if not lanes:
        return []
    tallest = max(box.height for box in boxes)
    heights = [sum(box.height + measures.gap for box in lane) for lane in lanes]
    best: tuple[float, float] | None = None
    limit = max(tallest, 640.0)
    while limit < 2 * max(heights):
        counts = [math.ceil(height / limit) for height in heights]
        width = sum(counts) * (measures.width + measures.inner_gutter) + len(lanes) * measures.gutter
        score = abs(math.log(width / limit / measures.ratio))
        if best is None or score < best[0] - 1e-9:
            best = (score, limit)
        limit *= 1.1
    limit = best[1] if best else limit
    return [column for lane in lanes for column in _broken(lane, limit, measures.gap)]


def _broken(lane: list[Box], limit: float, gap: float) -> list[list[Box]]:
    total = sum(box.height + gap for box in lane)
    share = total / math.ceil(total / limit)
    columns: list[list[Box]] = [[]]
    used = 0.0
    for box in lane:
        if columns[-1] and used + (box.height + gap) / 2 > share * len(columns):
            columns.append([])
        columns[-1].append(box)
        used += box.height + gap
    return columns


def _grow(layout: Layout, edges: tuple[Edge, ...]) -> None:
    """Make closed boxes tall enough for the lines at their sides."""
    sides: dict[tuple[int, bool], set[tuple[object, ...]]] = defaultdict(set)
    for edge, trunk in zip(edges, trunks(edges), strict=True):
        source, target = layout.home[edge.source], layout.home[edge.target]
        sides[id(source), target.column < source.column].add((*trunk, 0))
        sides[id(target), source.column < target.column].add((*trunk, 1))
    for box in layout.boxes:
        if not box.members:
            most = max(len(sides[id(box), True]), len(sides[id(box), False]))
            box.height = max(box.height, min(14 + 7.0 * most, TALLEST_CARD))


def gap_places(layout: Layout, number: int) -> list[int]:
    """Return which gaps of a column lines may pass, counted from the top."""
    count = len(layout.columns[number])
    if not layout.many or count <= LONG:
        return list(range(count + 1))
    return sorted({*range(0, count, CORRIDOR), count})


def _across(layout: Layout) -> None:
    """Give the columns their place from left to right."""
    measures = layout.measures
    x = MARGIN + 28
    last_lane = -1
    lanes: list[tuple[str, float, float]] = []
    for number, column in enumerate(layout.columns):
        lane = column[0].lane
        if number:
            x += measures.gutter if lane != last_lane else measures.inner_gutter
        if lane != last_lane:
            lanes.append((LANES[lane], x, x + measures.width))
        else:
            name, start, _ = lanes[-1]
            lanes[-1] = (name, start, x + measures.width)
        for box in column:
            box.x, box.column = x, number
        x += measures.width
        last_lane = lane
    layout.lanes = lanes
    layout.width = x + 28 + MARGIN
    ends = layout.columns[-1] if layout.columns else []
    if any(box.members for box in ends) or not layout.many:
        layout.width += 32


def _order(layout: Layout, edges: tuple[Edge, ...]) -> None:
    """Order boxes and rows by what they are connected with, and even out the lines."""
    links = _links(layout, edges)
    gap = layout.measures.gap
    for column in layout.columns:
        _stack(column, gap)
    best = (_cost(layout, edges), [list(column) for column in layout.columns])
    for sweep in range(SWEEPS):
        columns = layout.columns if sweep % 2 == 0 else layout.columns[::-1]
        for column in columns:
            if layout.many and len(column) > LONG:
                # Whoever looks for one of many accounts looks for its kind and name.
                continue
            wanted = {id(box): _mean(links[id(box)], box.middle) for box in column}
            column.sort(key=lambda box: wanted[id(box)])
            _stack(column, gap)
        cost = _cost(layout, edges)
        if cost < best[0]:
            best = (cost, [list(column) for column in layout.columns])
    layout.columns = best[1]
    for column in layout.columns:
        _stack(column, gap)
    _order_rows(layout, edges)


def _links(layout: Layout, edges: tuple[Edge, ...]) -> dict[int, list[Callable[[], float]]]:
    links: dict[int, list[Callable[[], float]]] = defaultdict(list)
    for edge in edges:
        source, target = layout.home[edge.source], layout.home[edge.target]
        if source is not target:
            links[id(source)].append(lambda box=target: box.middle)  # type: ignore[misc]
            links[id(target)].append(lambda box=source: box.middle)  # type: ignore[misc]
    return links


def _mean(links: list[Callable[[], float]], default: float) -> float:
    return sum(link() for link in links) / len(links) if links else default


def _stack(column: list[Box], gap: float) -> None:
    """Stand the boxes of a column under each other, its middle at zero."""
    y = -(sum(box.height for box in column) + gap * (len(column) - 1)) / 2
    for box in column:
        box.y = y
        y += box.height + gap


def _cost(layout: Layout, edges: tuple[Edge, ...]) -> tuple[int, float]:
    """Return how many lines cross, and how far all go up or down."""
    spans: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    climb = 0.0
    for edge in edges:
        left, right = sorted((layout.home[edge.source], layout.home[edge.target]), key=lambda box: box.column)
        climb += abs(left.middle - right.middle)
        if left.column != right.column:
            spans[left.column, right.column].append((left.middle, right.middle))
    crossings = 0
    if len(edges) <= 4 * MANY_EDGES:
        for pairs in spans.values():
            crossings += sum(
                1 for index, (a, b) in enumerate(pairs) for c, d in pairs[index + 1 :] if (a - c) * (b - d) < 0
            )
    return crossings, round(climb, 3)


def _order_rows(layout: Layout, edges: tuple[Edge, ...]) -> None:
    others: dict[str, list[float]] = defaultdict(list)
    for edge in edges:
        source, target = layout.home[edge.source], layout.home[edge.target]
        if source is not target:
            others[edge.source].append(target.middle)
            others[edge.target].append(source.middle)
    for box in layout.boxes:
        box.members.sort(key=lambda node: sum(others[node.id]) / len(others[node.id]) if others[node.id] else math.inf)


def settle(layout: Layout, slots: dict[tuple[int, int], int], edges: tuple[Edge, ...]) -> None:
    """Place the boxes of all columns: gaps wide enough for the lines through them, and level with their neighbours."""
    links = _links(layout, edges)
    gap = layout.measures.gap
    gaps = [
        [gap + SLOT * max(min(slots.get((number, place), 0), MAXIMUM_SLOTS) - 1, 0) for place in range(len(column) + 1)]
        for number, column in enumerate(layout.columns)
    ]
    fixed = _align(layout, gaps) if layout.many else set()
    for _ in range(6):
        for number, (column, room) in enumerate(zip(layout.columns, gaps, strict=True)):
            if number in fixed:
                continue
            wanted = [_mean(links[id(box)], box.middle) - box.height / 2 for box in column]
            weights = [float(len(links[id(box)]) or 1) for box in column]
            for box, y in zip(column, _spaced(wanted, weights, column, room), strict=True):
                box.y = y
    tops = [
        column[0].y - room[0] + gap - (UNDER_NAME if (number, 0) in slots else 0)
        for number, (column, room) in enumerate(zip(layout.columns, gaps, strict=True))
    ]
    top = min(tops, default=0.0)
    for box in layout.boxes:
        box.y = round(box.y - top + HEAD, 1)
    bottoms = [
        column[-1].y + column[-1].height + room[-1] - gap for column, room in zip(layout.columns, gaps, strict=True)
    ]
    layout.height = max(bottoms, default=HEAD)


def _align(layout: Layout, gaps: list[list[float]]) -> set[int]:
    """Stand the long columns side by side, row by row; return which these are."""
    long = [number for number, column in enumerate(layout.columns) if len(column) > LONG]
    for place in range(max((len(gaps[number]) for number in long), default=0)):
        widest = max(gaps[number][place] for number in long if place < len(gaps[number]))
        for number in long:
            if place < len(gaps[number]):
                gaps[number][place] = widest
    for number in long:
        y = gaps[number][0]
        for box, gap in zip(layout.columns[number], gaps[number][1:], strict=True):
            box.y = y
            y += box.height + gap
    return set(long)


def _spaced(wanted: list[float], weights: list[float], column: list[Box], gaps: list[float]) -> list[float]:
    """Return the places nearest to those wanted that keep order and gaps (pool adjacent violators)."""
    offsets = [0.0]
    for index in range(1, len(column)):
        offsets.append(offsets[-1] + column[index - 1].height + gaps[index])
    pools: list[tuple[float, float, int]] = []
    for want, offset, weight in zip(wanted, offsets, weights, strict=True):
        value, total, count = want - offset, weight, 1
        while pools and pools[-1][0] >= value:
            other, other_total, other_count = pools.pop()
            value = (value * total + other * other_total) / (total + other_total)
            total, count = total + other_total, count + other_count
        pools.append((value, total, count))
    shifts = [value for value, _, count in pools for _ in range(count)]
    return [shift + offset for shift, offset in zip(shifts, offsets, strict=True)]


_NARROW = frozenset("iljtfrI.,:;'|!()[]{}/ -·")
_BROAD = frozenset("mwMWQOGD@%…×")


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is in a sans-serif font."""
    return size * sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if character in _NARROW:
        return 0.33
    if character in _BROAD:
        return 0.86
    if not character.isascii() and unicodedata.east_asian_width(character) in "WF":
        return 1.02
    return 0.66 if character.isupper() else 0.56


def middle_fitted(text: str, width: float, size: float) -> str:
    """Return the text, cut in its middle: of addresses and ARNs, both ends tell what they are."""
    if text_width(text, size) <= width:
        return text
    room = width - text_width("…", size)
    start, used = 0, 0.0
    while start < len(text) and used + size * _advance(text[start]) <= room * 0.45:
        used += size * _advance(text[start])
        start += 1
    end = len(text)
    while end > start and used + size * _advance(text[end - 1]) <= room:
        end -= 1
        used += size * _advance(text[end])
    return f"{text[:start].rstrip()}…{text[end:].lstrip()}"


def fitted(text: str, width: float, size: float) -> str:
    """Return the text, cut with an ellipsis where it is wider than `width`."""
    if text_width(text, size) <= width:
        return text
    used = text_width("…", size)
    for index, character in enumerate(text):
        used += size * _advance(character)
        if used > width:
            return text[:index].rstrip() + "…"
    return text
