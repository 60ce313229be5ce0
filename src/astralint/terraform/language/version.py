"""Version numbers, and the constraints that choose among them."""

from __future__ import annotations

import re
from collections.abc import Callable

Version = tuple[int, int, int]

_VERSION = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:\.\d+)*(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
_CONSTRAINT = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*(\S+)\s*")


def parse_version(text: str) -> Version | None:
    """Return a version number, missing parts as zero; None for what is none. What follows a `-` does not count."""
    match = _VERSION.fullmatch(text.strip())
    if match is None:
        return None
    major, minor, patch = (int(part or 0) for part in match.group(1, 2, 3))
    return major, minor, patch


def version_text(version: Version) -> str:
    """Return a version number as it is written."""
    return ".".join(map(str, version))


def parse_constraint(text: str) -> Callable[[Version], bool] | None:
    """Return what says whether a version fits (`>= 1.5, < 2`); None where the constraint is not valid."""
    tests: list[Callable[[Version], bool]] = []
    for part in text.split(","):
        match = _CONSTRAINT.fullmatch(part)
        wanted = parse_version(match.group(2)) if match is not None else None
        if match is None or wanted is None:
            return None
        tests.append(_test(match.group(1) or "=", wanted, match.group(2).partition("-")[0].count(".")))
    return lambda version: all(test(version) for test in tests)


def _test(sign: str, wanted: Version, dots: int) -> Callable[[Version], bool]:
    if sign == "~>":
        # The last part that is written may grow: `~> 1.5` allows 1.9, `~> 1.5.0` does not.
        fixed = max(1, min(dots, 2))
        return lambda version: version >= wanted and (dots == 0 or version[:fixed] == wanted[:fixed])
    return {
        "=": lambda version: version == wanted,
        "!=": lambda version: version != wanted,
        ">": lambda version: version > wanted,
        ">=": lambda version: version >= wanted,
        "<": lambda version: version < wanted,
        "<=": lambda version: version <= wanted,
    }[sign]
