"""Functions that convert, and those that speak of sensitive and ephemeral values."""

from __future__ import annotations

from astralint.terraform.functions.context import FunctionContext
from astralint.terraform.functions.registry import contextual, implements
from astralint.terraform.functions.support import FunctionError, unknown_of
from astralint.terraform.values.convert import convert, friendly
from astralint.terraform.values.types import BOOL, DYNAMIC, NUMBER, STRING, AnyType, ListType, MapType, SetType
from astralint.terraform.values.value import (
    EPHEMERAL,
    SENSITIVE,
    EvaluationError,
    OpenAttributes,
    Value,
    boolean,
)

_TARGETS: dict[str, tuple[AnyType, str]] = {
    "tostring": (STRING, "string"),
    "tonumber": (NUMBER, "number"),
    "tobool": (BOOL, "bool"),
    "tolist": (ListType(DYNAMIC), "list of any single type"),
    "toset": (SetType(DYNAMIC), "set of any single type"),
    "tomap": (MapType(DYNAMIC), "map of any single type"),
}


def _to(name: str) -> None:
    target, wanted = _TARGETS[name]

    @implements(name, unknowns=True, elements=True)
    def _convert(arguments: list[Value]) -> Value:
        value = arguments[0]
        try:
            return convert(value, target)
        except EvaluationError as error:
            raise _refused(value, target, wanted, error) from None


def _refused(value: Value, target: AnyType, wanted: str, error: EvaluationError) -> FunctionError:
    if error.code == "limit":
        return FunctionError(error.message, 0, code="limit")
    shown = ""
    if value.type == STRING and isinstance(value.raw, str):
        if value.is_sensitive:
            return FunctionError(f"cannot convert this sensitive string to {wanted}", 0)
        if target == BOOL:
            return FunctionError(
                f'cannot convert "{value.raw}" to bool; only the strings "true" or "false" are allowed', 0
            )
        if target == NUMBER:
            return FunctionError(f'cannot convert "{value.raw}" to number; given string must be a decimal number', 0)
        shown = f": {error.message}" if error.message else ""
    return FunctionError(f"cannot convert {friendly(value.type)} to {wanted}{shown}", 0)


for _name in _TARGETS:
    _to(_name)


@implements("sensitive", unknowns=True, marks=True)
def _sensitive(arguments: list[Value]) -> Value:
    return arguments[0].with_marks(SENSITIVE)


@implements("nonsensitive", unknowns=True, marks=True)
def _nonsensitive(arguments: list[Value]) -> Value:
    value = arguments[0]
    return Value(value.type, value.raw, value.marks & ~SENSITIVE, value.origins)


@contextual("issensitive", unknowns=True, marks=True)
def _issensitive(arguments: list[Value], context: FunctionContext) -> Value:
    value = arguments[0]
    is_told = value.is_sensitive and context.language.has("sensitivity-of-unknown")
    if value.is_unknown and not is_told:
        # What it will be may yet turn out to be sensitive.
        return unknown_of(BOOL, arguments)
    return boolean(value.is_sensitive).with_origins(value.origins)


@implements("ephemeralasnull", unknowns=True, marks=True)
def _ephemeralasnull(arguments: list[Value]) -> Value:
    return _without_ephemeral(arguments[0])


def _without_ephemeral(value: Value) -> Value:
    if value.marks & EPHEMERAL:
        return Value(value.type, None, value.marks & ~EPHEMERAL, value.origins)
    raw = value.raw
    if type(raw) is tuple:
        raw = tuple(_without_ephemeral(item) for item in raw)
    elif isinstance(raw, dict):
        items = {key: _without_ephemeral(item) for key, item in raw.items()}
        raw = OpenAttributes(items, raw.reason) if isinstance(raw, OpenAttributes) else items
    return Value(value.type, raw, value.marks, value.origins)
