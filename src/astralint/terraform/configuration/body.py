"""Bodies that may be merged from several files.

An override file changes single arguments of a block, so the expressions of one
declaration can come from two files. Every expression therefore stands beside
its source file: an `Argument`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from astralint.hcl.syntax import Attribute, Block, Body, Expression, File, Node
from astralint.source.span import Lines, Span


class SourceFile:
    """A parsed file under one path; the same tree may serve several of them."""

    __slots__ = ("file", "lines", "path")

    def __init__(self, path: str, file: File) -> None:
        self.path = path
        self.file = file
        self.lines = Lines(file.line_starts)

    def span(self, start: int, end: int) -> Span:
        return self.lines.span(self.path, start, end)

    def span_of(self, node: Node) -> Span:
        return self.lines.span(self.path, node.start, node.end)

    def header(self, block: Block) -> Span:
        """Return the place of a block's type and labels."""
        return self.lines.span(self.path, block.start, block.header_end)


class Argument(msgspec.Struct, frozen=True, eq=False):
    """`name = expression` and the file that it stands in."""

    attribute: Attribute
    source: SourceFile

    @property
    def name(self) -> str:
        return self.attribute.name

    @property
    def expression(self) -> Expression:
        return self.attribute.expression

    @property
    def span(self) -> Span:
        """The whole argument."""
        return self.source.span_of(self.attribute)

    @property
    def value_span(self) -> Span:
        """The expression alone."""
        return self.source.span_of(self.attribute.expression)


class NestedBody(msgspec.Struct, frozen=True, eq=False):
    """A block within a body, with its own merged body."""

    block: Block
    source: SourceFile
    body: MergedBody

    @property
    def type(self) -> str:
        return self.block.type

    @property
    def header(self) -> Span:
        return self.source.header(self.block)


class MergedBody:
    """Arguments by name, and nested blocks in order."""

    __slots__ = ("_arguments", "_blocks", "_body", "_raw_blocks", "_source")

    def __init__(self, body: Body, source: SourceFile) -> None:
        self._body = body
        self._source = source
        self._arguments: dict[str, Argument] | None = None
        self._raw_blocks: list[tuple[Block, SourceFile]] = [(block, source) for block in body.blocks]
        self._blocks: tuple[NestedBody, ...] | None = None

    @property
    def arguments(self) -> dict[str, Argument]:
        """The arguments by name; made when first asked for, because most bodies of a platform are only passed by."""
        if self._arguments is None:
            self._arguments = {a.name: Argument(a, self._source) for a in self._body.attributes}
        return self._arguments

    @property
    def blocks(self) -> tuple[NestedBody, ...]:
        if self._blocks is None:
            self._blocks = tuple(
                NestedBody(block, source, MergedBody(block.body, source)) for block, source in self._raw_blocks
            )
        return self._blocks

    def blocks_of(self, *types: str) -> Iterator[NestedBody]:
        """Yield the nested blocks of these types."""
        return (block for block in self.blocks if block.type in types)

    def block_of(self, type_: str) -> NestedBody | None:
        return next(self.blocks_of(type_), None)

    def override(self, body: Body, source: SourceFile, *, keep_blocks: Iterable[str] = ()) -> None:
        """Merge an override's body into this one, as Terraform does ("Override Files").

        Arguments replace arguments; nested blocks of a type replace all blocks of
        that type, those in `keep_blocks` excepted: these are merged argument by argument.
        """
        for attribute in body.attributes:
            self.arguments[attribute.name] = Argument(attribute, source)
        kept = set(keep_blocks)
        replaced = {self._replaced_type(block) for block in body.blocks} - kept
        merged = [pair for pair in self._raw_blocks if self._replaced_type(pair[0]) not in replaced]
        present = {block.type for block, _ in merged}
        merged += [(block, source) for block in body.blocks if block.type not in kept or block.type not in present]
        combined = [block for block in body.blocks if block.type in kept and block.type in present]
        self._raw_blocks = merged
        self._blocks = None
        for block in combined:
            target = self.block_of(block.type)
            if target is not None:
                target.body.override(block.body, source)

    @staticmethod
    def _replaced_type(block: Block) -> str:
        return block.labels[0] if block.type == "dynamic" and block.labels else block.type
