"""Bytes to results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.requests import Request
from astralint.terraform.result_codec.records import OriginRecord, RequestRecord, ResultRecord, UnknownRecord
from astralint.terraform.results import OutputResult, ResourceInstance, StateIdentity, WorkspaceResult
from astralint.terraform.values.numbers import whole_of
from astralint.terraform.values.types import AnyType, ListType, MapType, ObjectType, Primitive, SetType, TupleType
from astralint.terraform.values.value import (
    NOWHERE,
    Candidate,
    OpenAttributes,
    Origin,
    Reason,
    StateOutputs,
    Unknown,
    Value,
)

_COLLECTIONS: dict[str, type[ListType | SetType | MapType]] = {"list": ListType, "set": SetType, "map": MapType}


class ResultDecoder:
    """Reads results; origins that are equal are one again, whatever results they come from."""

    def __init__(self) -> None:
        self._decode = msgspec.msgpack.Decoder(ResultRecord).decode
        self._known: dict[tuple[Any, ...], Origin] = {}
        self._names: dict[tuple[str, ...], list[str]] = {}

    def decode(self, data: bytes | memoryview) -> WorkspaceResult:
        """Return a result; raises ValueError, LookupError, TypeError or RecursionError where it is not one."""
        read = self._decode(data)
        # Thousands of resources have the same attributes: their names are there once.
        read.names[:] = [self._names.setdefault(tuple(names), names) for names in read.names]
        values = _values(read, self._origins(read.origins))
        get = values.__getitem__
        providers = [
            ProviderContext(
                p.address,
                p.type,
                p.alias,
                get(p.values),
                get(p.account),
                get(p.region),
                get(p.partition),
                p.account_evidence,
                p.span,
                p.block,
            )
            for p in read.every_provider
        ]
        return WorkspaceResult(
            name=read.name,
            directory=read.directory,
            resources=tuple(
                ResourceInstance(
                    i.address,
                    i.mode,
                    i.type,
                    i.name,
                    i.module,
                    i.index,
                    None if i.provider is None else providers[i.provider],
                    get(i.values),
                    i.span,
                    i.block,
                    i.uncertain,
                    i.depends_on,
                    i.predicted,
                )
                for i in read.resources
            ),
            outputs={name: OutputResult(name, get(value), span) for name, value, span in read.outputs},
            providers=tuple(providers[number] for number in read.providers),
            state=StateIdentity(
                read.backend, {name: get(value) for name, value in read.state}, read.state_span, read.state_partial
            ),
            module_calls=read.module_calls,
            remote_state_reads=read.remote_state_reads,
            requests=tuple(_one(request) for request in read.requests),
            diagnostics=read.diagnostics,
            blind_spots=read.blind_spots,
            files=read.files,
            variables={name: get(value) for name, value in read.variables},
            secrets=read.secrets,
        )

    def _origins(self, written: list[OriginRecord]) -> list[Origin]:
        origins: list[Origin] = []
        for item in written:
            sources = frozenset(map(origins.__getitem__, item.sources))
            key = (item.kind, item.address, item.workspace, item.span, sources)
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = Origin(
                    item.kind, item.address, item.workspace, item.span, sources or NOWHERE
                )
            origins.append(known)
        return origins


def _number(kind: str, raw: Any) -> Any:
    match kind:
        case "":
            return raw
        case "i":
            return int(raw, 16)
        case "r":
            return whole_of(int(raw[0], 16), raw[1])
        case "m":
            import gmpy2

            return gmpy2.from_binary(raw)
    raise ValueError(kind)


def _values(read: ResultRecord, origins: list[Origin]) -> list[Value]:
    names, reasons, types = read.names, read.reasons, _types(read)
    unknowns = [_unknown(item, reasons, ()) if item.candidates is None else None for item in read.unknowns]
    sets = [frozenset(map(origins.__getitem__, numbers)) or NOWHERE for numbers in read.sets]
    written = read.values
    values: list[Value] = []
    get, append = values.__getitem__, values.append
    for type_, kind, data, marks, set_ in zip(
        written.types, written.kinds, written.raws, written.marks, written.origins, strict=True
    ):
        raw: Any = data
        match kind:
            case "":
                pass
            case "u":
                raw = unknowns[data]
                if raw is None:
                    raw = unknowns[data] = _unknown(read.unknowns[data], reasons, values)
            case "d":
                raw = _dict(names[data[0]], map(get, data[1:]))
            case "o":
                raw = _open(OpenAttributes({}, reasons[data[1]]), names[data[0]], map(get, data[2:]))
            case "s":
                raw = _open(StateOutputs({}, reasons[data[1]]), names[data[0]], map(get, data[2:]))
            case "t":
                raw = tuple(map(get, data))
            case _:
                raw = _number(kind, data)
        append(Value(types[type_], raw, marks, sets[set_]))
    return values


def _types(read: ResultRecord) -> list[AnyType]:
    types: list[AnyType] = []
    for item in read.types:
        parts = [types[number] for number in item.parts]
        match item.kind:
            case "":
                types.append(Primitive(item.name))
            case "object":
                types.append(ObjectType(tuple(zip(read.names[item.names], parts, strict=True)), item.optional))
            case "tuple":
                types.append(TupleType(tuple(parts)))
            case kind:
                types.append(_COLLECTIONS[kind](parts[0]))
    return types


def _dict(names: list[str], values: Iterable[Value]) -> dict[str, Value]:
    return dict(zip(names, values, strict=True))


def _unknown(item: UnknownRecord, reasons: list[Reason], values: Sequence[Value]) -> Unknown:
    candidates = None
    if item.candidates is not None:
        candidates = tuple(
            Candidate(each.key, values[each.value], tuple(map(reasons.__getitem__, each.maybe)))
            for each in item.candidates
        )
    return Unknown(
        tuple(map(reasons.__getitem__, item.reasons)),
        item.text,
        item.not_null,
        item.bounds and (_number(*item.bounds[0]), _number(*item.bounds[1])),
        candidates,
        item.open,
    )


def _open(
    opened: OpenAttributes | StateOutputs, names: list[str], values: Iterable[Value]
) -> OpenAttributes | StateOutputs:
    opened.update(zip(names, values, strict=True))
    return opened


def _one(request: RequestRecord) -> Request:
    found = request.remote_state or request.lookup or request.organization
    if found is None:
        raise ValueError("no request")
    return found
