"""Where things are, for Terragrunt: absolute paths as its functions give them, and paths of the tree."""

from __future__ import annotations

from astralint.source.tree import SourceTree, TreePath, absolute_root, join, parent, relative
from astralint.terraform.evaluation.files import within
from astralint.terraform.values.value import EvaluationError

MAXIMUM_CLIMB = 100


class Places:
    """Paths of one unit. What is said of `virtual` stands at `template`: a stack copies it there."""

    def __init__(self, tree: SourceTree, virtual: TreePath = "", template: TreePath = "") -> None:
        self.tree = tree
        self.top = absolute_root(tree)
        self._virtual = virtual
        self._template = template

    def absolute(self, path: TreePath) -> str:
        """Return the machine's path, without a slash at the end."""
        return self.top if path == "." else f"{self.top.rstrip('/')}/{path}"

    def path(self, given: str, directory: TreePath) -> TreePath:
        """Return the tree's path of one that code gives, relative ones from `directory`; raises EvaluationError."""
        if given.startswith("/"):
            found = within(given, self.top)
            if found is None:
                raise EvaluationError(
                    f"`{given}` lies outside of the directory that is analysed", code="outside-boundary"
                )
            return found
        path = join(directory, given or ".")
        if path == ".." or path.startswith("../"):
            raise EvaluationError(f"`{given}` lies outside of the directory that is analysed", code="outside-boundary")
        return path

    def physical(self, path: TreePath) -> TreePath:
        """Return where in the tree stands what is said to be at a path."""
        if self._template and self._virtual != self._template:
            if path == self._virtual:
                return self._template
            if path.startswith(self._virtual + "/"):
                return join(self._template, path[len(self._virtual) + 1 :])
        return path

    def is_file(self, path: TreePath) -> bool:
        """Say whether there is a file at a path."""
        return self.tree.kind(self.physical(path)) == "file"

    def exists(self, path: TreePath) -> bool:
        """Say whether there is anything at a path."""
        return self.tree.kind(self.physical(path)) is not None

    def find_above(self, directory: TreePath, names: tuple[str, ...]) -> TreePath | None:
        """Return the first of these names in the directories above one, never in itself."""
        current = directory
        for _ in range(MAXIMUM_CLIMB):
            if current == ".":
                return None
            current = parent(current)
            for name in names:
                path = join(current, name)
                if self.exists(path):
                    return path
        return None

    def repository(self, directory: TreePath) -> TreePath:
        """Return the root of the git work tree that a directory is in; the tree's own where none is to be seen."""
        current = directory
        for _ in range(MAXIMUM_CLIMB):
            if any(entry.name == ".git" for entry in self.tree.entries(current)):
                return current
            if current == ".":
                break
            current = parent(current)
        return "."

    @staticmethod
    def between(path: TreePath, start: TreePath) -> str:
        """Return the way from one directory to another."""
        return relative(path, start)
