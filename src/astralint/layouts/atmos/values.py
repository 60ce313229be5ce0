"""Nodes as values."""

from __future__ import annotations

from collections.abc import Callable

from astralint.layouts.atmos.node import Call, Mapping, Node, Scalar, Sequence
from astralint.terraform.values.types import DYNAMIC
from astralint.terraform.values.value import Reason, Value, object_of, string, tuple_of, unknown

Leaf = Callable[[Scalar | Call], Value]
"""Gives the value of a node that holds no others."""


def value_of(node: Node, leaf: Leaf) -> Value:
    """Return the value of a node; its depth is limited when it is read."""
    if isinstance(node, Mapping):
        return object_of({name: value_of(item, leaf) for name, item in node.items.items()})
    if isinstance(node, Sequence):
        return tuple_of([value_of(item, leaf) for item in node.items])
    return leaf(node)


def plain_value(node: Node) -> Value:
    """Return the value of a node whose templates stay texts; YAML functions are not known."""
    return value_of(node, _plain)


def _plain(node: Scalar | Call) -> Value:
    if isinstance(node, Scalar):
        return node.value
    if node.name in ("literal", "cwd"):
        return string(node.argument)
    return unknown(Reason("impure-function", f"`!{node.name}` is not computed", node.span), DYNAMIC)
