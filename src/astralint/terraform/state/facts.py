"""What a state tells of instances whose attributes the code alone leaves open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from astralint.terraform.schema import BlockSchema
from astralint.terraform.state.model import Exact, StateInstance
from astralint.terraform.values.convert import convert
from astralint.terraform.values.numbers import parse_number
from astralint.terraform.values.types import DYNAMIC, AnyType
from astralint.terraform.values.value import (
    FALSE,
    TRUE,
    EvaluationError,
    Origin,
    Unknown,
    Value,
    null,
    number,
    object_of,
    string,
    tuple_of,
)

HARMLESS: Mapping[str, tuple[str, ...]] = {
    "random_id": ("id", "hex", "dec", "b64_url", "b64_std"),
    "random_integer": ("id", "result"),
    "random_pet": ("id",),
    "random_shuffle": ("id", "result"),
    "random_string": ("id", "result"),
    "random_uuid": ("id", "result"),
    "time_static": ("id", "rfc3339", "unix", "year", "month", "day"),
}
"""What is no secret for sure, of types whose schema is not known: older Terraform does not write down what is sensitive."""


class StateFacts(msgspec.Struct, frozen=True, eq=False):
    """What a workspace's state says of the instances of its code, by their addresses there.

    `title` says which state it is: "state of `dns`, serial 41".
    """

    title: str
    instances: Mapping[str, StateInstance]

    def told(self, address: str, values: Mapping[str, Value], schema: BlockSchema | None) -> Mapping[str, Value]:
        """Return the attributes of an instance that its code does not set, as the state has them.

        Nothing is told of an instance that the next apply may replace: where the code sets an argument
        otherwise than it was applied, AWS may make up everything anew. What is sensitive is never told.
        """
        instance = self.instances.get(address)
        if instance is None or instance.tainted:
            return {}
        recorded = instance.exact()
        if any(_differs(value, recorded.get(name)) for name, value in values.items() if name in recorded):
            return {}
        origins = frozenset((Origin("state", self.title, "", None),))
        found: dict[str, Value] = {}
        for name, plain in recorded.items():
            if name in instance.sensitive_names:
                continue
            type_: AnyType = DYNAMIC
            if schema is not None:
                attribute = schema.attributes.get(name)
                if attribute is None or not attribute.computed or attribute.sensitive or plain is None:
                    continue
                type_ = attribute.type
            elif name in values or name not in HARMLESS.get(instance.type, ("id",)):
                continue
            value = as_value(plain, type_)
            if value is not None:
                found[name] = value.with_origins(origins)
        return found


def _differs(value: Value, recorded: Any) -> bool:
    """Say whether a known argument is another than the one that was applied."""
    raw = value.raw
    if raw is None or isinstance(raw, Unknown | dict | tuple):
        return False
    if isinstance(raw, bool):
        return isinstance(recorded, bool) and raw is not recorded
    if isinstance(raw, str):
        return isinstance(recorded, str) and raw != recorded and not _same_json(raw, str(recorded))
    exact = parse_number(str(recorded)) if isinstance(recorded, int | str) and not isinstance(recorded, bool) else None
    return exact is not None and exact != raw


def _same_json(left: str, right: str) -> bool:
    if not (left.lstrip().startswith(("{", "[")) and right.lstrip().startswith(("{", "["))):
        return False
    try:
        return bool(json.loads(left) == json.loads(right))
    except (ValueError, RecursionError):
        return False


def as_value(plain: Any, type_: AnyType) -> Value | None:
    """Return plain JSON as a value of a type; None where it does not fit."""
    try:
        return convert(plain_value(plain), type_)
    except (EvaluationError, RecursionError):
        return None


def plain_value(data: Any) -> Value:
    """Return plain JSON, numbers as they are written, as a value."""
    if data is None:
        return null()
    if isinstance(data, bool):
        return TRUE if data else FALSE
    if isinstance(data, Exact):
        exact = parse_number(str(data))
        return null() if exact is None else number(exact)
    if isinstance(data, int):
        return number(data)
    if isinstance(data, str):
        return string(data)
    if isinstance(data, list):
        return tuple_of(plain_value(item) for item in data)
    return object_of({str(name): plain_value(item) for name, item in data.items()})
