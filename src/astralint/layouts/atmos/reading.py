"""YAML as Atmos reads it: into nodes with their places, without recursion, within limits.

Anchors and aliases work within one file. What an alias stands for counts each time, so that a text of
a few lines cannot stand for a million values.
"""

from __future__ import annotations

import re
from typing import Any

from astralint.layouts.atmos.node import Call, Mapping, Node, Scalar, Sequence, nodes_in
from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.functions.support import FunctionError
from astralint.terraform.functions.yaml_functions import resolve
from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.text import normalized
from astralint.terraform.values.value import NULL, number, string

MAXIMUM_NODES = 200_000
MAXIMUM_DEPTH = 100
MAXIMUM_SIZE = 4_000_000

_OLD_BOOLS = frozenset(
    ["y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"]
)
"""Words that YAML 1.1 took for bools: texts for the reader that Atmos uses."""
_OCTAL = re.compile(r"[-+]?0[0-7]+\Z")
_GROUPED = re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*\Z")
_STANDARD = "tag:yaml.org,2002:"


class ManifestError(Exception):
    """A file that is no YAML, or passes a limit; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def read_yaml(text: str, file: TreePath) -> Node | None:
    """Return the document of a YAML text, None where it is empty; raises ManifestError."""
    import yaml

    if len(text) > MAXIMUM_SIZE:
        raise ManifestError(f"it is longer than {MAXIMUM_SIZE:,} characters")
    loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
    reader = _Reader(file)
    try:
        for event in yaml.parse(text.removeprefix("\ufeff"), Loader=loader):
            reader.take(event, yaml.events)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or "it is no YAML"
        raise ManifestError(message, *((mark.line + 1, mark.column + 1) if mark else (1, 1))) from None
    return reader.result


class _Open:
    """A collection that is being read."""

    __slots__ = ("anchor", "items", "key", "key_mark", "mark", "merges", "tag")

    def __init__(self, event: Any, *, is_mapping: bool) -> None:
        self.items: dict[str, Node] | list[Node] = {} if is_mapping else []
        self.tag = event.tag or ""
        self.anchor = event.anchor
        self.mark = event.start_mark
        self.key: str | None = None
        self.key_mark: Any = None
        self.merges: list[Mapping] = []


class _Reader:
    def __init__(self, file: TreePath) -> None:
        self.file = file
        self.result: Node | None = None
        self.anchors: dict[str, Node] = {}
        self.open: list[_Open] = []
        self.pending: set[str] = set()
        self.count = 0
        self.documents = 0

    def take(self, event: Any, events: Any) -> None:
        """Take one event of the parser."""
        if isinstance(event, events.DocumentStartEvent):
            self.documents += 1
        if self.documents > 1 or not isinstance(event, events.NodeEvent | events.CollectionEndEvent):
            return  # of several documents the first counts
        self._count(1, event)
        if isinstance(event, events.CollectionStartEvent):
            self._start(event, is_mapping=isinstance(event, events.MappingStartEvent))
        elif isinstance(event, events.CollectionEndEvent):
            self._place(self._closed(event), event)
        elif isinstance(event, events.AliasEvent):
            self._place(self._alias(event), event)
        else:
            self._scalar(event)

    def _count(self, number_: int, event: Any) -> None:
        self.count += number_
        if self.count > MAXIMUM_NODES:
            raise ManifestError(f"it stands for more than {MAXIMUM_NODES:,} values", *_place(event))

    def _span(self, event: Any, start: Any = None) -> Span:
        start, end = start or event.start_mark, event.end_mark
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _start(self, event: Any, *, is_mapping: bool) -> None:
        if len(self.open) >= MAXIMUM_DEPTH:
            raise ManifestError(f"it is nested more than {MAXIMUM_DEPTH} deep", *_place(event))
        if self.open and isinstance(self.open[-1].items, dict) and self.open[-1].key is None:
            raise ManifestError("a key is no scalar", *_place(event))
        if event.anchor:
            self.pending.add(event.anchor)
        self.open.append(_Open(event, is_mapping=is_mapping))

    def _closed(self, event: Any) -> Node:
        closed = self.open.pop()
        span = self._span(event, closed.mark)
        items = closed.items
        last = (list(items.values()) if isinstance(items, dict) else items)[-1:]
        if last and event.start_mark.column == event.end_mark.column and event.start_mark.line == event.end_mark.line:
            # A block ends where the next thing begins: it is said to end with its last item.
            end = last[0].span
            if (end.end_line, end.end_column) >= (span.line, span.column):
                span = Span(self.file, span.line, span.column, end.end_line, end.end_column)
        if isinstance(items, dict):
            merged: dict[str, Node] = {}
            for other in reversed(closed.merges):
                merged.update(other.items)
            node: Node = Mapping({**merged, **items}, span)
        else:
            node = Sequence(tuple(items), span, closed.tag == "!append")
        if closed.tag.startswith("!") and closed.tag not in ("!", "!append"):
            node = Call(closed.tag[1:], "", span)
        if closed.anchor:
            self.pending.discard(closed.anchor)
            self.anchors[closed.anchor] = node
        return node

    def _alias(self, event: Any) -> Node:
        if event.anchor in self.pending:
            raise ManifestError(f"the anchor `{event.anchor}` stands for itself", *_place(event))
        node = self.anchors.get(event.anchor)
        if node is None:
            raise ManifestError(f"there is no anchor `{event.anchor}`", *_place(event))
        for _ in nodes_in(node):
            self._count(1, event)
        return node

    def _scalar(self, event: Any) -> None:
        container = self.open[-1] if self.open else None
        if container is not None and isinstance(container.items, dict) and container.key is None:
            container.key = self._key(event)
            container.key_mark = event.start_mark
            return
        node = self._value(event)
        if event.anchor:
            self.anchors[event.anchor] = node
        self._place(node, event)

    def _key(self, event: Any) -> str:
        if event.style or event.tag:
            return str(event.value)
        value = self._value(event)
        raw = value.value.raw if isinstance(value, Scalar) else None
        if raw is None or isinstance(raw, str | bool):
            return str(event.value)
        return format_number(raw)

    def _value(self, event: Any) -> Node:
        span, text, tag = self._span(event), event.value, event.tag or ""
        if tag.startswith("!") and tag != "!":
            if tag == "!literal":
                return Scalar(string(normalized(text)), span, literal=True)
            return Call(tag[1:], text, span)
        if event.style or tag == "!" or (text in _OLD_BOOLS and not tag):
            return Scalar(string(normalized(text)), span)
        if not tag and _OCTAL.match(text):
            return Scalar(number(int(text.replace("0", "0o", 1), 8)), span)
        if not tag and _GROUPED.match(text):
            return Scalar(number(int(text.replace("_", ""))), span)
        try:
            return Scalar(resolve(text, tag.removeprefix(_STANDARD)), span)
        except FunctionError as error:
            raise ManifestError(error.message, *_place(event)) from None

    def _place(self, node: Node, event: Any) -> None:
        if not self.open:
            self.result = None if isinstance(node, Scalar) and node.value is NULL else node
            return
        container = self.open[-1]
        if isinstance(container.items, list):
            container.items.append(node)
            return
        key, container.key = container.key, None
        if key is None:
            raise ManifestError("a key is no scalar", *_place(event))
        if key == "<<":
            others = node.items if isinstance(node, Sequence) else (node,)
            if not all(isinstance(other, Mapping) for other in others):
                raise ManifestError("only maps are merged by `<<`", *_place(event))
            container.merges += [other for other in others if isinstance(other, Mapping)]
            return
        if key in container.items:
            raise ManifestError(f"the key `{key}` is there twice", *_place(event))
        container.items[key] = node


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
