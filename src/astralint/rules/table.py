"""Tables of rules that differ only in data: one function judges for all of them, each row declares one."""

from __future__ import annotations

import tomllib
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

R = TypeVar("R", bound=msgspec.Struct)


def read_table(file: Traversable, row: type[R]) -> tuple[R, ...]:
    """Return the `[[rule]]` entries of a TOML file as rows of a type, a Struct.

    Raises ValueError for a file that is no TOML, or whose entries don't fit the type.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        table = msgspec.convert(content, dict[str, tuple[row, ...]])  # type: ignore[valid-type]
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"`{file.name}`: {error}") from error
    if table.keys() != {"rule"}:
        raise ValueError(f"`{file.name}`: a table of rules holds `[[rule]]` entries and nothing else")
    return table["rule"]
