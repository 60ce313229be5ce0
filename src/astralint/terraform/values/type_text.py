"""Types in words: as messages name them, as the console prints them, and why one does not fit another."""

from __future__ import annotations

from astralint.terraform.values.types import (
    DYNAMIC,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
)
from astralint.terraform.values.unify import convertible

_WORDS: dict[type, str] = {ListType: "list", SetType: "set", MapType: "map"}


def friendly(type_: AnyType) -> str:
    """Return the name that Terraform's messages give to a type: `list of string`."""
    if isinstance(type_, Primitive):
        return type_.name
    if isinstance(type_, TupleType):
        return "tuple"
    if isinstance(type_, ObjectType):
        return "object"
    return f"{_WORDS[type(type_)]} of {friendly(type_.element)}"


def type_text(type_: AnyType, indent: int = 0) -> str:
    """Return a type as the console's `type()` prints it, over several lines."""
    if isinstance(type_, Primitive):
        return type_.name
    pad = "    " * (indent + 1)
    end = "    " * indent
    if isinstance(type_, TupleType):
        lines = "".join(f"{pad}{type_text(item, indent + 1)},\n" for item in type_.elements)
        return f"tuple([\n{lines}{end}])" if lines else "tuple([])"
    if isinstance(type_, ObjectType):
        lines = "".join(f"{pad}{name}: {type_text(item, indent + 1)},\n" for name, item in type_.attributes)
        return f"object({{\n{lines}{end}}})" if lines else "object({})"
    word = _WORDS[type(type_)]
    if isinstance(type_.element, Primitive):
        return f"{word}({type_.element.name})"
    return f"{word}(\n{pad}{type_text(type_.element, indent + 1)},\n{end})"


def constraint_text(type_: AnyType) -> str:
    """Return a type on one line, as a constraint is written: `object({ name = string })`."""
    if isinstance(type_, Primitive):
        return "any" if type_ == DYNAMIC else type_.name
    if isinstance(type_, TupleType):
        return f"tuple([{', '.join(constraint_text(element) for element in type_.elements)}])"
    if isinstance(type_, ObjectType):
        inner = ", ".join(
            f"{name} = " + (f"optional({constraint_text(item)})" if name in type_.optional else constraint_text(item))
            for name, item in type_.attributes
        )
        return f"object({{ {inner} }})" if inner else "object({})"
    return f"{_WORDS[type(type_)]}({constraint_text(type_.element)})"


def required(type_: AnyType) -> str:
    """Return what a message says is needed, in the words for types: `list of string required`."""
    return f"{_constraint_name(type_)} required"


def _constraint_name(type_: AnyType) -> str:
    if isinstance(type_, Primitive):
        return "any type" if type_ == DYNAMIC else type_.name
    if isinstance(type_, ListType | SetType | MapType):
        word = _WORDS[type(type_)]
        if type_.element == DYNAMIC:
            return f"{word} of any single type"
        return f"{word} of {_constraint_name(type_.element)}"
    return friendly(type_)


def mismatch(got: AnyType, want: AnyType) -> str:
    """Return why no value of a type converts into another one, in Terraform's words."""
    if isinstance(got, ObjectType) and isinstance(want, ObjectType):
        return _objects(got, want)
    if isinstance(want, ListType | SetType | MapType):
        word = _WORDS[type(want)]
        structural = TupleType if isinstance(want, ListType | SetType) else ObjectType
        if isinstance(got, structural):
            if want.element == DYNAMIC:
                return f"all {word} elements must have the same type"
            return _elements(got, want.element)
        same_kind = isinstance(got, MapType) if isinstance(want, MapType) else isinstance(got, ListType | SetType)
        if same_kind and isinstance(got, ListType | SetType | MapType):
            return f"incorrect {word} element type: {mismatch(got.element, want.element)}"
    return required(want)


def _elements(got: TupleType | ObjectType, want: AnyType) -> str:
    if isinstance(got, TupleType):
        parts: list[tuple[str, AnyType]] = [(str(i), item) for i, item in enumerate(got.elements)]
    else:
        parts = [(quoted(name), item) for name, item in got.attributes]
    for name, item in parts:
        if not convertible(item, want):
            return f"element {name}: {mismatch(item, want)}"
    return f"all elements must be {_constraint_name(want)}"


def _objects(got: ObjectType, want: ObjectType) -> str:
    given = dict(got.attributes)
    missing = [quoted(name) for name, _ in want.attributes if name not in given and name not in want.optional]
    if len(missing) == 1:
        return f"attribute {missing[0]} is required"
    if len(missing) == 2:
        return f"attributes {missing[0]} and {missing[1]} are required"
    if missing:
        return f"attributes {', '.join(missing[:-1])}, and {missing[-1]} are required"
    for name, item in want.attributes:
        if name in given and not convertible(given[name], item):
            return f"attribute {quoted(name)}: {mismatch(given[name], item)}"
    return "incorrect object attributes"


def quoted(name: str) -> str:
    """Return a name in double quotes, for messages."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


# --- the branches of conditionals -------------------------------------------------------------


def conditional_mismatch(then: AnyType, otherwise: AnyType) -> str:
    """Return what makes the types of a conditional's branches differ, in Terraform's words."""
    found: str | None = None
    if isinstance(then, ObjectType) and isinstance(otherwise, ObjectType):
        found = _object_difference(then, otherwise)
    elif isinstance(then, TupleType) and isinstance(otherwise, TupleType):
        found = _tuple_difference(then, otherwise)
    elif isinstance(then, ListType | SetType | MapType) and type(then) is type(otherwise):
        inner, other = then.element, otherwise.element
        if isinstance(inner, ObjectType | TupleType) and type(inner) is type(other):
            found = f"Mismatched {_WORDS[type(then)]} element types: {conditional_mismatch(inner, other)}"
    if found is not None:
        return found
    if friendly(then) == friendly(otherwise):
        return (
            "At least one deeply-nested attribute or element is not compatible across both the 'true' and the "
            "'false' value"
        )
    return f"The 'true' value is {friendly(then)}, but the 'false' value is {friendly(otherwise)}"


def _object_difference(then: ObjectType, otherwise: ObjectType) -> str | None:
    names, other = dict(then.attributes), dict(otherwise.attributes)
    for name, item in names.items():
        if name not in other:
            return f"The 'true' value includes object attribute {quoted(name)}, which is absent in the 'false' value"
        if item != other[name]:
            return f"Type mismatch for object attribute {quoted(name)}: {conditional_mismatch(item, other[name])}"
    for name in other:
        if name not in names:
            return f"The 'false' value includes object attribute {quoted(name)}, which is absent in the 'true' value"
    return None


def _tuple_difference(then: TupleType, otherwise: TupleType) -> str | None:
    lengths = len(then.elements), len(otherwise.elements)
    if lengths[0] != lengths[1]:
        return f"The 'true' tuple has length {lengths[0]}, but the 'false' tuple has length {lengths[1]}"
    for position, (a, b) in enumerate(zip(then.elements, otherwise.elements, strict=True)):
        if a != b:
            return f"Type mismatch for tuple element {position}: {conditional_mismatch(a, b)}"
    return None
