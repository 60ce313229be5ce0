"""What a result is as bytes.

Values, types and origins stand in tables, each once, and are referred to by number:
most attributes of most resources are the same few nulls.
"""

from __future__ import annotations

from typing import Any

import msgspec

from astralint.source.diagnostic import Diagnostic
from astralint.source.partial import PartialText
from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.requests import LookupRequest, OrganizationRequest, RemoteStateRequest
from astralint.terraform.results import BlindSpot, InstanceKey, ModuleCallResult, RemoteStateRead
from astralint.terraform.values.value import Reason


class OriginRecord(msgspec.Struct, frozen=True, array_like=True):
    """An origin; `sources` are numbers of others."""

    kind: str
    address: str
    workspace: str
    span: Span | None
    sources: list[int]


class ValuesRecord(msgspec.Struct, frozen=True, array_like=True):
    """All values, field by field: `raws` are, by `kinds`: themselves, long integers, numbers of values, …

    `origins` are numbers of sets of origins.
    """

    types: list[int] = []
    kinds: list[str] = []
    raws: list[Any] = []
    marks: list[int] = []
    origins: list[int] = []


class TypeRecord(msgspec.Struct, frozen=True, array_like=True):
    """`parts` are types; `name` a primitive's, `names` the number of an object's attribute names."""

    kind: str
    parts: list[int] = []
    name: str = ""
    names: int = 0
    optional: tuple[str, ...] = ()


class CandidateRecord(msgspec.Struct, frozen=True, array_like=True):
    """A candidate; `value` and `maybe` are numbers."""

    key: str | None
    value: int
    maybe: list[int]


class UnknownRecord(msgspec.Struct, frozen=True, array_like=True):
    """An unknown; `reasons` are numbers, `bounds` numbers with their kinds."""

    reasons: list[int]
    text: PartialText | None
    not_null: bool
    bounds: tuple[tuple[str, Any], tuple[str, Any]] | None = None
    candidates: list[CandidateRecord] | None = None
    open: bool = False


class InstanceRecord(msgspec.Struct, frozen=True, array_like=True):
    """A resource instance; `provider` and `values` are numbers."""

    address: str
    mode: str
    type: str
    name: str
    module: str
    index: InstanceKey
    provider: int | None
    values: int
    span: Span
    block: int
    uncertain: tuple[Reason, ...]
    depends_on: tuple[str, ...]
    predicted: tuple[str, ...] = ()


class ProviderRecord(msgspec.Struct, frozen=True, array_like=True):
    """A provider configuration; what it knows are numbers of values."""

    address: str
    type: str
    alias: str
    values: int
    account: int
    region: int
    partition: int
    account_evidence: str
    span: Span | None
    block: int


class RequestRecord(msgspec.Struct, frozen=True, array_like=True):
    """A request: one of these."""

    remote_state: RemoteStateRequest | None = None
    lookup: LookupRequest | None = None
    organization: OrganizationRequest | None = None


class ResultRecord(msgspec.Struct, frozen=True, array_like=True):
    """A result: the tables first, what refers to them after."""

    name: str
    directory: TreePath
    reasons: list[Reason]
    unknowns: list[UnknownRecord]
    types: list[TypeRecord]
    names: list[list[str]]
    origins: list[OriginRecord]
    sets: list[list[int]]
    values: ValuesRecord
    every_provider: list[ProviderRecord]
    resources: list[InstanceRecord]
    outputs: list[tuple[str, int, Span]]
    providers: list[int]
    backend: str
    state: list[tuple[str, int]]
    state_span: Span | None
    state_partial: bool
    module_calls: tuple[ModuleCallResult, ...]
    remote_state_reads: tuple[RemoteStateRead, ...]
    requests: list[RequestRecord]
    diagnostics: tuple[Diagnostic, ...]
    blind_spots: tuple[BlindSpot, ...]
    files: tuple[TreePath, ...]
    variables: list[tuple[str, int]]
    secrets: tuple[str, ...] = ()
