"""Turns sarif-om's objects into plain values: a walk whose knowledge of each class is kept."""

from __future__ import annotations

from typing import Any

import attr
import msgspec

# Where sarif-om's name of a property is not the schema's.
_CORRECTED = {("Suppression", "state"): "status"}
# Defaults that GitHub needs written out.
_ALWAYS = {"level"}
_ABSENT = object()
_SCALARS = frozenset((str, int, float, bool, msgspec.Raw))

_Fields = dict[str, tuple[str, Any]]
_known: dict[type, _Fields] = {}


def plain(value: Any) -> dict[str, Any]:
    """Return an object of sarif-om as a dictionary, without members that are unset, default or empty texts.

    What is encoded already (`msgspec.Raw`) stays as it is.

    Raises AttributeError for an attribute that its class doesn't have: a misspelt name.
    """
    kind = type(value)
    fields = _known.get(kind)
    if fields is None:
        fields = _known[kind] = _fields(kind)
    result: dict[str, Any] = {}
    for name, member in vars(value).items():
        if member is None or member == "":
            continue
        try:
            key, default = fields[name]
        except KeyError:
            raise AttributeError(f"{kind.__name__} has no attribute {name!r}") from None
        if member == default:
            continue
        scalar = type(member) in _SCALARS
        result[key] = member if scalar else _plain_member(member)
    return result


def _plain_member(member: Any) -> Any:
    kind = type(member)
    if kind is list:
        return [item if type(item) in _SCALARS else _plain_member(item) for item in member]
    if kind is dict:
        return {
            key: item if type(item) in _SCALARS else _plain_member(item)
            for key, item in member.items()
            if item is not None and item != ""
        }
    return plain(member)


def _fields(kind: type) -> _Fields:
    fields: _Fields = {}
    for field in attr.fields(kind):
        key = _CORRECTED.get((kind.__name__, field.name), field.metadata["schema_property_name"])
        default = field.default.factory() if isinstance(field.default, attr.Factory) else field.default  # type: ignore[arg-type]
        fields[field.name] = (key, _ABSENT if default is attr.NOTHING or field.name in _ALWAYS else default)
    return fields
