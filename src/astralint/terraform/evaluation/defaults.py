"""What a provider fills in for arguments that are not set."""

from __future__ import annotations

from astralint.terraform.knowledge import DefaultValues
from astralint.terraform.values.types import ListType, ObjectType, SetType
from astralint.terraform.values.value import Value


def fill_in(values: dict[str, Value], defaults: DefaultValues) -> None:
    """Put defaults in the place of nulls, in nested blocks as well; what is unknown stays so."""
    for name, default in defaults.attributes.items():
        value = values.get(name)
        if value is not None and value.raw is None:
            values[name] = default
    for name, inner in defaults.blocks.items():
        value = values.get(name)
        if value is not None and isinstance(value.raw, tuple) and isinstance(value.type, ListType | SetType):
            items = tuple(_filled(item, inner) for item in value.raw)
            values[name] = Value(value.type, items, value.marks, value.origins)
        elif value is not None and isinstance(value.raw, dict):
            values[name] = _filled(value, inner)


def _filled(value: Value, defaults: DefaultValues) -> Value:
    if not isinstance(value.raw, dict) or not isinstance(value.type, ObjectType):
        return value
    attributes = dict(value.raw)
    fill_in(attributes, defaults)
    return Value(value.type, attributes, value.marks, value.origins)
