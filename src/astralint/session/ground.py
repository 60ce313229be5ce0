"""Where a scan takes place: the tree within its boundary, and where in it one looks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from astralint.session.options import UsageError
from astralint.source.diagnostic import Diagnostic
from astralint.source.names import told
from astralint.source.tree import LocalTree, SourceTree, TreePath

SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json", ".hcl", ".hcl.json", ".tftest.hcl")
"""How files end that a scan may be asked about."""


class Ground(msgspec.Struct, frozen=True, eq=False):
    """What is scanned.

    `root` is the machine's directory that the tree's root stands for: the boundary that nothing
    is read outside of. `starts` are the directories of the tree that are looked into, `given` the
    paths that the user named.
    """

    tree: SourceTree
    root: Path
    starts: tuple[TreePath, ...] = (".",)
    given: tuple[Path, ...] = ()

    @property
    def prefix(self) -> str:
        """The way from the root of the repository to the boundary, "" where they are one or there is no repository."""
        top = work_tree(self.root)
        if top is None or top == self.root:
            return ""
        return told(self.root.relative_to(top).as_posix())


def ground_at(paths: Iterable[str | os.PathLike[str]] = (), boundary: Path | None = None) -> Ground:
    """Return where the paths lie; the current directory without any.

    The boundary is the given one, else the enclosing git work tree, else the common parent.
    Raises UsageError for what does not exist or lies outside of it.
    """
    given = tuple(Path(path) for path in paths) or (Path(),)
    if not all(path.is_absolute() for path in given) and _current_directory() is None:
        raise UsageError([Diagnostic("path-not-found", "error", "the current directory is gone", usage=True)])
    missing = [path for path in given if not path.exists()]
    if missing:
        raise UsageError(
            [Diagnostic("path-not-found", "error", f"`{path}` does not exist", usage=True) for path in missing]
        )
    strange = [path for path in given if path.is_file() and not path.name.endswith(SUFFIXES)]
    if strange:
        help_ = "name directories, or files that end in `.tf`, `.tofu`, `.tfvars` or `.hcl`"
        raise UsageError(
            [
                Diagnostic("no-terraform", "error", f"`{path}` is no Terraform file", help=help_, usage=True)
                for path in strange
            ]
        )
    tree = LocalTree(boundary if boundary is not None else _enclosing(given))
    return Ground(tree, tree.root, _starts(tree, given), given)


def _enclosing(paths: Sequence[Path]) -> Path:
    directories = [path.resolve() if path.is_dir() else path.resolve().parent for path in paths]
    tops = {work_tree(directory) for directory in directories}
    if len(tops) == 1:
        top = tops.pop()
        if top is not None:
            return top
    return Path(os.path.commonpath([str(directory) for directory in directories]))


def _starts(tree: LocalTree, paths: Sequence[Path]) -> tuple[TreePath, ...]:
    starts: list[TreePath] = []
    for path in paths:
        directory = path if path.is_dir() else path.parent
        found = tree.tree_path(directory)
        if found is None:
            message = f"`{path}` lies outside of the boundary `{tree.root}`"
            raise UsageError([Diagnostic("outside-boundary", "error", message, usage=True)])
        starts.append(found)
    return tuple(dict.fromkeys(starts))


def _current_directory() -> Path | None:
    try:
        return Path.cwd()
    except OSError:
        return None


def work_tree(directory: Path) -> Path | None:
    """Return the root of the git work tree that a directory lies in; None where it lies in none."""
    for candidate in (directory, *directory.parents):
        if (candidate / ".git").exists():
            return candidate
    return None
