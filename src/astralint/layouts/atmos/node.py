"""What YAML manifests hold: nodes that remember where they stand."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.source.span import Span
from astralint.terraform.values.value import Value


class Scalar(msgspec.Struct, frozen=True, eq=False):
    """A text, number, bool or null; a text that is not `literal` may be a template."""

    value: Value
    span: Span
    literal: bool = False

    @property
    def text(self) -> str | None:
        """The text, None for anything else."""
        raw = self.value.raw
        return raw if isinstance(raw, str) else None


class Call(msgspec.Struct, frozen=True, eq=False):
    """A YAML function: its name without the exclamation mark, and what it is given."""

    name: str
    argument: str
    span: Span


class Sequence(msgspec.Struct, frozen=True, eq=False):
    """A list; one that `appends` is added to what it is merged over."""

    items: tuple[Node, ...]
    span: Span
    appends: bool = False


class Mapping(msgspec.Struct, frozen=True, eq=False):
    """A map, in the order of its keys; keys are texts."""

    items: dict[str, Node]
    span: Span

    def get(self, *names: str) -> Node | None:
        """Return what lies at a path of keys."""
        found: Node | None = self
        for name in names:
            found = found.items.get(name) if isinstance(found, Mapping) else None
        return found

    def mapping(self, *names: str) -> Mapping:
        """Return the map at a path of keys, an empty one where there is none."""
        found = self.get(*names)
        return found if isinstance(found, Mapping) else Mapping({}, self.span)

    def text(self, *names: str) -> str:
        """Return the text at a path of keys, an empty one where there is none."""
        found = self.get(*names)
        return (found.text or "") if isinstance(found, Scalar) else ""

    def flag(self, *names: str, default: bool) -> bool:
        """Return the bool at a path of keys."""
        found = self.get(*names)
        raw = found.value.raw if isinstance(found, Scalar) else None
        return raw if isinstance(raw, bool) else default

    def texts(self, *names: str) -> list[str]:
        """Return the texts of the list at a path of keys; a single text is a list of one."""
        found = self.get(*names)
        items = found.items if isinstance(found, Sequence) else (found,)
        return [item.text for item in items if isinstance(item, Scalar) and item.text is not None]


Node = Scalar | Call | Sequence | Mapping


def nodes_in(node: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        if isinstance(current, Mapping):
            pending.extend(reversed(current.items.values()))
        elif isinstance(current, Sequence):
            pending.extend(reversed(current.items))
