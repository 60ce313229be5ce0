"""What a provider fills in for arguments that are not set: defaults at plan, the rest when it is applied."""

from __future__ import annotations

from astralint.terraform.knowledge import DefaultValues
from astralint.terraform.schema import BlockSchema, NestedBlock
from astralint.terraform.values.equality import same
from astralint.terraform.values.sets import set_of
from astralint.terraform.values.types import ListType, ObjectType, SetType
from astralint.terraform.values.value import Reason, Value, null, unknown


def fill_in(values: dict[str, Value], defaults: DefaultValues, reason: Reason) -> None:
    """Put defaults in the place of what is not set, in nested blocks as well; what is unknown stays so.

    `reason` is why what only an apply fills in is not known.
    """
    _rewrite(values, defaults, reason)
    changed = _dependent(values, defaults) if defaults.dependences else {}
    for name, default in defaults.attributes.items():
        value = values.get(name)
        if value is not None and value.raw is None and name not in changed:
            values[name] = default
    for name, inner in defaults.blocks.items():
        value = values.get(name)
        if value is not None and value.raw and isinstance(value.type, ListType | SetType) and not value.is_unknown:
            values[name] = _rebuilt(value, [_filled(item, inner, reason) for item in value.raw])
        elif value is not None and isinstance(value.raw, dict):
            values[name] = _filled(value, inner, reason)
    for name in defaults.computed:
        value = values.get(name)
        if value is not None and value.raw in _ABSENT and name not in changed:
            values[name] = unknown(reason, value.type, not_null=True)
    for name, planned in changed.items():
        value = values.get(name)
        if value is not None and value.raw in _ABSENT:
            values[name] = unknown(reason, value.type) if planned is None else planned


def _rewrite(values: dict[str, Value], defaults: DefaultValues, reason: Reason) -> None:
    """Bring what is written into the form in which it is planned."""
    for name in defaults.unset:
        value = values.get(name)
        if value is not None and value.raw in _NOTHINGS:
            values[name] = null(value.type)
    for keeping in defaults.keeping:
        value, beside = values.get(keeping.argument), values.get(keeping.beside)
        if value is None or value.raw in _ABSENT or beside is None or same(beside, keeping.value):
            continue
        values[keeping.argument] = unknown(reason, value.type)
    for name, rewrite in defaults.rewrites.items():
        value = values.get(name)
        if value is not None and value.raw is not None:
            values[name] = rewrite(value, reason)


_ABSENT: tuple[object, ...] = (None, ())
_NOTHINGS: tuple[object, ...] = ("", (), {})


def _dependent(values: dict[str, Value], defaults: DefaultValues) -> dict[str, Value | None]:
    """Return what is planned otherwise because of the arguments that are set; None for what is not known then."""
    found: dict[str, Value | None] = {}
    for dependence in defaults.dependences:
        value = values.get(dependence.argument)
        if value is None or value.raw in _ABSENT:
            continue
        planned = next((planned for given, planned in dependence.tried if given is None or same(value, given)), None)
        if planned is None:
            planned = dict.fromkeys(name for _, names in dependence.tried for name in names)
        for name, other in planned.items():
            # Two arguments that want different things of a third one: nothing was tried of that.
            found[name] = other if name not in found else None
    return found


def _rebuilt(value: Value, items: list[Value]) -> Value:
    """Return a collection with other elements; what is filled in has a say in the order of a set."""
    if isinstance(value.type, SetType):
        made = set_of(value.type.element, items)
        return Value(value.type, made.raw, value.marks | made.marks, value.origins | made.origins)
    return Value(value.type, tuple(items), value.marks, value.origins)


def _filled(value: Value, defaults: DefaultValues, reason: Reason) -> Value:
    if not isinstance(value.raw, dict) or not isinstance(value.type, ObjectType):
        return value
    attributes = dict(value.raw)
    fill_in(attributes, defaults, reason)
    return Value(value.type, attributes, value.marks, value.origins)


def await_apply(value: Value, nested: NestedBlock, reason: Reason, defaults: DefaultValues | None = None) -> Value:
    """Turn the nulls of a nested block's computed attributes into unknowns, unless they are planned as null."""
    if not _computes(nested.block):
        return value
    if isinstance(value.raw, tuple) and isinstance(value.type, ListType | SetType):
        return _rebuilt(value, [_awaiting(item, nested, reason, defaults) for item in value.raw])
    if isinstance(value.raw, dict) and nested.nesting != "map":
        return _awaiting(value, nested, reason, defaults)
    return value


def _computes(block: BlockSchema) -> bool:
    return any(attribute.computed for attribute in block.attributes.values()) or any(
        _computes(nested.block) for nested in block.blocks.values()
    )


def _awaiting(value: Value, nested: NestedBlock, reason: Reason, defaults: DefaultValues | None) -> Value:
    if not isinstance(value.raw, dict):
        return value
    attributes = dict(value.raw)
    for name, attribute in nested.block.attributes.items():
        is_told = defaults is not None and name in defaults.attributes
        if attribute.computed and not is_told and name in attributes and attributes[name].raw is None:
            attributes[name] = unknown(reason, attribute.type)
    for name, inner in nested.block.blocks.items():
        if name in attributes:
            known = defaults.blocks.get(name) if defaults is not None else None
            attributes[name] = await_apply(attributes[name], inner, reason, known)
    return Value(value.type, attributes, value.marks, value.origins)
