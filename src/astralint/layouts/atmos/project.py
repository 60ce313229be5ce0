"""What `atmos.yaml` says: where stacks and components are, how stacks are called, how lists merge."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from astralint.layouts.atmos.merge import REPLACE, STRATEGIES, merge
from astralint.layouts.atmos.node import Mapping, Node
from astralint.layouts.atmos.reading import ManifestError, read_yaml
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import SourceError, SourceTree, TreePath, join, parent
from astralint.terraform.functions.globbing import compile_pattern
from astralint.terraform.functions.support import FunctionError

CONFIGURATION_FILES = ("atmos.yaml", ".atmos.yaml")
FRAGMENTS = (".atmos.d", "atmos.d")
CONTAINER = "/rootfs/"
"""In its path, a configuration is meant for a container, whose work happens at the repository's top."""
MAXIMUM_FRAGMENTS = 100


class Project(msgspec.Struct, frozen=True):
    """The settings of one `atmos.yaml` that count here; `components` and `stacks` are directories."""

    file: TreePath
    components: TreePath
    stacks: TreePath
    included: tuple[str, ...]
    excluded: tuple[str, ...]
    name_template: str = ""
    name_pattern: str = ""
    list_strategy: str = REPLACE
    inherits_metadata: bool = True
    templates: bool = True
    evaluations: int = 1
    delimiters: tuple[str, str] = ("{{", "}}")
    has_workspaces: bool = True
    writes_backend: bool = True
    separator: str = "-"

    def is_stack(self, path: TreePath) -> bool:
        """Say whether a file below the stacks' directory is a stack of its own."""
        name = path[len(self.stacks) + 1 :] if self.stacks != "." else path
        return fits(name, self.included) and not fits(name, self.excluded)


def fits(name: str, patterns: tuple[str, ...]) -> bool:
    """Say whether a path fits one of the patterns; one without an ending stands for manifests."""
    for pattern in patterns:
        try:
            test = compile_pattern(pattern.removeprefix("./"))
        except FunctionError:
            continue
        if test(name) or test(name.partition(".y")[0]):
            return True
    return False


@lru_cache(maxsize=4096)
def _parsed(content: bytes, path: TreePath) -> Node | ManifestError | None:
    try:
        return read_yaml(content.decode(errors="replace"), path)
    except ManifestError as error:
        return error


def read_manifest(tree: SourceTree, path: TreePath) -> tuple[Mapping | None, Diagnostic | None]:
    """Return the map that a YAML file holds, and what is wrong with it."""
    start = Span(path, 1, 1, 1, 2)
    try:
        content = tree.read(path)
    except SourceError as error:
        return None, Diagnostic("file-not-readable", "error", f"`{path}`: {error}", start, broken=True)
    node = _parsed(content, path)
    if isinstance(node, ManifestError):
        place = Span(path, node.line, node.column, node.line, node.column + 1)
        return None, Diagnostic("syntax-error", "error", node.message, place, broken=True)
    if node is None:
        return Mapping({}, start), None
    if not isinstance(node, Mapping):
        return None, Diagnostic("invalid-manifest", "error", "a manifest is a map", node.span, broken=True)
    return node, None


def read_project(tree: SourceTree, file: TreePath) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """Return what a configuration says, fragments and imports of it merged below it."""
    own, problem = read_manifest(tree, file)
    if own is None:
        return None, (problem,) if problem else ()
    problems: list[Diagnostic] = []
    below: list[Mapping] = []
    directory = parent(file)
    for path in [*_fragments(tree, directory), *_imported(own, directory)][:MAXIMUM_FRAGMENTS]:
        fragment, problem = read_manifest(tree, path)
        problems += [problem] if problem is not None else []
        below += [fragment] if fragment is not None else []
    settings = merge([*below, own])
    base = _base(tree, file, settings.text("base_path"))
    terraform = settings.mapping("components", "terraform")
    stacks = settings.mapping("stacks")
    strategy = settings.text("settings", "list_merge_strategy")
    evaluations = settings.get("templates", "settings", "evaluations")
    number = getattr(getattr(evaluations, "value", None), "raw", 1)
    delimiters = settings.texts("templates", "settings", "delimiters")
    return (
        Project(
            file,
            join(base, terraform.text("base_path") or "components/terraform"),
            join(base, stacks.text("base_path") or "stacks"),
            tuple(stacks.texts("included_paths")) or ("**/*",),
            tuple(stacks.texts("excluded_paths")),
            stacks.text("name_template"),
            stacks.text("name_pattern"),
            strategy if strategy in STRATEGIES else REPLACE,
            stacks.flag("inherit", "metadata", default=True),
            settings.flag("templates", "settings", "enabled", default=True),
            min(max(number, 1), 5) if isinstance(number, int) else 1,
            (delimiters[0], delimiters[1]) if len(delimiters) == 2 else ("{{", "}}"),
            terraform.flag("workspaces_enabled", default=True),
            terraform.flag("auto_generate_backend_file", default=True),
            terraform.text("workspace", "prefix_separator") or "-",
        ),
        tuple(problems),
    )


def _fragments(tree: SourceTree, directory: TreePath) -> list[TreePath]:
    return [
        join(directory, name, entry.name)
        for name in FRAGMENTS
        for entry in tree.entries(join(directory, name))
        if entry.kind == "file" and entry.name.endswith((".yaml", ".yml"))
    ]


def _imported(settings: Mapping, directory: TreePath) -> list[TreePath]:
    """Return the files of the tree that a configuration imports; patterns are left out, as addresses are."""
    return [
        join(directory, text if text.endswith((".yaml", ".yml")) else f"{text}.yaml")
        for text in settings.texts("import")
        if "://" not in text and "*" not in text and not text.startswith("/")
    ]


def _base(tree: SourceTree, file: TreePath, text: str) -> TreePath:
    directory = parent(file)
    top, found, _ = f"/{file}".rpartition(CONTAINER)
    if found:
        return join(top.lstrip("/") or ".", text if not text.startswith("/") else ".")
    if text.startswith("/"):
        return directory
    if text:
        return join(directory, text)
    current = directory
    while True:
        if any(entry.name == ".git" for entry in tree.entries(current)):
            return current
        if current == ".":
            return directory
        current = parent(current)
