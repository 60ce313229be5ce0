"""Values within a resource by the path that a table of facts gives: `distribution[].launch_permission[].user_ids`."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.estate.model import Resource
from astralint.terraform.values.value import Value

Place = tuple[str | int, ...]


def values_at(resource: Resource, path: str) -> Iterator[tuple[Place, Value]]:
    """Yield what stands at a path of nested blocks (`[]` each), and where.

    Null values are left out; of a list, set or map each element is yielded. What is unknown as a
    whole is yielded as it is.
    """
    first, *others = path.split(".")
    value = resource.value(first.removesuffix("[]"))
    if value is not None:
        yield from _within(value, (first.removesuffix("[]"),), others)


def _within(value: Value, place: Place, steps: list[str]) -> Iterator[tuple[Place, Value]]:
    if value.raw is None:
        return
    if isinstance(value.raw, tuple):
        for position, element in enumerate(value.raw):
            yield from _within(element, (*place, position), steps)
    elif isinstance(value.raw, dict) and steps:
        name = steps[0].removesuffix("[]")
        inner = value.raw.get(name)
        if inner is not None:
            yield from _within(inner, (*place, name), steps[1:])
    elif isinstance(value.raw, dict):
        for name, element in value.raw.items():
            yield from _within(element, (*place, name), steps)
    else:
        yield place, value
