"""The mutants: read from the tables beside this file, and written into a copy of a platform."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

HOME = Path(__file__).parent


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text of a file that is replaced; without `old`, `new` becomes the end of the file; without both, it goes."""

    file: str
    old: str | None = None
    new: str | None = None


class Mutant(msgspec.Struct, frozen=True):
    """One change, the sentence that it breaks, and the rules that say so."""

    id: str
    sentence: str
    edits: tuple[Edit, ...]
    expect: tuple[str, ...]
    profile: str | None = None


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of a table: a change that is made in one workspace, or in each of several.

    `text` is written into a file of its own beside the workspace's. `<<workspace>>` and `<<id>>` in any text
    stand for the workspace and the number of its account. `also` are further rules that speak in single places.
    """

    id: str
    sentence: str
    expect: tuple[str, ...]
    places: tuple[str, ...] = msgspec.field(name="in", default=("",))
    text: str = ""
    edits: tuple[Edit, ...] = ()
    profile: str | None = None
    also: Mapping[str, tuple[str, ...]] = {}


def mutants(platform: Path) -> list[Mutant]:
    """Return all mutants, in the order of their tables."""
    accounts: Mapping[str, Any] = yaml.safe_load((platform / "accounts.yaml").read_text("utf-8"))["accounts"]
    found = [
        mutant
        for table in sorted(HOME.glob("*.toml"))
        for row in msgspec.convert(tomllib.loads(table.read_text("utf-8"))["mutant"], list[Row])
        for mutant in _expanded(row, accounts)
    ]
    if len({mutant.id for mutant in found}) != len(found):
        raise ValueError("two mutants have the same id")
    return found


def _expanded(row: Row, accounts: Mapping[str, Any]) -> Iterator[Mutant]:
    for place in row.places:
        number = accounts[place]["id"] if place else ""

        def filled(text: str | None, place: str = place, number: str = number) -> str | None:
            return None if text is None else text.replace("<<workspace>>", place).replace("<<id>>", number)

        edits = [Edit(filled(edit.file) or "", filled(edit.old), filled(edit.new)) for edit in row.edits]
        if row.text:
            edits.append(Edit(f"workspaces/{place}/mutant.tf", None, filled(row.text)))
        name = f"{row.id} in {place}" if len(row.places) > 1 else row.id
        yield Mutant(name, row.sentence, tuple(edits), (*row.expect, *row.also.get(place, ())), row.profile)


def apply(mutant: Mutant, platform: Path) -> None:
    """Make the change in a copy of the platform; a text that isn't there exactly once is a ValueError."""
    for edit in mutant.edits:
        path = platform / edit.file
        if edit.new is None:
            path.unlink()
            continue
        before = path.read_text("utf-8") if path.exists() else ""
        if edit.old is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(before + edit.new, "utf-8")
        elif before.count(edit.old) != 1:
            raise ValueError(f"{mutant.id}: {edit.file} has {before.count(edit.old)} times {edit.old!r}")
        else:
            path.write_text(before.replace(edit.old, edit.new), "utf-8")
