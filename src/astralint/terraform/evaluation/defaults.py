"""What a provider fills in for arguments that are not set: defaults at plan, the rest when it is applied."""

from __future__ import annotations

from astralint.terraform.knowledge import DefaultValues
from astralint.terraform.schema import BlockSchema, NestedBlock
from astralint.terraform.values.sets import set_of
from astralint.terraform.values.types import ListType, ObjectType, SetType
from astralint.terraform.values.value import Reason, Value, unknown


def fill_in(values: dict[str, Value], defaults: DefaultValues) -> None:
    """Put defaults in the place of nulls, in nested blocks as well; what is unknown stays so."""
    for name, default in defaults.attributes.items():
        value = values.get(name)
        if value is not None and value.raw is None:
            values[name] = default
    for name, inner in defaults.blocks.items():
        value = values.get(name)
        if value is not None and isinstance(value.raw, tuple) and isinstance(value.type, ListType | SetType):
            values[name] = _rebuilt(value, [_filled(item, inner) for item in value.raw])
        elif value is not None and isinstance(value.raw, dict):
            values[name] = _filled(value, inner)


def _rebuilt(value: Value, items: list[Value]) -> Value:
    """Return a collection with other elements; what is filled in has a say in the order of a set."""
    if isinstance(value.type, SetType):
        made = set_of(value.type.element, items)
        return Value(value.type, made.raw, value.marks | made.marks, value.origins | made.origins)
    return Value(value.type, tuple(items), value.marks, value.origins)


def _filled(value: Value, defaults: DefaultValues) -> Value:
    if not isinstance(value.raw, dict) or not isinstance(value.type, ObjectType):
        return value
    attributes = dict(value.raw)
    fill_in(attributes, defaults)
    return Value(value.type, attributes, value.marks, value.origins)


def await_apply(value: Value, nested: NestedBlock, reason: Reason) -> Value:
    """Turn the nulls of a nested block's computed attributes into unknowns."""
    if not _computes(nested.block):
        return value
    if isinstance(value.raw, tuple) and isinstance(value.type, ListType | SetType):
        return _rebuilt(value, [_awaiting(item, nested, reason) for item in value.raw])
    return _awaiting(value, nested, reason) if isinstance(value.raw, dict) and nested.nesting != "map" else value


def _computes(block: BlockSchema) -> bool:
    return any(attribute.computed for attribute in block.attributes.values()) or any(
        _computes(nested.block) for nested in block.blocks.values()
    )


def _awaiting(value: Value, nested: NestedBlock, reason: Reason) -> Value:
    if not isinstance(value.raw, dict):
        return value
    attributes = dict(value.raw)
    for name, attribute in nested.block.attributes.items():
        if attribute.computed and name in attributes and attributes[name].raw is None:
            attributes[name] = unknown(reason, attribute.type)
    for name, inner in nested.block.blocks.items():
        if name in attributes:
            attributes[name] = await_apply(attributes[name], inner, reason)
    return Value(value.type, attributes, value.marks, value.origins)
