"""Where a workspace's state and its code do not agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from astralint.estate.estate import Estate
from astralint.estate.model import Resource, Workspace
from astralint.terraform.state.addresses import split_module, without_keys
from astralint.terraform.state.model import PlacedState, StateInstance
from astralint.terraform.values.value import Reason

Kind = Literal["not-in-code", "not-in-state", "changed", "deleted", "gone"]


class Divergence(msgspec.Struct, frozen=True, eq=False):
    """One instance that state and code do not agree about.

    `not-in-code`: the state has it, the code does not; `not-in-state`: the other way round. `changed` and `deleted`
    are what a plan found done outside of Terraform, with the `attributes` that changed; `gone` is what an inventory
    has no more. `resource` is the instance in
    the code, None where it has none. `open` says why it is not certain.
    """

    kind: Kind
    workspace: Workspace
    address: str
    state: PlacedState
    resource: Resource | None = None
    instance: StateInstance | None = None
    attributes: tuple[str, ...] = ()
    open: Reason | None = None

    def __str__(self) -> str:
        return self.address


def divergences(estate: Estate) -> Iterator[Divergence]:
    """Yield all of them, workspace by workspace."""
    for name, placed in estate.contents.states.items():
        workspace = estate.workspaces[name]
        yield from _beside(workspace, placed)
        yield from _missing(workspace, placed)
        for drift in placed.state.drift:
            kind: Kind = "deleted" if drift.action == "delete" else "changed"
            resource = estate.find(name, drift.address)
            yield Divergence(kind, workspace, drift.address, placed, resource, attributes=drift.attributes)


def _beside(workspace: Workspace, placed: PlacedState) -> Iterator[Divergence]:
    """Yield what the state has and the code has not, but for what a `removed` block gives up."""
    uncertain = {without_keys(r.address): r.instance.uncertain[0] for r in workspace.resources if r.instance.uncertain}
    for address, instance in placed.beside:
        if address in placed.forgotten:
            continue
        reason = uncertain.get(without_keys(address)) or _hidden(workspace, address, instance.type)
        yield Divergence("not-in-code", workspace, address, placed, instance=instance, open=reason)


def _hidden(workspace: Workspace, address: str, type_: str) -> Reason | None:
    """Return why an address may be in the code all the same: something there could not be seen."""
    module = without_keys(split_module(address)[0])
    calls = {without_keys(call.address) for call in workspace.result.module_calls if call.directory is not None}
    for spot in workspace.result.blind_spots:
        if spot.type and spot.type != type_:
            continue
        if spot.reason.code == "module-not-read" and (not module or module in calls):
            # Its own module was read; what could not be is another.
            continue
        return spot.reason
    return None


def _missing(workspace: Workspace, placed: PlacedState) -> Iterator[Divergence]:
    imported = {without_keys(address) for address in placed.imported}
    for resource in workspace.resources:
        if resource.address in placed.here or without_keys(resource.address) in imported:
            continue
        reason = resource.instance.uncertain[0] if resource.instance.uncertain else None
        yield Divergence("not-in-state", workspace, resource.address, placed, resource, open=reason)
