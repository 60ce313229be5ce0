"""Evaluates root modules that are written down in tests."""

from __future__ import annotations

from astralint.assembly.workers import LocalWorkers
from astralint.config.settings import Settings
from astralint.hcl.store import SyntaxStore
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.language.language import TERRAFORM, Language
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.values.value import Value
from astralint.terraform.workspace import GivenVariable, WorkspaceSpec
from tests.config.memory import MemoryTree

ACCOUNT = "123456789012"


def evaluate_root(
    files: dict[str, str] | str,
    directory: str = ".",
    variables: dict[str, Value] | None = None,
    language: Language = TERRAFORM,
) -> WorkspaceResult:
    """Return a root of these files (or of this one file) evaluated."""
    tree = MemoryTree({"main.tf": files} if isinstance(files, str) else files)
    given = {name: GivenVariable(value, None) for name, value in (variables or {}).items()}
    spec = WorkspaceSpec(
        directory, directory, variables=given, account="own", account_number=ACCOUNT, language=language
    )
    workers = LocalWorkers(ModuleLoader(tree, SyntaxStore(None)), Settings())
    return workers.evaluate([(spec, {})])[0]
