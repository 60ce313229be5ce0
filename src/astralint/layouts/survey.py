"""All directories of a tree with the names of their files: what layouts are recognized by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from astralint.source.tree import SourceError, SourceTree, TreePath, join
from astralint.terraform.discovery import MAXIMUM_DIRECTORIES, SKIPPED_DIRECTORIES

HIDDEN = frozenset({".terragrunt-stack", ".atmos.d", ".github"})
"""Hidden directories that hold what counts."""


class Survey:
    """The directories below the starts, each once, in stable order."""

    def __init__(self, tree: SourceTree, starts: Iterable[TreePath], excluded: Iterable[TreePath] = ()) -> None:
        self.tree = tree
        out = frozenset(excluded)
        self.files: dict[TreePath, tuple[str, ...]] = {}
        """The names of the files of each directory."""
        pending = list(starts)
        while pending and len(self.files) < MAXIMUM_DIRECTORIES:
            directory = pending.pop()
            if directory in self.files or directory in out:
                continue
            names: list[str] = []
            for entry in tree.entries(directory):
                if entry.kind == "file":
                    names.append(entry.name)
                elif entry.kind == "directory" and _is_walked(entry.name):
                    path = join(directory, entry.name)
                    pending.append(self._real(path) if entry.is_link else path)
            self.files[directory] = tuple(names)
        self.files = dict(sorted(self.files.items()))

    def _real(self, path: TreePath) -> TreePath:
        try:
            return self.tree.real_path(path)
        except SourceError:
            return path

    def directories_with(self, *names: str) -> Iterator[TreePath]:
        """Yield the directories that hold a file of one of these names; `*` before an ending stands for any."""
        exact = frozenset(names)
        endings = tuple(name[1:] for name in names if name.startswith("*"))
        for directory, files in self.files.items():
            if any(file in exact or (endings and file.endswith(endings)) for file in files):
                yield directory


def _is_walked(name: str) -> bool:
    return (not name.startswith(".") or name in HIDDEN) and name not in SKIPPED_DIRECTORIES
