"""The signatures of all functions: those that terraform lists, and those of other versions from documentation."""

from __future__ import annotations

from functools import cache
from pkgutil import get_data
from typing import Any

import msgspec

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

_PRIMITIVES: dict[str, AnyType] = {"string": STRING, "number": NUMBER, "bool": BOOL, "dynamic": DYNAMIC}


class Parameter(msgspec.Struct, frozen=True):
    """A declared parameter: `type` is DYNAMIC where anything is taken as it is."""

    name: str
    type: AnyType
    nullable: bool


class Signature(msgspec.Struct, frozen=True):
    """What a function takes and gives."""

    parameters: tuple[Parameter, ...]
    variadic: Parameter | None
    returns: AnyType

    def parameter(self, index: int) -> Parameter:
        """Return the parameter that takes the argument of this index."""
        if index < len(self.parameters):
            return self.parameters[index]
        if self.variadic is None:
            raise IndexError(index)
        return self.variadic


@cache
def signatures() -> dict[str, Signature]:
    """Return all signatures by name, without the `core::` namespace."""
    files = ("signatures.json", "signatures_documented.json")
    return {
        name: _signature(entry)
        for file in files
        for name, entry in msgspec.json.decode(get_data(__name__, file) or b"{}").items()
    }


def _signature(entry: list[Any]) -> Signature:
    parameters, variadic, returns = entry
    return Signature(
        tuple(_parameter(each) for each in parameters), _parameter(variadic) if variadic else None, type_of(returns)
    )


def _parameter(entry: list[Any]) -> Parameter:
    name, declared, nullable = entry
    return Parameter(name, type_of(declared), nullable)


def type_of(written: Any) -> AnyType:
    """Return the type that Terraform's JSON notation of types names."""
    if isinstance(written, str):
        return _PRIMITIVES[written]
    kind, inner = written
    if kind == "list":
        return ListType(type_of(inner))
    if kind == "set":
        return SetType(type_of(inner))
    if kind == "map":
        return MapType(type_of(inner))
    if kind == "tuple":
        return TupleType(tuple(type_of(each) for each in inner))
    return ObjectType.of({name: type_of(each) for name, each in inner.items()})
