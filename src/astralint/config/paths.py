"""Paths of a configuration: relative to its directory, inside of the boundary, and there."""

from __future__ import annotations

import posixpath
import unicodedata

from astralint.aws.wildcard import match
from astralint.config.entries import Argument
from astralint.config.files import ConfigurationTree
from astralint.config.suggest import did_you_mean
from astralint.config.values import Converter
from astralint.source.span import Span
from astralint.source.tree import SourceError, SourceTree, TreePath, join, parent, relative
from astralint.terraform.configuration.loader import ModuleLoader

UNIT_FILES = ("terragrunt.hcl", "terragrunt.hcl.json")
"""What makes a directory a root that Terragrunt runs, without any Terraform file."""
STACK_FILE = "terragrunt.stack.hcl"
"""What makes directories that are not in the tree units that Terragrunt runs."""
STACK_ENDINGS = (".tfcomponent.hcl", ".tfcomponent.json", ".tfstack.hcl")
"""What makes a directory a Stack of HCP Terraform."""


class Paths:
    """Resolves the paths of one configuration; raises InvalidError, with the problem noted, for what is wrong."""

    def __init__(self, tree: SourceTree, directory: TreePath, loader: ModuleLoader, converter: Converter) -> None:
        self._tree = tree
        self._directory = directory
        self._loader = loader
        self._converter = converter

    def module(self, argument: Argument) -> TreePath:
        """Return a directory that holds Terraform files."""
        text, span = self._converter.string(argument), argument.span()
        path = self._inside(text, span)
        if self._tree.kind(path) is None and self._is_made(path):
            return path
        path = self._existing(text, span)
        if self._tree.kind(path) != "directory":
            message = f"`{text}` is a file, but a root module is a directory"
            raise self._converter.fail("invalid-path", message, span, f"write `{posixpath.dirname(text) or '.'}`")
        if not self._loader.has_configuration(path) and not self._is_unit(path):
            raise self._converter.fail("no-configuration", f"`{text}` holds no Terraform file", span)
        return path

    def _is_unit(self, path: TreePath) -> bool:
        names = [entry.name for entry in self._tree.entries(path) if entry.kind == "file"]
        return any(name in UNIT_FILES or name.endswith(STACK_ENDINGS) for name in names)

    def _is_made(self, path: TreePath) -> bool:
        """Say whether a Terragrunt stack may make a directory: one above it has a stack's file."""
        while path != ".":
            path = parent(path)
            if self._tree.kind(join(path, STACK_FILE)) == "file":
                return True
        return False

    def package(self, argument: Argument) -> TreePath:
        """Return a directory; that there are modules in it is for whoever looks for one."""
        text, span = self._converter.string(argument), argument.span()
        path = self._existing(text, span)
        if self._tree.kind(path) != "directory":
            raise self._converter.fail("invalid-path", f"`{text}` is a file, but a module is a directory", span)
        return path

    def files(self, argument: Argument, near: TreePath | None) -> tuple[TreePath, ...]:
        """Return files; `near` is the directory that they may be meant to be relative to."""
        return tuple(self._file(text, span, near) for text, span in self._converter.elements(argument))

    def _file(self, text: str, span: Span, near: TreePath | None) -> TreePath:
        if near is not None and self._tree.kind(self._join(text)) is None:
            meant = join(near, text)
            if not meant.startswith("..") and self._tree.kind(meant) == "file":
                help_ = f"paths start at the configuration's directory: write `{relative(meant, self._directory)}`"
                raise self._converter.fail("path-not-found", f"`{text}` does not exist", span, help_)
        path = self._existing(text, span)
        if self._tree.kind(path) != "file":
            raise self._converter.fail("invalid-path", f"`{text}` is a directory, but a file is needed", span)
        return path

    def existing(self, argument: Argument) -> tuple[TreePath, ...]:
        """Return paths of anything that is there."""
        return tuple(self._existing(text, span) for text, span in self._converter.elements(argument))

    def one(self, argument: Argument) -> TreePath:
        """Return a path of anything that is there."""
        return self._existing(self._converter.string(argument), argument.span())

    def below(self, text: str, span: Span) -> tuple[TreePath, ...]:
        """Return the files and directories that a path stands for; `*` and `?` stand for any of one directory's names."""
        if "*" not in text and "?" not in text:
            return (self._existing(text, span),)
        found = ["."]
        for part in self._inside(text, span).split("/"):
            found = [path for base in found for path in self._named(base, part)]
        if not found:
            message = f"`{text}` fits no file and no directory"
            raise self._converter.fail("path-not-found", message, span)
        return tuple(found)

    def _named(self, directory: TreePath, pattern: str) -> list[TreePath]:
        if "*" not in pattern and "?" not in pattern:
            path = join(directory, pattern)
            return [path] if self._tree.kind(path) is not None else []
        names = [entry.name for entry in self._tree.entries(directory)]
        return [join(directory, name) for name in names if match(pattern, name) is True]

    def anywhere(self, argument: Argument) -> tuple[TreePath, ...]:
        """Return paths that may leave the boundary, for configurations that are trusted."""
        return tuple(self._join(text) for text, _ in self._converter.elements(argument))

    def _join(self, text: str) -> TreePath:
        path = join(self._directory, text)
        path = self._tree.inside(path) if isinstance(self._tree, ConfigurationTree) else path
        return path if path.isascii() else self._as_named(path)

    def _as_named(self, path: TreePath) -> TreePath:
        """Return a path as the file system spells it: Terraform's strings are normalized, names of files need not be."""
        named = "."
        for part in path.split("/"):
            names = [entry.name for entry in self._tree.entries(named)] if not part.isascii() else []
            same = (name for name in names if unicodedata.normalize("NFC", name) == part)
            named = join(named, part if part in names else next(same, part))
        return named

    def _inside(self, text: str, span: Span) -> TreePath:
        if not text or "\0" in text:
            raise self._converter.fail("invalid-path", "this path is empty" if not text else "this is no path", span)
        if text.startswith(("/", "~")):
            message = f"`{text}` must be relative to the configuration's directory"
            raise self._converter.fail("invalid-path", message, span)
        path = self._join(text)
        if path.startswith("../") or path == "..":
            message = f"`{text}` lies outside of the directory that is analysed"
            raise self._converter.fail("outside-boundary", message, span)
        return path

    def _existing(self, text: str, span: Span) -> TreePath:
        path = self._inside(text, span)
        if self._tree.kind(path) is not None:
            return path
        try:
            self._tree.real_path(path)
        except (SourceError, ValueError, OSError):
            message = f"`{text}` is a link that leaves the directory that is analysed"
            raise self._converter.fail("outside-boundary", message, span) from None
        raise self._converter.fail("path-not-found", f"`{text}` does not exist", span, self._meant(text, path))

    def _meant(self, text: str, path: TreePath) -> str | None:
        """Return the sibling that is probably meant."""
        names = [entry.name for entry in self._tree.entries(parent(path))]
        help_ = did_you_mean(posixpath.basename(path), names)
        if help_ is None or not help_.startswith("did you mean `"):
            return None
        name = help_.removeprefix("did you mean `").removesuffix("`?")
        written = posixpath.join(posixpath.dirname(text.rstrip("/")), name)
        return f"did you mean `{written}`?"
