"""Expressions that are read as they are written: references, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.hcl.syntax import Expression, GetAttr, Index, Literal, Node, Number, Variable

Part = str | Expression
"""A step of a reference: a name, or the key in brackets."""


def nodes_of(expression: Node) -> Iterator[Node]:
    """Yield an expression and all that is in it."""
    pending: list[object] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(reversed(node))
        elif isinstance(node, Node):
            yield node
            pending.extend(getattr(node, name) for name in reversed(node.__struct_fields__))


def reference(expression: Expression) -> tuple[Part, ...] | None:
    """Return the steps of a reference (`module.a["b"].c`); None for any other expression."""
    parts: list[Part] = []
    current: Expression = expression
    while True:
        if isinstance(current, Variable):
            parts.append(current.name)
            return tuple(reversed(parts))
        if isinstance(current, GetAttr):
            parts.append(current.name)
        elif isinstance(current, Index):
            parts.append(current.key)
        else:
            return None
        current = current.target


def names_only(parts: tuple[Part, ...]) -> tuple[str, ...]:
    """Return a reference without its keys."""
    return tuple(part for part in parts if isinstance(part, str))


class Address(msgspec.Struct, frozen=True):
    """What an address means: `kind` is `module`, `managed`, `data`, … `keys` are those of the last part."""

    kind: str
    name: tuple[str, ...]
    keys: tuple[Expression, ...]
    modules: tuple[str, ...]
    module_keys: tuple[Expression, ...]


def address(expression: Expression) -> Address | None:
    """Read the address of a resource or module, as `moved`, `import` and `removed` have them; None for anything else."""
    parts = reference(expression)
    if parts is None:
        return None
    rest = list(parts)
    modules: list[str] = []
    module_keys: list[Expression] = []
    last_keys: tuple[Expression, ...] = ()
    while len(rest) > 1 and rest[0] == "module" and isinstance(rest[1], str):
        modules.append(rest[1])
        del rest[:2]
        last_keys = _keys(rest)
        module_keys.extend(last_keys)
    if not rest:
        return Address("module", (), last_keys, tuple(modules), tuple(module_keys))
    kind = "managed"
    if rest[0] in ("data", "ephemeral", "resource", "action"):
        kind = "managed" if rest[0] == "resource" else str(rest[0])
        del rest[0]
    if len(rest) < 2 or not isinstance(rest[0], str) or not isinstance(rest[1], str):
        return None
    name = (rest[0], rest[1])
    del rest[:2]
    keys = _keys(rest)
    return Address(kind, name, keys, tuple(modules), tuple(module_keys)) if not rest else None


def _keys(rest: list[Part]) -> tuple[Expression, ...]:
    """Take the key off what follows a name."""
    first = rest[0] if rest else ""
    if isinstance(first, str):
        return ()
    del rest[0]
    return (first,)


def is_literal_key(key: Expression) -> bool:
    """Return whether a key is a text or a number as it stands."""
    return isinstance(key, Number) or (isinstance(key, Literal) and isinstance(key.value, str))
