"""Defaults of the AWS provider's types: those that were measured, and those that its two kits imply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from astralint.estate.plain import from_plain
from astralint.terraform.knowledge import DefaultValues
from astralint.terraform.schema import AttributeSchema, BlockSchema, NestedBlock
from astralint.terraform.values.types import (
    BOOL,
    STRING,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    SetType,
)
from astralint.terraform.values.value import FALSE, Value, string

if TYPE_CHECKING:
    from astralint.aws.defaults import Defaults

ZEROS: dict[AnyType, Value] = {STRING: string("")}


def default_values(told: Defaults | None, schema: BlockSchema) -> DefaultValues | None:
    """Return what a type's plan shows where nothing is configured; None where nothing is known."""
    found = _block(told, schema, zeros=False, keeps_no_null=_is_of_old_kit(schema))
    if told is None and _is_of_old_kit(schema):
        # Of a type that could not be tried, each block may be one that an apply fills in.
        found = msgspec.structs.replace(found, computed=tuple(schema.blocks))
    return None if _says_nothing(found) else found


def _is_of_old_kit(schema: BlockSchema) -> bool:
    """Say whether the type is written with SDKv2, which lets every `id` be configured; the framework's never is."""
    identifier = schema.attributes.get("id")
    return identifier is not None and identifier.optional and identifier.computed


def _block(told: Defaults | None, schema: BlockSchema, *, zeros: bool, keeps_no_null: bool) -> DefaultValues:
    attributes: dict[str, Value] = {}
    blocks: dict[str, DefaultValues] = {}
    computed = list(told.computed) if told is not None else []
    unset: set[str] = set()
    for name, attribute in schema.attributes.items():
        if told is not None and name in told.attributes:
            attributes[name] = from_plain(told.attributes[name], (), type_=attribute.type)
        elif told is None and zeros and not attribute.computed and attribute.type == BOOL:
            computed.append(name)
        elif told is None and zeros and not attribute.computed and (zero := _zero(attribute.type)) is not None:
            attributes[name] = zero
        if keeps_no_null and attribute.optional and attribute.computed and _may_be_empty(attribute.type):
            unset.add(name)
        if keeps_no_null and (element := _objects(attribute)) is not None:
            blocks[name] = _zeros(element)
    for name, nested in schema.blocks.items():
        inner = told.blocks.get(name) if told is not None else None
        found = _block(
            inner, nested.block, zeros=zeros or _loses_nulls(nested, keeps_no_null), keeps_no_null=keeps_no_null
        )
        if not _says_nothing(found):
            blocks[name] = found
    return DefaultValues(attributes, blocks, tuple(computed), frozenset(unset))


def _says_nothing(values: DefaultValues) -> bool:
    return not (values.attributes or values.blocks or values.computed or values.unset)


def _may_be_empty(type_: AnyType) -> bool:
    # Of what may be written as blocks, an empty list says that there shall be none.
    element = type_.element if isinstance(type_, ListType | SetType | MapType) else type_
    return type_ == STRING or (element is not type_ and not isinstance(element, ObjectType))


def _loses_nulls(nested: NestedBlock, keeps_no_null: bool) -> bool:
    # SDKv2 puts the elements of a set together from texts, and plans texts that are not there as empty ones.
    return keeps_no_null and nested.nesting == "set"


def _objects(attribute: AttributeSchema) -> ObjectType | None:
    """Return the type of the objects in an attribute that may be written as blocks."""
    type_ = attribute.type
    if attribute.optional and isinstance(type_, SetType) and isinstance(type_.element, ObjectType):
        return type_.element
    return None


def _zeros(element: ObjectType) -> DefaultValues:
    zeros = {name: zero for name, type_ in element.attributes if (zero := _zero(type_)) is not None}
    zeros |= {name: FALSE for name, type_ in element.attributes if type_ == BOOL}
    return DefaultValues(zeros, {})


def _zero(type_: AnyType) -> Value | None:
    if isinstance(type_, ListType | SetType):
        return Value(type_, ())
    return Value(type_, {}) if isinstance(type_, MapType) else ZEROS.get(type_)
