"""A language: a dialect in a version, and what it knows. The facts are in `versions.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from astralint.terraform.language.version import Version, parse_version, version_text

Dialect = Literal["terraform", "opentofu"]
DIALECTS: tuple[Dialect, ...] = ("terraform", "opentofu")
NAMES: dict[str, str] = {"terraform": "Terraform", "opentofu": "OpenTofu"}


class Since(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which version on a dialect knows something ("" for never), and up to which it did."""

    terraform: str = ""
    opentofu: str = ""
    until: dict[str, str] = {}


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that differs between versions."""

    releases: dict[str, tuple[str, ...]]
    features: dict[str, Since]
    functions: dict[str, Since]
    blocks: dict[str, Since]
    arguments: dict[str, Since]


@cache
def table() -> Table:
    """Return the table of what each version knows."""
    return msgspec.convert(tomllib.loads((Path(__file__).parent / "versions.toml").read_text("utf-8")), Table)


class Language(msgspec.Struct, frozen=True):
    """A dialect in a version. `why` says in words where that was concluded from; it does not tell languages apart."""

    dialect: Dialect
    version: Version

    @property
    def name(self) -> str:
        """The language as users write it: `opentofu@1.9.4`."""
        return f"{self.dialect}@{version_text(self.version)}"

    def __str__(self) -> str:
        return f"{NAMES[self.dialect]} {version_text(self.version)}"

    def has(self, feature: str) -> bool:
        """Return whether expressions are evaluated with a feature of the table."""
        return feature in _features(self)

    def knows(self, since: Since) -> bool:
        """Return whether the language is late enough for an entry of the table."""
        return _knows(self, since)


@cache
def _features(language: Language) -> frozenset[str]:
    return frozenset(name for name, since in table().features.items() if _knows(language, since))


def _knows(language: Language, since: Since) -> bool:
    first = getattr(since, language.dialect)
    if not first or language.version < _number(first):
        return False
    last = since.until.get(language.dialect)
    return last is None or language.version < _number(last)


@cache
def _number(text: str) -> Version:
    version = parse_version(text)
    assert version is not None, text
    return version


def those_who_know(since: Since) -> str:
    """Say which versions know something: `Terraform 1.15 or OpenTofu 1.7`."""
    known = [f"{NAMES[dialect]} {first}" for dialect in DIALECTS if (first := getattr(since, dialect)) and first != "0"]
    return " or ".join(known) or "no version"


@cache
def releases(dialect: Dialect) -> tuple[Version, ...]:
    """Return the newest release of each minor version of a dialect, oldest first."""
    return tuple(_number(text) for text in table().releases[dialect])


def newest(dialect: Dialect) -> Language:
    """Return a dialect's newest version."""
    return Language(dialect, releases(dialect)[-1])


def parse_language(text: str) -> Language | None:
    """Read `terraform`, `opentofu@1.9`, or a version of Terraform alone; a minor version is its newest release."""
    name, _, number = text.strip().partition("@")
    if name not in DIALECTS:
        if number or parse_version(name) is None:
            return None
        name, number = "terraform", name
    dialect: Dialect = "opentofu" if name == "opentofu" else "terraform"
    return newest(dialect) if not number else language_of(dialect, number)


def language_of(dialect: Dialect, number: str) -> Language | None:
    """Return a dialect in a version that may be written in part (`1.9`: the newest 1.9); None for no version."""
    version = parse_version(number)
    if version is None:
        return None
    written = tuple(int(part) for part in number.strip().removeprefix("v").partition("-")[0].split(".")[:2])
    if number.partition("-")[0].count(".") < 2:
        fitting = [release for release in releases(dialect) if release[: len(written)] == written]
        if fitting:
            version = fitting[-1]
    return Language(dialect, version)


TERRAFORM = newest("terraform")
"""What a root is written for where nothing says anything else."""
