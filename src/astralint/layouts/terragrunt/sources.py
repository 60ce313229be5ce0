"""What `terraform.source` names: a directory of the tree, or something that is not at hand."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from astralint.layouts.terragrunt.places import Places
from astralint.source.tree import TreePath, join
from astralint.terraform.values.value import EvaluationError


class Source(msgspec.Struct, frozen=True):
    """Where a root comes from: `directory` is the root, `copied` what is copied with it.

    `remote` is the address of one that is not in the tree; `error` says what is wrong with it.
    """

    directory: TreePath | None = None
    copied: TreePath | None = None
    remote: str = ""
    error: str = ""


def source_of(text: str, places: Places, unit: TreePath, mapped: Mapping[str, str]) -> Source:
    """Return what a source address leads to, relative paths from the unit's directory."""
    known = mapped_directory(text, mapped)
    if known is not None:
        return Source(known)
    if not is_local(text):
        return Source(remote=text)
    base, double, inner = _split(text)
    try:
        copied = places.path(base or ".", unit)
    except EvaluationError as error:
        return Source(error=error.message)
    directory = join(copied, inner) if double and inner not in ("", ".") else copied
    if directory != copied and copied != "." and not directory.startswith(copied + "/"):
        return Source(error=f"`{text}` leaves what is copied")
    if places.tree.kind(places.physical(directory)) != "directory":
        return Source(error=f"the source `{text}` leads to `{directory}`, which is not there")
    return Source(places.physical(directory), places.physical(copied))


def is_local(text: str) -> bool:
    """Say whether an address is a path."""
    return text.startswith(("./", "../", "/", "~")) or text in (".", "..")


def _split(text: str) -> tuple[str, bool, str]:
    """Split an address at its double slash; one at the beginning is none."""
    position = text.find("//", 1)
    if position < 0:
        return text, False, ""
    return text[:position], True, text[position + 2 :].lstrip("/")


def mapped_directory(text: str, mapped: Mapping[str, str]) -> TreePath | None:
    """Return the directory that the configuration's `module_source` gives for an address; None where it gives none."""
    if not mapped:
        return None
    wanted = _normal(text)
    package, _, inner = wanted.partition("//")
    for address, directory in mapped.items():
        known = _normal(address)
        if known == wanted:
            return directory
        if known == package:
            return join(directory, inner or ".")
    return None


def _normal(address: str) -> str:
    """Return an address without what only says how it is fetched: `github.com/owner/name//path`."""
    address = address.partition("?")[0].removeprefix("git::")
    scheme, separator, rest = address.partition("://")
    address = rest if separator and scheme in ("https", "http", "ssh", "git") else address
    address = address.rpartition("@")[2] if "@" in address.partition("/")[0] else address
    host, colon, path = address.partition(":")
    if colon and "/" not in host and not address.startswith("tfr"):
        address = f"{host}/{path}"
    package, double, inner = address.partition("//")
    return package.removesuffix(".git").rstrip("/") + (double + inner.strip("/") if inner else "")
