"""The resources that a contract speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from astralint.aws.wildcard import match
from astralint.estate.model import Resource
from astralint.platform.platform import Platform


def types_of(platform: Platform, patterns: Iterable[str]) -> tuple[str, ...]:
    """Return the types of the platform's resources that fit one of the patterns, in order."""
    there = {resource.type for workspace in platform.workspaces.values() for resource in workspace.resources}
    wanted = tuple(patterns)
    return tuple(sorted(type_ for type_ in there if any(match(pattern, type_) is True for pattern in wanted)))


def resources_of(platform: Platform, patterns: Iterable[str]) -> Iterator[Resource]:
    """Yield the managed resources whose types fit one of the patterns."""
    yield from platform.resources(*types_of(platform, patterns))
