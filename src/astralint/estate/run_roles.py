"""The roles that runs of HCP Terraform get: variables that the code sets on workspaces, by themselves or in sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from astralint.estate.model import Resource, Workspace
from astralint.estate.origins import resource_behind
from astralint.estate.places import argument_at
from astralint.estate.views import text
from astralint.hcl import syntax
from astralint.source.partial import Hole, PartialText, Text, same
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.values.value import SENSITIVE, Value

if TYPE_CHECKING:
    from astralint.estate.estate import Estate

RUN_ROLES = ("TFC_AWS_RUN_ROLE_ARN", "TFC_AWS_PLAN_ROLE_ARN", "TFC_AWS_APPLY_ROLE_ARN")
"""Environment variables that give a role to the runs of HCP Terraform ("Dynamic credentials with the AWS provider")."""

WORKSPACE_SYMBOL = "generated:HCP Terraform workspace "
"""What begins the symbol of the id of a workspace of HCP Terraform that is known by its name."""


class RunRole(msgspec.Struct, frozen=True, eq=False):
    """A `tfe_variable` that makes the runs of a workspace act as a role."""

    workspace: Workspace
    arn: Text
    variable: Resource


def run_roles(estate: Estate) -> Iterator[RunRole]:
    """Yield the roles that the runs of workspaces get, in stable order."""
    for variable in estate.resources("tfe_variable"):
        value, key = variable.value("value"), variable.text("key")
        arn = text(value)
        if value is None or arn is None or key not in RUN_ROLES or value.marks & SENSITIVE:
            continue
        for workspace in _Variables(estate).workspaces_with(variable):
            yield RunRole(workspace, arn, variable)


class _Variables:
    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def workspaces_with(self, variable: Resource) -> Iterable[Workspace]:
        """Return the workspaces that a variable is set on."""
        own = variable.value("workspace_id")
        if own is not None and own.raw is not None:
            return self._by_id(variable, "workspace_id", own)
        shared = self._set_of(variable)
        return self._with_set(shared) if shared is not None else ()

    # --- variable sets -------------------------------------------------------------------

    def _set_of(self, resource: Resource) -> Resource | None:
        return resource_behind(self._estate, resource.value("variable_set_id"), "tfe_variable_set")

    def _with_set(self, shared: Resource) -> Iterable[Workspace]:
        """Return the workspaces that a set of variables is applied to: to all, one by one, or by their project."""
        found: dict[str, Workspace] = {}
        is_global = shared.value("global")
        if is_global is not None and is_global.raw is True:
            found.update({w.name: w for w in self._estate.workspaces.values() if cloud_name(w) is not None})
        listed = shared.value("workspace_ids")
        for item in listed.raw if listed is not None and isinstance(listed.raw, tuple) else ():
            found.update({w.name: w for w in self._by_id(shared, "workspace_ids", item)})
        for link in self._links("tfe_workspace_variable_set", shared):
            value = link.value("workspace_id")
            if value is not None:
                found.update({w.name: w for w in self._by_id(link, "workspace_id", value)})
        for link in self._links("tfe_project_variable_set", shared):
            found.update({w.name: w for w in self._of_project(link)})
        return [found[name] for name in sorted(found)]

    def _links(self, type_: str, shared: Resource) -> Iterator[Resource]:
        for link in self._estate.resources(type_):
            own = self._set_of(link)
            if own is not None and self._is_same(own, shared):
                yield link

    @staticmethod
    def _is_same(one: Resource, other: Resource) -> bool:
        """Say whether two are one variable set: the same resource, or one that is looked up by the other's name."""
        if one is other:
            return True
        name = one.text("name")
        return "data" in (one.mode, other.mode) and name is not None and same(name, other.text("name") or "") is True

    def _of_project(self, link: Resource) -> Iterator[Workspace]:
        project = resource_behind(self._estate, link.value("project_id"), "tfe_project")
        if project is None:
            return
        for resource in self._estate.resources("tfe_workspace"):
            own = resource_behind(self._estate, resource.value("project_id"), "tfe_project")
            if own is not None and (own is project or own.text("name") == project.text("name")):
                yield from self._made(resource)

    # --- workspaces ----------------------------------------------------------------------

    def _by_id(self, resource: Resource, argument: str, value: Value) -> list[Workspace]:
        """Return the workspaces whose id a value is."""
        told = text_of(value)
        only = told.parts[0] if isinstance(told, PartialText) and len(told.parts) == 1 else None
        if isinstance(only, Hole) and (only.symbol or "").startswith(WORKSPACE_SYMBOL):
            return self._called((only.symbol or "").removeprefix(WORKSPACE_SYMBOL))
        made = resource_behind(self._estate, value, "tfe_workspace")
        if made is not None:
            return self._made(made)
        if resource_behind(self._estate, value, "tfe_workspace_ids") is not None:
            name = self._looked_up(resource, argument)
            return self._called(name) if name is not None else []
        return []

    def _looked_up(self, resource: Resource, argument: str) -> str | None:
        """Return the name by which `data.tfe_workspace_ids.all.ids["shop"]` finds a workspace, where it stands there."""
        source = self._estate.source(resource.instance.span.file)
        found = argument_at(source, resource.instance.block, (argument,)) if source is not None else None
        expression = found[0] if found is not None else None
        if not isinstance(expression, syntax.Index):
            return None
        key = expression.key
        if isinstance(key, syntax.Literal) and isinstance(key.value, str):
            return key.value
        is_each = isinstance(key, syntax.GetAttr) and key.name == "key" and isinstance(key.target, syntax.Variable)
        index = resource.instance.index
        return index if is_each and isinstance(index, str) else None

    def _made(self, resource: Resource) -> list[Workspace]:
        """Return the workspaces whose state a `tfe_workspace` keeps."""
        name = resource.text("name")
        if name is None:
            return []
        found = self._called(name)
        directory = resource.text("working_directory")
        if found or not isinstance(directory, str) or not directory.strip("/"):
            return found
        # What is run from a repository needs no `cloud` block.
        return [w for w in self._estate.workspaces.values() if w.directory == directory.strip("/")]

    def _called(self, name: Text) -> list[Workspace]:
        return [w for w in self._estate.workspaces.values() if cloud_name(w) == name]


def cloud_name(workspace: Workspace) -> Text | None:
    """Return the name that a workspace has in HCP Terraform; None where its state is elsewhere."""
    state = workspace.result.state
    if state.backend not in ("cloud", "remote"):
        return None
    name = state.config.get("workspaces.name")
    told = text_of(name) if name is not None else None
    return told if told is not None else workspace.spec.terraform_workspace
