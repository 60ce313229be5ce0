"""The graph as one HTML page that works offline: the same picture, to be explored."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections import defaultdict
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from astralint.draw.districts import fold, gather
from astralint.draw.escape import counted, markup
from astralint.draw.kinds import edge_kind
from astralint.draw.layout import Layout, arrange
from astralint.draw.options import Drawing, DrawOptions
from astralint.draw.page_data import MAXIMUM_PLACES, SOURCES, kinds_of, off_at_first, page_data, with_kinds
from astralint.draw.palette import DARK, LIGHT, SANS
from astralint.draw.reduce import collapse, view_of
from astralint.draw.routing import route
from astralint.draw.svg import markers, scene, style
from astralint.draw.view import STRENGTH

if TYPE_CHECKING:
    import networkx as nx

    from astralint.draw.view import View

LIMIT = 4_800_000
"""Bytes of a page that browsers open without delay."""
OPEN_ROWS = 600
"""At the deeper levels, so many members are in sight at first."""
_CODE = re.compile("`([^`]+)`")


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
    still = "\n".join(scene(layout, wires, {}, tooltips=False))
    data = page_data(deep, layout, options, deep=True, opened=opened)
    if len(data) + len(still) > LIMIT:
        notes.append(
            f"{counted(len(deep.nodes), 'role and principal', 'roles and principals')} don't fit into one page, so it shows "
            "accounts; draw a part with `astralint graph --format html --level role --from A --to B`"
        )
        shown = gather(flat)
        layout = arrange(shown)
        still = "\n".join(scene(layout, route(layout, shown.edges), {}, tooltips=False))
        data = _accounts_data(flat, layout, options, LIMIT - len(still), notes)
    if len(data) + len(still) > LIMIT:
        still = ""
    return Drawing(_page(deep, still, data, notes, options), tuple(notes))


def _accounts_data(flat: View, layout: Layout, options: DrawOptions, room: int, notes: list[str]) -> str:
    """Return as much about the edges between accounts as there is room for, and say what is left out."""
    for places, told in ((MAXIMUM_PLACES, True), (2, True), (2, False), (0, False)):
        data = page_data(flat, layout, options, deep=False, opened=False, places=places, told=told)
        if len(data) <= room:
            break
    if not places:
        notes.append(f"{counted(len(flat.edges), 'edge')} are drawn without the lines of code that they rest on")
    if len(data) <= room:
        return data
    ranked = sorted(flat.edges, key=lambda edge: (not edge.findings, -STRENGTH[edge.verdict], edge.source, edge.target))
    kept = len(ranked)
    while kept and len(data) > room:
        kept = int(kept * min(room / len(data), 0.95) * 0.97)
        part = msgspec.structs.replace(flat, edges=tuple(ranked[:kept]))
        data = page_data(part, layout, options, deep=False, opened=False, places=0)
    notes.append(f"{counted(len(ranked) - kept, 'edge')} of {len(ranked):,} are left out, the weakest first")
    return data


def _without_light(view: View) -> View:
    """Return the view without the edges that the role level hides at first, and without what only they touch."""
    edges = tuple(edge for edge in view.edges if not edge.light)
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    only = {end for edge in view.edges if edge.light for end in (edge.source, edge.target)} - ends
    return msgspec.structs.replace(view, edges=edges, nodes=tuple(node for node in view.nodes if node.id not in only))


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
    edges = with_kinds(view)
    for edge, kind in edges:
        tally[kind] += edge.count
    return "".join(
        f'<button class="toggle" type="button" aria-pressed="{str(not off_at_first(kind, options)).lower()}" '
        f'data-filter="kind:{markup(kind)}">'
        f"{markup(SOURCES.get(kind) or edge_kind(kind).filter)} <b>{tally[kind]:,}</b></button>"
        for kind in kinds_of(edges)
    )


def _properties(colors: dict[str, str]) -> str:
    more = {**colors, "half-open-text": colors["soft"], "focus": "#5b76e8" if colors is LIGHT else "#93a7ff"}
    return "".join(f"--{name}:{color};" for name, color in more.items())


def _asset(name: str) -> str:
    return (resources.files("astralint.draw") / "assets" / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
