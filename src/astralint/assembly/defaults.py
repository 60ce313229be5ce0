"""Defaults of the AWS provider's types: those that were measured, and those that its two kits imply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from astralint.aws.rewriting import rewrite
from astralint.estate.plain import from_plain
from astralint.terraform.knowledge import DefaultValues, Dependence, Keeping
from astralint.terraform.schema import AttributeSchema, BlockSchema, NestedBlock
from astralint.terraform.values.sets import set_of
from astralint.terraform.values.types import (
    BOOL,
    STRING,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    SetType,
)
from astralint.terraform.values.value import FALSE, Reason, Unknown, Value, boolean, null, string, unknown

if TYPE_CHECKING:
    from astralint.aws.defaults import Defaults

ZEROS: dict[AnyType, Value] = {STRING: string("")}


def default_values(
    told: Defaults | None,
    schema: BlockSchema,
    dependences: Mapping[str, Sequence[tuple[Any, Mapping[str, Any]]]] | None = None,
    rewritten: Mapping[str, str] | None = None,
    planned: frozenset[str] = frozenset(),
    kept: Mapping[str, tuple[str, str | bool]] | None = None,
    dropped: Mapping[str, Mapping[str, str | None]] | None = None,
) -> DefaultValues | None:
    """Return what a type's plan shows where nothing is configured, or something else; None where nothing is known."""
    found = _block(told, schema, zeros=False, keeps_no_null=_is_of_old_kit(schema))
    if dependences:
        found = msgspec.structs.replace(found, dependences=tuple(_dependences(dependences, schema)))
    if planned:
        found = msgspec.structs.replace(found, planned=planned)
    for path, name in (rewritten or {}).items():
        found = _with_rewrite(found, path.split("."), name)
    for path, (beside, value) in (kept or {}).items():
        found = _with_keeping(found, path.split("."), beside, value)
    for argument, words in (dropped or {}).items():
        without = partial(_without_words, words)
        found = msgspec.structs.replace(found, rewrites={**found.rewrites, argument: without})
    if told is None and _is_of_old_kit(schema):
        # Of a type that could not be tried, each block may be one that an apply fills in.
        found = msgspec.structs.replace(found, computed=tuple(schema.blocks))
    return None if _says_nothing(found) else found


def _dependences(
    dependences: Mapping[str, Sequence[tuple[Any, Mapping[str, Any]]]], schema: BlockSchema
) -> Iterator[Dependence]:
    for argument, entries in dependences.items():
        attribute = schema.attributes.get(argument)
        tried = [
            (from_plain(given, (), type_=attribute.type) if attribute is not None else None, _planned(others, schema))
            for given, others in entries
        ]
        yield Dependence(argument, tuple(tried))


def _planned(others: Mapping[str, Any], schema: BlockSchema) -> dict[str, Value | None]:
    values: dict[str, Value | None] = {}
    for name, planned in others.items():
        other = schema.attributes.get(name)
        if planned is None or other is None:
            values[name] = None
        else:
            values[name] = from_plain(None if planned == "null" else planned, (), type_=other.type)
    return values


def _with_rewrite(values: DefaultValues, path: list[str], name: str) -> DefaultValues:
    first, *rest = path
    if not rest:
        return msgspec.structs.replace(values, rewrites={**values.rewrites, first: partial(_rewritten, name)})
    inner = _with_rewrite(values.blocks.get(first, DefaultValues({}, {})), rest, name)
    return msgspec.structs.replace(values, blocks={**values.blocks, first: inner})


def _with_keeping(values: DefaultValues, path: list[str], beside: str, value: str | bool) -> DefaultValues:
    first, *rest = path
    if not rest:
        wanted = boolean(value) if isinstance(value, bool) else string(value)
        return msgspec.structs.replace(values, keeping=(*values.keeping, Keeping(first, beside, wanted)))
    inner = _with_keeping(values.blocks.get(first, DefaultValues({}, {})), rest, beside, value)
    return msgspec.structs.replace(values, blocks={**values.blocks, first: inner})


def _rewritten(name: str, value: Value, reason: Reason) -> Value:
    """Return a text, or a list of texts, as it is planned."""
    raw = value.raw
    if isinstance(raw, tuple) and isinstance(value.type, ListType | SetType):
        items = [_rewritten(name, item, reason) for item in raw]
        made = set_of(value.type.element, items).raw if isinstance(value.type, SetType) else tuple(items)
        return Value(value.type, made, value.marks, value.origins)
    text = raw if isinstance(raw, str) else raw.text if isinstance(raw, Unknown) else None
    if text is None or value.type != STRING:
        return value
    made_of_it = rewrite(name, text)
    if isinstance(made_of_it, str):
        return value if made_of_it == raw else Value(STRING, made_of_it, value.marks, value.origins)
    reasons = raw.reasons if isinstance(raw, Unknown) else (reason,)
    return unknown(reasons, STRING, text=made_of_it, not_null=True, origins=value.origins, marks=value.marks)


def _without_words(words: Mapping[str, str | None], value: Value, reason: Reason) -> Value:
    """Return a text, unless it is one of the words that are not planned as they are written."""
    if value.raw not in words:
        return value
    return null(value.type) if words[value.raw] else unknown(reason, value.type, origins=value.origins)


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
        if keeps_no_null and attribute.optional and _may_be_empty(attribute):
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


def _may_be_empty(attribute: AttributeSchema) -> bool:
    """Say whether the kit takes an empty value for none: texts that it may fill in itself, and sets and maps."""
    type_ = attribute.type
    if isinstance(type_, SetType | MapType):
        # Of what may be written as blocks, an empty list says that there shall be none.
        return not isinstance(type_.element, ObjectType)
    return type_ == STRING and attribute.computed


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
