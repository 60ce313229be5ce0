"""From a value back to the resource that it comes from."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from astralint.estate.model import Resource
from astralint.source.partial import Hole, PartialText, Text
from astralint.terraform.values.value import POSSIBLE, Origin, Value

if TYPE_CHECKING:
    from astralint.estate.estate import Estate


def resource_behind(estate: Estate, value: Value | None, *types: str) -> Resource | None:
    """Return the nearest resource or data source of one of these types that a value comes from; None if there is none."""
    return next((found for found in resources_behind(estate, value) if found.type in types), None)


def resources_behind(estate: Estate, value: Value | None) -> Iterator[Resource]:
    """Yield the resources and data sources that a value comes from, the nearest first."""
    pending = deque(_ordered(value.origins)) if value is not None else deque[Origin]()
    seen = set(pending)
    while pending:
        origin = pending.popleft()
        found = resource_at(estate, origin)
        if found is not None:
            yield found
        fresh = [source for source in _ordered(origin.sources) if source not in seen]
        seen.update(fresh)
        pending.extend(fresh)


def nearest_resources(estate: Estate, value: Value | None) -> Iterator[Resource]:
    """Yield the resources that a value refers to, through data sources, and not what these are made of in turn."""
    pending = deque(_ordered(value.origins)) if value is not None else deque[Origin]()
    seen = set(pending)
    while pending:
        origin = pending.popleft()
        found = resource_at(estate, origin)
        if found is not None and found.mode == "managed":
            yield found
            continue
        fresh = [source for source in _ordered(origin.sources) if source not in seen]
        seen.update(fresh)
        pending.extend(fresh)


def possible_resource(estate: Estate, text: Text | None) -> Resource | None:
    """Return the resource of which a text is an attribute of one instance that may exist; None for any other text."""
    only = text.parts[0] if isinstance(text, PartialText) and len(text.parts) == 1 else None
    symbol = only.symbol if isinstance(only, Hole) else None
    if symbol is None or not symbol.startswith(POSSIBLE):
        return None
    found = _POSSIBLE.fullmatch(symbol.removeprefix(POSSIBLE))
    if found is None:
        return None
    names = (name for name in estate.workspaces if found["place"].startswith(f"{name}/"))
    places = ((name, found["place"][len(name) + 1 :]) for name in names)
    return next((one for place in places if (one := estate.find(*place)) is not None), None)


_POSSIBLE = re.compile(r"(?P<place>.+?)(\[[^\[\]]*\])?\.[a-z0-9_]+")


def resource_at(estate: Estate, origin: Origin) -> Resource | None:
    """Return the resource that an origin is an attribute of; None where it is something else."""
    if origin.kind not in ("resource", "data"):
        return None
    address = origin.address
    while address:
        found = estate.find(origin.workspace, address)
        if found is not None:
            return found
        address = address.rpartition(".")[0]
    return None


def _ordered(origins: Iterable[Origin]) -> list[Origin]:
    return sorted(origins, key=lambda origin: (origin.workspace, origin.address))
