"""Stack manifests with all that they import, deep-merged; overrides go to the components that they are for."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.layouts.atmos.merge import merge
from astralint.layouts.atmos.node import Mapping, Node, Scalar, Sequence
from astralint.layouts.atmos.project import Project, read_manifest
from astralint.layouts.atmos.reading import ManifestError, read_yaml
from astralint.layouts.atmos.template import is_template, render
from astralint.layouts.atmos.template_syntax import TemplateError
from astralint.layouts.atmos.values import plain_value
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import SourceError, SourceTree, TreePath, join, parent
from astralint.terraform.functions.globbing import compile_pattern
from astralint.terraform.functions.support import FunctionError
from astralint.terraform.values.operations import reasons_in
from astralint.terraform.values.value import Reason

ENDINGS = (".yaml", ".yml", ".yaml.tmpl", ".yml.tmpl")
REMOTE = ("://", "::", "github.com/", "git@")
MAXIMUM_DEPTH = 50
MAXIMUM_IMPORTS = 5_000
MAXIMUM_FILES = 20_000
_GLOB = frozenset("*?[{")


class Merged:
    """A manifest and all below it: what it says, and what could not be read."""

    def __init__(self, content: Mapping) -> None:
        self.content = content
        self.unread: dict[Reason, None] = {}


class Manifests:
    """Reads manifests of one project."""

    def __init__(self, tree: SourceTree, project: Project) -> None:
        self.tree = tree
        self.project = project
        self.diagnostics: dict[Diagnostic, None] = {}
        self.imported: dict[TreePath, None] = {}
        """All files that some manifest imports."""
        self._count = 0
        self._reading: list[TreePath] = []

    def files(self) -> Iterator[TreePath]:
        """Yield all manifests below the stacks' directory."""
        yield from _below(self.tree, self.project.stacks)

    def read(self, path: TreePath) -> Merged:
        """Return a stack's manifest, merged."""
        self._count = 0
        merged = Merged(Mapping({}, Span(path, 1, 1, 1, 2)))
        nothing = merged.content
        merged.content = self._file(path, nothing, nothing, nothing, merged, skip_templates=False)[0]
        return merged

    def _file(
        self,
        path: TreePath,
        context: Mapping,
        inline: Mapping,
        imports: Mapping,
        merged: Merged,
        *,
        skip_templates: bool,
    ) -> tuple[Mapping, Mapping]:
        """Return a file with its imports merged, and the overrides that it and they bring.

        `inline` are the overrides of the files that import it, `imports` those of what they imported before.
        """
        nothing = Mapping({}, Span(path, 1, 1, 1, 2))
        self._count += 1
        if len(self._reading) >= MAXIMUM_DEPTH or self._count > MAXIMUM_IMPORTS or path in self._reading:
            what = "imports itself" if path in self._reading else "imports more than astralint follows"
            code = "cycle" if path in self._reading else "limit"
            self._report(code, f"`{path}` {what}", nothing.span)
            merged.unread[Reason("error", f"`{path}` {what}", nothing.span)] = None
            return nothing, nothing
        content = self._content(path, context, merged, skip_templates=skip_templates)
        if content is None:
            return nothing, nothing
        inline = merge([content.mapping("overrides"), content.mapping("terraform", "overrides"), inline])
        parts: list[Mapping] = []
        self._reading.append(path)
        for entry, given, options in _imports(content):
            inner = merge([given, context])
            for file in self._found(entry, path, options, merged):
                self.imported.setdefault(file)
                skipped = options.flag("skip_templates_processing", default=False)
                part, brought = self._file(file, inner, inline, imports, merged, skip_templates=skipped)
                imports = merge([imports, brought])
                parts.append(part)
        self._reading.pop()
        overrides = merge([imports, inline])
        own = _with_overrides(content, overrides) if overrides.items else content
        # What a file's own overrides say is for those who import it as well.
        return merge([*parts, own], self.project.list_strategy), merge([imports, inline])

    # --- one file -----------------------------------------------------------------------------------

    def _content(self, path: TreePath, context: Mapping, merged: Merged, *, skip_templates: bool) -> Mapping | None:
        if (context.items or path.endswith(".tmpl")) and not skip_templates:
            return self._rendered(path, context, merged)
        content, problem = read_manifest(self.tree, path)
        if problem is not None:
            self.diagnostics.setdefault(problem)
            merged.unread[Reason("error", f"`{path}` could not be read", problem.span)] = None
        return content

    def _rendered(self, path: TreePath, context: Mapping, merged: Merged) -> Mapping | None:
        """Return what a file gives as a template, with a context as its data."""
        span = Span(path, 1, 1, 1, 2)
        try:
            text = self.tree.read(path).decode(errors="replace")
            if is_template(text, self.project.delimiters[0]):
                value = render(text, plain_value(context), delimiters=self.project.delimiters)
                if not isinstance(value.raw, str):
                    reason = reasons_in([value])[0]
                    merged.unread[Reason(reason.code, f"the template `{path}`: {reason.message}", span)] = None
                    return None
                text = value.raw
            node = read_yaml(text, path)
        except (SourceError, TemplateError) as error:
            self._report("invalid-manifest", f"the template `{path}`: {error}", span)
        except ManifestError as error:
            place = Span(path, error.line, error.column, error.line, error.column + 1)
            self._report("syntax-error", error.message, place)
        else:
            if node is None or isinstance(node, Mapping):
                return node or Mapping({}, span)
            self._report("invalid-manifest", "a manifest is a map", span)
        merged.unread[Reason("error", f"`{path}` could not be read", span)] = None
        return None

    def _report(self, code: str, message: str, span: Span) -> None:
        self.diagnostics.setdefault(Diagnostic(code, "error", message, span, broken=True))

    # --- imports --------------------------------------------------------------------------------------

    def _found(self, entry: Scalar, path: TreePath, options: Mapping, merged: Merged) -> list[TreePath]:
        """Return the files that an import names, in the order of their paths."""
        text = entry.text or ""
        if any(mark in text for mark in REMOTE):
            reason = Reason("file-not-readable", f"the import `{text}` is not in the tree", entry.span)
            merged.unread[reason] = None
            return []
        base = parent(path) if text.startswith(("./", "../")) else self.project.stacks
        target = join(base, text)
        if target.startswith(("../", "/")) or target == "..":
            self._report("outside-boundary", f"`{text}` lies outside of the directory that is analysed", entry.span)
            return []
        if _GLOB & set(text) and not is_template(text):
            return self._globbed(target)
        for ending in ("", *ENDINGS):
            if (ending or target.endswith(ENDINGS)) and self.tree.kind(target + ending) == "file":
                if target.endswith((".yaml", ".yml")) and self.tree.kind(f"{target}.tmpl") == "file":
                    return [f"{target}.tmpl"]
                return [target + ending]
        if not is_template(text) and not options.flag("skip_if_missing", default=False):
            self._report("file-not-found", f"the import `{text}` is not there", entry.span)
            merged.unread[Reason("error", f"the import `{text}` is not there", entry.span)] = None
        return []

    def _globbed(self, target: TreePath) -> list[TreePath]:
        fixed: list[str] = []
        for part in target.split("/"):
            if _GLOB & set(part):
                break
            fixed.append(part)
        base = "/".join(fixed) or "."
        pattern = target if base == "." else target[len(base) + 1 :]
        if not pattern.endswith(ENDINGS):
            pattern += ".yaml"
        try:
            test = compile_pattern(pattern)
        except FunctionError:
            return []
        skip = 0 if base == "." else len(base) + 1
        return [file for file in _below(self.tree, base) if test(file[skip:])]


