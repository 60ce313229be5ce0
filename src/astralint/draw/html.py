"""The graph as one HTML page that works offline: the same picture, to be explored."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from base64 import b64encode
from collections import defaultdict
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec

from astralint.draw.districts import gather, short_name
from astralint.draw.escape import counted, cut, markup, visible
from astralint.draw.kinds import ASSUMPTIONS, EDGES, STYLES, edge_kind, kind_text
from astralint.draw.labels import CROWD, condition_text
from astralint.draw.layout import MANY_EDGES, Box, Layout, arrange
from astralint.draw.options import Drawing, DrawOptions
from astralint.draw.palette import DARK, LIGHT, SANS, kind_class
from astralint.draw.reduce import collapse, view_of
from astralint.draw.routing import route
from astralint.draw.svg import PAINTED, fold, markers, scene, style

if TYPE_CHECKING:
    import networkx as nx

    from astralint.draw.view import Container, Edge, Node, View

LIMIT = 4_800_000
"""Bytes of a page that browsers open without delay."""
OPEN_ROWS = 600
"""At the deeper levels, so many members are in sight at first."""
INDENT = 14
_PLACES = 6
_CONDITIONS = 8
_STYLES = tuple(STYLES)
_SOURCES = {"federated": "identity providers", "service": "AWS services"}
"""Who assumes roles in such numbers that they can be hidden on their own."""
_CODE = re.compile("`([^`]+)`")
_SEPARATORS = (",", ":")


def render(graph: nx.MultiDiGraph[str], options: DrawOptions) -> Drawing:
    """Return the page; roles that would make it too large are left out, and the page says so."""
    level = "resource" if options.level == "resource" else "role"
    deep = view_of(graph, msgspec.structs.replace(options, level=level), light=True)
    accounts = {item.id for item in deep.containers if item.kind == "account"}
    flat = fold(msgspec.structs.replace(collapse(deep, accounts), level="account"))
    opened = options.level != "account" and len(deep.nodes) <= OPEN_ROWS
    shown = _without_light(deep) if opened and level == "role" else deep if opened else gather(flat)
    layout = arrange(shown)
    wires = route(layout, shown.edges)
    notes = list(deep.notes)
    data = _data(deep, layout, options, deep=True, opened=opened)
    still = "\n".join(scene(layout, wires, {}, tooltips=False))
    if len(data) + len(still) > LIMIT:
        notes.append(
            f"{counted(len(deep.nodes), 'role and principal', 'roles and principals')} don't fit into one page, so it shows "
            "accounts; draw a part with `astralint graph --format html --level role --from A --to B`"
        )
        if opened:
            shown = gather(flat)
            layout = arrange(shown)
            still = "\n".join(scene(layout, route(layout, shown.edges), {}, tooltips=False))
        data = _data(flat, layout, options, deep=False, opened=False)
    if len(data) + len(still) > LIMIT:
        still = ""
    return Drawing(_page(deep, still, data, notes, options), tuple(notes))


def _box_data(
    box: Box,
    item: Container,
    nodes: list[Node],
    open_: bool,
    placed: dict[str, int],
    rows: dict[str, tuple[int, int]],
    index: int,
    strings: _Strings,
    *,
    deep: bool,
) -> dict[str, Any]:
    """Return a box for the page, and note the places of what is in it in `rows`."""
    members = sorted(nodes, key=lambda node: placed.get(node.id, len(placed)))
    rows[item.id] = (index, -1)
    rows |= {node.id: (index, row) for row, node in enumerate(members)}
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
        "open": bool(box.members) or (open_ and bool(members)),
        "rows": [
            [
                visible(node.name),
                strings(node.kind),
                strings(node.detail),
                strings(node.file),
                node.line,
                strings(kind_text(node.kind)),
            ]
            for node in members
        ],
        "command": "" if deep else _command(item.name),
    }


def _without_light(view: View) -> View:
    """Return the view without the edges that the role level hides at first, and without what only they touch."""
    edges = tuple(edge for edge in view.edges if not edge.light)
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    only = {end for edge in view.edges if edge.light for end in (edge.source, edge.target)} - ends
    return msgspec.structs.replace(view, edges=edges, nodes=tuple(node for node in view.nodes if node.id not in only))


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


def _data(view: View, layout: Layout, options: DrawOptions, *, deep: bool, opened: bool) -> str:
    strings = _Strings()
    strings("")
    boxes = layout.boxes
    inside: dict[str, list[Node]] = defaultdict(list)
    for node in view.nodes:
        inside[node.container].append(node)
    placed = {node.id: number for box in boxes for number, node in enumerate(box.members)}
    rows: dict[str, tuple[int, int]] = {}
    written: list[dict[str, Any]] = []
    containers = {item.id: item for item in view.containers}
    for box in boxes:
        index = len(written)
        written.append(
            _box_data(box, box.container, inside[box.container.id], opened, placed, rows, index, strings, deep=deep)
        )
        for account in box.container.accounts:
            item = containers[account]
            data = _box_data(box, item, inside[item.id], False, placed, rows, len(written), strings, deep=deep)
            data["label"] = short_name(data["name"], item.account_kind)
            indent = {"x": data["x"] + INDENT, "w": data["w"] - INDENT, "y": data["y"] + data["h"], "h": 0}
            written.append({**data, **indent, "parent": index, "closed": 34, "head": 34, "open": False})
    sorted_edges = _with_kinds(view)
    kinds = _kinds_of(sorted_edges)
    data = {
        "deep": deep,
        "many": layout.many,
        "manyEdges": MANY_EDGES,
        "crowd": CROWD,
        "width": round(layout.width, 1),
        "measures": {"gap": layout.measures.gap, "inner": 8},
        "lanes": [[name, round(left, 1), round(right, 1)] for name, left, right in layout.lanes],
        "styles": list(STYLES),
        "painted": PAINTED,
        "kinds": kinds,
        "light": [edge_kind(kind).light for kind in kinds],
        "off": [kind for kind in kinds if _off(kind, options)],
        "boxes": written,
        "edges": [_edge(edge, rows, strings, kinds.index(kind)) for edge, kind in sorted_edges],
        "strings": strings.all,
    }
    # What could end the element, or begin a comment in it, is written as an escape.
    text = json.dumps(data, separators=_SEPARATORS)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _with_kinds(view: View) -> list[tuple[Edge, str]]:
    """Return the edges, each with the kind that it is filtered by."""
    sources = {node.id: node.container for node in view.nodes}
    found = []
    for edge in view.edges:
        kind = edge.kinds[0]
        if kind in ASSUMPTIONS:
            group = sources.get(edge.source, edge.source).removeprefix("group:")
            kind = group if group in _SOURCES else "can-assume"
        found.append((edge, kind))
    return found


def _kinds_of(edges: list[tuple[Edge, str]]) -> list[str]:
    """Return the kinds that there are, in the order of the filters."""
    there = {kind for _, kind in edges}
    ordered = ["can-assume", *_SOURCES, *EDGES]
    return [*dict.fromkeys(kind for kind in ordered if kind in there), *sorted(there.difference(ordered))]


def _off(kind: str, options: DrawOptions) -> bool:
    """Say whether a kind is hidden until somebody asks for it."""
    return options.level == "role" and edge_kind(kind).light


def _edge(edge: Edge, rows: dict[str, tuple[int, int]], strings: _Strings, kind: int) -> list[Any]:
    return [
        *rows[edge.source],
        *rows[edge.target],
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
                strings(cut(place.text, 160)),
                strings(place.workspace),
            ]
            for place in edge.evidence[:_PLACES]
        ],
        strings(edge.missing_side.capitalize()),
        strings(edge.verdict_text),
        strings(condition_text(edge.conditions) if edge.verdict == "conditional" else ""),
        [strings(cut(detail, 200)) for detail in edge.details[:_CONDITIONS]],
    ]


def _command(account: str) -> str:
    return f"astralint graph --format html --level role --to {shlex.quote(visible(account))} -o part.html"


def _page(view: View, still: str, data: str, notes: list[str], options: DrawOptions) -> str:
    css = f":root{{{_properties(LIGHT)}--sans:{SANS}}}@media (prefers-color-scheme:dark){{:root{{{_properties(DARK)}}}}}\n"
    css += style() + "\n" + _asset("graph.css")
    script = _asset("geometry.js") + _asset("viewport.js") + _asset("graph.js")
    policy = (
        f"default-src 'none'; style-src {_hash(css)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    notice = ""
    if notes:
        text = " ".join(f"{note[0].upper()}{note[1:]}." for note in notes)
        coded = _CODE.sub(r"<code>\1</code>", markup(text))
        notice = (
            f'<div class="notice" id="notice" role="status"><span>{coded}</span>'
            '<button class="close" type="button" aria-label="Close">×</button></div>'
        )
    version = f"astralint {view.version}" if view.version else "astralint"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="{markup(version)}">
<title>{markup(view.heading)}</title>
<style>{css}</style>
</head>
<body>
<header>
<div class="titles"><h1>{markup(view.heading)}</h1><p class="summary">{markup(view.summary)}</p></div>
<div class="search" role="search"><label class="hidden-text" for="search">Search accounts and roles</label>
<input id="search" type="text" placeholder="Search accounts and roles" autocomplete="off" spellcheck="false">
<kbd aria-hidden="true">/</kbd><ul id="results" aria-label="Matches" hidden></ul></div>
</header>
<main>
<svg id="stage" class="astralint" width="100%" height="100%" tabindex="0" role="group" \
aria-label="{markup(view.summary)}. Arrow keys move the picture, plus and minus zoom, slash searches.">
{markers()}
<g id="world">
{still}
</g>
</svg>
<div class="zoom" role="group" aria-label="Zoom"><button id="zoom-out" type="button" aria-label="Zoom out">−</button>\
<button id="zoom-fit" type="button">Fit</button><button id="zoom-in" type="button" aria-label="Zoom in">+</button></div>
{notice}
<aside id="panel" aria-label="Details" aria-live="polite" hidden></aside>
</main>
<footer>
<div class="set" role="group" aria-label="Legend: show or hide by verdict">{_verdicts(view)}</div>
<div class="set" role="group" aria-label="Show or hide by kind">{_kinds(view, options)}</div>
<span class="end">{markup(version)}</span>
<span class="hidden-text" id="status" role="status"></span>
</footer>
<script type="application/json" id="data">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def _verdicts(view: View) -> str:
    buttons = []
    for name, text, count in view.counts.legend():
        sample = (
            '<circle class="open-end" cx="17" cy="6" r="4.5"/>'
            if name == "unresolved"
            else f'<path class="edge {name}" marker-end="url(#a-{name})" d="M1 6H30"/>'
        )
        identity, pressed, extra = f'data-filter="{name}"', "true", ""
        shown = text.partition(":")[0]
        if name == "violation":
            identity, pressed, extra, shown = 'id="only-findings"', "false", " only", "with findings only"
        buttons.append(
            f'<button class="toggle{extra}" type="button" aria-pressed="{pressed}" {identity} title="{markup(text)}">'
            f'<svg class="astralint" width="34" height="12" aria-hidden="true">{sample}</svg>'
            f"{markup(shown)} <b>{count:,}</b></button>"
        )
    return "".join(buttons)


def _kinds(view: View, options: DrawOptions) -> str:
    tally: dict[str, int] = defaultdict(int)
    edges = _with_kinds(view)
    for edge, kind in edges:
        tally[kind] += edge.count
    return "".join(
        f'<button class="toggle" type="button" aria-pressed="{str(not _off(kind, options)).lower()}" '
        f'data-filter="kind:{markup(kind)}">'
        f"{markup(_SOURCES.get(kind) or edge_kind(kind).filter)} <b>{tally[kind]:,}</b></button>"
        for kind in _kinds_of(edges)
    )


def _properties(colors: dict[str, str]) -> str:
    more = {**colors, "half-open-text": colors["soft"], "focus": "#5b76e8" if colors is LIGHT else "#93a7ff"}
    return "".join(f"--{name}:{color};" for name, color in more.items())


def _asset(name: str) -> str:
    return (resources.files("astralint.draw") / "assets" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
