"""What evaluating a workspace gives: plain values that can be sent, cached and judged."""

from __future__ import annotations

import msgspec

from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.requests import RemoteStateRequest, Request
from astralint.terraform.values.value import Reason, Value

InstanceKey = int | str | None


class ResourceInstance(msgspec.Struct, frozen=True, eq=False):
    """A resource instance.

    `uncertain` is empty for an instance that exists for sure; else it says why its
    existence (or the number of its like) is not known: an unknown `count` or
    `for_each`, of the resource or of a module around it. `block` is the offset of
    its block in `span.file`, by which the syntax tree is found again.
    `predicted` are the attributes that only an apply makes, and that are told all the same.
    """

    address: str
    mode: str
    type: str
    name: str
    module: str
    index: InstanceKey
    provider: ProviderContext | None
    values: Value
    span: Span
    block: int
    uncertain: tuple[Reason, ...] = ()
    depends_on: tuple[str, ...] = ()
    predicted: tuple[str, ...] = ()


class OutputResult(msgspec.Struct, frozen=True, eq=False):
    """A root output: its value (unknown with the reason `error` where it failed)."""

    name: str
    value: Value
    span: Span


class ModuleCallResult(msgspec.Struct, frozen=True):
    """A module call: where it leads. `directory` is None where the module could not be read."""

    address: str
    source: str
    directory: TreePath | None
    span: Span


class RemoteStateRead(msgspec.Struct, frozen=True):
    """A `terraform_remote_state` or `tfe_outputs` read and the request that it became."""

    address: str
    request: RemoteStateRequest
    span: Span


class StateIdentity(msgspec.Struct, frozen=True, eq=False):
    """Where a workspace keeps its state: what remote-state reads are matched with.

    `backend` is `cloud`, `local`, `s3`, …; `config` the flat arguments with their
    values; `partial` says that arguments come from somewhere that is not in the code.
    """

    backend: str
    config: dict[str, Value]
    span: Span | None
    partial: bool = False


class BlindSpot(msgspec.Struct, frozen=True):
    """Something that could not be seen. `type` is the resource type that it may hide, "" for any."""

    reason: Reason
    type: str = ""


class WorkspaceResult(msgspec.Struct, frozen=True, eq=False):
    """All that evaluating one workspace gives.

    `blind_spots` say what could not be seen: absence of a resource is certain
    only where none of them may hide it. `variables` are those that are given to the root,
    as they are given.
    `secrets` are the sensitive texts that the
    evaluation met: no output and no cache holds them.
    """

    name: str
    directory: TreePath
    resources: tuple[ResourceInstance, ...]
    outputs: dict[str, OutputResult]
    providers: tuple[ProviderContext, ...]
    state: StateIdentity
    module_calls: tuple[ModuleCallResult, ...]
    remote_state_reads: tuple[RemoteStateRead, ...]
    requests: tuple[Request, ...]
    diagnostics: tuple[Diagnostic, ...]
    blind_spots: tuple[BlindSpot, ...]
    files: tuple[TreePath, ...]
    variables: dict[str, Value] = {}
    secrets: tuple[str, ...] = ()
