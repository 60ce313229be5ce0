"""Buckets: which one a value names, and what is configured of it elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from astralint.estate.model import Resource
from astralint.estate.origins import resource_behind
from astralint.estate.views import text
from astralint.terraform.values.value import Value

if TYPE_CHECKING:
    from astralint.estate.estate import Estate

BUCKET = "aws_s3_bucket"
_NAMED = re.compile(
    r"(?:arn:aws[a-z-]*:s3:::)?(?P<name>[a-z0-9][a-z0-9.-]+?)(?:\.s3[a-z0-9.-]*\.amazonaws\.com)?(?:/.*)?"
)


class Buckets:
    """The buckets that the platform makes."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._parts: dict[str, dict[int, list[Resource]]] = {}

    def behind(self, value: Value | None) -> Resource | None:
        """Return the bucket that a name, an ARN or a domain is of; None where nobody here makes it, or that is not known."""
        told = text(value)
        found = _NAMED.fullmatch(told) if isinstance(told, str) else None
        named = self._by_name.get(found["name"]) if found is not None else None
        if named is not None:
            return named
        behind = resource_behind(self._estate, value, BUCKET)
        return behind if behind is not None and behind.mode == "managed" else None

    def parts(self, bucket: Resource, type_: str) -> Iterator[Resource]:
        """Yield what is configured of a bucket by resources of a type: its versioning, its policy, …"""
        if type_ not in self._parts:
            index: dict[int, list[Resource]] = {}
            for resource in self._estate.resources(type_):
                of = self.behind(resource.value("bucket"))
                if of is not None:
                    index.setdefault(id(of), []).append(resource)
            self._parts[type_] = index
        yield from self._parts[type_].get(id(bucket), ())

    @cached_property
    def _by_name(self) -> dict[str, Resource]:
        named = ((bucket.text("bucket"), bucket) for bucket in self._estate.resources(BUCKET))
        return {name: bucket for name, bucket in named if isinstance(name, str)}
