"""What rules share that read the code as it is written, whatever it evaluates to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from astralint.rules.api import Platform, Workspace
from astralint.rules.api.code import SourceFile, syntax

SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json")


def modules(platform: Platform) -> Iterator[tuple[Workspace, SourceFile]]:
    """Yield every file once, with the first workspace that reads it."""
    seen: set[str] = set()
    for workspace in platform.workspaces.values():
        for file in workspace.result.files:
            source = platform.source(file) if file not in seen and file.endswith(SUFFIXES) else None
            seen.add(file)
            if source is not None:
                yield workspace, source


def blocks(platform: Platform, type_: str) -> Iterator[tuple[Workspace, SourceFile, syntax.Block]]:
    """Yield every block of a type at the top of a file, once, with the first workspace that reads it."""
    for workspace, source in modules(platform):
        for block in source.file.body.blocks:
            if block.type == type_:
                yield workspace, source, block


def argument(body: syntax.Body, name: str) -> syntax.Expression | None:
    """Return the expression of an argument; None where it is not set."""
    return next((attribute.expression for attribute in body.attributes if attribute.name == name), None)


def address(expression: syntax.Node | None) -> str:
    """Return what a reference names: `aws_vpc.main`, `module.network`; "" for what is none."""
    if isinstance(expression, syntax.Variable):
        return expression.name
    if isinstance(expression, syntax.GetAttr):
        return f"{address(expression.target)}.{expression.name}"
    return address(expression.target) if isinstance(expression, syntax.Index) else ""


def type_of(address: str) -> str:
    """Return the type of the resource that an address is of, "module" for that of a whole module."""
    steps = address.split(".")
    while len(steps) > 2 and steps[0] == "module":
        steps = steps[2:]
    return steps[0]


def texts(expression: syntax.Expression) -> list[tuple[str, syntax.Node]]:
    """Return the literal texts of an expression, each with its node, in order."""
    found = (node for node in nodes(expression) if isinstance(node, syntax.Literal))
    return [(node.value, node) for node in found if isinstance(node.value, str)]


def nodes(root: syntax.Node) -> Iterator[syntax.Node]:
    """Yield a node and all within it, in order."""
    pending: list[Any] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node[::-1])
        elif isinstance(node, syntax.Node):
            yield node
            kind: type[syntax.Node] = type(node)
            pending.extend(getattr(node, name) for name in _children(kind))


@cache
def _children(kind: type[syntax.Node]) -> tuple[str, ...]:
    """Return the fields of a node that may hold others, the last first."""
    plain = {name for name, type_ in kind.__annotations__.items() if type_ in ("int", "str", "bool", "str | None")}
    return tuple(name for name in reversed(kind.__struct_fields__) if name not in plain | {"start", "end"})
