"""The catalogue of AWS's actions: access levels, resource types and condition keys, as `scripts/record_actions.py` wrote them.

It is read when somebody asks for it first, and a service's actions when they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

import msgspec

from astralint.aws.wildcard import has_wildcards, match

_DATA = Path(__file__).parent / "data" / "actions.json"
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_Group = tuple[int, tuple[int, ...], tuple[int, ...], str]


class _Service(msgspec.Struct, frozen=True):
    types: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    actions: tuple[_Group, ...]


class _Table(msgspec.Struct, frozen=True):
    """`data/actions.json`: groups of actions that have level, types and keys in common."""

    source: str
    date: str
    levels: tuple[str, ...]
    rcp: frozenset[str]
    services: dict[str, _Service]


class ResourceType(msgspec.Struct, frozen=True):
    """A type of resource that an action is about; `arn` has `${Partition}`, `${Account}`, … in it."""

    name: str
    arn: str

    @property
    def pattern(self) -> str:
        """The ARN with a `*` for each variable."""
        return _VARIABLE.sub("*", self.arn)


class Action(msgspec.Struct, frozen=True):
    """An action; `types` is empty where it is asked for on `*` only. `keys` are its own condition keys, not the global ones."""

    service: str
    name: str
    level: str
    types: tuple[ResourceType, ...] = ()
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"


class UnknownActionError(ValueError):
    """An action or pattern that fits none of AWS's; `help` says what may be meant."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class Catalogue:
    """All actions that are known."""

    def __init__(self, table: _Table) -> None:
        self._table = table
        self.source = table.source
        self.date = table.date
        self.levels = table.levels
        """The access levels, from the weakest to the strongest."""
        self._services: dict[str, dict[str, Action]] = {}

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The prefixes of all services."""
        return tuple(self._table.services)

    def heeds_resource_control_policies(self, service: str) -> bool:
        """Say whether resource control policies bind the actions of a service."""
        return service.lower() in self._table.rcp

    def of(self, service: str) -> dict[str, Action]:
        """Return the actions of a service by their names in lower case; none for a service that is not known."""
        found = self._services.get(service)
        if found is None:
            found = self._services[service] = {action.name.lower(): action for action in self._read(service)}
        return found

    def _read(self, service: str) -> Iterator[Action]:
        entry = self._table.services.get(service)
        if entry is None:
            return
        types = [ResourceType(name, arn) for name, arn in entry.types]
        for level, of_types, keys, names in entry.actions:
            own = tuple(types[number] for number in of_types)
            with_keys = tuple(entry.keys[number] for number in keys)
            for name in names.split():
                yield Action(service, name, self.levels[level], own, with_keys)

    def find(self, text: str) -> Action | None:
        """Return an action by its whole name, whatever the case; None for one that is not known."""
        service, _, name = text.lower().partition(":")
        return self.of(service).get(name)

    def matching(self, pattern: str) -> Iterator[Action]:
        """Yield the actions that a pattern of a policy covers, in the order of services and names."""
        service, colon, name = pattern.lower().partition(":")
        if not colon:
            service, name = (service, "*") if service == "*" else (service, "")
        exact = not has_wildcards(service)
        for key in (service,) if exact else (one for one in self.services if match(service, one)):
            for lowered, action in sorted(self.of(key).items()):
                if match(name, lowered):
                    yield action

    def asked_for(self, text: str) -> tuple[Action, ...]:
        """Return the actions that somebody asks for by a name or a pattern; raises UnknownActionError, with a suggestion."""
        found = tuple(self.matching(text)) if has_wildcards(text) else tuple(filter(None, (self.find(text),)))
        if not found:
            raise UnknownActionError(f"AWS has no action `{text}`", self._suggestion(text))
        return found

    def _suggestion(self, text: str) -> str:
        service, colon, name = text.partition(":")
        if not colon:
            return "an action is written `service:Name`, as `s3:GetObject`"
        if service.lower() not in self._table.services:
            close = get_close_matches(service.lower(), self.services, 3)
            meant = " or ".join(f"`{one}`" for one in close)
            return f"no service is called `{service}`" + (f"; did you mean {meant}?" if meant else "")
        own = self.of(service.lower())
        named = [own[lowered] for lowered in get_close_matches(name.lower().strip("*?"), own, 3)]
        if named:
            return "did you mean " + " or ".join(f"`{one}`" for one in named) + "?"
        return f"the catalogue is of {self.date} ({self.source})"


@cache
def catalogue() -> Catalogue:
    """Return the catalogue."""
    return Catalogue(msgspec.json.decode(_DATA.read_bytes(), type=_Table))
