"""Tries what the AWS provider plans: a made-up resource of each type, with each block, each argument, in variants.

What comes out are observations, which `record_planned.py` makes tables of.
"""

from __future__ import annotations

import copy
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.oracle.aws.minimal import KNOWN, Minimal, minimal, sample
from tests.oracle.aws.provider_process import Provider, RefusedError

ROUNDS = 12
SECONDS = 15
"""How long nested blocks of a type are tried: some types have hundreds, of which each plan takes a second."""
BLOCKS = 60
"""How many nested blocks of a type are tried, the outer ones first: a few types have thousands, all alike."""

Body = dict[str, Any]
Place = tuple[str, ...]


class Tried:
    """A configuration that the provider accepted, and its plan."""

    def __init__(self, body: Body, planned: Body) -> None:
        self.body = body
        self.planned = planned


class Trials:
    """All that was planned of a type: the least configuration, with each block, with each argument (by its path)."""

    def __init__(self, base: Tried) -> None:
        self.base = base
        self.blocks: list[tuple[Place, Tried]] = []
        self.arguments: list[tuple[str, Tried]] = []

    def all(self) -> Iterator[Tried]:
        """Yield every plan."""
        yield self.base
        yield from (tried for _, tried in self.blocks)
        yield from (tried for _, tried in self.arguments)


def trials(provider: Provider, kind: str) -> Trials | None:
    """Plan a type in every way; None where the provider accepts nothing that is made up."""
    start = base(provider, kind)
    if start is None:
        return None
    found = Trials(start)
    found.blocks.extend(with_blocks(provider, kind, start))
    found.arguments.extend(with_each_argument(provider, kind, start))
    for path, tried in found.blocks:
        if len(path) <= 2:
            inner = with_each_argument(provider, kind, tried, path)
            found.arguments.extend((".".join((*path, name)), each) for name, each in inner)
    return found


def attempt(provider: Provider, kind: str, resource: Minimal) -> Tried | None:
    """Plan a configuration, corrected until the provider accepts it; None where it never does."""
    for _ in range(ROUNDS):
        try:
            return Tried(resource.body, provider.plan(kind, resource.body))
        except RefusedError as error:
            if not resource.correct_all(error.complaints):
                return None
    return None


def base(provider: Provider, kind: str, seed: Body | None = None) -> Tried | None:
    """Return the least that the provider accepts of a type."""
    block = provider.schemas[kind]
    start = seed or {**minimal(block), **KNOWN.get(kind, {})}
    return attempt(provider, kind, Minimal(block, start=start))


def block_paths(block: Body, limit: int = BLOCKS) -> list[Place]:
    """Return the paths of the nested blocks of a schema, the outer ones first."""
    found: list[Place] = []
    level: list[tuple[Place, Body]] = [((), block)]
    while level and len(found) < limit:
        following: list[tuple[Place, Body]] = []
        for path, outer in level:
            for name, nested in outer.get("block_types", {}).items():
                if name != "timeouts":
                    found.append((*path, name))
                    following.append(((*path, name), nested["block"]))
        level = following
    return found[:limit]


def schema_at(block: Body, path: Place) -> Body:
    """Return the schema of a nested block."""
    for name in path:
        block = block["block_types"][name]["block"]
    return block


def body_at(body: Body, path: Place) -> Body | None:
    """Return the first block at a path of a configuration or a plan; None where there is none."""
    current: Any = body
    for name in path:
        current = current.get(name)
        current = current[0] if isinstance(current, list) and current else current
        if not isinstance(current, dict):
            return None
    return current  # type: ignore[no-any-return]


def with_block(block: Body, body: Body, path: Place) -> Body:
    """Return a configuration with a nested block, and those around it."""
    found = copy.deepcopy(body)
    current = found
    for number, name in enumerate(path):
        if not current.get(name):
            current[name] = [minimal(schema_at(block, path[: number + 1]))]
        current = current[name][0]
    return found


def with_argument(body: Body, path: Place, name: str, value: Any) -> Body:
    """Return a configuration with another value of an argument; None takes the argument away."""
    found = copy.deepcopy(body)
    inner = body_at(found, path)
    assert inner is not None
    if value is None:
        inner.pop(name, None)
    else:
        inner[name] = value
    return found


def with_blocks(provider: Provider, kind: str, start: Tried) -> Iterator[tuple[Place, Tried]]:
    """Plan each nested block that the configuration to begin with lacks."""
    block = provider.schemas[kind]
    started = time.monotonic()
    for path in block_paths(block):
        if time.monotonic() - started > SECONDS:
            return
        if body_at(start.body, path) is not None:
            yield path, start
            continue
        found = attempt(provider, kind, Minimal(block, start=with_block(block, start.body, path)))
        if found is not None and body_at(found.body, path) is not None:
            yield path, found


def with_each_argument(provider: Provider, kind: str, start: Tried, path: Place = ()) -> Iterator[tuple[str, Tried]]:
    """Plan each argument of a block that the configuration lacks, with a value that the provider accepts."""
    block = schema_at(provider.schemas[kind], path)
    given = body_at(start.body, path) or {}
    for name, attribute in block.get("attributes", {}).items():
        if name in given or not attribute.get("optional") or (name == "id" and not path):
            continue
        value = sample(name, attribute["type"])
        resource = Minimal(provider.schemas[kind], start=with_argument(start.body, path, name, value))
        found = attempt(provider, kind, resource)
        if found is not None and name in (body_at(found.body, path) or {}):
            yield name, found


def with_each_value(provider: Provider, kind: str, start: Tried) -> Iterator[tuple[str, Tried]]:
    """Plan each argument that takes a few words only with each of them, and each switch off."""
    for name, attribute in provider.schemas[kind].get("attributes", {}).items():
        if not (attribute.get("optional") or attribute.get("required")):
            continue
        words: list[Any] = [False] if attribute["type"] == "bool" else []
        if attribute["type"] == "string" and name != "id":
            try:
                provider.plan(kind, with_argument(start.body, (), name, "no such word"))
            except RefusedError as error:
                words = _words(error.complaints, name)
        for word in words:
            body = with_argument(start.body, (), name, word)
            plan = planned(provider, kind, body)
            if plan is not None:
                yield name, Tried(body, plan)


def _words(complaints: list[str], name: str) -> list[Any]:
    for complaint in complaints:
        found = re.search(rf"{name}\"? (?:to be|value must be) one of:? \[([^\]]*)\]", complaint)
        if found:
            return re.findall(r'\\?"([^"\\]+)\\?"', found[1])[:20]
    return []


def planned(provider: Provider, kind: str, body: Body) -> Body | None:
    """Return a plan; None where the provider refuses."""
    try:
        return provider.plan(kind, body)
    except RefusedError:
        return None
