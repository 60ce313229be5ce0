"""From a Stack's component configuration to blocks that mean the same in a root module, at the same places.

A component is a module call, a provider with two labels is one with an alias, and what it has in `config`
stands in the block itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from astralint.hcl.syntax import (
    Attribute,
    Block,
    Body,
    Expression,
    File,
    GetAttr,
    Literal,
    Node,
    ObjectExpression,
    Variable,
)

CALL_ARGUMENTS = ("source", "version", "for_each", "depends_on", "providers")
Declared = Callable[[str], frozenset[str] | None]
"""Which variables the module of a source declares; None where it is not at hand."""


def translated_file(file: File, declared: Declared) -> File:
    """Return a component configuration as Terraform would write it."""
    blocks = tuple(block for each in file.body.blocks for block in _translated(each, declared))
    return msgspec.structs.replace(file, body=Body(file.body.start, file.body.end, (), blocks))


def _translated(block: Block, declared: Declared) -> Iterator[Block]:
    if block.type in ("component", "stack"):
        yield _call(block, declared)
    elif block.type == "provider":
        yield _provider(block)
    elif block.type == "required_providers":
        yield Block(block.start, block.end, "terraform", (), _body(block, (), (block,)), block.header_end)
    elif block.type == "output":
        kept = tuple(a for a in block.body.attributes if a.name not in ("type", "ephemeral"))
        yield _renamed(msgspec.structs.replace(block, body=_body(block, kept, block.body.blocks)))
    elif block.type in ("variable", "locals"):
        yield _renamed(block)


def _body(block: Block, attributes: tuple[Attribute, ...], blocks: tuple[Block, ...]) -> Body:
    return Body(block.body.start, block.body.end, attributes, blocks)


def _call(block: Block, declared: Declared) -> Block:
    own = {attribute.name: attribute for attribute in block.body.attributes}
    attributes = [_renamed(own[name]) for name in CALL_ARGUMENTS if name in own]
    source = own.get("source")
    text = source.expression.value if source is not None and isinstance(source.expression, Literal) else None
    if block.type == "stack" and source is not None:
        # No directory is called so: what an embedded stack holds is not read, and said to be.
        literal = Literal(source.expression.start, source.expression.end, f"stack {text}")
        attributes[0] = msgspec.structs.replace(source, expression=literal)
        attributes = [each for each in attributes if each.name in ("source", "for_each")]
    elif "inputs" in own:
        attributes += _inputs(own["inputs"], declared(text) if isinstance(text, str) else None)
    labels = block.labels
    return Block(
        block.start,
        block.end,
        "module",
        labels,
        _body(block, tuple(attributes), ()),
        block.header_end,
        block.label_spans,
    )


def _inputs(attribute: Attribute, names: frozenset[str] | None) -> Iterator[Attribute]:
    """Yield a module call's arguments; inputs that the module does not declare are dropped, as the Stack does."""
    expression = _renamed(attribute.expression)
    if isinstance(expression, ObjectExpression):
        for item in expression.items:
            name = item.key.value if isinstance(item.key, Literal) else None
            if isinstance(name, str) and (names is None or name in names):
                yield Attribute(item.start, item.end, name, item.value, item.key.end)
        return
    for name in sorted(names or ()):
        value = GetAttr(expression.start, expression.end, expression, name)
        yield Attribute(attribute.start, attribute.end, name, value, attribute.name_end)


def _provider(block: Block) -> Block:
    inner = next((each for each in block.body.blocks if each.type == "config"), None)
    attributes: list[Attribute] = []
    if len(block.labels) > 1:
        alias = Literal(block.start, block.header_end, block.labels[1])
        attributes.append(Attribute(block.start, block.header_end, "alias", alias, block.header_end))
    attributes += [_renamed(a) for a in block.body.attributes if a.name == "for_each"]
    blocks: tuple[Block, ...] = ()
    if inner is not None:
        attributes += [_renamed(a) for a in inner.body.attributes]
        blocks = tuple(_renamed(each) for each in inner.body.blocks)
    return Block(
        block.start,
        block.end,
        "provider",
        block.labels[:1],
        _body(block, tuple(attributes), blocks),
        block.header_end,
        block.label_spans[:1],
    )


# --- references ------------------------------------------------------------------------------------------


def _renamed(node: Any) -> Any:
    """Return a node with its references in Terraform's words: `component.a` is `module.a`, `provider.aws.a` is `aws.a`."""
    if isinstance(node, tuple):
        return tuple(_renamed(each) for each in node)
    if not isinstance(node, Node):
        return node
    if isinstance(node, Variable):
        return msgspec.structs.replace(node, name="module") if node.name in ("component", "stack") else node
    if isinstance(node, GetAttr):
        inner: Expression = node.target
        if isinstance(inner, GetAttr) and isinstance(inner.target, Variable) and inner.target.name == "provider":
            return msgspec.structs.replace(node, target=Variable(inner.start, inner.end, inner.name))
    changed = {
        name: _renamed(value)
        for name in node.__struct_fields__
        if isinstance(value := getattr(node, name), Node | tuple)
    }
    return msgspec.structs.replace(node, **changed) if changed else node
