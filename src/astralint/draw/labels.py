"""What is written at the lines, where there is room for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from astralint.draw.conditions import summary
from astralint.draw.escape import visible
from astralint.draw.kinds import edge_kind
from astralint.draw.layout import Layout, text_width

if TYPE_CHECKING:
    from astralint.draw.bundles import Trunk
    from astralint.draw.routing import Point, Wire
    from astralint.draw.view import Edge

SIZE = 10.5
HEIGHT = 15.0
WIDEST = 120.0
CROWD = 60
"""With more violations than this among many lines, all are drawn faintly, and nothing is written at them."""
_PLACES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)
_NEAR = (0.25, 0.15, 0.35, 0.5)
_SILENT = frozenset({"allowed", "conditional", "deploys", "access", "access-if"})
Area = tuple[float, float, float, float]


class Label(msgspec.Struct, frozen=True):
    """A text at a line; `x` and `y` are its middle."""

    text: str
    x: float
    y: float
    width: float
    style: str


def quiet(wire: Wire) -> bool:
    """Say whether a line is one of the many that let an AWS service do its work."""
    return wire.source.container.id == "group:service" and not wire.edge.findings


def crowded(layout: Layout, wires: list[Wire]) -> bool:
    """Say whether so many lines violate rules that none could be seen for the others."""
    return layout.many and sum(1 for wire in wires if wire.edge.findings) > CROWD


def label_text(edge: Edge, *, counted: bool = True) -> str:
    """Return what stands at an edge: how many it is, its condition, the rules it violates."""
    parts = [f"{edge.count:,}×"] if edge.count > 1 and counted else []
    if edge.findings:
        parts.append(", ".join(edge.findings[:2]) + (" …" if len(edge.findings) > 2 else ""))
        return visible(" ".join(parts))
    if edge.verdict == "conditional" and edge.conditions:
        parts.append(condition_text(edge.conditions))
    elif edge.style not in _SILENT and edge_kind(edge.kinds[0]).labelled:
        parts.append(edge.verdict_text)
    return visible(" ".join(parts))


def condition_text(conditions: Sequence[str]) -> str:
    """Return what conditions hang on, short enough for a label."""
    return summary(conditions, lambda text: text_width(text, SIZE) <= WIDEST)


def place_labels(layout: Layout, wires: list[Wire]) -> list[Label]:
    """Return the labels that fit without covering a box or each other; those of violations come first.

    Lines that run together and say the same say it once.
    """
    taken = [(box.x - 2, box.y - 2, box.x + box.width + 2, box.y + box.height + 2) for box in layout.boxes]
    crowd = crowded(layout, wires)
    together: dict[Trunk, list[Wire]] = defaultdict(list)
    for wire in wires:
        if not quiet(wire) and not crowd and not (layout.many and not wire.edge.findings):
            together[wire.trunk].append(wire)
    labels: list[Label] = []
    for bundle in sorted(together.values(), key=lambda bundle: not bundle[0].edge.findings):
        said = {label_text(wire.edge, counted=False) for wire in bundle}
        once = len(bundle) > 1 and len(said) == 1
        for wire in bundle:
            text = label_text(wire.edge, counted=not once)
            if not text:
                continue
            width = text_width(text, SIZE) * 1.05 + 10
            place = _free(_candidates(wire, at_hub=once), width, taken)
            if place is not None:
                style = "violation" if wire.edge.findings else wire.edge.style
                labels.append(Label(text, round(place[0], 1), round(place[1], 1), round(width, 1), style))
                if once:
                    break
    return labels


def _free(places: list[Point], width: float, taken: list[Area]) -> Point | None:
    for x, y in places:
        area = (x - width / 2, y - HEIGHT / 2, x + width / 2, y + HEIGHT / 2)
        if not any(_overlap(area, other) for other in taken):
            taken.append(area)
            return x, y
    return None


def _candidates(wire: Wire, *, at_hub: bool) -> list[Point]:
    segments: list[int] = list(range(0, len(wire.points) - 1, 2))
    if not at_hub:
        return [wire.at(segment, t) for segment in segments[::-1] for t in _PLACES]
    outward = wire.trunk[1]
    ordered = segments if outward else segments[::-1]
    return [wire.at(segment, t if outward else 1 - t) for segment in ordered for t in _NEAR]


def _overlap(a: Area, b: Area) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
