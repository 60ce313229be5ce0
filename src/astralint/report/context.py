"""What a report needs besides the result: the sources, and how it is wanted."""

from __future__ import annotations

import posixpath
from typing import Protocol

import msgspec

from astralint.source.secrets import NO_SECRETS, Secrets
from astralint.source.tree import SourceError, SourceTree


class SourceTexts(Protocol):
    """Where reports read the lines that they show."""

    def text(self, file: str) -> str | None:
        """Return a file's whole text, a byte-order mark included; None where it can't be read."""
        ...


class TreeTexts:
    """The texts of a source tree."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree

    def text(self, file: str) -> str | None:
        """See `SourceTexts.text`."""
        try:
            return self._tree.read(file).decode("utf-8", "replace")
        except SourceError:
            return None


class ReportContext(msgspec.Struct, frozen=True):
    """How a report is wanted.

    Spans name files relative to the boundary. `prefix` leads from the root of the
    repository to the boundary (`infrastructure`, or empty where they are the same):
    the formats for machines name files relative to the repository.
    `working_directory_prefix` leads from the current directory to the boundary
    (`..`, or empty), so that paths on the terminal can be opened; where the current
    directory lies inside of the boundary, `working_directory` is its path from there,
    and paths are shown as seen from it. No line that is shown holds any of `secrets`. With
    `statistics`, findings are counted instead of listed. Texts are broken at `width` only with
    `wrap`: whoever reads a file searches lines. `elapsed`
    (seconds) shows in the text format alone, and only where it is given.
    """

    sources: SourceTexts
    version: str = ""
    color: bool = False
    width: int = 100
    elapsed: float | None = None
    prefix: str = ""
    working_directory_prefix: str = ""
    working_directory: str = ""
    show_undecided: bool = False
    show_suppressed: bool = False
    discovery: tuple[tuple[str, str, str], ...] | None = None
    """What each directory was taken for, and why (path, kind, reason), where that is wanted."""
    secrets: Secrets = NO_SECRETS
    show_instances: bool = False
    statistics: bool = False
    wrap: bool = True


def prefixed(prefix: str, file: str) -> str:
    """Return a file's path with a prefix in front, normalized."""
    return posixpath.normpath(posixpath.join(prefix, file)) if prefix else file
