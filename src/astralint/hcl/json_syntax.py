"""Terraform's JSON syntax to the tree that the native syntax would give.

JSON does not say what is a block and what an argument. Terraform's own blocks are
known (`json_blocks.json`: nested blocks with the number of their labels, arguments
whose strings are expressions, arguments whose strings are taken as they are); of
everything else only a provider's schema can tell, so it arrives as an argument.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from typing import Literal as Choice

import msgspec

from astralint.hcl import syntax
from astralint.hcl.json_values import (
    JsonArray,
    JsonNumber,
    JsonObject,
    JsonString,
    JsonValue,
    JsonWord,
    read_json,
    unescape,
)
from astralint.hcl.parser import native_parser
from astralint.hcl.problem import NotParsedError, Parsed, ParsedExpression, SyntaxProblem, redefined
from astralint.source.span import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Mode = Choice["template", "expression", "literal"]
COMMENT = "//"


class Known(msgspec.Struct, frozen=True):
    """What Terraform itself knows of a block's body."""

    blocks: dict[str, int] = {}
    expressions: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()
    nested_expressions: tuple[str, ...] = ()


NOTHING = Known()


@cache
def known_blocks() -> dict[str, Known]:
    """Return for each block type what is known of its body; the file's own body has no name."""
    content = Path(__file__).with_name("json_blocks.json").read_bytes()
    return msgspec.convert(json.loads(content), dict[str, Known])


def parse_json(text: str, *, attributes: bool = False) -> Parsed:
    """Return a file in JSON syntax as a tree; with `attributes`, it only sets values, as `.tfvars.json` does."""
    try:
        value = read_json(text)
        return _Converter(text, attributes=attributes).file(value)
    except NotParsedError as failure:
        return Parsed(None, (failure.problem,))


