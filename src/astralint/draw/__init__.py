"""The platform's graph as a picture: text, Mermaid, DOT, JSON, GraphML, SVG, HTML."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from astralint.draw.options import DrawError, Drawing, DrawOptions, Level

if TYPE_CHECKING:
    import networkx as nx

FORMATS = ("text", "mermaid", "dot", "json", "graphml", "svg", "html")

_MODULES = {
    "text": "table",
    "mermaid": "mermaid",
    "dot": "dot",
    "json": "node_link",
    "graphml": "graphml",
    "svg": "svg",
    "html": "html",
}


def draw_with_notes(graph: nx.MultiDiGraph[str], format: str, options: DrawOptions) -> Drawing:
    """Return the drawing and what it could not show; raises DrawError for what can't be drawn."""
    if format not in _MODULES:
        raise DrawError(f"`{format}` is not a format of graphs; choose one of {', '.join(FORMATS)}")
    module: Any = import_module(f"astralint.draw.{_MODULES[format]}")
    drawing: Drawing = module.render(graph, options)
    return drawing


def draw(graph: nx.MultiDiGraph[str], format: str, options: DrawOptions) -> str:
    """Return the drawing alone; raises DrawError for what can't be drawn."""
    return draw_with_notes(graph, format, options).text


__all__ = ["FORMATS", "DrawError", "DrawOptions", "Drawing", "Level", "draw", "draw_with_notes"]
