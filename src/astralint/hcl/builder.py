"""Makes the syntax tree's nodes while the parser reduces: a method for each alternative of the grammar.

Methods get the values of a rule's symbols: for a token its number in the list of
tokens, for a rule what its own method returned. Those of expressions and templates
stand in modules of their own.
"""

from __future__ import annotations

from typing import Any

from astralint.hcl import template
from astralint.hcl.operations import Operations, Traversals
from astralint.hcl.problem import redefined
from astralint.hcl.reduction import Reduction, Values
from astralint.hcl.syntax import Attribute, Block, Body, File
from astralint.hcl.template_parts import TemplateParts
from astralint.hcl.terms import Collections, Terms


class Structure(Reduction):
    """Makes the nodes of a file: bodies, blocks, arguments."""

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

    def finish_file(self, body: Body) -> File:
        """Return the file around its body."""
        return File(0, len(self.text), body, tuple(self.tokens.comments), self.tokens.line_starts)


class Builder(Structure, Operations, Traversals, Terms, Collections, TemplateParts):
    """Makes nodes for one text."""

    def nothing(self, _: Values) -> list[Any]:
        return []

    def list_first(self, v: Values) -> list[Any]:
        return v

    def list_next(self, v: Values) -> list[Any]:
        items: list[Any] = v[0]
        items.append(v[2])
        return items
