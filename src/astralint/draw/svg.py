"""The graph as an SVG picture: still, without scripts, fit for a README."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from astralint.draw.districts import fold, gather
from astralint.draw.escape import cut, markup, visible
from astralint.draw.kinds import STYLES, kind_text
from astralint.draw.labels import HEIGHT, SIZE, Label, crowded, place_labels, quiet
from astralint.draw.layout import MARGIN, NAME, Box, Layout, Row, arrange, fitted, middle_fitted, text_width
from astralint.draw.options import Drawing, DrawOptions
from astralint.draw.palette import DARK, KINDS, LIGHT, SANS, kind_class
from astralint.draw.reduce import collapse, view_of
from astralint.draw.routing import Wire, route

if TYPE_CHECKING:
    import networkx as nx

    from astralint.draw.view import Edge, View

_TOOLTIP_PLACES = 4
_STYLES = (*STYLES, "violation")
MAXIMUM_MEMBERS = 4000
_MINIMUM_WIDTH = 720.0
PAINTED = (
    "other",
    "access",
    "access-if",
    "deploys",
    "delegates",
    "escalates-if",
    "escalates",
    "allowed",
    "half-open",
    "conditional",
)
"""The styles from the lowest to the highest."""


def render(graph: nx.MultiDiGraph[str], options: DrawOptions) -> Drawing:
    """Return the picture."""
    view = view_of(graph, options)
    if len(view.nodes) > MAXIMUM_MEMBERS and options.level != "account":
        note = f"the {options.level} level has {len(view.nodes):,} members, too many for a picture: this is the account level"
        accounts = {item.id for item in view.containers if item.kind == "account"}
        view = msgspec.structs.replace(collapse(view, accounts), level="account", notes=(*view.notes, note))
    return Drawing(picture(gather(fold(view)) if view.level == "account" else view), view.notes)


def picture(view: View) -> str:
    """Return a view drawn."""
    layout = arrange(view)
    wires = route(layout, view.edges)
    names = {item.id: item.name for item in view.containers} | {item.id: item.name for item in view.nodes}
    legend, legend_height = _legend(view, max(layout.width, _MINIMUM_WIDTH))
    width, top = max(layout.width, _MINIMUM_WIDTH), layout.height + 40
    height = top + legend_height + 16
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
            f'height="{height:.0f}" role="img" class="astralint" aria-labelledby="at ad">'
        ),
        f'<title id="at">{markup(view.heading)}</title>',
        f'<desc id="ad">{markup(view.summary)}</desc>',
        f"<style>{style()}</style>",
        markers(),
        f'<rect class="ground" width="{width:.0f}" height="{height:.0f}"/>',
        f'<text class="heading" x="{MARGIN:.0f}" y="44">{markup(fitted(visible(view.heading), width - 64, 20))}</text>',
        f'<text class="soft" x="{MARGIN:.0f}" y="66">{markup(fitted(view.summary, width - 64, 12.5))}</text>',
        *scene(layout, wires, names, tooltips=True),
        f'<g transform="translate({MARGIN:.0f} {top:.0f})">{legend}</g>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def scene(layout: Layout, wires: list[Wire], names: dict[str, str], *, tooltips: bool) -> list[str]:
    """Return the columns, lines, boxes and labels, as lines of SVG."""
    return [
        *_lanes(layout),
        f'<g class="edges{" many" if layout.many else ""}{" crowded" if crowded(layout, wires) else ""}">',
        *(_wire(wire, names, tooltips=tooltips) for wire in _by_weight(wires)),
        "</g>",
        *(line for box in layout.boxes for line in _box(box)),
        *(_label(label) for label in place_labels(layout, wires)),
    ]


def _by_weight(wires: list[Wire]) -> list[Wire]:
    """Put what matters most on top."""
    order = {style: place for place, style in enumerate(PAINTED)}
    return sorted(wires, key=lambda wire: (bool(wire.edge.findings), not quiet(wire), order[wire.edge.style]))


def _lanes(layout: Layout) -> list[str]:
    lines = []
    for name, left, right in layout.lanes:
        lines.append(
            f'<rect class="lane" x="{left - 20:.1f}" y="84" width="{right - left + 40:.1f}" '
            f'height="{layout.height - 60:.1f}" rx="14"/>'
            f'<text class="lane-name" x="{left:.1f}" y="103">{markup(name)}</text>'
        )
    return lines


def _wire(wire: Wire, names: dict[str, str], *, tooltips: bool) -> str:
    edge = wire.edge
    style = "violation" if edge.findings else edge.style
    classes = f"edge {edge.style}{' violation' if edge.findings else ''}{' quiet' if quiet(wire) else ''}"
    head = f'<path class="{classes}" marker-end="url(#a-{style})" d="{wire.path}"'
    return f"{head}><title>{markup(tooltip(edge, names))}</title></path>" if tooltips else f"{head}/>"


def tooltip(edge: Edge, names: dict[str, str]) -> str:
    """Return what is to be said of an edge in a line or two."""
    count = f" ×{edge.count}" if edge.count > 1 else ""
    parts = [f"{visible(names[edge.source])} → {visible(names[edge.target])}: {edge.verdict_text}{count}"]
    parts += [cut(visible(detail), 200) for detail in edge.details[:3]]
    parts += [f"if {cut(visible(condition), 200)}" for condition in edge.conditions[:3]]
    if edge.missing_side:
        parts.append(edge.missing_side)
    if edge.findings:
        parts.append(f"violates {', '.join(edge.findings)}")
    parts += [f"{place}{f' ({place.side})' if place.side else ''}" for place in edge.evidence[:_TOOLTIP_PLACES]]
    return " · ".join(parts)


def _box(box: Box) -> list[str]:
    item = box.container
    compact = box.head <= 34
    inside = (
        f'<rect class="card{" open" if box.members else ""}" width="{box.width:.0f}" height="{box.height:.0f}" rx="9"/>'
    )
    if item.kind == "district":
        inside = (
            f'<rect class="card" x="7" y="7" width="{box.width:.0f}" height="{box.height:.0f}" rx="9"/>'
            f'<rect class="card" x="3.5" y="3.5" width="{box.width:.0f}" height="{box.height:.0f}" rx="9"/>{inside}'
        )
    stripe = kind_class(item.account_kind) if item.kind != "group" else "k-group"
    dashed = " foreign" if item.external or item.kind == "group" else ""
    top = 21 if box.members or not compact else box.height / 2 + 4.5
    badge, room, beside = "", box.width - 28, box.width - 28
    caption = item.caption or (f"{item.members:,} members" if item.kind == "group" and not box.members else "")
    if item.inner_findings:
        more = f" +{len(item.inner_findings) - 1}" if len(item.inner_findings) > 1 else ""
        text = fitted(visible(item.inner_findings[0]), 60, 10) + more
        size = text_width(text, 10) + 12
        # Beside the caption, or where there is none beside the name.
        below = bool(caption) and not compact
        line = 39.0 if below else top
        room, beside = (room, beside - size - 4) if below else (room - size - 4, beside)
        badge = (
            f'<rect class="badge" x="{box.width - size - 10:.1f}" y="{line - 12.5:.1f}" width="{size:.1f}" height="16" rx="8"/>'
            f'<text class="badge-text" x="{box.width - size / 2 - 10:.1f}" y="{line - 1:.1f}">{markup(text)}</text>'
        )
    lines = [
        (
            f'<g class="box{dashed}" transform="translate({box.x:.1f} {box.y:.1f})">'
            f"<title>{markup(' · '.join(part for part in (visible(item.name), item.caption) if part))}</title>{inside}"
            f'<rect class="stripe {stripe}" x="0" y="{8 if not compact else 7}" width="3.5" height="{box.head - 16:.0f}" rx="1.75"/>'
            f'<text class="name" x="16" y="{top:.1f}">{markup(middle_fitted(visible(item.name), room, NAME))}</text>{badge}'
        )
    ]
    if caption and not compact:
        lines.append(f'<text class="soft small" x="16" y="39">{markup(fitted(visible(caption), beside, 11.5))}</text>')
    for row in box.rows():
        y = row.y - box.y
        kind = visible(kind_text(row.kind))
        room = text_width(kind, 10.5) + 8 if kind else 0
        lines.append(
            f'<path class="rule" d="M12 {y - 12:.1f}H{box.width - 12:.0f}"/>'
            f'<text class="row" x="16" y="{y + 4:.1f}">{markup(_row_name(row, box.width - 32 - room))}'
            f"<title>{markup(row.label)} ({markup(row.kind)})</title></text>"
            + (
                f'<text class="soft row-kind" x="{box.width - 14:.0f}" y="{y + 4:.1f}">{markup(kind)}</text>'
                if kind
                else ""
            )
        )
    lines.append("</g>")
    return lines


def _row_name(row: Row, room: float) -> str:
    # A service's name is known by its beginning.
    cut_to = fitted if row.kind == "service" else middle_fitted
    return cut_to(visible(row.label), room, 12.4)


def _label(label: Label) -> str:
    return (
        f'<rect class="label" x="{label.x - label.width / 2:.1f}" y="{label.y - HEIGHT / 2:.1f}" '
        f'width="{label.width:.1f}" height="{HEIGHT:.0f}" rx="7"/>'
        f'<text class="label-text t-{label.style}" x="{label.x:.1f}" y="{label.y + 3.6:.1f}">{markup(label.text)}</text>'
    )


def _legend(view: View, width: float) -> tuple[str, float]:
    parts = []
    x, y = 0.0, 12.0
    for style, text, count in view.counts.legend():
        written = f"{text}  {count:,}"
        needs = 44 + text_width(written, 12) + 26
        if x + needs > width - 2 * MARGIN and x:
            x, y = 0.0, y + 24
        if style == "unresolved":
            sample = f'<circle class="open-end" cx="{x + 17:.1f}" cy="{y - 4:.1f}" r="5.5"/>'
        else:
            sample = f'<path class="edge {style}" marker-end="url(#a-{style})" d="M{x:.1f} {y - 4:.1f}H{x + 34:.1f}"/>'
        parts.append(
            f'{sample}<text class="legend" x="{x + 44:.1f}" y="{y:.1f}">{markup(text)} '
            f'<tspan class="count" dx="3">{count:,}</tspan></text>'
        )
        x += needs
    y += 26
    foot = " · ".join([f"astralint {view.version}" if view.version else "astralint", *view.notes])
    parts.append(f'<text class="soft small" x="0" y="{y:.1f}">{markup(fitted(visible(foot), width - 64, 11.5))}</text>')
    return "".join(parts), y


def markers() -> str:
    """Return the tips of the arrows."""
    marks = "".join(
        f'<marker id="a-{style}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path class="tip {style}" d="M0 .6 7.6 4 0 7.4z"/></marker>'
        for style in _STYLES
    )
    return f"<defs>{marks}</defs>"


def style() -> str:
    """Return the style sheet of the picture, for light and dark grounds."""
    fixed = (
        f".astralint text{{font-family:{SANS};font-size:12px}}"
        ".astralint .heading{font-size:20px;font-weight:650;letter-spacing:-.01em}"
        ".astralint .name{font-size:13.5px;font-weight:600}.astralint .small{font-size:11.5px}"
        ".astralint .lane-name{font-size:11px;font-weight:600;letter-spacing:.02em}"
        ".astralint .edge{fill:none;stroke-width:1.6}.astralint .edge.conditional{stroke-dasharray:7 4}"
        ".astralint .edge.half-open{stroke-dasharray:1.5 4;stroke-linecap:round;stroke-width:2}"
        ".astralint .edge.deploys{stroke-width:2.4}.astralint .edge.other{stroke-width:1.1}"
        ".astralint .edge.delegates{stroke-width:2;stroke-dasharray:10 3 2 3}"
        ".astralint .edge.escalates{stroke-width:2;stroke-dasharray:10 3}"
        ".astralint .edge.escalates-if{stroke-width:1.6;stroke-dasharray:4 4}"
        ".astralint .edge.access{stroke-width:1}.astralint .edge.access-if{stroke-width:1;stroke-dasharray:4 3}"
        ".astralint .edge.violation{stroke-width:2.4}.astralint .edge.quiet{stroke-width:1;opacity:.6}"
        ".astralint .many .edge{stroke-width:1;opacity:.3}.astralint .many .edge.violation{stroke-width:1.4;opacity:.6}"
        ".astralint .many .edge.quiet{stroke-width:.8;opacity:.2}"
        ".astralint .crowded .edge.violation{stroke-width:1;opacity:.3}.astralint .crowded .edge{marker-end:none}"
        ".astralint .card{stroke-width:1}.astralint .foreign .card{stroke-dasharray:4 3}"
        f".astralint .label-text{{font-size:{SIZE}px;font-weight:500;text-anchor:middle}}"
        ".astralint .row-kind{font-size:10.5px;text-anchor:end}"
        ".astralint .badge-text{font-size:10px;font-weight:600;text-anchor:middle}"
        ".astralint .count{font-weight:650}"
    )
    return f"{fixed}{_colors(LIGHT, 0)}@media (prefers-color-scheme:dark){{{_colors(DARK, 1)}}}"


def _colors(colors: dict[str, str], ground: int) -> str:
    css = (
        f".astralint text{{fill:{colors['ink']}}}.astralint .ground{{fill:{colors['ground']}}}"
        f".astralint .lane{{fill:{colors['lane']}}}.astralint .card{{fill:{colors['card']};stroke:{colors['border']}}}"
        f".astralint .rule{{stroke:{colors['line']}}}.astralint .label{{fill:{colors['lane']};fill-opacity:.94}}"
        f".astralint text.soft,.astralint text.lane-name,.astralint text.legend{{fill:{colors['soft']}}}"
        f".astralint .count{{fill:{colors['ink']}}}.astralint .stripe,.astralint .k-group{{fill:{colors['border']}}}"
        f".astralint .badge{{fill:{colors['violation']}}}.astralint text.badge-text{{fill:{colors['ground']}}}"
        f".astralint .open-end{{fill:none;stroke:{colors['half-open']};stroke-dasharray:2 2}}"
    )
    for style in _STYLES:
        color = colors[style]
        text = colors["soft"] if style in ("half-open", "other") else color
        css += (
            f".astralint .edge.{style}{{stroke:{color}}}.astralint .tip.{style}{{fill:{color}}}"
            f".astralint text.t-{style}{{fill:{text}}}"
        )
    for kind, pair in KINDS.items():
        css += f".astralint .k-{kind or 'other'}{{fill:{pair[ground]}}}"
    return css
