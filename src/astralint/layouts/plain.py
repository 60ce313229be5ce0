"""Plain roots: directories that Terraform runs in as they are."""

from __future__ import annotations

from collections.abc import Mapping

from astralint.config.paths import UNIT_FILES
from astralint.config.settings import WorkspaceSettings
from astralint.layouts.protocol import Findings, Found, Ground, LayoutCoverage
from astralint.layouts.variable_files import VariableFiles
from astralint.source.tree import TreePath
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import Directory, Root, classify, find_directories, runs_of
from astralint.terraform.workspace import WorkspaceSpec

NAME = "plain"


class Plain:
    """The workspaces of the configuration, and every other root module below the starts.

    `claimed` are directories that other layouts evaluate, and why they are no roots of their own.
    """

    def __init__(self, claimed: Mapping[TreePath, str]) -> None:
        self._claimed = claimed

    def find(self, ground: Ground) -> Findings:
        """See `Layout.find`. Where there is no root, the starts themselves are: they were asked for."""
        settings = ground.settings
        directories = [
            self._without_claimed(directory)
            for directory in classify(ground.loader, find_directories(ground.loader.tree, ground.starts), ground.starts)
        ]
        if not settings.workspaces and not self._claimed and not any(d.kind == "root" for d in directories):
            directories = [
                Directory(d.path, "root", "it is asked for by name") if d.path in ground.starts else d
                for d in directories
            ]
        configured = {workspace.path for workspace in settings.workspaces}
        found = [configured_workspace(workspace, ground) for workspace in settings.workspaces]
        files = VariableFiles(ground.loader)
        files.note_used(path for each in found for path in (*each.spec.variable_files, *each.spec.backend_files))
        for directory in directories:
            if directory.kind != "root" or directory.path in configured or _excluded(directory.path, ground):
                continue
            for pairing in files.runs_of(directory.path):
                root = pairing.root
                spec = WorkspaceSpec(
                    root.name,
                    root.path,
                    root.terraform_workspace,
                    root.variable_files,
                    backend_files=pairing.backend_files,
                    language=ground.language(root.path),
                    assumed_workspace=root.assumed_workspace,
                )
                found.append(Found(spec, root))
        number = len({each.spec.directory for each in found})
        coverage = (LayoutCoverage(NAME, "Terraform", "root", number, number),) if number else ()
        left = (*files.undecided(), *files.unused(ground.survey.files.items()))
        spare = files.spare(ground.survey.files.items())
        return Findings(tuple(found), coverage, left, tuple(directories), spare_variable_files=spare)

    def _without_claimed(self, directory: Directory) -> Directory:
        reason = self._claimed.get(directory.path)
        return directory if reason is None else Directory(directory.path, "module", reason)


def _excluded(path: TreePath, ground: Ground) -> bool:
    return any(path == excluded or path.startswith(excluded + "/") for excluded in ground.settings.excluded)


def configured_workspace(workspace: WorkspaceSettings, ground: Ground) -> Found:
    """Return the evaluation that a `workspace` block of the configuration asks for."""
    runs = runs_of(ground.loader, workspace.path)
    known = runs[0].terraform_workspace if len(runs) == 1 else "default"
    number = next((account.id for account in ground.settings.accounts if account.name == workspace.account), "")
    spec = WorkspaceSpec(
        workspace.name,
        workspace.path,
        workspace.workspace if workspace.workspace is not None else known,
        workspace.var_files,
        workspace.variables,
        workspace.backend_files,
        workspace.account,
        number,
        workspace.region,
        False,
        workspace.language or ground.language(workspace.path),
        runs[0].assumed_workspace if len(runs) == 1 else None,
        environment={**ground.settings.platform.environment, **workspace.environment},
        layout="terragrunt" if is_run_by_terragrunt(workspace.path, ground.loader) else NAME,
    )
    return Found(spec, Root(workspace.path), is_configured=True)


def is_run_by_terragrunt(directory: TreePath, loader: ModuleLoader) -> bool:
    """Say whether Terragrunt runs a root: it may add files that are not in the tree."""
    return any(entry.name in UNIT_FILES for entry in loader.tree.entries(directory))
