"""From a configuration's file to settings, or to what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from astralint.config.files import (
    FILE_NAMES,
    ConfigurationFile,
    ConfigurationTree,
    Found,
    SeveralConfigurations,
    find_configuration,
)
from astralint.config.settings import Settings
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Lines, Span
from astralint.source.tree import LocalTree, SourceError, SourceTree, TreePath, join, parent
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.configuration.loader import ModuleLoader

if TYPE_CHECKING:
    from astralint.hcl.store import SyntaxStore

__all__ = ["ConfigurationFile", "SeveralConfigurations", "find_configuration", "load_configuration"]


def load_configuration(
    tree: SourceTree, loader: ModuleLoader, found: Found, *, allow_rule_code: bool = False
) -> tuple[Settings, tuple[Diagnostic, ...]]:
    """Read a configuration; returns settings without what is wrong, and a diagnostic for all that is.

    With `allow_rule_code`, `rule_paths` of a configuration that nobody named are
    not warned of.
    """
    if found is None:
        return Settings(), ()
    if isinstance(found, SeveralConfigurations):
        names = " and ".join(f"`{path}`" for path in found.paths)
        message = f"the paths have different configurations: {names}"
        help_ = "name the one that counts with `--config`"
        return Settings(), (Diagnostic("several-configurations", "error", message, help=help_, usage=True),)
    path = found.path if isinstance(found, ConfigurationFile) else found
    reading = tree
    if path.startswith("..") and isinstance(tree, LocalTree):
        reading = ConfigurationTree(tree, parent(path))
    source, problems = _read(reading, loader.store, path)
    if source is None or problems:
        return Settings(path=path), tuple(msgspec.structs.replace(problem, usage=True) for problem in problems)
    return _assemble(reading, loader, source, trusted=isinstance(found, ConfigurationFile), allowed=allow_rule_code)


def _read(tree: SourceTree, store: SyntaxStore, path: TreePath) -> tuple[SourceFile | None, tuple[Diagnostic, ...]]:
    try:
        content = tree.read(path)
        text = content.decode("utf-8-sig")
    except SourceError as error:
        return None, (Diagnostic(error.code, "error", error.message, Span(path, 1, 1, 1, 1)),)
    except UnicodeDecodeError:
        message = f"`{path}` is not encoded as UTF-8"
        return None, (Diagnostic("syntax-error", "error", message, Span(path, 1, 1, 1, 1)),)
    # It may give sensitive variables their values.
    parsed = store.parse(content, json=path.endswith(".json"), keep=b"variables" not in content)
    lines = Lines.of(text)
    problems = tuple(
        Diagnostic("syntax-error", "error", error.message, lines.span(path, error.start, error.end), help=error.help)
        for error in parsed.errors
    )
    return (SourceFile(path, parsed.file) if parsed.file is not None else None), problems


def _assemble(
    tree: SourceTree, loader: ModuleLoader, source: SourceFile, *, trusted: bool, allowed: bool
) -> tuple[Settings, tuple[Diagnostic, ...]]:
    from astralint.config.assemble import Assembler
    from astralint.config.entries import EntryReader
    from astralint.config.paths import Paths
    from astralint.config.problems import Problems, TooManyProblemsError
    from astralint.config.schema import ROOT
    from astralint.config.scope import ConfigurationScope
    from astralint.config.values import Converter

    problems = Problems()
    path = source.path
    directory = parent(path)
    other = join(directory, FILE_NAMES[1])
    if not trusted and path == join(directory, FILE_NAMES[0]) and tree.kind(other) == "file":
        message = f"`{other}` is not read, because `{path}` stands beside it"
        problems.warning("several-configurations", message, Span(other, 1, 1, 1, 1))
    scope = ConfigurationScope(source, tree, directory, problems)
    converter = Converter(problems)
    assembler = Assembler(converter, Paths(tree, directory, loader, converter), problems)
    try:
        root = EntryReader(source, scope, problems, json=path.endswith(".json")).root(ROOT)
        settings = assembler.settings(root, path, trusted=trusted, rule_code_allowed=allowed)
    except TooManyProblemsError:
        return Settings(path=path), problems.all()
    return settings, problems.all()
