"""The graph as a table for terminals: who can become whom, by the account that is entered."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from astralint.draw.escape import cells, counted, cut_cells, visible
from astralint.draw.options import Drawing, DrawOptions
from astralint.draw.reduce import view_of

if TYPE_CHECKING:
    import networkx as nx

    from astralint.draw.view import Container, Edge, Node, Place, View

NARROW = 72
MINIMUM_WIDTH = 24
MAXIMUM_PLACES = 4
_CODES = {"allowed": "32", "conditional": "33", "half-open": "90", "deploys": "36", "violation": "31;1"}
_HEADINGS = ("WHO", "WHOM", "VERDICT", "WHERE")


def render(graph: nx.MultiDiGraph[str], options: DrawOptions) -> Drawing:
    """Return the table."""
    view = view_of(graph, options)
    return Drawing(_Table(view, options).text(), view.notes)


class _Table:
    def __init__(self, view: View, options: DrawOptions) -> None:
        self.view = view
        self.width = max(options.width, MINIMUM_WIDTH)
        self.color = options.color
        self.containers = {item.id: item for item in view.containers}
        self.nodes = {item.id: item for item in view.nodes}
        self._layout = self._measured()

    def text(self) -> str:
        view = self.view
        head = f"astralint {view.version} · {view.heading}" if view.version else view.heading
        lines = [self._paint(cut_cells(visible(head), self.width), "1"), *self._wrapped(view.summary, self.width)]
        by_target: dict[str, list[Edge]] = defaultdict(list)
        for edge in view.edges:
            by_target[self._container(edge.target).id].append(edge)
        for container in view.containers:
            edges = by_target.get(container.id, [])
            if edges or container.inner or (container.kind == "account" and not container.external):
                lines += ["", *self._section(container, edges)]
        for note in view.notes:
            lines += ["", *self._wrapped(f"Note: {visible(note)}.", self.width)]
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def _section(self, container: Container, edges: list[Edge]) -> list[str]:
        caption = f"  {container.caption}" if container.caption else ""
        lines = [self._paint(cut_cells(visible(container.name + caption), self.width), "1")]
        if not edges and not container.inner:
            return [*lines, *self._indented("nobody from outside can become anyone here", 2)]
        edges = sorted(edges, key=lambda edge: (self._name(edge.source), self._name(edge.target), edge.kinds))
        lines += self._stacked(edges) if self.width < NARROW else self._columns(edges)
        if container.inner:
            note = f"and {counted(container.inner, 'edge')} between its own roles"
            if container.inner_findings:
                note += f", violating {', '.join(container.inner_findings)}"
            lines += self._indented(note, 2)
        return lines

    def _measured(self) -> tuple[tuple[int, int, int, int], bool]:
        """Return the widths of the columns, the same for all accounts, and whether places stand below instead."""
        rows = [self._cells(edge) for edge in self.view.edges]
        who, whom, verdict = (
            max([len(_HEADINGS[column]), *(cells(row[column]) for row in rows)]) for column in range(3)
        )
        if self.view.level == "account":
            whom = 0
        where = max([len(_HEADINGS[3]), *(cells(place) for edge in self.view.edges for place in self._places(edge))])
        rest = self.width - 4 - verdict - (2 if whom else 0)
        # A name may be cut where the table is narrow, a place never.
        below = who + whom + 2 + where > rest
        if below:
            whom = min(whom, max(rest * 45 // 100, rest - who))
            return (min(who, rest - whom), whom, verdict, 0), True
        return (who, whom, verdict, where), False

    def _columns(self, edges: list[Edge]) -> list[str]:
        if not edges:
            return []
        widths, below = self._layout
        lines = [self._paint(self._row(_HEADINGS, widths), "2")]
        for edge in edges:
            places = [] if below else self._places(edge)
            who, whom, verdict = self._cells(edge)
            lines.append(self._row((who, whom, verdict, places[0] if places else ""), widths, self._code(edge)))
            lines += [self._row(("", "", "", place), widths) for place in places[1:]]
            lines += self._details(edge, 4)
            if below:
                lines += [line for place in self._places(edge) for line in self._indented(place, 4)]
        return lines

    def _row(self, row: tuple[str, str, str, str], widths: tuple[int, int, int, int], code: str = "") -> str:
        parts = []
        for index, (text, width) in enumerate(zip(row, widths, strict=True)):
            if width > 0:
                cut = cut_cells(text, width)
                padding = " " * (width - cells(cut))
                parts.append((self._paint(cut, code) if index == 2 else cut) + padding)
        return "  " + "  ".join(parts).rstrip()

    def _stacked(self, edges: list[Edge]) -> list[str]:
        lines: list[str] = []
        for edge in edges:
            who, whom, verdict = self._cells(edge)
            ends = who if self.view.level == "account" else f"{who} → {whom}"
            lines += self._indented(ends, 2)
            lines += [self._paint(line, self._code(edge)) for line in self._indented(verdict, 4)]
            lines += self._details(edge, 4)
            for place in self._places(edge):
                lines += self._indented(place, 4)
        return lines

    def _details(self, edge: Edge, indent: int) -> list[str]:
        lines = self._indented(visible(", ".join(edge.details)), indent) if edge.details else []
        for number, condition in enumerate(edge.conditions):
            lines += self._indented(f"{'and' if number and edge.count == 1 else 'if'} {visible(condition)}", indent)
        if edge.findings:
            text = f"violates {', '.join(visible(rule) for rule in edge.findings)}"
            lines += [self._paint(line, _CODES["violation"]) for line in self._indented(text, indent)]
        if edge.missing_side:
            lines += self._indented(edge.missing_side, indent)
        if edge.unresolved:
            lines += self._indented("the principal could not be resolved", indent)
        return lines

    def _cells(self, edge: Edge) -> tuple[str, str, str]:
        count = f" ×{edge.count:,}" if edge.count > 1 else ""
        return self._name(edge.source), self._name(edge.target, inside=True), edge.verdict_text + count

    def _places(self, edge: Edge) -> list[str]:
        # Roles of one loop stand at the same line.
        all_places = list(dict.fromkeys(_place_text(place) for place in edge.evidence))
        places = all_places[:MAXIMUM_PLACES]
        more = len(all_places) - len(places)
        return [*places, f"and {counted(more, 'more place', 'more places')}"] if more > 0 else places

    def _container(self, end: str) -> Container:
        node = self.nodes.get(end)
        return self.containers[node.container if node else end]

    def _name(self, end: str, *, inside: bool = False) -> str:
        node: Node | None = self.nodes.get(end)
        if node is None:
            container = self.containers[end]
            return visible(f"{container.name} (whole account)" if self.view.level != "account" else container.name)
        container = self.containers[node.container]
        if inside:
            return visible(node.name)
        if container.kind == "group":
            return visible(f"{node.kind} {node.name}" if node.kind in ("service", "federated") else node.name)
        kind = "workspace " if node.kind == "workspace" else ""
        return visible(f"{container.name} / {kind}{node.name}")

    def _code(self, edge: Edge) -> str:
        return _CODES["violation"] if edge.findings else _CODES.get(edge.style, "")

    def _indented(self, text: str, indent: int) -> list[str]:
        return [" " * indent + line for line in self._wrapped(text, self.width - indent - 2, " " * 2)]

    def _wrapped(self, text: str, width: int, hang: str = "") -> list[str]:
        """Break a text between words, and words that are too long anywhere."""
        lines: list[str] = []
        line = ""
        for word in text.split(" "):
            rest = word
            if line.strip() and cells(line) + 1 + cells(rest) > width:
                lines.append(line)
                line = hang
            elif line.strip():
                line += " "
            while cells(line) + cells(rest) > width and len(rest) > 1:
                fits = _fitting(rest, max(width - cells(line), 1))
                lines.append(line + rest[:fits])
                line, rest = hang, rest[fits:]
            line += rest
        return [*lines, line]

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and code and text else text


def _fitting(text: str, width: int) -> int:
    """Return how many characters fit into a number of columns, one at least."""
    used = 0
    for index, character in enumerate(text):
        used += cells(character)
        if used > width:
            return max(index, 1)
    return len(text)


def _place_text(place: Place) -> str:
    return visible(f"{place} ({place.side})" if place.side else str(place))
