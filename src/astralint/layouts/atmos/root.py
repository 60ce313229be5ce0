"""The files that Atmos writes into a component's root, and where its state is."""

from __future__ import annotations

import json
from typing import Any

from astralint.layouts.atmos.components import Component
from astralint.layouts.atmos.project import Project
from astralint.layouts.atmos.resolution import Resolution
from astralint.terraform.evaluation.state import flatten_blocks
from astralint.terraform.results import StateIdentity
from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.value import Unknown, Value, object_of, string
from astralint.terraform.workspace import GivenVariable
from astralint.terraform.wrapper import AddedFile

HOLE = "atmos_unknown_"
"""What the variables are called that stand for what is not known in generated files."""
PROVIDERS_FILE = "providers_override.tf.json"
WORKSPACE_PLACE = "{terraform_workspace}"
PREFIXES = {"s3": "workspace_key_prefix", "gcs": "prefix"}


class RootFiles:
    """Generated files, and the variables that stand for what is not known in them."""

    def __init__(self, resolution: Resolution) -> None:
        self._resolution = resolution
        self.unknowns: dict[str, GivenVariable] = {}

    def files(self) -> tuple[AddedFile, ...]:
        """Return the file of the providers, and one that declares the variables."""
        section = self._resolution.component["providers"]
        if not section.items:
            return ()
        providers: dict[str, Any] = {}
        for name, node in section.items.items():
            data = self._data(self._resolution.value(node))
            kind, dot, alias = name.partition(".")
            if dot and isinstance(data, dict):
                data = {"alias": alias, **data}
            several = providers.setdefault(kind, [])
            several += data if isinstance(data, list) else [data]
        text = json.dumps({"provider": providers})
        files = [AddedFile(PROVIDERS_FILE, text, section.span)]
        if self.unknowns:
            declared = "".join(f'variable "{name}" {{}}\n' for name in self.unknowns)
            files.append(AddedFile(f"{HOLE}.tf", declared, section.span))
        return tuple(files)

    def _data(self, value: Value) -> Any:
        raw = value.raw
        if isinstance(raw, Unknown):
            name = f"{HOLE}{len(self.unknowns)}"
            self.unknowns[name] = GivenVariable(value, None)
            return f"${{var.{name}}}"
        if isinstance(raw, tuple):
            return [self._data(item) for item in raw]
        if isinstance(raw, dict):
            return {name: self._data(item) for name, item in raw.items()}
        return raw if raw is None or isinstance(raw, str | bool | int) else float(format_number(raw))


def state_of(component: Component, project: Project, resolution: Resolution, workspace: str) -> StateIdentity | None:
    """Return where a component keeps its state; None where its manifests say nothing of it."""
    backend = component.texts["backend_type"]
    if not backend:
        return None
    section = component["backend"].mapping(backend)
    values = {name: resolution.value(node) for name, node in section.items.items()}
    values = {name: value for name, value in values.items() if value.raw is not None}
    prefix = component.metadata.text("name") or component.base
    prefix = prefix.replace("/", project.separator)
    if backend in PREFIXES:
        values.setdefault(PREFIXES[backend], string(prefix))
    elif backend == "cloud" and "workspaces" in values:
        values["workspaces"] = _named(values["workspaces"], workspace)
    elif backend == "azurerm":
        key = values.get("key")
        own = f"{prefix}.terraform.tfstate"
        before = f"{key.raw}{project.separator}" if key is not None and isinstance(key.raw, str) else ""
        values["key"] = string(before + own)
    return StateIdentity(backend, flatten_blocks(values), section.span)


def _named(workspaces: Value, workspace: str) -> Value:
    """Return HCP Terraform's workspaces with the name that Atmos puts in: its token stands for Terraform's workspace."""
    name = workspaces.raw.get("name") if isinstance(workspaces.raw, dict) else None
    if name is None or not isinstance(name.raw, str):
        return workspaces
    return object_of({**workspaces.raw, "name": string(name.raw.replace(WORKSPACE_PLACE, workspace))})
