"""Who prepares the roots of a workspace, by its layout."""

from __future__ import annotations

from collections.abc import Mapping

from astralint.config.settings import Settings
from astralint.layouts.atmos.layout import prepare as prepare_component
from astralint.layouts.stacks.layout import prepare as prepare_deployment
from astralint.layouts.terragrunt.layout import prepare as prepare_unit
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.workspace import WorkspaceSpec
from astralint.terraform.wrapper import Ask, Prepared

_PREPARE = {"terragrunt": prepare_unit, "stack": prepare_deployment, "atmos": prepare_component}


class Wrappers:
    """See `astralint.terraform.wrapper.Wrapper`."""

    def __init__(self, settings: Settings) -> None:
        self._sources: Mapping[str, str] = settings.module_sources

    def prepare(self, spec: WorkspaceSpec, loader: ModuleLoader, ask: Ask) -> Prepared:
        """Return the root of a workspace as its layout makes it."""
        prepare = _PREPARE.get(spec.layout)
        if prepare is None:
            return Prepared(spec.directory)
        return prepare(spec, loader, ask, self._sources)
