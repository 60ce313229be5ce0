"""What the configuration says of workspaces, over what layouts found of them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from astralint.config.paths import UNIT_FILES
from astralint.config.settings import WorkspaceSettings
from astralint.layouts.protocol import Found, Ground
from astralint.source.diagnostic import Diagnostic
from astralint.source.tree import TreePath
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import Root, runs_of
from astralint.terraform.workspace import WorkspaceSpec

PLAIN = "plain"


class Configured(msgspec.Struct, frozen=True, eq=False):
    """The workspaces of the configuration, those that layouts found beside them, and what leads nowhere."""

    configured: tuple[Found, ...]
    free: tuple[Found, ...]
    diagnostics: tuple[Diagnostic, ...]


def configured(ground: Ground, found: Sequence[Found]) -> Configured:
    """Lay the configuration's `workspace` blocks over what other layouts than plain roots found."""
    by_directory: dict[TreePath, list[Found]] = {}
    for each in found:
        by_directory.setdefault(each.spec.directory, []).append(each)
    taken: set[int] = set()
    chosen: list[Found] = []
    problems: list[Diagnostic] = []
    for workspace in ground.settings.workspaces:
        meant = _meant(workspace, by_directory.get(workspace.path, []))
        if meant is not None:
            taken.add(id(meant))
            chosen.append(_over(meant, workspace, ground))
        elif ground.loader.tree.kind(workspace.path) is None:
            message = f"workspace `{workspace.name}` is in `{workspace.path}`, which is not there and made by no stack"
            problems.append(Diagnostic("path-not-found", "error", message, workspace.span, broken=True))
        else:
            chosen.append(_plain(workspace, ground))
    return Configured(tuple(chosen), tuple(each for each in found if id(each) not in taken), tuple(problems))


def _meant(workspace: WorkspaceSettings, candidates: list[Found]) -> Found | None:
    """Return the evaluation that a block speaks of; of several in a directory the Terraform workspace or the name tells."""
    if len(candidates) > 1:
        named = [each for each in candidates if each.spec.terraform_workspace == workspace.workspace]
        candidates = named if len(named) == 1 else [each for each in candidates if _is_called(each, workspace.name)]
    return candidates[0] if len(candidates) == 1 else None


def _is_called(found: Found, name: str) -> bool:
    return f"/{found.spec.name}".endswith(f"/{name}")


def _over(found: Found, workspace: WorkspaceSettings, ground: Ground) -> Found:
    spec = found.spec
    changed = msgspec.structs.replace(
        spec,
        name=workspace.name,
        variable_files=workspace.var_files or spec.variable_files,
        variables={**spec.variables, **workspace.variables},
        backend_files=workspace.backend_files or spec.backend_files,
        account=workspace.account,
        account_number=_number(workspace, ground),
        region=workspace.region or spec.region,
        language=workspace.language or spec.language,
        environment={**ground.settings.platform.environment, **workspace.environment},
    )
    return Found(changed, found.root, is_configured=True)


def _number(workspace: WorkspaceSettings, ground: Ground) -> str:
    return next((account.id for account in ground.settings.accounts if account.name == workspace.account), "")


def _plain(workspace: WorkspaceSettings, ground: Ground) -> Found:
    """Return the evaluation of a root that a `workspace` block asks for."""
    runs = runs_of(ground.loader, workspace.path)
    known = runs[0].terraform_workspace if len(runs) == 1 else "default"
    spec = WorkspaceSpec(
        workspace.name,
        workspace.path,
        workspace.workspace if workspace.workspace is not None else known,
        workspace.var_files,
        workspace.variables,
        workspace.backend_files,
        workspace.account,
        _number(workspace, ground),
        workspace.region,
        False,
        workspace.language or ground.language(workspace.path),
        runs[0].assumed_workspace if len(runs) == 1 else None,
        environment={**ground.settings.platform.environment, **workspace.environment},
        layout="terragrunt" if is_run_by_terragrunt(workspace.path, ground.loader) else PLAIN,
    )
    return Found(spec, Root(workspace.path), is_configured=True)


def is_run_by_terragrunt(directory: TreePath, loader: ModuleLoader) -> bool:
    """Say whether Terragrunt runs a root: it may add files that are not in the tree."""
    return any(entry.name in UNIT_FILES for entry in loader.tree.entries(directory))
