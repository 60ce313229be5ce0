"""Every layout asked: all evaluations of a tree, and how far each layout was understood."""

from __future__ import annotations

from collections.abc import Sequence

from astralint.config.settings import Settings
from astralint.layouts.atmos.layout import Atmos
from astralint.layouts.configured import configured
from astralint.layouts.plain import Plain
from astralint.layouts.protocol import Findings, Ground, Layout
from astralint.layouts.recognition import Unsupported, tools
from astralint.layouts.stacks.layout import Stacks
from astralint.layouts.survey import Survey
from astralint.layouts.terragrunt.layout import Terragrunt
from astralint.source.tree import TreePath
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import find_directories
from astralint.terraform.root_language import Languages


def find_evaluations(loader: ModuleLoader, settings: Settings, starts: Sequence[TreePath]) -> Findings:
    """Return what all layouts find together, in stable order."""
    ground = Ground(Survey(loader.tree, starts, settings.excluded), loader, settings, starts, Languages(loader))
    wrappers: list[Layout] = [Terragrunt(), Stacks(), Atmos(), *(Unsupported(tool) for tool in tools())]
    found = [wrapper.find(ground) for wrapper in wrappers]
    claimed = {path: reason for each in found for path, reason in each.claimed.items()}
    said = configured(ground, [evaluation for each in found for evaluation in each.evaluations])
    plain = Plain(claimed, said.configured).find(ground)
    found.append(plain)
    evaluations = (*said.configured, *said.free, *plain.evaluations)
    used = {path for each in evaluations for path in each.spec.variable_files}
    spare = {path: keys for each in found for path, keys in each.spare_variable_files.items() if path not in used}
    return Findings(
        evaluations,
        tuple(coverage for each in found for coverage in each.coverage),
        (*said.diagnostics, *(diagnostic for each in found for diagnostic in each.diagnostics)),
        tuple(sorted((d for each in found for d in each.directories), key=lambda d: d.path)),
        claimed,
        spare,
    )


def has_any_layout(loader: ModuleLoader, settings: Settings, starts: Sequence[TreePath]) -> bool:
    """Say whether anything that configures infrastructure is below the starts."""
    if find_directories(loader.tree, starts):
        return True
    found = find_evaluations(loader, settings, starts)
    return bool(found.coverage or found.directories)
