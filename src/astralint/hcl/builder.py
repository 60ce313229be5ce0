"""Makes the syntax tree's nodes while the parser reduces: a method for each alternative of the grammar.

Methods get the values of a rule's symbols: for a token its number in the list of
tokens, for a rule what its own method returned.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from astralint.hcl import template
from astralint.hcl.depth import DEPTH_MESSAGE, MAXIMUM_DEPTH
from astralint.hcl.problem import NotParsedError, SyntaxProblem
from astralint.hcl.syntax import (
    Attribute,
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    Expression,
    File,
    ForObject,
    ForTuple,
    GetAttr,
    Index,
    Literal,
    Number,
    ObjectExpression,
    ObjectItem,
    Parentheses,
    Splat,
    SplatItem,
    TupleExpression,
    Unary,
    Variable,
)

if TYPE_CHECKING:
    from astralint.hcl.lexer import Tokens

PRECEDENCE = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}

Values = list[Any]
ATTRIBUTE, LEGACY, SPLAT, INDEX, FULL_SPLAT = range(5)


class Builder:
    """Makes nodes for one text."""

    def __init__(self, tokens: Tokens) -> None:
        self.text = tokens.text
        self.tokens = tokens
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.problems: list[SyntaxProblem] = []
        self.longest_chain = 2
        self.deepest_stack = 0

    @property
    def may_be_deep(self) -> bool:
        """Whether the tree can be too deep at all: every symbol on the stack adds a chain at most."""
        return self.longest_chain * self.deepest_stack > MAXIMUM_DEPTH

    # --- lists ---

    def nothing(self, _: Values) -> list[Any]:
        return []

    def list_first(self, v: Values) -> list[Any]:
        return v

    def list_next(self, v: Values) -> list[Any]:
        items: list[Any] = v[0]
        items.append(v[2])
        return items

    # --- structure ---

    def file(self, v: Values) -> Body:
        return self._body(0, len(self.text), v[0])

    def items_newline(self, v: Values) -> list[Any]:
        items: list[Any] = v[0]
        return items

    def items_item(self, v: Values) -> list[Any]:
        items: list[Any] = v[0]
        items.append(v[1])
        return items

    def attribute(self, v: Values) -> Attribute:
        name, _, expression = v
        start, end = self.starts[name], self.ends[name]
        return Attribute(start, expression.end, self.text[start:end], expression, end)

    def _body(self, start: int, end: int, items: list[Attribute | Block]) -> Body:
        attributes: list[Attribute] = []
        blocks: list[Block] = []
        names: set[str] = set()
        for item in items:
            if item.__class__ is Block:
                blocks.append(item)
            elif item.name in names:  # type: ignore[union-attr]
                self.problems.append(redefined(item.name, item.start, item.name_end))  # type: ignore[union-attr]
            else:
                names.add(item.name)  # type: ignore[union-attr]
                attributes.append(item)  # type: ignore[arg-type]
        return Body(start, end, tuple(attributes), tuple(blocks))

    def header(self, v: Values) -> list[Any]:
        """Return the type's token; then follow for each label its text, start and end."""
        return v

    def header_name(self, v: Values) -> list[Any]:
        header, name = v
        start, end = self.starts[name], self.ends[name]
        header.append((self.text[start:end], start, end))
        return header  # type: ignore[no-any-return]

    def header_string(self, v: Values) -> list[Any]:
        header, string = v
        start, end = self.starts[string], self.ends[string]
        header.append((self.text[start + 1 : end - 1], start, end))
        return header  # type: ignore[no-any-return]

    def header_template(self, v: Values) -> list[Any]:
        header = v[0]
        start, end = self.starts[v[1]], self.ends[v[-1]]
        header.append((template.unescape(self.text[start + 1 : end - 1], start + 1), start, end))
        return header  # type: ignore[no-any-return]

    def _block(self, header: list[Any], opening: int, closing: int, items: list[Any]) -> Block:
        kind = header[0]
        start, header_end, end = self.starts[kind], self.ends[kind], self.ends[closing]
        body = self._body(self.starts[opening], end, items)
        labels = header[1:]
        if labels:
            header_end = labels[-1][2]
        return Block(
            start,
            end,
            self.text[start : self.ends[kind]],
            tuple([label[0] for label in labels]),
            body,
            header_end,
            tuple([label[1:] for label in labels]),
        )

    def block_empty(self, v: Values) -> Block:
        return self._block(v[0], v[1], v[2], [])

    def block_single(self, v: Values) -> Block:
        return self._block(v[0], v[1], v[3], [v[2]])

    def block(self, v: Values) -> Block:
        return self._block(v[0], v[1], v[4], v[3])

    # --- operators ---

    def conditional(self, v: Values) -> Conditional:
        condition, _, then, _, otherwise = v
        return Conditional(condition.start, otherwise.end, condition, then, otherwise)

    def chain_first(self, v: Values) -> list[Any]:
        return v

    def chain_next(self, v: Values) -> list[Any]:
        chain: list[Any] = v[0]
        chain += v[1:]
        return chain

    def operation(self, v: Values) -> Expression:
        """Climb a flat chain of operands and operators."""
        chain = v[0]
        if len(chain) > self.longest_chain:
            self._long_chain(chain)
        text, starts, ends = self.text, self.starts, self.ends
        operands: list[Any] = [chain[0]]
        operators: list[str] = []

        def join() -> None:
            right = operands.pop()
            left = operands.pop()
            operands.append(Binary(left.start, right.end, operators.pop(), left, right))

        for index in range(1, len(chain), 2):
            token = chain[index]
            operator = text[starts[token] : ends[token]]
            level = PRECEDENCE[operator]
            while operators and PRECEDENCE[operators[-1]] >= level:
                join()
            operators.append(operator)
            operands.append(chain[index + 1])
        while operators:
            join()
        result: Expression = operands[0]
        return result

    def _long_chain(self, chain: list[Any]) -> None:
        self.longest_chain = len(chain)
        if len(chain) > 2 * MAXIMUM_DEPTH + 1:
            first = chain[0]
            raise NotParsedError(DEPTH_MESSAGE, first.start, first.end)

    def unary(self, v: Values) -> Unary:
        operator, operand = v
        start = self.starts[operator]
        return Unary(start, operand.end, self.text[start], operand)

    # --- traversals ---

    def steps_first_attribute(self, v: Values) -> list[Any]:
        return [v[0], (ATTRIBUTE, v[2], None)]

    def steps_first_legacy(self, v: Values) -> list[Any]:
        return [v[0], (LEGACY, v[2], None)]

    def steps_first_splat(self, v: Values) -> list[Any]:
        return [v[0], (SPLAT, v[2], v[1])]

    def steps_first_index(self, v: Values) -> list[Any]:
        return [v[0], (INDEX, v[3], v[2])]

    def steps_first_full_splat(self, v: Values) -> list[Any]:
        return [v[0], (FULL_SPLAT, v[3], v[1])]

    def steps_attribute(self, v: Values) -> list[Any]:
        steps: list[Any] = v[0]
        steps.append((ATTRIBUTE, v[2], None))
        return steps

    def steps_legacy(self, v: Values) -> list[Any]:
        steps: list[Any] = v[0]
        steps.append((LEGACY, v[2], None))
        return steps

    def steps_splat(self, v: Values) -> list[Any]:
        steps: list[Any] = v[0]
        steps.append((SPLAT, v[2], v[1]))
        return steps

    def steps_index(self, v: Values) -> list[Any]:
        steps: list[Any] = v[0]
        steps.append((INDEX, v[3], v[2]))
        return steps

    def steps_full_splat(self, v: Values) -> list[Any]:
        steps: list[Any] = v[0]
        steps.append((FULL_SPLAT, v[3], v[1]))
        return steps

    def traversal(self, v: Values) -> Expression:
        """Apply steps one after the other; a splat takes those that belong to each of its elements."""
        steps = v[0]
        if len(steps) > self.longest_chain:
            self._long_chain(steps)
        text, starts, ends = self.text, self.starts, self.ends
        node: Any = steps[0]
        # The splats that are still open, outermost first: their target, and whether they are full.
        open_splats: list[tuple[Any, bool]] = []
        for index in range(1, len(steps)):
            kind, token, extra = steps[index]
            end = ends[token]
            if kind == ATTRIBUTE:
                node = GetAttr(node.start, end, node, text[starts[token] : end])
                continue
            if kind == LEGACY:
                node = Index(node.start, end, node, self._legacy_index(token), legacy=True)
                continue
            if open_splats and not open_splats[-1][1]:
                if kind == SPLAT:
                    raise NotParsedError(
                        "a splat `.*` may not stand within another `.*`",
                        starts[token],
                        end,
                        "use `[*]`, which takes any steps after it",
                    )
                target, full = open_splats.pop()
                node = Splat(target.start, node.end, target, node, full)
            if kind == INDEX:
                node = Index(node.start, end, node, extra)
            else:
                open_splats.append((node, kind == FULL_SPLAT))
                node = SplatItem(starts[extra], end)
        while open_splats:
            target, full = open_splats.pop()
            node = Splat(target.start, node.end, target, node, full)
        result: Expression = node
        return result

    def _legacy_index(self, token: int) -> Number:
        start, end = self.starts[token], self.ends[token]
        text = self.text[start:end]
        if "." in text:
            first, _, second = text.partition(".")
            raise NotParsedError(
                "two legacy indexes may not follow one another", start, end, f"write `[{first}][{second}]` instead"
            )
        return Number(start, end, text)

    # --- terms ---

    def variable(self, v: Values) -> Variable | Literal:
        start, end = self.starts[v[0]], self.ends[v[0]]
        name = self.text[start:end]
        if name in LITERALS:
            return Literal(start, end, LITERALS[name])
        return Variable(start, end, name)

    def string(self, v: Values) -> Literal:
        start, end = self.starts[v[0]], self.ends[v[0]]
        return Literal(start, end, self.text[start + 1 : end - 1])

    def number(self, v: Values) -> Number:
        start, end = self.starts[v[0]], self.ends[v[0]]
        text = self.text[start:end]
        if not text.isdigit() and not NUMBER.fullmatch(text):
            shown = text if len(text) < 40 else text[:40] + "…"
            raise NotParsedError(f"`{shown}` is not a number", start, end)
        return Number(start, end, text)

    def parentheses(self, v: Values) -> Parentheses:
        return Parentheses(self.starts[v[0]], self.ends[v[2]], v[1])

    def _call(self, name: str, start: int, name_end: int, v: Values, *, expanded: bool = False) -> Call:
        arguments = tuple(v[2]) if len(v) > 3 else ()
        return Call(start, self.ends[v[-1]], name, arguments, expanded, name_end)

    def call(self, v: Values) -> Call:
        start, end = self.starts[v[0]], self.ends[v[0]]
        return self._call(self.text[start:end], start, end, v)

    call_empty = call

    def call_expanded(self, v: Values) -> Call:
        start, end = self.starts[v[0]], self.ends[v[0]]
        return self._call(self.text[start:end], start, end, v, expanded=True)

    def namespaced_first(self, v: Values) -> tuple[str, int, int]:
        first, _, second = v
        name = f"{self._text(first)}::{self._text(second)}"
        return name, self.starts[first], self.ends[second]

    def namespaced_next(self, v: Values) -> tuple[str, int, int]:
        (name, start, _), _, part = v
        return f"{name}::{self._text(part)}", start, self.ends[part]

    def namespaced_call(self, v: Values) -> Call:
        name, start, name_end = v[0]
        return self._call(name, start, name_end, v)

    namespaced_call_empty = namespaced_call

    def namespaced_call_expanded(self, v: Values) -> Call:
        name, start, name_end = v[0]
        return self._call(name, start, name_end, v, expanded=True)

    def _text(self, token: int) -> str:
        return self.text[self.starts[token] : self.ends[token]]

    # --- collections ---

    def tuple_empty(self, v: Values) -> TupleExpression:
        return TupleExpression(self.starts[v[0]], self.ends[v[1]], ())

    def tuple_expression(self, v: Values) -> TupleExpression:
        return TupleExpression(self.starts[v[0]], self.ends[v[-1]], tuple(v[1]))

    def entries_newline(self, v: Values) -> list[Any]:
        entries: list[Any] = v[0]
        return entries

    def entries_entry(self, v: Values) -> list[Any]:
        entries: list[Any] = v[0]
        entries.append(v[1])
        return entries

    def entry(self, v: Values) -> ObjectItem:
        key, _, value = v
        if key.__class__ is Variable:
            key = Literal(key.start, key.end, key.name)
        elif key.__class__ is Literal and not isinstance(key.value, str):
            key = Literal(key.start, key.end, self.text[key.start : key.end])
        return ObjectItem(key.start, value.end, key, value)

    def object_expression(self, v: Values) -> ObjectExpression:
        entries = v[1]
        if len(v) == 4:
            entries.append(v[2])
        return ObjectExpression(self.starts[v[0]], self.ends[v[-1]], tuple(entries))

    def for_value(self, v: Values) -> tuple[str | None, str, Expression]:
        return None, self._text(v[1]), v[3]

    def for_key_value(self, v: Values) -> tuple[str | None, str, Expression]:
        return self._text(v[1]), self._text(v[3]), v[5]

    def for_tuple(self, v: Values) -> ForTuple:
        key, value, collection = v[1]
        condition = v[4] if len(v) == 6 else None
        return ForTuple(self.starts[v[0]], self.ends[v[-1]], key, value, collection, v[2], condition)

    def _for_object(self, v: Values, condition: int, *, grouping: bool) -> ForObject:
        key, value, collection = v[1]
        return ForObject(
            self.starts[v[0]],
            self.ends[v[-1]],
            key,
            value,
            collection,
            v[2],
            v[4],
            grouping,
            v[condition] if len(v) > condition else None,
        )

    def for_object(self, v: Values) -> ForObject:
        return self._for_object(v, 6, grouping=False)

    def for_object_grouping(self, v: Values) -> ForObject:
        return self._for_object(v, 7, grouping=True)

    # --- templates ---

    def parts_text(self, v: Values) -> list[Any]:
        parts: list[Any] = v[0]
        parts.append(v[1])
        return parts

    def _finish(self, pieces: list[template.Piece], start: int, end: int, *, flushed: bool = False) -> Expression:
        self.longest_chain = max(self.longest_chain, template.nesting(pieces))
        return template.finish(pieces, start, end, flushed=flushed)

    def _sequence(
        self, v: Values, keyword: str, expression: Expression | None, key: str | None = None, value: str = ""
    ) -> list[Any]:
        parts: list[Any] = v[0]
        opening, closing = v[1], v[-1]
        start, end = self.starts[opening], self.ends[closing]
        before = self.ends[opening] - start == 3
        after = end - self.starts[closing] == 2
        parts.append(template.Sequence(start, end, keyword, expression, before, after, key, value))
        return parts

    def parts_interpolation(self, v: Values) -> list[Any]:
        return self._sequence(v, "", v[2])

    def parts_if(self, v: Values) -> list[Any]:
        return self._sequence(v, "if", v[3])

    def parts_keyword(self, v: Values) -> list[Any]:
        return self._sequence(v, self._text(v[2]), None)

    def parts_for_value(self, v: Values) -> list[Any]:
        return self._sequence(v, "for", v[5], None, self._text(v[3]))

    def parts_for_key_value(self, v: Values) -> list[Any]:
        return self._sequence(v, "for", v[7], self._text(v[3]), self._text(v[5]))

    def quoted(self, v: Values) -> Expression:
        pieces: list[template.Piece] = []
        for part in v[1]:
            if isinstance(part, int):
                start, end = self.starts[part], self.ends[part]
                pieces.append(template.Text(start, end, template.unescape(self.text[start:end], start)))
            else:
                pieces.append(part)
        return self._finish(pieces, self.starts[v[0]], self.ends[v[2]])

    def _lines(self, parts: list[Any], *, flushed: bool = False) -> list[template.Piece]:
        pieces: list[template.Piece] = []
        if len(parts) == 1 and isinstance(parts[0], int) and not flushed:
            start, end = self.starts[parts[0]], self.ends[parts[0]]
            return [template.Text(start, end, template.unescape_sequences(self.text[start:end]))]
        for part in parts:
            if isinstance(part, int):
                start = self.starts[part]
                pieces.extend(template.lines_of(start, self.text[start : self.ends[part]]))
            else:
                pieces.append(part)
        return pieces

    def heredoc(self, v: Values) -> Expression:
        start = self.starts[v[0]]
        flushed = self.text.startswith("<<-", start)
        return self._finish(self._lines(v[1], flushed=flushed), start, self.ends[v[2]], flushed=flushed)

    def lone_template(self, v: Values) -> Expression:
        return self._finish(self._lines(v[0]), 0, len(self.text))

    def finish_file(self, body: Body) -> File:
        """Return the file around its body."""
        return File(0, len(self.text), body, tuple(self.tokens.comments), self.tokens.line_starts)


def redefined(name: str, start: int, end: int) -> SyntaxProblem:
    """Return the problem of an argument that a body sets twice."""
    return SyntaxProblem(
        f"the argument `{name}` is already set in this body", start, end, "each argument may be set only once"
    )
