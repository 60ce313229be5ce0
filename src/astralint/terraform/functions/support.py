"""What the functions share: failures, limits, and the walk through values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from astralint.source.partial import Hole, PartialText
from astralint.terraform.values.convert import unify as unify_types
from astralint.terraform.values.text import normalized
from astralint.terraform.values.types import (
    DYNAMIC,
    STRING,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
)
from astralint.terraform.values.value import NOWHERE, OpenAttributes, Origin, Reason, Unknown, Value, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gmpy2 import mpfr

MAX_ELEMENTS = 1_000_000
MAX_TEXT = 10_000_000
MAX_DEPTH = 500
_MAX_REASONS = 64
_NO_REASON = Reason("error", "the value is not known")


class FunctionError(Exception):
    """A call failed; `call` gives it the words in which Terraform reports it."""

    def __init__(self, message: str, argument: int | None = None, *, code: str = "invalid-expression") -> None:
        super().__init__(message)
        self.message = message
        self.argument = argument
        self.code = code


def limit(what: str) -> FunctionError:
    """Return the failure of a call that would pass a limit of astralint's own."""
    return FunctionError(f"{what}, which is more than astralint computes", code="limit")


def check_elements(count: int) -> None:
    """Raise where a result has too many elements."""
    if count > MAX_ELEMENTS:
        raise limit(f"the result has more than {MAX_ELEMENTS:,} elements")


def check_text(length: int) -> None:
    """Raise where a text is too long."""
    if length > MAX_TEXT:
        raise limit(f"the result is longer than {MAX_TEXT:,} characters")


def text(content: str) -> Value:
    """Return a string value in normal form, as every string of Terraform's is."""
    check_text(len(content))
    return Value(STRING, normalized(content))


# --- types --------------------------------------------------------------------


def is_sequence(type_: AnyType) -> bool:
    """Return whether values of the type are lists, sets or tuples."""
    return isinstance(type_, ListType | SetType | TupleType)


def is_mapping(type_: AnyType) -> bool:
    """Return whether values of the type are maps or objects."""
    return isinstance(type_, MapType | ObjectType)


def whole(value: Value, argument: int | None, prefix: str = "") -> int:
    """Return a known number as a 64-bit integer; raise where it is none."""
    raw = value.raw
    if raw == 0:
        # The negative zero is one, too.
        return 0
    if not isinstance(raw, int) or not -(2**63) <= raw < 2**63:
        raise FunctionError(
            f"{prefix}value must be a whole number, between -9223372036854775808 and 9223372036854775807 inclusive",
            argument,
        )
    return raw


# --- the walk -----------------------------------------------------------------


class Depths:
    """What a value and all that is in it carry: marks, origins, reasons of what is unknown."""

    __slots__ = ("marks", "origins", "reasons")

    def __init__(self) -> None:
        self.marks = 0
        self.origins: frozenset[Origin] = NOWHERE
        self.reasons: dict[Reason, None] = {}

    def add(self, value: Value) -> None:
        """Walk through a value, without recursion."""
        stack: list[Any] = [value]
        seen_origins: set[frozenset[Origin]] = set()
        while stack:
            item: Value = stack.pop()
            self.marks |= item.marks
            if item.origins and item.origins not in seen_origins:
                seen_origins.add(item.origins)
                self.origins |= item.origins
            raw = item.raw
            kind = type(raw)
            if kind is tuple:
                stack.extend(reversed(raw))
            elif kind is Unknown:
                for reason in raw.reasons:
                    self.reasons[reason] = None
            elif isinstance(raw, dict):
                stack.extend(reversed(raw.values()))
                if isinstance(raw, OpenAttributes):
                    self.reasons[raw.reason] = None

    @property
    def known(self) -> bool:
        """True where nothing of it is unknown."""
        return not self.reasons


def depths(*values: Value) -> Depths:
    """Return what the values carry, all told."""
    found = Depths()
    for value in values:
        found.add(value)
    return found


def is_wholly_known(value: Value) -> bool:
    """Return whether nothing in a value is unknown."""
    stack = [value]
    while stack:
        raw = stack.pop().raw
        kind = type(raw)
        if kind is tuple:
            stack.extend(raw)
        elif kind is Unknown or kind is OpenAttributes:
            return False
        elif kind is dict:
            stack.extend(raw.values())
    return True


