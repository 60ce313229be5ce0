"""Tools that are recognized and not evaluated: named, with what would help, and never passed over."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pkgutil import get_data

import msgspec

from astralint.layouts.protocol import Findings, Ground, LayoutCoverage
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import SourceError, TreePath, join, parent

MAXIMUM_READ = 500
"""How many files are read to see what they are."""


class Tool(msgspec.Struct, frozen=True):
    """A row of `data/tools.toml`, which says what its columns mean."""

    name: str
    title: str
    unit: str
    files: tuple[str, ...]
    help: str
    directories: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    beside_terraform: bool = True
    generates: str = ""
    claims: str = ""
    parts: str = ""


@cache
def tools() -> tuple[Tool, ...]:
    """Return the tools that are known by their files."""
    text = (get_data("astralint.layouts", "data/tools.toml") or b"").decode()
    return tuple(msgspec.convert(row, Tool) for row in tomllib.loads(text)["tool"])


class Unsupported:
    """The layout of a tool that is not evaluated; what it generates may be."""

    def __init__(self, tool: Tool) -> None:
        self.tool = tool

    def find(self, ground: Ground) -> Findings:
        """See `Layout.find`."""
        tool = self.tool
        found: dict[TreePath, None] = {}
        evaluated = 0
        for path in self._files(ground):
            directory = parent(path)
            if tool.generates and self._is_generated(ground, directory):
                evaluated += 1
            found[path if tool.unit == "template" else join(directory, path.rpartition("/")[2])] = None
        places = list(dict.fromkeys(found if tool.unit == "template" else map(parent, found)))
        evaluated = min(evaluated, len(places))
        if not places:
            return Findings()
        claimed = self._claimed(ground)
        unit, number = (tool.parts, len(claimed)) if claimed else (tool.unit, len(places))
        left = number - evaluated
        undecided = ((f"{tool.title} is not evaluated", left),) if left else ()
        coverage = LayoutCoverage(
            tool.name, tool.title, unit, number, evaluated, undecided, understood=not left, help=tool.help
        )
        said = (not_understood(coverage, next(iter(found))),) if left else ()
        return Findings(coverage=(coverage,), diagnostics=said, claimed=dict.fromkeys(claimed, f"{tool.title} runs it"))

    def _claimed(self, ground: Ground) -> list[TreePath]:
        """Return the directories that the tool runs."""
        if not self.tool.claims:
            return []
        return [
            path
            for path in ground.survey.files
            if f"/{self.tool.claims}/" in f"/{path}" and ground.loader.has_configuration(path)
        ]

    def _files(self, ground: Ground) -> Iterator[TreePath]:
        tool = self.tool
        endings = tuple(name[1:] for name in tool.files if name.startswith("*"))
        reads = 0
        for directory, names in ground.survey.files.items():
            inside = bool(tool.directories) and directory.rpartition("/")[2].lower() in tool.directories
            for name in names:
                fits = name in tool.files or (endings and name.endswith(endings))
                if not fits and not (inside and name.endswith((".yaml", ".yml", ".json"))):
                    continue
                if not tool.beside_terraform and self._belongs_to_terraform(ground, directory):
                    continue
                path = join(directory, name)
                if tool.contains:
                    reads += 1
                    if reads > MAXIMUM_READ or not self._holds(ground, path):
                        continue
                yield path

    def _holds(self, ground: Ground, path: TreePath) -> bool:
        try:
            content = ground.survey.tree.read(path)
        except SourceError:
            return False
        return any(text.encode() in content for text in self.tool.contains)

    def _belongs_to_terraform(self, ground: Ground, directory: TreePath) -> bool:
        current = directory
        while True:
            if ground.loader.has_configuration(current):
                return True
            if current == "." or current in ground.starts:
                return False
            current = parent(current)

    def _is_generated(self, ground: Ground, directory: TreePath) -> bool:
        place = join(directory, self.tool.generates)
        if ground.loader.has_configuration(place):
            return True
        entries = ground.survey.tree.entries(place) if self.tool.generates != "." else ()
        return any(e.kind == "directory" and ground.loader.has_configuration(join(place, e.name)) for e in entries)


def not_understood(coverage: LayoutCoverage, path: TreePath) -> Diagnostic:
    """Return the warning that a layout is recognized and not evaluated; `path` is the first file that shows it."""
    left = coverage.units - coverage.evaluated
    noun = coverage.unit if left == 1 else f"{coverage.unit}s"
    verb = "is" if left == 1 else "are"
    message = f"{left:,} {noun} of {coverage.title} {verb} not evaluated: nothing is known of what is in there"
    return Diagnostic("layout-not-understood", "warning", message, Span(path, 1, 1, 1, 1), help=coverage.help)
