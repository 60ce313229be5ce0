"""Patterns of names: regular expressions that may speak of the account and the region that a resource is in."""

from __future__ import annotations

import re

import re2

PLACEHOLDER = re.compile(r"\{(account|kind|region|domain|workspace)\}")


def problem_of_pattern(pattern: str) -> str | None:
    """Return what is wrong with a pattern; None where it can be used."""
    try:
        re2.compile(PLACEHOLDER.sub("x", pattern), _options())
    except re2.error as error:
        return error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
    return None


def placeholders(pattern: str) -> frozenset[str]:
    """Return what a pattern speaks of: `account`, `kind`, `region`, `domain`, `workspace`."""
    return frozenset(PLACEHOLDER.findall(pattern))


def fits(pattern: str, name: str, values: dict[str, str]) -> bool:
    """Say whether a whole name fits a pattern with its placeholders filled in."""
    filled = PLACEHOLDER.sub(lambda found: re2.escape(values[found[1]]), pattern)
    return re2.compile(filled, _options()).fullmatch(name) is not None


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options
