"""Small Atmos projects, read without evaluating their components."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from astralint.hcl.store import SyntaxStore
from astralint.layouts.atmos.components import components_of, stack_name, workspace_name
from astralint.layouts.atmos.manifests import Manifests
from astralint.layouts.atmos.project import read_manifest, read_project
from astralint.layouts.atmos.resolution import Resolution, given_values
from astralint.layouts.atmos.root import state_of
from astralint.source.tree import LocalTree
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.values.json_text import to_json
from astralint.terraform.values.operations import reasons_in, wholly_known
from astralint.terraform.values.value import Value
from tests.layouts.trees import write

ATMOS = """
base_path: "."
components: {terraform: {base_path: components/terraform}}
stacks:
  base_path: stacks
  included_paths: ["orgs/**/*"]
  excluded_paths: ["**/_defaults.yaml"]
  name_pattern: "{tenant}-{environment}-{stage}"
"""
PLACE = "vars: {tenant: t, environment: e, stage: s}\n"
"""What makes a stack be called `t-e-s`."""


class Read:
    """What a project says, by `stack/component`."""

    def __init__(self) -> None:
        self.variables: dict[str, dict[str, Any]] = {}
        self.workspaces: dict[str, str] = {}
        self.directories: dict[str, str] = {}
        self.states: dict[str, dict[str, Any]] = {}
        self.messages: list[str] = []
        self.unread: list[str] = []


def read(top: Path, files: dict[str, str], atmos: str = ATMOS) -> Read:
    write(top, {"atmos.yaml": atmos, **files})
    tree = LocalTree(top)
    loader = ModuleLoader(tree, SyntaxStore(None))
    project, problems = read_project(tree, "atmos.yaml")
    found = Read()
    found.messages += [each.message for each in problems]
    assert project is not None
    manifests = Manifests(tree, project)
    for path in manifests.files():
        if not project.is_stack(path):
            continue
        merged = manifests.read(path)
        found.unread += [reason.message for reason in merged.unread]
        own, _ = read_manifest(tree, path)
        for component in components_of(merged.content, path, project):
            if component.is_abstract:
                continue
            found.messages += [problem.message for problem in component.problems]
            stack = stack_name(component, own.text("name") if own else "", project)
            name = f"{stack}/{component.name}"
            workspace = workspace_name(component, stack, project)
            resolution = Resolution(loader, project, component, stack, workspace)
            given = given_values(component["vars"], resolution)
            found.variables[name] = {key: plain(value) for key, (value, _) in given.items()}
            found.workspaces[name] = workspace
            found.directories[name] = component.base
            state = state_of(component, project, resolution, workspace)
            if state is not None:
                found.states[name] = {"backend": state.backend} | {k: plain(v) for k, v in state.config.items()}
            found.messages += [each.message for each in resolution.diagnostics]
    found.messages += [each.message for each in manifests.diagnostics]
    return found


def plain(value: Value) -> Any:
    """Return a value as plain data; what is not known is a text with the reasons."""
    if wholly_known(value):
        return json.loads(to_json(value))
    return "unknown: " + "; ".join(reason.message for reason in reasons_in([value]))