def _imports(content: Mapping) -> Iterator[tuple[Scalar, Mapping, Mapping]]:
    """Yield each import with its context and its options."""
    entries = content.get("import") or content.get("imports")
    for entry in entries.items if isinstance(entries, Sequence) else ():
        if isinstance(entry, Scalar) and entry.text:
            yield entry, Mapping({}, entry.span), Mapping({}, entry.span)
        elif isinstance(entry, Mapping):
            path = entry.get("path")
            if isinstance(path, Scalar) and path.text:
                yield path, entry.mapping("context"), entry


def _with_overrides(content: Mapping, overrides: Mapping) -> Mapping:
    """Return a file whose components carry the overrides."""
    components = content.mapping("components")
    terraform = components.mapping("terraform")
    if not terraform.items:
        return content
    changed: dict[str, Node] = {
        name: Mapping({**each.items, "overrides": overrides}, each.span) if isinstance(each, Mapping) else each
        for name, each in terraform.items.items()
    }
    inner = Mapping({**components.items, "terraform": Mapping(changed, terraform.span)}, components.span)
    return Mapping({**content.items, "components": inner}, content.span)


def _below(tree: SourceTree, directory: TreePath) -> Iterator[TreePath]:
    found: list[TreePath] = []
    pending = [directory]
    while pending and len(found) < MAXIMUM_FILES:
        current = pending.pop()
        for entry in tree.entries(current):
            path = join(current, entry.name)
            if entry.kind == "file" and entry.name.endswith(ENDINGS):
                found.append(path)
            elif entry.kind == "directory" and not entry.is_link:
                pending.append(path)
    yield from sorted(found)
