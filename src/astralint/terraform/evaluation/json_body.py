"""Nested blocks in JSON syntax: objects that only a provider's schema shows to be blocks."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.hcl.syntax import Attribute, Block, Body, Expression, Literal, ObjectExpression, TupleExpression
from astralint.terraform.configuration.body import Argument, MergedBody, NestedBody, SourceFile


def blocks_in(argument: Argument, type_: str) -> list[NestedBody] | None:
    """Return the blocks that an argument of JSON syntax stands for; None where it is no object or array of objects."""
    if not argument.source.path.endswith(".json"):
        return None
    expression = argument.expression
    if isinstance(expression, Literal) and expression.value is None:
        return []
    items = expression.items if isinstance(expression, TupleExpression) else (expression,)
    objects = [item for item in items if isinstance(item, ObjectExpression)]
    if len(objects) != len(items):
        return None
    return [_nested(_block(type_, item), argument.source) for item in objects]


def dynamic_blocks(body: MergedBody, type_: str) -> list[NestedBody]:
    """Return the `dynamic` blocks for a type that are written as objects."""
    argument = body.arguments.get("dynamic")
    if argument is None or not argument.source.path.endswith(".json"):
        return []
    found: list[NestedBody] = []
    for name, value in _members(argument.expression):
        if name == type_:
            for item in _objects(value):
                attributes = tuple(_attributes(item, without="content"))
                contents = tuple(
                    _block("content", inner)
                    for key, content in _members(item)
                    if key == "content"
                    for inner in _objects(content)
                )
                made = Body(item.start, item.end, attributes, contents)
                block = Block(item.start, item.end, "dynamic", (type_,), made, item.start)
                found.append(_nested(block, argument.source))
    return found


def _nested(block: Block, source: SourceFile) -> NestedBody:
    return NestedBody(block, source, MergedBody(block.body, source))


def _block(type_: str, item: ObjectExpression) -> Block:
    body = Body(item.start, item.end, tuple(_attributes(item)), ())
    return Block(item.start, item.end, type_, (), body, item.start)


def _attributes(item: ObjectExpression, *, without: str = "") -> Iterator[Attribute]:
    for member in item.items:
        name = member.key.value if isinstance(member.key, Literal) else None
        if isinstance(name, str) and name not in (without, "//"):
            yield Attribute(member.start, member.end, name, member.value, member.key.end)


def _members(expression: Expression) -> Iterator[tuple[str, Expression]]:
    for item in _objects(expression):
        for member in item.items:
            if isinstance(member.key, Literal) and isinstance(member.key.value, str):
                yield member.key.value, member.value


def _objects(expression: Expression) -> list[ObjectExpression]:
    items = expression.items if isinstance(expression, TupleExpression) else (expression,)
    return [item for item in items if isinstance(item, ObjectExpression)]
