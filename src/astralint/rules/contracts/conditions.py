"""Conditions on a resource's attributes: `where = { engine = "aurora*", "tags.team" = ["data", "web"] }`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from astralint.aws.wildcard import match
from astralint.estate.model import Resource
from astralint.estate.views import Attributes, Items, Undecided


def holds(resource: Resource, where: Mapping[str, Any]) -> bool:
    """Say whether each attribute has its value, or one of its values; raises Undecided where that is not known.

    A path leads into blocks and maps (`tags.team`); of several blocks one is enough. Texts
    may hold `*` and `?`; null stands for an attribute that is not set.
    """
    undecided: Undecided | None = None
    for path, wanted in where.items():
        try:
            if not _any(resource, path, wanted if isinstance(wanted, list) else [wanted]):
                return False
        except Undecided as found:
            undecided = found
    if undecided is not None:
        raise undecided
    return True


def _any(resource: Resource, path: str, wanted: list[Any]) -> bool:
    first, *rest = path.split(".")
    value = resource.attributes.raw(first)
    undecided: Undecided | None = None
    if value is None:
        return None in wanted
    found = _values(resource, first, rest)
    while True:
        try:
            item = next(found)
        except StopIteration:
            break
        except Undecided as open_:
            undecided = open_
            break
        if any(_is(item, one) for one in wanted):
            return True
    if undecided is not None:
        raise undecided
    return False


def _values(resource: Resource, first: str, rest: list[str]) -> Iterator[Any]:
    pending: list[tuple[Any, list[str]]] = [(resource[first], rest)]
    while pending:
        value, steps = pending.pop(0)
        if isinstance(value, Items):
            items = [value[index] for index in range(len(value))]
            pending = [*((item, steps) for item in items), *pending]
            if not items:
                yield None
        elif isinstance(value, Attributes) and steps:
            name = steps[0]
            pending.insert(0, (value.get(name), steps[1:]))
        else:
            yield None if steps else value


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool) or value is None or wanted is None:
        return value is wanted
    return match(str(wanted), str(value)) is True
