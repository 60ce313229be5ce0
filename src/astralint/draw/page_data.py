"""What the page knows: boxes with their members, and every edge with what it rests on."""

from __future__ import annotations

import json
import shlex
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from astralint.draw.districts import short_name
from astralint.draw.escape import cut, visible
from astralint.draw.kinds import ASSUMPTIONS, EDGES, STYLES, edge_kind, kind_text
from astralint.draw.labels import CROWD, condition_text
from astralint.draw.layout import MANY_EDGES, Box, Layout
from astralint.draw.palette import kind_class
from astralint.draw.svg import PAINTED
from astralint.source.json_sink import ascii_escaped

if TYPE_CHECKING:
    from astralint.draw.options import DrawOptions
    from astralint.draw.view import Container, Edge, Node, View

INDENT, INNER_GAP, INNER_HEAD = 14, 8, 34
"""The boxes of accounts in an opened district: further right, and closer."""
MAXIMUM_PLACES = 6
_CONDITIONS = 8
_STYLES = tuple(STYLES)
SOURCES = {"federated": "identity providers", "service": "AWS services"}
"""Who assumes roles in such numbers that they can be hidden on their own."""
_SEPARATORS = (",", ":")


def page_data(
    view: View,
    layout: Layout,
    options: DrawOptions,
    *,
    deep: bool,
    opened: bool,
    places: int = MAXIMUM_PLACES,
    told: bool = True,
) -> str:
    """Return the data of a page as JSON that is safe inside of an element.

    `deep` says whether the view has members, `opened` whether they are in sight at first,
    `places` how many lines of code each edge may name, `told` whether with what they say.
    """
    writer = _Writer(view, layout, deep=deep, opened=opened, told=told)
    edges = with_kinds(view)
    kinds = kinds_of(edges)
    numbers = {kind: number for number, kind in enumerate(kinds)}
    data = {
        "deep": deep,
        "many": layout.many,
        "manyEdges": MANY_EDGES,
        "crowd": CROWD,
        "width": round(layout.width, 1),
        "measures": {"gap": layout.measures.gap, "inner": INNER_GAP},
        "lanes": [[name, round(left, 1), round(right, 1)] for name, left, right in layout.lanes],
        "styles": _STYLES,
        "painted": PAINTED,
        "kinds": [visible(kind) for kind in kinds],
        "families": [edge_kind(kind).family for kind in kinds],
        "light": [edge_kind(kind).light for kind in kinds],
        "labelled": [edge_kind(kind).labelled for kind in kinds],
        "off": [visible(kind) for kind in kinds if off_at_first(kind, options)],
        "boxes": writer.boxes(),
        "edges": [writer.edge(edge, numbers[kind], places) for edge, kind in edges],
        "strings": writer.strings.all,
    }
    # What could end the element, or begin a comment in it, is written as an escape.
    text = ascii_escaped(json.dumps(data, separators=_SEPARATORS))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def with_kinds(view: View) -> list[tuple[Edge, str]]:
    """Return the edges, each with the kind that it is filtered by."""
    sources = {node.id: node.container for node in view.nodes}
    found = []
    for edge in view.edges:
        kind = edge.kinds[0]
        if kind in ASSUMPTIONS:
            group = sources.get(edge.source, edge.source).removeprefix("group:")
            kind = group if group in SOURCES else "can-assume"
        found.append((edge, kind))
    return found


def kinds_of(edges: list[tuple[Edge, str]]) -> list[str]:
    """Return the kinds that there are, in the order of the filters."""
    there = {kind for _, kind in edges}
    ordered = ["can-assume", *SOURCES, *EDGES]
    return [*dict.fromkeys(kind for kind in ordered if kind in there), *sorted(there.difference(ordered))]


def off_at_first(kind: str, options: DrawOptions) -> bool:
    """Say whether a kind is hidden until somebody asks for it."""
    return options.level == "role" and edge_kind(kind).light


