"""What functions see of the file system, and templates rendered from it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence

from astralint.hcl import parse_template
from astralint.hcl.syntax import Expression, GetAttr, Index, Splat, Variable
from astralint.source.partial import Hole, PartialText
from astralint.source.tree import SourceError, SourceTree, TreePath, join
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import Budget
from astralint.terraform.functions.context import OwnFunction
from astralint.terraform.functions.globbing import compile_pattern
from astralint.terraform.language.language import Language
from astralint.terraform.values.value import EvaluationError, Value

MAXIMUM_GLOB_ENTRIES = 100_000


class FileAccess:
    """The files that a workspace's functions may read: those inside the boundary.

    Relative paths start at the root module's directory, where Terraform runs. `absolute` is the
    machine's path of the tree's root, where expressions know it; no other absolute path is read.
    """

    own: Mapping[str, OwnFunction] = {}

    def __init__(
        self, tree: SourceTree, directory: TreePath, budget: Budget, language: Language, absolute: str = ""
    ) -> None:
        self.language = language
        self._tree = tree
        self._directory = directory
        self._budget = budget
        self._absolute = absolute
        self._read: dict[TreePath, bytes] = {}
        self.template_depth = 0

    @property
    def paths(self) -> tuple[TreePath, ...]:
        """The files that functions have read so far."""
        return tuple(self._read)

    def _path(self, path: str, argument: int | None = None) -> TreePath:
        inside = within(path, self._absolute) if self._absolute else None
        if inside is not None:
            return self._located(inside)
        if path.startswith(("/", "~")) or "\0" in path:
            raise EvaluationError(
                f"`{path}` lies outside of the directory that is analysed", argument=argument, code="outside-boundary"
            )
        return self._located(join(self._directory, path))

    def _located(self, path: TreePath) -> TreePath:
        """Return where in the tree a path's content stands."""
        return path

    def read(self, path: str, argument: int) -> bytes:
        """Return a file's content; raises EvaluationError as Terraform would, and for what lies outside."""
        where = self._path(path, argument)
        content = self._read.get(where)
        if content is not None:
            self._budget.spend(len(content) >> 8)
            return content
        if not where.startswith("..") and self._tree.kind(where) is None:
            message = (
                f"no file exists at `{path}`; this function works only with files that are part of the configuration"
            )
            raise EvaluationError(message, argument=argument, code="file-not-found")
        try:
            content = self._read[where] = self._tree.read(where)
        except SourceError as error:
            raise EvaluationError(error.message, argument=argument, code=error.code) from error
        return content

    def exists(self, path: str) -> bool:
        """Say whether a regular file stands at a path; raises EvaluationError for a directory, and for what lies outside."""
        kind = self._tree.kind(self._path(path, 0))
        if kind == "directory":
            shown = path or "."
            raise EvaluationError(
                f'Error in function call: call to function "fileexists" failed: "{shown}" is a directory, not a file'
            )
        return kind == "file"

    def absolute(self, path: str) -> PartialText:
        """Return an absolute path: the root module lies in a directory of its name, wherever that is."""
        where = join(self._directory, path)
        known = "" if where == "." or where.startswith("..") else f"/{where}"
        return PartialText.of(Hole("it depends on where the repository lies", "path:boundary"), known)

    def glob(self, directory: str, pattern: str) -> list[str]:
        """Return the regular files below a directory that match, as `fileset` gives them."""
        matches = compile_pattern(pattern)
        return [name for name in self._walk(self._path(directory, 0)) if matches(name)]

    def _walk(self, top: TreePath) -> list[str]:
        found: list[str] = []
        pending = [""]
        seen = {top}
        while pending:
            below = pending.pop()
            here = join(top, below) if below else top
            for entry in self._tree.entries(here):
                name = f"{below}/{entry.name}" if below else entry.name
                if entry.kind == "file":
                    found.append(name)
                elif entry.kind == "directory":
                    real = self._tree.real_path(join(here, entry.name))
                    if real not in seen:
                        seen.add(real)
                        pending.append(name)
                if len(found) + len(pending) > MAXIMUM_GLOB_ENTRIES:
                    raise EvaluationError(f"`{top}` holds more than 100,000 files", argument=0, code="limit")
        return sorted(found)

    def render_template(self, text: str, name: str, variables: Mapping[str, Value], depth: int) -> Value:
        """Evaluate a template's text with these variables; raises EvaluationError."""
        parsed = parse_template(text)
        if parsed.expression is None:
            message = parsed.errors[0].message if parsed.errors else "it is empty"
            raise EvaluationError(f"the template `{name}` does not parse: {message}", argument=0)
        outer, self.template_depth = self.template_depth, depth
        try:
            return evaluate(parsed.expression, TemplateScope(variables, self, self._budget))
        except EvaluationError as error:
            raise EvaluationError(f"in the template `{name}`: {error.message}", argument=0, code=error.code) from error
        finally:
            self.template_depth = outer


def within(path: str, absolute: str) -> TreePath | None:
    """Return the tree's path of a machine's, given that of the tree's root; None for what is not below it."""
    clean = posixpath.normpath(path)
    if clean == absolute:
        return "."
    prefix = absolute.rstrip("/") + "/"
    return clean[len(prefix) :] if clean.startswith(prefix) else None


class TemplateScope:
    """The scope of a template: its variables, and functions, but no references."""

    def __init__(self, variables: Mapping[str, Value], files: FileAccess, budget: Budget) -> None:
        self._variables = variables
        self.functions = files
        self.budget = budget

    def provider_type(self, local_name: str) -> str | None:
        """Return that there are no providers."""
        return None

    def reference(
        self,
        root: Variable,
        steps: Sequence[GetAttr | Index | Splat],
        evaluate: Callable[[Expression], Value],
    ) -> tuple[Value, int]:
        """Resolve a template variable."""
        value = self._variables.get(root.name)
        if value is None:
            raise EvaluationError(
                f"vars map does not contain key `{root.name}`, which this template refers to", root.start, root.end
            )
        return value, 0
