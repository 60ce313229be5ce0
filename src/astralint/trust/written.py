"""Where a policy is written: the statement in the document as it stands in the code, wherever its numbers come from."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astralint.aws.policy import JsonPath
from astralint.estate.estate import Estate
from astralint.estate.model import Resource
from astralint.estate.places import argument_at, descend
from astralint.hcl import syntax
from astralint.source.span import Span
from astralint.terraform.configuration.body import SourceFile

MAXIMUM_HOPS = 12
_KEY = re.compile(r"\[[^\]]*\]")


class Place(msgspec.Struct, frozen=True, eq=False):
    """An expression, the file that it stands in and the module call that it belongs to ("" for the root)."""

    source: SourceFile
    expression: syntax.Expression
    module: str


class Written(msgspec.Struct, frozen=True, eq=False):
    """Where a part of a document is written.

    `is_literal` says that the document is written out there: as an object, a list or a text.
    """

    span: Span
    is_literal: bool


def written(estate: Estate, resource: Resource, path: tuple[str | int, ...], json_path: JsonPath) -> Written | None:
    """Return the smallest place of a part of the document that an argument holds; None where there is no argument.

    Local values, variables of modules and outputs that hand the document on as a whole, or one of its
    statements, are followed to where it is written. What a statement takes its values from is not.
    """
    source = estate.source(resource.instance.span.file)
    found = argument_at(source, resource.instance.block, path) if source is not None else None
    if source is None or found is None:
        return None
    expression, taken = found
    left: tuple[str | int, ...] = (*path[taken:], *json_path)
    place = Place(source, expression, _KEY.sub("", resource.instance.module))
    span = source.span_of(expression)
    follower = _Follower(estate, resource)
    for _ in range(MAXIMUM_HOPS):
        descent = descend(place.source, place.expression, left)
        span = descent.span or span
        following = None
        if _is_document(json_path, descent.left):
            following = follower.behind(msgspec.structs.replace(place, expression=descent.expression))
        if following is None:
            return Written(span, _is_literal(descent.expression) or len(descent.left) < len(left))
        place, left = following, descent.left
        span = place.source.span_of(place.expression)
    return Written(span, is_literal=False)


def _is_document(json_path: JsonPath, left: tuple[str | int, ...]) -> bool:
    """Say whether the steps that are left lead from a whole document, its statements or one of these."""
    taken = len(json_path) - len(left)
    return taken <= 0 or (json_path[:1] == ("Statement",) and taken <= 2 and len(left) > 0)


def _is_literal(expression: syntax.Expression) -> bool:
    kinds = syntax.ObjectExpression | syntax.TupleExpression | syntax.Literal | syntax.Template
    return isinstance(expression, kinds)


class _Follower:
    def __init__(self, estate: Estate, resource: Resource) -> None:
        self._estate = estate
        self._workspace = resource.workspace
        calls = resource.workspace.result.module_calls
        self._calls = {_KEY.sub("", call.address): call for call in calls}

    def behind(self, place: Place) -> Place | None:
        """Return what a name stands for that is all of an expression; None where it is no name, or where not known."""
        names = _names(place.expression)
        if len(names) == 2 and names[0] == "local":
            return self._local(names[1], place.module)
        if len(names) == 2 and names[0] == "var":
            return self._variable(names[1], place.module)
        if len(names) == 3 and names[0] == "module":
            return self._output(names[2], ".".join(part for part in (place.module, "module", names[1]) if part))
        return None

    def _local(self, name: str, module: str) -> Place | None:
        for source, block in self._blocks(module):
            if block.type == "locals":
                found = _argument(block, name)
                if found is not None:
                    return Place(source, found, module)
        return None

    def _variable(self, name: str, module: str) -> Place | None:
        if not module:
            return None  # A root's variables are set elsewhere, or not at all.
        around, _, label = module.rpartition(".")
        around = around.removesuffix("module").removesuffix(".")
        for source, block in self._blocks(around):
            if block.type == "module" and block.labels == (label,):
                found = _argument(block, name)
                if found is not None:
                    return Place(source, found, around)
        return next(
            (
                Place(source, found, module)
                for source, block in self._blocks(module)
                if block.type == "variable" and block.labels == (name,)
                if (found := _argument(block, "default")) is not None
            ),
            None,
        )

    def _output(self, name: str, module: str) -> Place | None:
        for source, block in self._blocks(module):
            if block.type == "output" and block.labels == (name,):
                found = _argument(block, "value")
                return Place(source, found, module) if found is not None else None
        return None

    def _blocks(self, module: str) -> Iterator[tuple[SourceFile, syntax.Block]]:
        """Yield the blocks of a module's own files."""
        directory: str | None = self._workspace.directory
        if module:
            call = self._calls.get(module)
            directory = call.directory if call is not None else None
        if directory is None:
            return
        prefix = "" if directory == "." else f"{directory}/"
        for file in self._workspace.result.files:
            if file.startswith(prefix) and "/" not in file[len(prefix) :]:
                source = self._estate.source(file)
                if source is not None:
                    yield from ((source, block) for block in source.file.body.blocks)


def _argument(block: syntax.Block, name: str) -> syntax.Expression | None:
    return next((a.expression for a in block.body.attributes if a.name == name), None)


def _names(expression: syntax.Expression) -> tuple[str, ...]:
    """Return the names of a traversal without keys (`local.trust`); none for any other expression."""
    names: list[str] = []
    while isinstance(expression, syntax.GetAttr):
        names.append(expression.name)
        expression = expression.target
    return (*((expression.name,) if isinstance(expression, syntax.Variable) else ()), *reversed(names))
