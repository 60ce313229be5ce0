"""Finding rules: packs announced by entry points, and directories that the user names."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

import msgspec

from astralint.rules.declaration import REGISTERED, Rule
from astralint.source.diagnostic import Diagnostic

GROUP = "astralint.rules"
CONTRACTS = tuple(f"astralint.rules.contracts.{name}" for name in ("placement", "trust", "access"))
"""The modules that declare the types of contracts: rules that are astralint's own."""


class LoadedRules(msgspec.Struct, frozen=True, eq=False):
    """The rules by id, in order, and what went wrong while loading them."""

    rules: tuple[Rule, ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    def find(self, name: str) -> Rule | None:
        """Return a rule by its id or name."""
        return next((rule for rule in self.rules if name in (rule.id, rule.name)), None)


@cache
def announced() -> tuple[EntryPoint, ...]:
    """Return the entry points of all installed packs, in order."""
    return tuple(sorted(entry_points(group=GROUP), key=lambda p: (p.name, p.value)))


def load_rules(paths: Iterable[Path] = ()) -> LoadedRules:
    """Load the types of contracts, all installed packs and the rule files below the given directories.

    A pack that can't be imported, or that takes an id or name that is taken, is a
    diagnostic; the other packs stand.
    """
    rules: dict[str, Rule] = {}
    diagnostics: list[Diagnostic] = []
    _register(_of_modules(map(importlib.import_module, CONTRACTS), "astralint"), rules, diagnostics)
    for point in announced():
        try:
            found = list(_of_pack(point))
        except Exception as error:
            message = f"the rule pack `{point.name}` can't be loaded: {error}"
            diagnostics.append(Diagnostic("rule-pack-broken", "error", message, usage=True))
            continue
        _register(found, rules, diagnostics)
    for path in paths:
        try:
            found = list(_of_directory(path))
        except Exception as error:
            message = f"the rules below `{path}` can't be loaded: {error}"
            diagnostics.append(Diagnostic("rule-pack-broken", "error", message, usage=True))
            continue
        _register(found, rules, diagnostics)
    return LoadedRules(tuple(rules[id_] for id_ in sorted(rules)), tuple(diagnostics))


def _register(found: Iterable[Rule], rules: dict[str, Rule], diagnostics: list[Diagnostic]) -> None:
    names = {rule.name for rule in rules.values()}
    for rule in found:
        if rule.id in rules or rule.name in names:
            message = f"the rule `{rule.id} {rule.name}` of `{rule.pack}` takes a name that is taken"
            diagnostics.append(Diagnostic("rule-duplicate", "error", message, usage=True))
            continue
        rules[rule.id] = rule
        names.add(rule.name)


def _of_pack(point: EntryPoint) -> Iterator[Rule]:
    package = point.load()
    pack = point.dist.name if point.dist is not None else point.name
    modules = [package]
    if hasattr(package, "__path__"):
        for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            modules.append(importlib.import_module(info.name))
    yield from _of_modules(modules, pack)


def _of_directory(path: Path) -> Iterator[Rule]:
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    modules = []
    for file in files:
        if (file.parent / "__init__.py").is_file():
            modules.append(_of_package(file))
            continue
        name = f"astralint_user_rules_{abs(hash(file.resolve()))}"
        spec = importlib.util.spec_from_file_location(name, file)
        if spec is None or spec.loader is None:
            continue
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        modules.append(module)
    yield from _of_modules(modules, str(path))


def _of_package(file: Path) -> ModuleType:
    """Import a file of a package by its whole name, so that modules of the package find each other."""
    names = [] if file.name == "__init__.py" else [file.stem]
    home = file.parent.resolve()
    while (home / "__init__.py").is_file():
        names.append(home.name)
        home = home.parent
    sys.path.insert(0, str(home))
    try:
        return importlib.import_module(".".join(reversed(names)))
    finally:
        sys.path.remove(str(home))


def _of_modules(modules: Iterable[ModuleType], pack: str) -> Iterator[Rule]:
    seen: set[int] = set()
    for module in modules:
        for value in _values(module):
            declared = getattr(value, REGISTERED, None)
            if isinstance(declared, Rule) and id(declared) not in seen:
                seen.add(id(declared))
                yield msgspec.structs.replace(declared, pack=pack)


def _values(module: ModuleType) -> Iterator[object]:
    """Yield what stands in a module, by itself or, as the rules of a table do, in a tuple."""
    for value in vars(module).values():
        if isinstance(value, tuple):
            yield from value
        else:
            yield value
