"""Terraform's types, as go-cty defines them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Type(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """What all types share. Types are compared and hashed by their structure."""


class Primitive(Type, frozen=True):
    """`string`, `number`, `bool`, or `dynamic`: the type of what can be anything."""

    name: str


class ListType(Type, frozen=True):
    """`list(element)`."""

    element: AnyType


class SetType(Type, frozen=True):
    """`set(element)`."""

    element: AnyType


class MapType(Type, frozen=True):
    """`map(element)`."""

    element: AnyType


class TupleType(Type, frozen=True):
    """`tuple([elements…])`."""

    elements: tuple[AnyType, ...]


class ObjectType(Type, frozen=True):
    """`object({…})`: attributes sorted by name; `optional` holds those that a constraint lets out."""

    attributes: tuple[tuple[str, AnyType], ...]
    optional: tuple[str, ...] = ()

    @classmethod
    def of(cls, attributes: Mapping[str, AnyType], optional: tuple[str, ...] = ()) -> ObjectType:
        return cls(tuple(sorted(attributes.items())), tuple(sorted(optional)))

    def attribute(self, name: str) -> AnyType | None:
        for key, type_ in self.attributes:
            if key == name:
                return type_
        return None


AnyType = Primitive | ListType | SetType | MapType | TupleType | ObjectType

STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Primitive("dynamic")
EMPTY_OBJECT = ObjectType(())
EMPTY_TUPLE = TupleType(())
