"""A root module that is put together: files of a directory, files that lie over them, files that are written."""

from __future__ import annotations

from collections.abc import Iterable

from astralint.hcl.syntax import Node
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Lines, Span
from astralint.source.tree import TreePath
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.configuration.loader import ModuleLoader, configuration_suffix, is_override
from astralint.terraform.configuration.merge import merge_files
from astralint.terraform.configuration.module import Module


class PinnedSource(SourceFile):
    """A file that stands nowhere as it is: every place in it is the one where it is made."""

    __slots__ = ("_written",)

    def __init__(self, source: SourceFile, written: Span) -> None:
        super().__init__(written.file, source.file)
        self._written = written
        self.lines = _OneLine(written)

    def span(self, start: int, end: int) -> Span:  # noqa: ARG002 - see SourceFile
        """See `SourceFile.span`."""
        return self._written

    def span_of(self, node: Node) -> Span:  # noqa: ARG002 - see SourceFile
        """See `SourceFile.span_of`."""
        return self._written


class _OneLine(Lines):
    """Every offset is in one place."""

    __slots__ = ("_span",)

    def __init__(self, span: Span) -> None:
        super().__init__((0,))
        self._span = span

    def span(self, file: str, start: int, end: int) -> Span:  # noqa: ARG002 - see Lines
        return self._span


def written_source(
    loader: ModuleLoader, name: str, text: str, written: Span, offset: int | None
) -> tuple[SourceFile | None, tuple[Diagnostic, ...]]:
    """Parse a text that is written into a root; its places lead to where it is made.

    With an `offset`, the text begins there in the file of `written`: lines and columns are that file's.
    """
    origin, _ = loader.source(written.file) if offset is not None else (None, ())
    padding = ""
    if origin is not None and offset is not None:
        padding = _blank(origin.file.line_starts, offset)
    parsed = loader.store.parse((padding + text).encode(), json=name.endswith(".json"), keep=False)
    problems = tuple(
        Diagnostic("syntax-error", "error", f"`{name}`, which is generated: {error.message}", written, broken=True)
        for error in parsed.errors
    )
    if parsed.file is None:
        return None, problems
    source = SourceFile(written.file, parsed.file)
    return (source if padding or offset == 0 else PinnedSource(source, written)), problems


def _blank(line_starts: Iterable[int], offset: int) -> str:
    """Return a text without content that is as long, and has as many lines, as what stands before an offset."""
    characters = [" "] * offset
    for start in line_starts:
        if 0 < start <= offset:
            characters[start - 1] = "\n"
    return "".join(characters)


def compose(
    loader: ModuleLoader,
    path: TreePath,
    directories: Iterable[TreePath],
    written: Iterable[tuple[str, SourceFile | None, bool]],
    diagnostics: Iterable[Diagnostic] = (),
) -> Module:
    """Return the module of all these files; of two with one name the later counts.

    `written` are names with their parsed content, and whether they replace a file that is there.
    """
    files: dict[str, SourceFile] = {}
    said = list(diagnostics)
    incomplete: list[str] = []
    for directory in directories:
        module = loader.module(directory)
        files.update({source.path.rpartition("/")[2]: source for source in module.files})
        incomplete += module.incomplete
        said += [problem for problem in module.diagnostics if problem.code != "invalid-configuration"]
    for name, source, replaces in written:
        if source is None:
            incomplete.append(f"the generated `{name}` does not parse")
        elif replaces or name not in files:
            files[name] = source
    primary: list[SourceFile] = []
    overrides: list[SourceFile] = []
    for name in sorted(files):
        suffix = configuration_suffix(name)
        if suffix is not None:
            (overrides if is_override(name, suffix) else primary).append(files[name])
    module = merge_files(path, primary, overrides)
    module.diagnostics[:0] = said
    module.incomplete[:0] = incomplete
    return module
