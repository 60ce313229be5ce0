"""Between Terraform's values and the plain values of `astralint.aws`."""

from __future__ import annotations

from typing import Any

from astralint.aws.plain import Plain
from astralint.aws.plain import Unknown as PlainUnknown
from astralint.source.partial import Hole, PartialText
from astralint.terraform.schema import AttributeSchema, BlockSchema, NestedBlock
from astralint.terraform.values.convert import convert
from astralint.terraform.values.numbers import parse_number
from astralint.terraform.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
)
from astralint.terraform.values.value import (
    NOWHERE,
    EvaluationError,
    Origin,
    Reason,
    Unknown,
    Value,
    boolean,
    null,
    number,
    object_of,
    string,
    tuple_of,
    unknown,
)

PRIMITIVES = {"string": STRING, "number": NUMBER, "bool": BOOL, "dynamic": DYNAMIC}


def to_plain(value: Value) -> Plain:
    """Return a value as plain Python; unknown strings keep their known parts and symbols."""
    raw = value.raw
    if isinstance(raw, Unknown):
        if raw.text is not None:
            return raw.text
        message = raw.reasons[0].message if raw.reasons else "it is not known"
        return PartialText((Hole(message),)) if value.type == STRING else PlainUnknown(message)
    if isinstance(raw, dict):
        return {name: to_plain(item) for name, item in raw.items()}
    if isinstance(raw, tuple):
        return [to_plain(item) for item in raw]
    if value.type == NUMBER and raw is not None:
        return int(raw) if isinstance(raw, int) else float(raw)
    return raw  # type: ignore[no-any-return]


def from_plain(
    plain: Plain, reasons: tuple[Reason, ...], origins: frozenset[Origin] = NOWHERE, type_: AnyType | None = None
) -> Value:
    """Return plain Python as a value; what is not known in it gets the reasons.

    With a type, the value is converted to it; where that fails, it is unknown.
    """
    value = _from_plain(plain, reasons, origins)
    if type_ is None or value.type == type_:
        return value
    try:
        return convert(value, type_)
    except EvaluationError:
        return unknown(reasons, type_, origins=origins)


def _from_plain(plain: Plain, reasons: tuple[Reason, ...], origins: frozenset[Origin]) -> Value:
    if plain is None:
        return null()
    if isinstance(plain, str):
        return string(plain).with_origins(origins)
    if isinstance(plain, bool):
        return boolean(plain).with_origins(origins)
    if isinstance(plain, int):
        return number(plain).with_origins(origins)
    if isinstance(plain, float):
        exact = parse_number(repr(plain))
        return null() if exact is None else number(exact).with_origins(origins)
    if isinstance(plain, PartialText):
        known = plain.known
        if known is not None:
            return string(known).with_origins(origins)
        holes = tuple(Reason("known-after-apply", part.reason) for part in plain.parts if isinstance(part, Hole))
        return unknown((reasons or holes)[:8], STRING, text=plain, not_null=True, origins=origins)
    if isinstance(plain, PlainUnknown):
        return unknown(reasons or (Reason("known-after-apply", plain.reason),), origins=origins)
    if isinstance(plain, dict):
        return object_of({name: _from_plain(item, reasons, origins) for name, item in plain.items()})
    return tuple_of(_from_plain(item, reasons, origins) for item in plain)


def type_from_cty(cty: Any) -> AnyType:
    """Return a type from its form in provider schemas: `"string"`, `["list", "string"]`, …"""
    if isinstance(cty, str):
        return PRIMITIVES[cty]
    kind, inner = cty[0], cty[1]
    if kind == "object":
        return ObjectType.of({name: type_from_cty(item) for name, item in inner.items()})
    if kind == "tuple":
        return TupleType(tuple(type_from_cty(item) for item in inner))
    element = type_from_cty(inner)
    collections: dict[str, type[ListType | SetType | MapType]] = {"list": ListType, "set": SetType, "map": MapType}
    return collections[kind](element)


ACCOUNT_NUMBERS = frozenset({"account_id", "master_account_id", "owner_account_id", "aws_account_id"})
"""Attributes that hold an account's number, which has twelve digits."""


def _length(name: str, cty: Any) -> tuple[int, int | None] | None:
    """Return how long what a provider fills in is for sure: what exists has an id and an ARN."""
    if cty != "string":
        return None
    if name in ACCOUNT_NUMBERS:
        return 12, 12
    return (1, None) if name in ("id", "arn") else None


def block_schema(raw: Any) -> BlockSchema:
    """Return a schema of `astralint.aws.schema` in Terraform's types, attributes sorted by name."""
    attributes = {
        name: AttributeSchema(
            type_from_cty(attribute.type),
            attribute.required,
            attribute.optional,
            attribute.computed,
            attribute.sensitive,
            attribute.write_only,
            _length(name, attribute.type) if attribute.computed else None,
        )
        for name, attribute in sorted(raw.attributes.items())
    }
    blocks = {
        name: NestedBlock(nested.nesting, block_schema(nested.block)) for name, nested in sorted(raw.blocks.items())
    }
    return BlockSchema(attributes, blocks)
