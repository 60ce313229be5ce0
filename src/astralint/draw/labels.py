"""What is written at the lines, where there is room for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from astralint.draw.escape import visible
from astralint.draw.layout import Layout, fitted, text_width

if TYPE_CHECKING:
    from astralint.draw.routing import Wire
    from astralint.draw.view import Edge

SIZE = 10.5
HEIGHT = 15.0
WIDEST = 132.0
_PREFIX = re.compile(r"^[^\s:]+:(?=\S+ )")
_PLACES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)


class Label(msgspec.Struct, frozen=True):
    """A text at a line; `x` and `y` are its middle."""

    text: str
    x: float
    y: float
    width: float
    style: str


def label_text(edge: Edge, *, many: bool) -> str:
    """Return what stands at an edge: how many it is, its condition, the rules it violates."""
    if edge.findings:
        shown = ", ".join(edge.findings[:2]) + (" …" if len(edge.findings) > 2 else "")
        return visible(f"{edge.count}× {shown}" if edge.count > 1 else shown)
    if many:
        return ""
    parts = [f"{edge.count}×"] if edge.count > 1 else []
    if edge.style == "conditional" and edge.conditions:
        parts.append(
            _PREFIX.sub("", edge.conditions[0]) if len(edge.conditions) == 1 else f"{len(edge.conditions)} conditions"
        )
    elif edge.style == "half-open":
        parts.append("half-open")
    return visible(" ".join(parts))


def place_labels(layout: Layout, wires: list[Wire]) -> list[Label]:
    """Return the labels that fit without covering a box or each other; those of violations come first."""
    taken = [(box.x - 2, box.y - 2, box.x + box.width + 2, box.y + box.height + 2) for box in layout.boxes]
    labels: list[Label] = []
    for wire in sorted(wires, key=lambda wire: not wire.edge.findings):
        text = label_text(wire.edge, many=layout.many)
        if not text:
            continue
        text = _shortened(text)
        width = text_width(text, SIZE) + 8
        for x, y in _candidates(wire):
            area = (x - width / 2, y - HEIGHT / 2, x + width / 2, y + HEIGHT / 2)
            if not any(_overlap(area, other) for other in taken):
                taken.append(area)
                style = "violation" if wire.edge.findings else wire.edge.style
                labels.append(Label(text, round(x, 1), round(y, 1), round(width, 1), style))
                break
    return labels


def _shortened(text: str) -> str:
    """Cut a text in its middle: what tells conditions apart is often their end."""
    if text_width(text, SIZE) <= WIDEST:
        return text
    head, _, rest = text.partition(" is ")
    if not rest or text_width(head, SIZE) > WIDEST / 3:
        return fitted(text, WIDEST, SIZE)
    kept = rest
    while kept and text_width(f"{head} …{kept}", SIZE) > WIDEST:
        kept = kept[1:]
    word = re.search("[:/]", kept[:12])
    kept = kept[word.end() :] if word else kept
    return f"{head} …{kept.lstrip()}"


def _candidates(wire: Wire) -> list[tuple[float, float]]:
    segments = range(0, len(wire.points) - 1, 2)
    ordered = sorted(segments, key=lambda segment: abs(segment - (len(wire.points) - 2)))
    return [wire.at(segment, t) for segment in ordered for t in _PLACES]


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
