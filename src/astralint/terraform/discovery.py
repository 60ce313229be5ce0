"""Which directories are root modules, and how each of them is run: found without configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from astralint.hcl import syntax
from astralint.source.tree import SourceTree, TreePath, join
from astralint.terraform.configuration.body import NestedBody
from astralint.terraform.configuration.loader import ModuleLoader, configuration_suffix
from astralint.terraform.configuration.module import Module
from astralint.terraform.configuration.module import Provider as ProviderDeclaration

Kind = Literal["root", "module", "example", "test", "template", "unused"]

SKIPPED_DIRECTORIES = frozenset({"node_modules", "__pycache__", "venv", "cdk.out"})
EXAMPLE_PARTS = frozenset({"example", "examples", "sample", "samples", "demo", "demos"})
TEST_PARTS = frozenset({"test", "tests", "testdata", "fixtures", "spec", "specs", "e2e"})
TEMPLATE_PARTS = frozenset({"template", "templates", "skeleton", "skeletons", "boilerplate", "cookiecutter"})
_PARTS: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("example", EXAMPLE_PARTS),
    ("test", TEST_PARTS),
    ("template", TEMPLATE_PARTS),
)
VARIABLE_DIRECTORIES = ("vars", "tfvars", "var-files", "env", "envs", "environments", "config", "configs")
MAXIMUM_DIRECTORIES = 100_000


class Directory(msgspec.Struct, frozen=True):
    """A directory with Terraform files, what it is, and why it was taken for that."""

    path: TreePath
    kind: Kind
    reason: str


class Root(msgspec.Struct, frozen=True):
    """One way in which a root module is run.

    `variant` tells several apart ("" where there is one): the stem of the variable
    file. `cloud_name` is the HCP workspace's name ("" where it is not in the code).
    `terraform_workspace` is None where `terraform.workspace` matters and is not known.
    """

    path: TreePath
    variant: str = ""
    variable_files: tuple[TreePath, ...] = ()
    cloud_name: str = ""
    terraform_workspace: str | None = "default"
    assumed_workspace: str | None = None

    @property
    def name(self) -> str:
        return f"{self.path}:{self.variant}" if self.variant else self.path


def find_directories(tree: SourceTree, starts: Iterable[TreePath]) -> list[TreePath]:
    """Return all directories below the starts that hold Terraform files, sorted.

    Hidden directories are left out (so `.terraform` is), as are those of other
    tools; a link to a directory is followed once.
    """
    found: set[TreePath] = set()
    seen: set[TreePath] = set()
    pending = list(starts)
    while pending and len(seen) < MAXIMUM_DIRECTORIES:
        directory = pending.pop()
        if directory in seen:
            continue
        seen.add(directory)
        for entry in tree.entries(directory):
            if configuration_suffix(entry.name) is not None:
                found.add(directory)
            elif entry.kind == "directory" and not entry.name.startswith(".") and entry.name not in SKIPPED_DIRECTORIES:
                path = join(directory, entry.name)
                pending.append(tree.real_path(path) if entry.is_link else path)
    return sorted(found)


def classify(loader: ModuleLoader, directories: Iterable[TreePath], starts: Iterable[TreePath]) -> list[Directory]:
    """Say of each directory what it is: a root module, a called module, an example, …

    A start that holds Terraform files itself was asked for by name: neither its own
    path nor what leads to it makes it an example.
    """
    directories = list(directories)
    called = _called(loader, directories)
    starts = sorted(starts, key=len, reverse=True)
    return [_classify(loader, directory, called, starts) for directory in directories]


def _called(loader: ModuleLoader, directories: Iterable[TreePath]) -> dict[TreePath, TreePath]:
    called: dict[TreePath, TreePath] = {}
    for directory in directories:
        for call in loader.module(directory).module_calls.values():
            argument = call.argument("source")
            source = argument.expression if argument is not None else None
            if isinstance(source, syntax.Literal) and isinstance(source.value, str) and source.value.startswith("."):
                target = join(directory, source.value)
                if target != directory:
                    called.setdefault(target, directory)
    return called


def _classify(
    loader: ModuleLoader, directory: TreePath, called: dict[TreePath, TreePath], starts: list[TreePath]
) -> Directory:
    module = loader.module(directory)
    start = next((s for s in starts if s == "." or directory == s or directory.startswith(s + "/")), ".")
    below = directory if start == "." else directory[len(start) :]
    parts = {part.lower() for part in re.split(r"[/]", below) if part}
    has_state = module.backend is not None or module.cloud is not None
    if has_state:
        return Directory(directory, "root", "it has a backend" if module.backend else "it has a `cloud` block")
    for kind, names in _PARTS:
        if parts & names:
            return Directory(directory, kind, f"`{min(parts & names)}` in its path")
    if directory in called:
        return Directory(directory, "module", f"`{called[directory]}` calls it")
    return _without_backend(loader, directory, module)


def _without_backend(loader: ModuleLoader, directory: TreePath, module: Module) -> Directory:
    names = {entry.name for entry in loader.tree.entries(directory)}
    if ".terraform.lock.hcl" in names:
        return Directory(directory, "root", "it has a dependency lock file")
    if "terragrunt.hcl" in names:
        return Directory(directory, "root", "Terragrunt runs it")
    if any(name.endswith((".tfvars", ".tfvars.json")) for name in names) and does_something(module):
        return Directory(directory, "root", "it has variable files")
    if any(_configures(provider) for provider in module.providers.values()):
        return Directory(directory, "root", "it configures a provider, and nothing calls it")
    if module.resources or module.module_calls:
        if _looks_shared(directory, module):
            return Directory(directory, "unused", "nothing calls it, and it configures no provider")
        return Directory(directory, "root", "nothing calls it")
    return Directory(directory, "unused", "it declares no resources")


def does_something(module: Module) -> bool:
    """Say whether a module is more than declarations of variables: files of values lie beside these, too."""
    return bool(module.resources or module.module_calls or module.providers or module.terraform_blocks)


def _configures(provider: ProviderDeclaration) -> bool:
    return bool(provider.body.arguments.keys() - {"version", "alias"} or provider.body.blocks)


def _looks_shared(directory: TreePath, module: Module) -> bool:
    parts = {part.lower() for part in directory.split("/")}
    if parts & {"modules", "module", "_modules", "shared-modules"}:
        return True
    return any("default" not in variable.body.arguments for variable in module.variables.values()) or not (
        module.resources or module.module_calls
    )


# --- how a root is run ---------------------------------------------------------------------


def runs_of(loader: ModuleLoader, directory: TreePath) -> list[Root]:
    """Return the ways in which a root module is run: one for each variable file that stands for an environment."""
    module = loader.module(directory)
    cloud_name = _cloud_name(module)
    workspace = _terraform_workspace(module, cloud_name, loader)
    files = _environment_files(loader, directory)
    if len(files) < 2:
        return [
            Root(directory, "", tuple(files.values()), cloud_name, workspace, _assumed_workspace(module, workspace))
        ]
    return [
        Root(directory, stem, (path,), cloud_name, stem if workspace is None else workspace)
        for stem, path in sorted(files.items())
    ]


def _environment_files(loader: ModuleLoader, directory: TreePath) -> dict[str, TreePath]:
    """Return variable files that Terraform doesn't load by itself, by their stem."""
    found: dict[str, TreePath] = {}
    places = [directory, *(join(directory, name) for name in VARIABLE_DIRECTORIES)]
    for place in places:
        if place != directory and loader.has_configuration(place):
            continue
        for entry in loader.tree.entries(place):
            name = entry.name
            suffix = next((s for s in (".tfvars", ".tfvars.json") if name.endswith(s)), None)
            if suffix is None or entry.kind != "file" or ".auto." in name or name.startswith("terraform.tfvars"):
                continue
            stem = name.removesuffix(suffix)
            if "example" not in stem and "backend" not in stem:
                found.setdefault(stem, join(place, name))
    return found


def _cloud_name(module: Module) -> str:
    block: NestedBody | None = module.cloud
    if block is None and module.backend is not None and module.backend.block.labels[:1] == ("remote",):
        block = module.backend
    workspaces = block.body.block_of("workspaces") if block is not None else None
    argument = workspaces.body.arguments.get("name") if workspaces is not None else None
    value = argument.expression.value if argument and isinstance(argument.expression, syntax.Literal) else None
    return value if isinstance(value, str) else ""


def _assumed_workspace(module: Module, known: str | None) -> str | None:
    """Return the workspace that Terraform begins with, where nothing says that there are others."""
    if known is not None or module.cloud is not None:
        return None
    arguments = module.backend.body.arguments if module.backend is not None else {}
    return None if arguments.keys() & {"workspace_key_prefix", "workspace_dir"} else "default"


def _terraform_workspace(module: Module, cloud_name: str, loader: ModuleLoader) -> str | None:
    if cloud_name:
        # HCP Terraform: `terraform.workspace` is the workspace's name.
        return cloud_name
    if module.cloud is not None:
        return None
    return None if any(source.path in loader.workspace_files for source in module.files) else "default"
