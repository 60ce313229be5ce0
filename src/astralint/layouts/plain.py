"""Plain roots: directories that Terraform runs in as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from astralint.layouts.commands.runs import CommandRuns
from astralint.layouts.configured import PLAIN
from astralint.layouts.protocol import Findings, Found, Ground, LayoutCoverage
from astralint.layouts.variable_files import VariableFiles
from astralint.source.tree import TreePath
from astralint.terraform.discovery import Directory, classify, find_directories
from astralint.terraform.workspace import WorkspaceSpec


class Plain:
    """Every root module below the starts that the configuration does not name.

    `claimed` are directories that other layouts evaluate, and why they are no roots of their own;
    `configured` are the workspaces of the configuration.
    """

    def __init__(self, claimed: Mapping[TreePath, str], configured: Sequence[Found] = ()) -> None:
        self._claimed = claimed
        self._configured = configured

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
        own = [each for each in self._configured if each.spec.layout == PLAIN]
        found: list[Found] = []
        commands = CommandRuns(ground.survey)
        files = VariableFiles(ground.loader, commands)
        files.note_used(
            path for each in self._configured for path in (*each.spec.variable_files, *each.spec.backend_files)
        )
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
                found.append(Found(spec, root, pairing.account_name, evidence=pairing.evidence))
        number = len({each.spec.directory for each in (*own, *found)})
        coverage = (LayoutCoverage(PLAIN, "Terraform", "root", number, number),) if number else ()
        left = (*commands.diagnostics(), *files.undecided(), *files.unused(ground.survey.files.items()))
        spare = files.spare(ground.survey.files.items())
        return Findings(tuple(found), coverage, left, tuple(directories), spare_variable_files=spare)

    def _without_claimed(self, directory: Directory) -> Directory:
        reason = self._claimed.get(directory.path)
        return directory if reason is None else Directory(directory.path, "module", reason)


def _excluded(path: TreePath, ground: Ground) -> bool:
    return any(path == excluded or path.startswith(excluded + "/") for excluded in ground.settings.excluded)
