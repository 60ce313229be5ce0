"""`terragrunt.stack.hcl`: the units that a stack generates, each at its place. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from astralint.config.paths import STACK_FILE
from astralint.hcl.syntax import Block
from astralint.layouts.terragrunt.blocks import Arguments
from astralint.layouts.terragrunt.file import FileEvaluation, read_source
from astralint.layouts.terragrunt.reader import Reader
from astralint.layouts.terragrunt.sources import is_local, mapped_directory
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import TreePath, join
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.values.value import EvaluationError, Value, object_of
from astralint.terraform.workspace import GivenVariable

GENERATED = ".terragrunt-stack"
MAXIMUM_DEPTH = 20
MAXIMUM_UNITS = 5_000


class StackUnit(msgspec.Struct, frozen=True, eq=False):
    """A unit that a stack generates at `place`.

    `template` is the directory that is copied there, "" where it is not in the tree, for the `reason`.
    """

    place: TreePath
    template: TreePath
    reason: str
    values: dict[str, GivenVariable]
    span: Span


class Stacks:
    """Expands stacks, nested ones included."""

    def __init__(self, loader: ModuleLoader, module_sources: Mapping[str, str], environment: Mapping[str, str]) -> None:
        self._loader = loader
        self._environment = environment
        self._sources = module_sources
        self.diagnostics: dict[Diagnostic, None] = {}
        self._made = 0

    def units(
        self, place: TreePath, template: TreePath = "", values: Value | None = None, depth: int = 0
    ) -> Iterator[StackUnit]:
        """Yield the units of the stack at a place; `template` is where its file is, if that is elsewhere."""
        reader = Reader(self._loader, place, template=template, environment=self._environment)
        reader.values = values
        path = join(place, STACK_FILE)
        source = read_source(reader, path)
        if source is None:
            return
        file = FileEvaluation(reader, source, path, place)
        for block in _blocks(file):
            if block.labels:
                made = self._place(file, block)
                file.made.update({(block.type, block.labels[0]): made} if made is not None else {})
        for block in _blocks(file):
            yield from self._of_block(file, block, depth)
        self.diagnostics.update(dict.fromkeys(reader.diagnostics))

    def _of_block(self, file: FileEvaluation, block: Block, depth: int) -> Iterator[StackUnit]:
        reader, span = file.reader, file.source.header(block)
        arguments = Arguments(file, block.body)
        given, path = arguments.get("source"), arguments.get("path")
        if given is None or path is None or not isinstance(path.raw, str):
            reader.problem("invalid-terragrunt", f"`{block.type}` needs a `source` and a `path` that are known", span)
            return
        place = self._place(file, block)
        if place is None:
            reader.problem("invalid-terragrunt", f"the path `{path.raw}` leaves the stack", span)
            return
        self._made += 1
        if depth >= MAXIMUM_DEPTH or self._made > MAXIMUM_UNITS:
            reader.problem("limit", f"more than {MAXIMUM_DEPTH} stacks in each other, or too many units", span)
            return
        template, reason = self._template(file, given)
        values = arguments.get("values")
        passed = values.raw if values is not None and isinstance(values.raw, dict) else {}
        if block.type == "stack" and template and self._loader.tree.kind(join(template, STACK_FILE)) == "file":
            inner = object_of(passed) if values is not None else None
            yield from self.units(place, template, inner, depth + 1)
            return
        if block.type == "stack" and not reason:
            reason = f"there is no `{STACK_FILE}` in `{template}`"
            template = ""
        given_values = {name: GivenVariable(value, span) for name, value in passed.items()}
        yield StackUnit(place, template, reason, given_values, span)

    def _place(self, file: FileEvaluation, block: Block) -> TreePath | None:
        """Return where a block's directory comes to lie; None where it would leave the stack, or is not known."""
        arguments = Arguments(file, block.body)
        path = arguments.get("path")
        if path is None or not isinstance(path.raw, str):
            return None
        base = file.unit if arguments.flag("no_dot_terragrunt_stack", default=False) else join(file.unit, GENERATED)
        place = join(base, path.raw)
        return place if place.startswith(base + "/") or base == "." else None

    def _template(self, file: FileEvaluation, given: Value) -> tuple[TreePath, str]:
        """Return the directory that is copied, or why it is not in the tree."""
        if not isinstance(given.raw, str):
            return "", "its source is not known"
        mapped = mapped_directory(given.raw, self._sources)
        if mapped is None and not is_local(given.raw):
            return "", "its source is not in the tree"
        try:
            path = mapped if mapped is not None else file.places.path(given.raw.replace("//", "/"), file.unit)
        except EvaluationError as error:
            return "", error.message
        path = file.places.physical(path)
        if self._loader.tree.kind(path) != "directory":
            return "", f"its source leads to `{path}`, which is not there"
        return path, ""


def _blocks(file: FileEvaluation) -> Iterator[Block]:
    """Yield the `unit` and `stack` blocks of a file, and of those that it includes."""
    for source in (file.source, *(i.file.source for i in file.includes.values() if i.file is not None)):
        for block in source.file.body.blocks:
            if block.type in ("unit", "stack"):
                yield block
