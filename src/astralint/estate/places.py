"""From an attribute's path to its place in the code."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from astralint.estate.json_text import INTERPOLATED, find_in_json
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


def _within(source: SourceFile, attribute: syntax.Attribute, steps: Sequence[str | int]) -> Span:
    found = descend(source, attribute.expression, steps)
    return found.span or source.span(attribute.start, attribute.end)


class Descent(msgspec.Struct, frozen=True):
    """How far a path leads into an expression: the smallest place, what stands there, and the steps that are left."""

    span: Span | None
    expression: syntax.Expression
    left: tuple[str | int, ...]


def argument_at(
    source: SourceFile, block_start: int, path: Sequence[str | int]
) -> tuple[syntax.Expression, int] | None:
    """Return the expression of the argument that a path leads to, and how many of its steps lead there."""
    block = next((b for b in source.file.body.blocks if b.start == block_start), None)
    taken = 0
    while block is not None and taken < len(path):
        name = path[taken]
        taken += 1
        attribute = next((a for a in block.body.attributes if a.name == name), None)
        if attribute is not None:
            return attribute.expression, taken
        index = path[taken] if taken < len(path) and isinstance(path[taken], int) else 0
        taken += taken < len(path) and isinstance(path[taken], int)
        nested = [b for b in block.body.blocks if b.type == name]
        block = nested[index] if isinstance(index, int) and index < len(nested) else None
    return None


def descend(source: SourceFile, expression: syntax.Expression, steps: Sequence[str | int]) -> Descent:
    """Follow a path into an expression, through what makes JSON, puts maps and lists together or repeats."""
    span: Span | None = None
    left = tuple(steps)
    while left:
        expression = _opened(expression)
        text = text_of_template(source, expression)
        if text is not None:
            return Descent(text.place(left) or span, expression, ())
        inner = _step(expression, left[0])
        if inner is None:
            break
        start, expression = inner
        span = source.span(start, expression.end)
        left = left[1:]
    return Descent(span, expression, left)


PASSED_THROUGH = frozenset(
    {"jsonencode", "flatten", "tolist", "toset", "tomap", "compact", "distinct", "try", "sensitive"}
)
"""Functions whose first argument is what they return, for whoever looks for a part of it."""


def _opened(expression: syntax.Expression) -> syntax.Expression:
    while True:
        if isinstance(expression, syntax.Parentheses):
            expression = expression.expression
        elif isinstance(expression, syntax.Call) and expression.name in PASSED_THROUGH and expression.arguments:
            expression = expression.arguments[0]
        elif isinstance(expression, syntax.Template) and isinstance(only := _only(expression), syntax.Interpolation):
            expression = only.expression
        elif isinstance(expression, syntax.Conditional) and (branch := _full_branch(expression)) is not None:
            expression = branch
        else:
            return expression


def _full_branch(expression: syntax.Conditional) -> syntax.Expression | None:
    """Return the branch that holds something, where the other is null or empty."""
    branches = (expression.then, expression.otherwise)
    full = [branch for branch in branches if not _is_empty(branch)]
    return full[0] if len(full) == 1 else None


def _is_empty(expression: syntax.Expression) -> bool:
    if isinstance(expression, syntax.Literal):
        return expression.value is None
    return isinstance(expression, syntax.TupleExpression | syntax.ObjectExpression) and not expression.items


def _only(template: syntax.Template) -> object:
    return template.parts[0] if len(template.parts) == 1 else None


def _step(expression: syntax.Expression, step: str | int) -> tuple[int, syntax.Expression] | None:
    if isinstance(expression, syntax.Call) and expression.name == "merge" and isinstance(step, str):
        # The last of those that have a key wins.
        steps = (_step(_opened(one), step) for one in reversed(expression.arguments))
        return next((found for found in steps if found is not None), None)
    if isinstance(expression, syntax.Call) and expression.name == "concat" and isinstance(step, int):
        return _of_lists(expression.arguments, step)
    if isinstance(expression, syntax.ForTuple) and isinstance(step, int):
        return expression.result.start, expression.result
    if isinstance(expression, syntax.ObjectExpression):
        return _member(expression, step)
    if isinstance(expression, syntax.TupleExpression) and isinstance(step, int):
        if step < len(expression.items):
            item_expression = expression.items[step]
            return item_expression.start, item_expression
        return None
    return (expression.start, expression) if step == 0 and not isinstance(expression, syntax.Call) else None


def _member(expression: syntax.ObjectExpression, step: str | int) -> tuple[int, syntax.Expression] | None:
    for item in expression.items:
        if isinstance(item.key, syntax.Literal) and item.key.value == step:
            return item.start, item.value
    written = [item for item in expression.items if not isinstance(item.key, syntax.Literal)]
    if len(written) == 1 and isinstance(step, str):
        return written[0].start, written[0].value
    # A policy's `Statement` may be a single object where the path counts in a list.
    return (expression.start, expression) if step == 0 else None


def _of_lists(lists: Sequence[syntax.Expression], index: int) -> tuple[int, syntax.Expression] | None:
    """Return an element of lists that are put together, as far as their lengths can be seen."""
    for one in map(_opened, lists):
        if not isinstance(one, syntax.TupleExpression):
            return None
        if index < len(one.items):
            return one.items[index].start, one.items[index]
        index -= len(one.items)
    return None


class TemplateText(msgspec.Struct, frozen=True):
    """A JSON text as a heredoc holds it, an interpolation as one character, with the line that each character is on."""

    source: SourceFile
    text: str
    lines: tuple[int, ...]

    def place(self, path: Sequence[str | int]) -> Span | None:
        """Return the lines that a part stands on."""
        found = find_in_json(self.text, path)
        if found is None or found[1] > len(self.lines):
            return None
        start, last = self.lines[found[0]], self.lines[found[1] - 1]
        begins = self.text.rfind("\n", 0, found[0]) + 1
        written = self.text[begins : self._end_of_line(found[0])]
        indent = 0
        if INTERPOLATED not in written:
            # The indentation that a heredoc leaves away is what the line has more than its text.
            indent = max(0, self._length(start) - len(written))
        column = found[0] - begins + indent + 1
        return Span(self.source.path, start, column, last, max(self._length(last), column if last == start else 0) + 1)

    def _end_of_line(self, position: int) -> int:
        end = self.text.find("\n", position)
        return end if end >= 0 else len(self.text)

    def _length(self, line: int) -> int:
        starts = self.source.lines.starts
        return starts[line] - starts[line - 1] - 1 if line < len(starts) else 0


def text_of_template(source: SourceFile, expression: syntax.Expression) -> TemplateText | None:
    """Return the text of a heredoc; None for any other expression."""
    first, _ = source.lines.position(expression.start)
    last, _ = source.lines.position(expression.end)
    parts: tuple[object, ...]
    if isinstance(expression, syntax.Literal) and isinstance(expression.value, str):
        parts = (expression,)
    elif isinstance(expression, syntax.Template):
        parts = expression.parts
    else:
        return None
    if last <= first:
        return None  # In quotes: it is all on one line.
    text: list[str] = []
    lines: list[int] = []
    line = first + 1
    for part in parts:
        if isinstance(part, syntax.Literal) and isinstance(part.value, str):
            for character in part.value:
                text.append(character)
                lines.append(line)
                line += character == "\n"
        elif isinstance(part, syntax.Interpolation):
            text.append(INTERPOLATED)
            lines.append(line)
            line += source.lines.position(part.end)[0] - source.lines.position(part.start)[0]
        else:
            return None
    return TemplateText(source, "".join(text), tuple(lines))
