"""Whose state is it? Matching remote-state reads with the workspaces that keep the state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from astralint.source.partial import Hole, PartialText, Text, same
from astralint.source.tree import join
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.requests import Answer, RemoteStateRequest
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.values.value import Reason, object_of
from astralint.terraform.workspace import WorkspaceSpec

IDENTITY = {
    "s3": ("bucket", "key"),
    "gcs": ("bucket", "prefix"),
    "azurerm": ("storage_account_name", "container_name", "key"),
    "http": ("address",),
    "local": ("path",),
    "remote": ("organization", "workspaces.name"),
    "consul": ("path",),
    "cos": ("bucket", "prefix", "key"),
    "oss": ("bucket", "prefix", "key"),
    "pg": ("conn_str", "schema_name"),
    "kubernetes": ("namespace", "secret_suffix"),
}
"""The arguments that tell one state of a backend from another (Terraform's "Backend Configuration")."""

UNITS = frozenset({"terragrunt", "stack", "atmos"})
"""Layouts whose parts name each other: what requests for their outputs have in place of a backend."""

DEFAULTS = {("gcs", "prefix"): "", ("cos", "key"): "terraform.tfstate", ("oss", "key"): "terraform.tfstate"}


class Location(msgspec.Struct, frozen=True):
    """A state's place: a backend and its identifying arguments, workspaces taken into account."""

    backend: str
    parts: tuple[Text, ...]

    def __str__(self) -> str:
        return "/".join(str(part) for part in self.parts)


def _hole(message: str) -> PartialText:
    return PartialText((Hole(message),))


def location(backend: str, config: Mapping[str, Text], workspace: Text, directory: str) -> Location:
    """Return the place of a state from backend arguments; what is missing is a hole."""
    if backend == "cloud":
        backend = "remote"
    if backend == "remote":
        return Location(backend, _remote(config, workspace))
    if backend == "local":
        return Location(backend, (_local(config, workspace, directory),))
    names = IDENTITY.get(backend, tuple(sorted(config)))
    parts = {
        name: config.get(name, DEFAULTS.get((backend, name), _hole(f"`{name}` is not in the code"))) for name in names
    }
    if backend == "s3" and workspace != "default":
        prefix = config.get("workspace_key_prefix", "env:")
        parts["key"] = _text(PartialText.of(prefix, "/", workspace, "/", parts["key"]))
    elif backend == "gcs":
        parts["prefix"] = _text(PartialText.of(parts["prefix"], "/", workspace))
    elif backend == "azurerm" and workspace != "default":
        parts["key"] = _text(PartialText.of(parts["key"], "env:", workspace))
    return Location(backend, tuple(parts[name] for name in names))


def _text(partial: PartialText) -> Text:
    known = partial.known
    return partial if known is None else known


def _remote(config: Mapping[str, Text], workspace: Text) -> tuple[Text, ...]:
    organization = config.get("organization", _hole("`organization` is not in the code"))
    name = config.get("workspaces.name")
    if name is None:
        prefix = config.get("workspaces.prefix")
        name = workspace if prefix is None else _text(PartialText.of(prefix, workspace))
    return organization, name


def _local(config: Mapping[str, Text], workspace: Text, directory: str) -> Text:
    if workspace == "default":
        path = config.get("path", "terraform.tfstate")
    else:
        base = config.get("workspace_dir", "terraform.tfstate.d")
        path = _text(PartialText.of(base, "/", workspace, "/terraform.tfstate"))
    return join(directory, path) if isinstance(path, str) else path


def _compare(left: Location, right: Location) -> tuple[bool | None, bool]:
    """Say whether two places are one, and whether any part is the same for sure."""
    if left.backend != right.backend or len(left.parts) != len(right.parts):
        return False, False
    every, some = True, False
    for a, b in zip(left.parts, right.parts, strict=True):
        outcome = same(a, b)
        if outcome is False:
            return False, some
        every = every and outcome is True
        some = some or outcome is True
    return (True if every else None), some


def _last(place: Location) -> str | None:
    """Return the last part of a place (the key, the workspace's name) where it is known."""
    last = place.parts[-1] if place.parts else None
    return last if isinstance(last, str) else None


class StateDirectory:
    """The states that the platform's workspaces keep."""

    def __init__(self, results: Iterable[WorkspaceResult], specs: Mapping[str, WorkspaceSpec]) -> None:
        self._owners: dict[tuple[str, str | None], list[tuple[Location, WorkspaceResult]]] = {}
        self._units: dict[tuple[str, str, str], WorkspaceResult] = {}
        for result in results:
            spec = specs[result.name]
            if spec.layout != "plain":
                path = _unit_path(spec)
                self._units[spec.layout, path, environment_text(spec.environment)] = result
                self._units.setdefault((spec.layout, path, ""), result)
            config = {name: text for name, value in result.state.config.items() if (text := text_of(value)) is not None}
            workspace: Text = spec.terraform_workspace or _hole("the workspace's name is not known")
            place = location(result.state.backend, config, workspace, result.directory)
            self._owners.setdefault((place.backend, _last(place)), []).append((place, result))

    def _candidates(self, wanted: Location) -> Iterator[tuple[Location, WorkspaceResult]]:
        """Yield the states that may be meant: those with the same last part, or one that is not known."""
        last = _last(wanted)
        if last is None:
            yield from (pair for key, pairs in self._owners.items() if key[0] == wanted.backend for pair in pairs)
            return
        yield from self._owners.get((wanted.backend, last), ())
        yield from self._owners.get((wanted.backend, None), ())

    def answer(self, request: RemoteStateRequest) -> Answer:
        """Answer a read with the outputs of the one workspace that keeps the state, or with the reason."""
        config = dict(request.config)
        unit_path = str(config.get("path"))
        own = self._units.get((request.backend, unit_path, str(config.get("environment", ""))))
        unit = own or self._units.get((request.backend, unit_path, ""))
        if unit is not None:
            return _of_unit(unit)
        if request.backend in UNITS:
            message = f"there is no unit in `{config.get('path')}`"
            return Answer(reason=Reason("remote-state-unmatched", message))
        directory = str(config.pop("", "."))
        wanted = location(request.backend, config, request.workspace or "default", directory)
        sure: list[WorkspaceResult] = []
        possible: list[WorkspaceResult] = []
        for place, result in self._candidates(wanted):
            outcome, some = _compare(wanted, place)
            if outcome is not False and some:
                (sure if outcome else possible).append(result)
        sure.sort(key=lambda result: result.name)
        possible.sort(key=lambda result: result.name)
        candidates = sure or possible
        if len(candidates) == 1:
            result = candidates[0]
            outputs = object_of({name: output.value for name, output in result.outputs.items()})
            complete = not any(spot.reason.code == "error" and not spot.type for spot in result.blind_spots)
            return Answer(outputs, None, result.name, result.state.span, complete)
        if not candidates:
            message = f"no workspace keeps the {request.backend} state `{wanted}`"
        else:
            names = ", ".join(f"`{result.name}`" for result in candidates[:3])
            message = f"{len(candidates)} workspaces may keep the {request.backend} state `{wanted}`: {names}"
        return Answer(reason=Reason("remote-state-unmatched", message))


def _unit_path(spec: WorkspaceSpec) -> str:
    """Return what others call a unit: its directory, and what tells several in one directory apart."""
    if spec.unit:
        return spec.unit
    return f"{spec.directory}:{spec.terraform_workspace}" if spec.layout == "stack" else spec.directory


def environment_text(environment: Mapping[str, str]) -> str:
    """Return what tells units apart that are run in several environments."""
    return "&".join(f"{name}={value}" for name, value in sorted(environment.items()))


def _of_unit(result: WorkspaceResult) -> Answer:
    """Return the outputs of a unit that another names by its directory."""
    outputs = object_of({name: output.value for name, output in result.outputs.items()})
    unread = next((spot.reason for spot in result.blind_spots if spot.reason.code in ("unit-not-read", "error")), None)
    return Answer(outputs, unread, result.name, result.state.span, unread is None)
