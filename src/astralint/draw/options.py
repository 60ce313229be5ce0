"""What a drawing is asked for, and what comes back."""

from __future__ import annotations

from typing import Literal

import msgspec

Level = Literal["account", "role", "resource"]


class DrawOptions(msgspec.Struct, frozen=True):
    """How to draw a graph.

    `source` and `target` are node ids: only what lies on ways from the one and to
    the other is kept. An account's node stands for everything in the account.
    `width` and `color` concern text alone.
    """

    level: Level = "account"
    source: str | None = None
    target: str | None = None
    width: int = 100
    color: bool = False
    version: str = ""
    title: str = ""


class Drawing(msgspec.Struct, frozen=True):
    """A drawn graph; `notes` are sentences about what the drawing could not show."""

    text: str
    notes: tuple[str, ...] = ()


class DrawError(ValueError):
    """The drawing that was asked for can't be made; the message says why in one sentence."""