class _Strings:
    """Texts that are many times the same, kept once."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._known: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = len(self.all)
            self.all.append(visible(text))
        return known


class _Writer:
    def __init__(self, view: View, layout: Layout, *, deep: bool, opened: bool, told: bool) -> None:
        self.told = told
        self.layout = layout
        self.deep = deep
        self.opened = opened
        self.strings = _Strings()
        self.strings("")
        self._containers = {item.id: item for item in view.containers}
        self._inside: dict[str, list[Node]] = defaultdict(list)
        for node in view.nodes:
            self._inside[node.container].append(node)
        self._placed = {node.id: number for box in layout.boxes for number, node in enumerate(box.members)}
        self._ends: dict[str, tuple[int, int]] = {}

    def boxes(self) -> list[dict[str, Any]]:
        """Return all boxes, and remember where the ends of edges are: (box, row)."""
        written: list[dict[str, Any]] = []
        for box in self.layout.boxes:
            index = len(written)
            written.append(self._box(box, box.container, index))
            for account in box.container.accounts:
                item = self._containers[account]
                data = self._box(box, item, len(written))
                inner = {
                    "parent": index,
                    "label": short_name(data["name"], item.account_kind),
                    "x": data["x"] + INDENT,
                    "w": data["w"] - INDENT,
                    "y": data["y"] + data["h"],
                    "h": 0,
                    "closed": INNER_HEAD,
                    "head": INNER_HEAD,
                    "open": False,
                }
                written.append({**data, **inner})
        return written

    def _box(self, box: Box, item: Container, index: int) -> dict[str, Any]:
        members = sorted(self._inside[item.id], key=lambda node: self._placed.get(node.id, len(self._placed)))
        self._ends[item.id] = (index, -1)
        self._ends |= {node.id: (index, row) for row, node in enumerate(members)}
        closed = max(52.0 if box.head > 34 else box.head, 30.0)
        return {
            "name": visible(item.name),
            "caption": visible(item.caption),
            "kind": item.kind,
            "external": item.external,
            "quiet": item.id == "group:service",
            "stripe": kind_class(item.account_kind) if item.kind != "group" else "k-group",
            "workspaces": item.workspaces,
            "members": item.members,
            "innerFindings": [visible(rule) for rule in item.inner_findings],
            "column": box.column,
            "x": round(box.x, 1),
            "y": round(box.y, 1),
            "w": round(box.width, 1),
            "h": round(box.height, 1),
            "closed": closed if box.members else round(box.height, 1),
            "head": box.head,
            "open": bool(box.members) or (self.opened and bool(members)),
            "rows": [self._row(node) for node in members],
            "command": "" if self.deep else _command(item.name),
        }

    def _row(self, node: Node) -> list[Any]:
        strings = self.strings
        kind = strings(kind_text(node.kind))
        return [visible(node.name), strings(node.kind), strings(node.detail), strings(node.file), node.line, kind]

    def edge(self, edge: Edge, kind: int, places: int) -> list[Any]:
        """Return an edge; its ends are among the boxes that were written before."""
        strings = self.strings
        return [
            *self._ends[edge.source],
            *self._ends[edge.target],
            _STYLES.index(edge.style),
            kind,
            edge.count,
            int(edge.unresolved),
            [strings(cut(condition, 400)) for condition in edge.conditions[:_CONDITIONS]],
            [strings(rule) for rule in edge.findings],
            [
                [
                    strings(place.file),
                    place.line,
                    strings(place.side),
                    strings(cut(place.text, 160) if self.told else ""),
                    strings(place.workspace),
                ]
                for place in edge.evidence[:places]
            ],
            strings(edge.missing_side.capitalize()),
            strings(edge.verdict_text),
            strings(condition_text(edge.conditions) if edge.verdict == "conditional" else ""),
            [strings(cut(detail, 200)) for detail in edge.details[:_CONDITIONS]],
        ]


def _command(account: str) -> str:
    return f"astralint graph --format html --level role --to {shlex.quote(visible(account))} -o part.html"
