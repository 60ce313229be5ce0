"""From an attribute's path to its place in the code."""

from __future__ import annotations

from collections.abc import Sequence

from astralint.hcl import syntax
from astralint.source.span import Span
from astralint.terraform.configuration.body import SourceFile


def place(source: SourceFile, block_start: int, path: Sequence[str | int]) -> Span:
    """Return the smallest place that a path leads to; the header of the last block reached, else."""
    block = next((b for b in source.file.body.blocks if b.start == block_start), None)
    if block is None:
        return source.span(block_start, block_start + 1)
    steps = list(path)
    while steps:
        name = steps.pop(0)
        attribute = next((a for a in block.body.attributes if a.name == name), None)
        if attribute is not None:
            return _within(source, attribute, steps)
        index = steps.pop(0) if steps and isinstance(steps[0], int) else 0
        nested = [b for b in block.body.blocks if b.type == name]
        if isinstance(index, int) and index < len(nested):
            block = nested[index]
            continue
        dynamic = next((b for b in block.body.blocks if b.type == "dynamic" and b.labels[:1] == (name,)), None)
        content = next((b for b in dynamic.body.blocks if b.type == "content"), None) if dynamic else None
        if content is None:
            return source.header(block)
        block = content
    return source.header(block)


def attribute_at(source: SourceFile, span: Span, path: Sequence[str | int]) -> Span | None:
    """Return the place that a path leads to within the attribute that stands at a span; None where none does."""
    pending = [source.file.body]
    while pending:
        body = pending.pop()
        for attribute in body.attributes:
            line, column = source.lines.position(attribute.start)
            if (line, column) == (span.line, span.column):
                return _within(source, attribute, path)
        pending.extend(block.body for block in body.blocks)
    return None


def _within(source: SourceFile, attribute: syntax.Attribute, steps: Sequence[str | int]) -> Span:
    expression: syntax.Expression = attribute.expression
    span: Span | None = None
    for step in steps:
        inner = _step(expression, step)
        if inner is None:
            break
        start, expression = inner
        span = source.span(start, expression.end)
    return span or source.span(attribute.start, attribute.end)


def _step(expression: syntax.Expression, step: str | int) -> tuple[int, syntax.Expression] | None:
    while isinstance(expression, syntax.Parentheses):
        expression = expression.expression
    if isinstance(expression, syntax.Call) and expression.name == "jsonencode" and expression.arguments:
        expression = expression.arguments[0]
    if isinstance(expression, syntax.ObjectExpression):
        for item in expression.items:
            if isinstance(item.key, syntax.Literal) and item.key.value == step:
                return item.start, item.value
        # A policy's `Statement` may be a single object where the path counts in a list.
        return (expression.start, expression) if step == 0 else None
    if isinstance(expression, syntax.TupleExpression) and isinstance(step, int):
        if step < len(expression.items):
            item_expression = expression.items[step]
            return item_expression.start, item_expression
        return None
    return (expression.start, expression) if step == 0 else None
