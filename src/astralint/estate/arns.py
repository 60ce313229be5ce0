"""Which ARNs resources name, and whether some workspace makes what an ARN names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from astralint.aws.arn import Arn
from astralint.estate.estate import Estate
from astralint.estate.model import Resource
from astralint.estate.origins import resources_behind
from astralint.source.partial import same
from astralint.terraform.values.value import Value

POLICY_DOCUMENT = "data.aws_iam_policy_document."
CALLER = frozenset({"aws_caller_identity", "aws_iam_session_context", "aws_iam_policy_document"})
"""Data sources that find nothing that somebody made."""

SKIPPED = frozenset({"assume_role_policy", "tags", "tags_all", "arn", "id", "json", "minified_json", "description"})
WHOLE = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:[^*?\s${},]+")
"""An ARN in an account, of one thing: no wildcard, no variable."""


class NamedArn(msgspec.Struct, frozen=True, eq=False):
    """A resource names something by its ARN; `in_policy` where that stands in a policy of IAM's language."""

    resource: Resource
    path: tuple[str | int, ...]
    text: str
    in_policy: bool

    @property
    def arn(self) -> Arn:
        found = Arn.parse(self.text)
        assert found is not None
        return found

    def __str__(self) -> str:
        return f"{self.resource.address}: {self.text}"


class Arns:
    """All ARNs of a platform: those that resources have, and those that are named."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    @cached_property
    def named(self) -> tuple[NamedArn, ...]:
        """Every whole ARN in an account that a resource or policy document names, each once for a resource."""
        found: dict[tuple[int, str], NamedArn] = {}
        for workspace in self._estate.workspaces.values():
            for resource in workspace.resources:
                for one in self._of_resource(resource):
                    found.setdefault((id(resource), one.text), one)
            for data in workspace.data_sources:
                for one in self._of_document(data) if data.type == "aws_iam_policy_document" else ():
                    found.setdefault((id(data), one.text), one)
        return tuple(found.values())

    def makes(self, arn: str, *types: str) -> bool | Resource:
        """Say whether a resource here has an ARN, or is what it is a part of; the resource that may have it, if one may."""
        if any(whole in self._known for whole in _wholes(arn)):
            return True
        for resource in self._estate.resources(*types):
            own = resource.text("arn")
            if own is not None and not isinstance(own, str) and same(own, arn) is not False:
                return resource
        return False

    @cached_property
    def _known(self) -> frozenset[str]:
        own = (resource.text("arn") for w in self._estate.workspaces.values() for resource in w.resources)
        return frozenset(one.removesuffix(":*") for one in own if isinstance(one, str))

    def _of_resource(self, resource: Resource) -> Iterator[NamedArn]:
        raw = resource.instance.values.raw
        for name, value in raw.items() if isinstance(raw, dict) else ():
            if name in SKIPPED:
                continue
            for path, leaf in _leaves(value, (name,)):
                told = leaf.raw if isinstance(leaf.raw, str) else None
                if told is None or "arn:" not in told or self._is_looked_up(leaf):
                    continue
                if WHOLE.fullmatch(told):
                    yield NamedArn(resource, path, told, in_policy=False)
                elif told.lstrip().startswith("{"):
                    yield from (NamedArn(resource, path, one, in_policy=True) for one in _in_json(told))

    def _of_document(self, data: Resource) -> Iterator[NamedArn]:
        value = data.value("statement")
        for path, leaf in _leaves(value, ("statement",)) if value is not None else ():
            told = leaf.raw
            is_other = "principals" not in path and not self._is_looked_up(leaf)
            if is_other and isinstance(told, str) and WHOLE.fullmatch(told):
                yield NamedArn(data, path, told, in_policy=True)

    def _is_looked_up(self, value: Value) -> bool:
        """Say whether a text is what a look-up found, or comes from a policy document, which is read by itself."""
        if not value.origins:
            return False
        if any(POLICY_DOCUMENT in origin.address for origin in value.origins):
            return True
        behind = resources_behind(self._estate, value)
        return any(one.mode == "data" and one.type not in CALLER and one.value("arn") is not None for one in behind)


def _wholes(arn: str) -> Iterator[str]:
    """Yield an ARN, and those of which what it names may be a part."""
    yield arn
    for match in reversed(list(re.finditer("[:/]", arn))):
        if match.start() > len("arn:aws:iam::"):
            yield arn[: match.start()]


def _leaves(value: Value, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Value]]:
    pending = [(path, value)]
    while pending:
        at, current = pending.pop()
        if isinstance(current.raw, dict):
            pending.extend(((*at, name), item) for name, item in current.raw.items())
        elif isinstance(current.raw, tuple):
            pending.extend(((*at, position), item) for position, item in enumerate(current.raw))
        elif current.raw is not None and not isinstance(current.raw, bool):
            yield at, current


def _in_json(told: str) -> Iterator[str]:
    """Yield the whole ARNs of a JSON text, but whom the statements of a policy let in."""
    try:
        pending: list[Any] = [msgspec.json.decode(told)]
    except msgspec.DecodeError:
        return
    while pending:
        current = pending.pop()
        if isinstance(current, dict):
            pending.extend(item for name, item in current.items() if name not in ("Principal", "NotPrincipal"))
        elif isinstance(current, list):
            pending.extend(current)
        elif isinstance(current, str) and WHOLE.fullmatch(current):
            yield current
