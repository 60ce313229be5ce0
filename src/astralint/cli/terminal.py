"""What the command line knows of its terminal: colours, width, progress, where text goes."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from astralint.source.visible import without_commands


def wants_color(choice: str, stream: TextIO) -> bool:
    """Say whether to colour: the option, else NO_COLOR, else FORCE_COLOR, else whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR")
    if forced is not None:
        return forced != "0"
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO, *, least: int = 60) -> int:
    """Return the terminal's width (between `least` and 160), or 100 where there is no terminal."""
    if not stream.isatty() and "COLUMNS" not in os.environ:
        return 100
    return max(least, min(160, shutil.get_terminal_size((100, 40)).columns))


@contextmanager
def progress(text: str) -> Iterator[None]:
    """Show on standard error what is going on, at a terminal only, and take it away afterwards."""
    shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    if shown:
        sys.stderr.write(f"\r\x1b[2m{text} …\x1b[0m\x1b[K")
        sys.stderr.flush()
    try:
        yield
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def write(text: str, file: Path | None = None, *, commands: bool = False) -> None:
    """Write to a file, or to standard output; a file that can't be written is a usage error.

    No line begins with a workflow command, unless `commands` says that they are ours.
    """
    if not commands:
        text = without_commands(text)
    if file is None or str(file) == "-":
        stream = sys.stdout
        # Text of the scanned files may hold what the terminal's encoding has not.
        stream.write(text.encode(stream.encoding or "utf-8", "replace").decode(stream.encoding or "utf-8", "replace"))
        stream.flush()
        return
    try:
        with file.open("w", encoding="utf-8", errors="replace", newline="\n") as opened:
            opened.write(text)
    except OSError as error:
        raise click.ClickException(f"{str(file)!r} can't be written: {error.strerror or error}") from error