class _Converter:
    def __init__(self, text: str, *, attributes: bool) -> None:
        self.text = text
        self.attributes = attributes
        self.problems: list[SyntaxProblem] = []
        self.comments: list[syntax.Comment] = []

    def file(self, value: JsonValue) -> Parsed:
        message = "the file must hold an object, or an array of objects"
        if isinstance(value, JsonWord):
            self._problem(message, value)
        objects = list(self._objects(value, message))
        known = NOTHING if self.attributes else known_blocks()[""]
        body = self._body(value.start, value.end, objects, known)
        starts = Lines.of(self.text).starts
        self.comments.sort(key=lambda comment: comment.start)
        tree = syntax.File(0, len(self.text), body, tuple(self.comments), starts)
        return Parsed(tree, tuple(self.problems))

    def _problem(self, message: str, place: JsonValue, hint: str | None = None) -> None:
        self.problems.append(SyntaxProblem(message, place.start, place.end, hint))

    def _objects(self, value: JsonValue, message: str) -> Iterator[JsonObject]:
        if isinstance(value, JsonObject):
            yield value
        elif isinstance(value, JsonArray):
            for item in value.items:
                if isinstance(item, JsonObject):
                    yield item
                else:
                    self._problem(message, item)
        elif not (isinstance(value, JsonWord) and value.value is None):
            self._problem(message, value)

    # --- structure ---

    def _body(self, start: int, end: int, objects: list[JsonObject], known: Known) -> syntax.Body:
        attributes: list[syntax.Attribute] = []
        blocks: list[syntax.Block] = []
        names: set[str] = set()
        for item in objects:
            for key, value in item.items:
                name = key.text
                if name == COMMENT and not self.attributes:
                    self._comment(key, value)
                elif name in known.blocks:
                    blocks.extend(self._blocks(name, key, value, known.blocks[name], ()))
                elif name in names:
                    self.problems.append(redefined(name, key.start, key.end))
                else:
                    names.add(name)
                    expression = self._expression(value, self._mode(name, known), known.nested_expressions)
                    attributes.append(syntax.Attribute(key.start, value.end, name, expression, key.end))
        return syntax.Body(start, end, tuple(attributes), tuple(blocks))

    def _mode(self, name: str, known: Known) -> Mode:
        if self.attributes or name in known.literals:
            return "literal"
        return "expression" if name in known.expressions else "template"

    def _comment(self, key: JsonString, value: JsonValue) -> None:
        if isinstance(value, JsonString):
            before = self.text[max(0, key.start - 200) : key.start].rpartition("\n")
            own_line = bool(before[1]) and not before[2].strip()
            self.comments.append(syntax.Comment(key.start, value.end, f"// {value.text}", own_line))

    def _blocks(
        self, kind: str, key: JsonString, value: JsonValue, labels: int, path: tuple[JsonString, ...]
    ) -> Iterator[syntax.Block]:
        if len(path) < labels:
            message = f"`{kind}` takes an object whose properties are {'its labels' if labels > 1 else 'its label'}"
            for item in self._objects(value, message):
                for label, inner in item.items:
                    yield from self._blocks(kind, key, inner, labels, (*path, label))
            return
        known = known_blocks().get(kind, NOTHING)
        header = path[-1] if path else key
        for item in self._objects(value, f"a `{kind}` block must be an object, or an array of objects"):
            body = self._body(item.start, item.end, [item], known)
            yield syntax.Block(
                header.start,
                item.end,
                kind,
                tuple(label.text for label in path),
                body,
                header.end,
                tuple((label.start, label.end) for label in path),
            )

    # --- expressions ---

    def _expression(self, value: JsonValue, mode: Mode, nested: tuple[str, ...] = ()) -> syntax.Expression:
        """Convert a value from the inside out, without recursion."""
        made: list[Any] = []
        pending: list[tuple[JsonValue, Mode, bool]] = [(value, mode, False)]
        while pending:
            item, how, ready = pending.pop()
            if isinstance(item, JsonArray):
                if ready:
                    made.append(syntax.TupleExpression(item.start, item.end, tuple(_take(made, len(item.items)))))
                else:
                    pending.append((item, how, True))
                    pending.extend((inner, how, False) for inner in reversed(item.items))
            elif isinstance(item, JsonObject):
                if ready:
                    made.append(self._object(item, how, _take(made, len(item.items))))
                else:
                    pending.append((item, how, True))
                    for key, inner in reversed(item.items):
                        inside: Mode = "expression" if nested and key.text in nested else how
                        pending.append((inner, inside, False))
            else:
                made.append(self._scalar(item, how))
        result: syntax.Expression = made[0]
        return result

    def _object(self, value: JsonObject, mode: Mode, values: list[Any]) -> syntax.ObjectExpression:
        items: list[syntax.ObjectItem] = []
        names: set[str] = set()
        for (key, inner), expression in zip(value.items, values, strict=True):
            name = key.text
            if name in names:
                self._problem(f"the property `{name}` is already set in this object", key)
                continue
            names.add(name)
            made = self._string(key, mode)
            if isinstance(made, syntax.Variable):
                made = syntax.Literal(made.start, made.end, made.name)
            items.append(syntax.ObjectItem(key.start, inner.end, made, expression))
        return syntax.ObjectExpression(value.start, value.end, tuple(items))

    def _scalar(self, value: JsonString | JsonNumber | JsonWord, mode: Mode) -> syntax.Expression:
        if isinstance(value, JsonString):
            return self._string(value, mode)
        if isinstance(value, JsonWord):
            return syntax.Literal(value.start, value.end, value.value)
        if value.text.startswith("-"):
            number = syntax.Number(value.start + 1, value.end, value.text[1:])
            return syntax.Unary(value.start, value.end, "-", number)
        return syntax.Number(value.start, value.end, value.text)

    def _string(self, value: JsonString, mode: Mode) -> syntax.Expression:
        text, place = unescape(value)
        if mode == "literal" or (mode == "template" and "{" not in text):
            return syntax.Literal(value.start, value.end, text)
        native = native_parser()
        parsed: ParsedExpression = native.expression(text) if mode == "expression" else native.template(text)
        if parsed.expression is None:
            for problem in parsed.errors:
                start, end = place(min(problem.start, len(text))), place(min(problem.end, len(text)))
                self.problems.append(SyntaxProblem(problem.message, start, end, problem.help))
            return syntax.Literal(value.start, value.end, text)
        if mode == "template":
            if isinstance(parsed.expression, syntax.Literal):
                return syntax.Literal(value.start, value.end, parsed.expression.value)
            return msgspec.structs.replace(_moved(parsed.expression, place), start=value.start, end=value.end)
        return _moved(parsed.expression, place)


def _take(made: list[Any], count: int) -> list[Any]:
    if not count:
        return []
    taken = made[-count:]
    del made[-count:]
    return taken


def _moved(expression: syntax.Expression, place: Callable[[int], int]) -> syntax.Expression:
    """Return an expression with its places turned into those of the file."""
    data = msgspec.to_builtins(expression)
    pending = [data]
    while pending:
        item = pending.pop()
        if isinstance(item[0], str):
            item[1], item[2] = place(item[1]), place(item[2])
            if item[0] == "Call":
                item[-1] = place(item[-1])
        pending.extend(inner for inner in item if isinstance(inner, (list, tuple)) and inner)
    moved: syntax.Expression = msgspec.convert(data, syntax.Expression)
    return moved
