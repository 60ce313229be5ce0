"""The table of paths: which permissions make somebody somebody else. `data/paths.toml` says what the fields mean."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

_DATA = Path(__file__).parent / "data"
_ALSO_ASKED = (
    "ec2:ModifyLaunchTemplate",
    "ecs:UpdateService",
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "lambda:CreateFunctionUrlConfig",
    "states:StartSyncExecution",
)
"""Actions that prerequisites ask about and no path needs."""

How = Literal["becomes", "acts-as", "code-as", "widens", "creates", "unguards", "admin", "gains", "reads", "stops"]
ENTERING = frozenset({"becomes", "acts-as", "code-as"})
"""By these one gets what the other has."""


class Choice(msgspec.Struct, frozen=True):
    """An action, and what it has to be allowed on."""

    action: str
    scope: str

    @property
    def is_new(self) -> bool:
        """Whether it is on something that the holder names."""
        return self.scope.startswith("new ")

    @property
    def made(self) -> str:
        """The kind of thing that the holder names."""
        return self.scope.removeprefix("new ")


Need = tuple[Choice, ...]
"""One of these has to be allowed."""


class Path_(msgspec.Struct, frozen=True):  # noqa: N801 - `Path` is that of files
    """One way of the table."""

    id: str
    does: str
    how: How
    finds: str
    needs: tuple[Need, ...]
    service: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    manages: str = ""

    @property
    def passes(self) -> bool:
        """Whether a role is handed to a service."""
        return bool(self.service) and any(choice.action == "iam:PassRole" for need in self.needs for choice in need)

    @property
    def made(self) -> tuple[str, ...]:
        """The kinds of things that the holder names, each once."""
        return tuple(dict.fromkeys(choice.made for need in self.needs for choice in need if choice.is_new))


class Thing(msgspec.Struct, frozen=True):
    """A kind of resource that exists; `data/things.toml` says what the fields mean."""

    types: tuple[str, ...]
    new: str
    arn: str = "arn"
    roles: tuple[str, ...] = ()
    via: str = ""


@cache
def paths() -> tuple[Path_, ...]:
    """Return all paths in the order of the table."""
    return tuple(_path(entry) for entry in tomllib.loads((_DATA / "paths.toml").read_text("utf-8"))["path"])


@cache
def path(identifier: str) -> Path_:
    """Return the path of an id."""
    return {one.id: one for one in paths()}[identifier]


def _path(entry: Mapping[str, object]) -> Path_:
    given = dict(entry)
    needs = tuple(_need(str(text)) for text in msgspec.convert(given.pop("needs"), list[str]))
    things = tuple(str(given.pop("thing", "")).split())
    renamed = {"conditions" if name == "if" else name: value for name, value in given.items()}
    return msgspec.convert({**renamed, "things": things, "needs": needs}, Path_)


def _need(text: str) -> Need:
    found: list[Choice] = []
    scope = ""
    for piece in reversed(text.split(" | ")):
        action, _, own = piece.strip().partition(" on ")
        scope = own or scope
        found.append(Choice(action, scope))
    return tuple(reversed(found))


@cache
def things() -> Mapping[str, Thing]:
    """Return what exists, by kind."""
    return msgspec.convert(_things()["thing"], dict[str, Thing])


@cache
def templates(kind: str) -> tuple[str, ...]:
    """Return the templates of the ARNs by which one may name a new thing of a kind."""
    return msgspec.convert(_things()["new"], dict[str, tuple[str, ...]])[kind]


@cache
def _things() -> Mapping[str, object]:
    return tomllib.loads((_DATA / "things.toml").read_text("utf-8"))


@cache
def actions() -> tuple[str, ...]:
    """Return every action that some path asks about, each once, in stable order."""
    asked = {choice.action for one in paths() for need in one.needs for choice in need}
    return tuple(sorted({*asked, *_ALSO_ASKED}))
