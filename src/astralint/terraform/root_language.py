"""Which language a root module is written in: from version files, constructs, lock file and `required_version`.

The dialect is that of the nearest version file, else of constructs that only one dialect has, else of the lock
file's registry, else Terraform. The version is a pinned one, else the newest release that all constraints allow.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from astralint.hcl.syntax import Literal
from astralint.source.tree import SourceError, TreePath, join, parent
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.configuration.local_modules import local_modules
from astralint.terraform.configuration.module import Module
from astralint.terraform.language.language import DIALECTS, Dialect, Language, language_of, newest, releases, table
from astralint.terraform.language.version import Version, parse_constraint, parse_version

LOCK_FILE = ".terraform.lock.hcl"
REGISTRIES: dict[bytes, Dialect] = {b"registry.opentofu.org/": "opentofu", b"registry.terraform.io/": "terraform"}
VERSION_FILES: dict[str, Dialect] = {".opentofu-version": "opentofu", ".terraform-version": "terraform"}
TOOL_FILES = ("mise.toml", ".mise.toml", "mise/config.toml", ".config/mise.toml")


class Pin(msgspec.Struct, frozen=True):
    """What a version file says. `version` is "" where it leaves the version open."""

    dialect: Dialect
    version: str


class Languages:
    """Tells the language of each root of a tree."""

    def __init__(self, loader: ModuleLoader) -> None:
        self._loader = loader
        self._pins: dict[TreePath, tuple[Pin, ...]] = {}

    def of(self, directory: TreePath) -> Language:
        """Return the language of the root module in a directory."""
        modules = list(local_modules(self._loader, directory))
        pins = self._nearest_pins(directory)
        dialect = self._dialect(directory, modules, {pin.dialect for pin in pins})
        pinned = next((pin.version for pin in pins if pin.dialect == dialect and pin.version), "")
        exact = language_of(dialect, pinned) if pinned else None
        if exact is not None:
            return exact
        wanted = constraints(modules)
        if not wanted and dialect == "terraform" and any(_has_quoted_types(module) for module in modules):
            # No later version takes it: nobody has touched this since.
            wanted = [f"< {table().features['quoted-types'].until[dialect]}"]
        return _newest_allowed(dialect, wanted)

    # --- modules -----------------------------------------------------------------------------

    def _dialect(self, directory: TreePath, modules: list[Module], pinned: set[Dialect]) -> Dialect:
        if len(pinned) == 1:
            return next(iter(pinned))
        written = next((found for module in modules if (found := self._dialect_of_module(module))), None)
        return written or self._dialect_of_lock_file(directory) or "terraform"

    def _dialect_of_module(self, module: Module) -> Dialect | None:
        """Return the dialect that alone has what stands in a module; None where both have it."""
        for source in module.files:
            if source.path.endswith((".tofu", ".tofu.json")) or source.path in self._loader.opentofu_files:
                return "opentofu"
        if any("for_each" in provider.body.arguments for provider in module.providers.values()):
            return "opentofu"
        if any(nested.type == "encryption" for block in module.terraform_blocks for nested in block.body.blocks):
            return "opentofu"
        return "terraform" if module.actions else None

    def _dialect_of_lock_file(self, directory: TreePath) -> Dialect | None:
        names = {entry.name for entry in self._loader.tree.entries(directory)}
        content = self._read(join(directory, LOCK_FILE)) if LOCK_FILE in names else b""
        return next((dialect for host, dialect in REGISTRIES.items() if host in content), None)

    def _read(self, path: TreePath) -> bytes:
        try:
            return self._loader.tree.read(path)
        except SourceError:
            return b""

    # --- version files -----------------------------------------------------------------------

    def _nearest_pins(self, directory: TreePath) -> tuple[Pin, ...]:
        """Return what the nearest version files say, of this directory or one above."""
        known = self._pins.get(directory)
        if known is None:
            known = tuple(self._pins_in(directory))
            if not known and directory != ".":
                known = self._nearest_pins(parent(directory))
            self._pins[directory] = known
        return known

    def _pins_in(self, directory: TreePath) -> Iterator[Pin]:
        names = {entry.name for entry in self._loader.tree.entries(directory)}
        for name, dialect in VERSION_FILES.items():
            if name in names:
                lines = self._read(join(directory, name)).decode("utf-8", "replace").split()
                yield Pin(dialect, _exact(dialect, lines[0]) if lines else "")
        if ".tool-versions" in names:
            yield from _tools(self._read(join(directory, ".tool-versions")).decode("utf-8", "replace"))
        for name in TOOL_FILES:
            if name.partition("/")[0] in names and self._loader.tree.kind(join(directory, name)) == "file":
                yield from _mise(self._read(join(directory, name)))


def _exact(dialect: Dialect, text: str) -> str:
    """Return the version that a version file names, "" for a keyword that leaves it open."""
    if text.startswith("latest:"):
        wanted = text.removeprefix("latest:").strip("^$").replace("\\.", ".")
        fitting = [release for release in releases(dialect) if ".".join(map(str, release)).startswith(wanted)]
        return ".".join(map(str, fitting[-1])) if fitting else ""
    return text if parse_version(text) is not None else ""


def _tools(content: str) -> Iterator[Pin]:
    for line in content.splitlines():
        words = line.partition("#")[0].split()
        if len(words) > 1 and words[0] in DIALECTS:
            dialect: Dialect = "opentofu" if words[0] == "opentofu" else "terraform"
            yield Pin(dialect, _exact(dialect, words[1]))


def _mise(content: bytes) -> Iterator[Pin]:
    try:
        tools = tomllib.loads(content.decode("utf-8")).get("tools", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return
    for name, given in tools.items() if isinstance(tools, dict) else ():
        short = name.rpartition("/")[2].rpartition(":")[2]
        if short in DIALECTS:
            dialect: Dialect = "opentofu" if short == "opentofu" else "terraform"
            yield Pin(dialect, _exact(dialect, _first(given)))


def _first(given: Any) -> str:
    if isinstance(given, list):
        given = given[0] if given else ""
    if isinstance(given, dict):
        given = given.get("version", "")
    return given if isinstance(given, str) else ""


def _has_quoted_types(module: Module) -> bool:
    arguments = (variable.body.arguments.get("type") for variable in module.variables.values())
    return any(argument is not None and isinstance(argument.expression, Literal) for argument in arguments)


# --- constraints ---------------------------------------------------------------------------------


def constraints(modules: Iterable[Module]) -> list[str]:
    """Return all `required_version` constraints of modules."""
    found: list[str] = []
    for module in modules:
        for block in module.terraform_blocks:
            argument = block.body.arguments.get("required_version")
            if argument is not None and isinstance(argument.expression, Literal):
                value = argument.expression.value
                if isinstance(value, str):
                    found.append(value)
    return found


def _newest_allowed(dialect: Dialect, wanted: list[str]) -> Language:
    """Return the newest release that all constraints allow; the newest of all where none does."""
    tests = [test for text in dict.fromkeys(wanted) if (test := parse_constraint(text)) is not None]
    if not tests:
        return newest(dialect)
    named: list[Version] = sorted(
        version
        for text in wanted
        for part in text.split(",")
        if (version := parse_version(part.strip().lstrip("=!<>~ "))) is not None
    )
    for version in (*reversed(releases(dialect)), *named):
        if all(test(version) for test in tests):
            return Language(dialect, version)
    return newest(dialect)
