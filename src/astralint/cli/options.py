"""Options that commands share, and the scan that they ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from astralint.api import ScanOptions

C = TypeVar("C", bound=Callable[..., Any])

DIRECTORY = click.Path(path_type=Path)
FILE = click.Path(path_type=Path)

paths_argument = click.argument("paths", nargs=-1, type=DIRECTORY)
path_argument = click.argument("path", required=False, type=DIRECTORY)

_SCAN = (
    click.option(
        "--config", type=FILE, metavar="FILE", help="The configuration [default: astralint.hcl at or above PATH]."
    ),
    click.option(
        "--boundary", type=DIRECTORY, metavar="DIR", help="Read nothing outside of it [default: the git work tree]."
    ),
    click.option("--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Processes [default: one a core]."),
    click.option(
        "--state",
        "states",
        type=FILE,
        multiple=True,
        metavar="PATH",
        help="A state, or a directory of them: what code leaves open is taken from there; repeatable.",
    ),
    click.option("--no-cache", is_flag=True, help="Keep parsed files nowhere."),
)
_COLOR = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour the text [default: auto, which heeds NO_COLOR and FORCE_COLOR].",
)


def scan_options(command: C) -> C:
    """Add the options of every command that evaluates a platform."""
    for option in reversed((*_SCAN, _COLOR)):
        command = option(command)
    return command


def color_option(command: C) -> C:
    """Add `--color` alone."""
    return _COLOR(command)


def make_options(given: dict[str, Any]) -> ScanOptions:
    """Return the scan's options from a command's parameters; those that the command has not are left as they are."""
    from astralint.api import ScanOptions
    from astralint.cli.cache import cache_directory

    today = given.get("today")
    return ScanOptions(
        boundary=given.get("boundary"),
        config=given.get("config"),
        select=_names(given.get("select", ())),
        ignore=_names(given.get("ignore", ())),
        jobs=given.get("jobs"),
        cache=None if given.get("no_cache") else cache_directory(),
        allow_rule_code=given.get("allow_rule_code", False),
        today=today.date() if isinstance(today, datetime) else None,
        profile=given.get("profile"),
        baseline=given.get("baseline"),
        workspaces=tuple(given.get("workspaces", ())),
        accounts=tuple(given.get("accounts", ())),
        states=tuple(given.get("states", ())),
        inventory=given.get("inventory"),
        events=tuple(given.get("events", ())),
        earlier=tuple(given.get("earlier", ())),
    )


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of an option that may be repeated and may hold several, separated by commas."""
    return tuple(name.strip() for text in given for name in text.split(",") if name.strip())