def unmarked(value: Value) -> Value:
    """Return the value without any mark, its elements' included; the value itself where it has none."""
    if not depths(value).marks:
        return value
    return _rebuilt(value)


def _rebuilt(value: Value) -> Value:
    raw = value.raw
    if type(raw) is tuple:
        raw = tuple(_rebuilt(item) for item in raw)
    elif isinstance(raw, dict):
        items = {key: _rebuilt(item) for key, item in raw.items()}
        raw = OpenAttributes(items, raw.reason) if isinstance(raw, OpenAttributes) else items
    return Value(value.type, raw, 0, value.origins)


def reasons_of(values: Iterable[Value]) -> tuple[Reason, ...]:
    """Return why the values are not known, each reason once."""
    found = Depths()
    for value in values:
        found.add(value)
    return tuple(found.reasons)[:_MAX_REASONS] or (_NO_REASON,)


def unknown_of(
    type_: AnyType,
    values: Sequence[Value],
    *,
    partial: PartialText | None = None,
    bounds: tuple[Any, Any] | None = None,
) -> Value:
    """Return an unknown of a type, for the reasons of the values, and with their marks and origins."""
    found = depths(*values)
    reasons = tuple(found.reasons)[:_MAX_REASONS] or (_NO_REASON,)
    if partial is not None and all(isinstance(part, Hole) and part.symbol is None for part in partial.parts):
        partial = None
    return unknown(
        reasons,
        type_,
        text=partial,
        not_null=type_ is not DYNAMIC,
        bounds=bounds,
        origins=found.origins,
        marks=found.marks,
    )


# --- text that is known in part ---------------------------------------------------


def partial(value: Value) -> PartialText:
    """Return what is known of a string."""
    raw = value.raw
    if type(raw) is str:
        return PartialText.of(raw)
    if type(raw) is Unknown:
        return raw.text if raw.text is not None else PartialText((Hole(raw.reasons[0].message),))
    return PartialText((Hole(_NO_REASON.message),))


def leading(value: Value) -> str:
    """Return the known text with which a string begins."""
    parts = partial(value).parts
    return parts[0] if parts and isinstance(parts[0], str) else ""


def trailing(value: Value) -> str:
    """Return the known text with which a string ends."""
    parts = partial(value).parts
    return parts[-1] if parts and isinstance(parts[-1], str) else ""


# --- types in common ----------------------------------------------------------------


def unify(types: Sequence[AnyType]) -> AnyType | None:
    """Return the type that values of all the types become in a function; None where there is none.

    What has no type of its own, as a null or an empty list, takes that of the others.
    """
    typed = [type_ for type_ in types if type_ != DYNAMIC]
    if not typed:
        return DYNAMIC
    for kind in (ListType, SetType, MapType):
        if all(isinstance(type_, kind) for type_ in typed):
            element = unify([type_.element for type_ in typed])  # type: ignore[union-attr]
            return None if element is None else kind(element)
    return _unify_parts(typed) or unify_types(typed)


def _unify_parts(types: Sequence[AnyType]) -> AnyType | None:
    first = types[0]
    if isinstance(first, TupleType):
        rows = [type_.elements for type_ in types if isinstance(type_, TupleType)]
        if len(rows) == len(types) and all(len(row) == len(first.elements) for row in rows):
            columns = [unify(column) for column in zip(*rows, strict=True)]
            known = tuple(column for column in columns if column is not None)
            return TupleType(known) if len(known) == len(columns) else None
    if isinstance(first, ObjectType):
        names = [name for name, _ in first.attributes]
        objects = [type_ for type_ in types if isinstance(type_, ObjectType)]
        if len(objects) == len(types) and all([name for name, _ in each.attributes] == names for each in objects):
            attributes = {name: unify([each.attributes[at][1] for each in objects]) for at, name in enumerate(names)}
            fitting = {name: type_ for name, type_ in attributes.items() if type_ is not None}
            return ObjectType.of(fitting) if len(fitting) == len(names) else None
    return None


def big_float(raw: int | mpfr) -> mpfr:
    """Return a number as a 512-bit float."""
    import gmpy2

    return gmpy2.mpfr(raw, 512)
