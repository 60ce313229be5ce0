"""Results of workspaces as bytes, for the cache: exact there and back, without any code in them.

Values, types and origins stand in tables, each once, and are referred to by number:
most attributes of most resources are the same few nulls.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from astralint.source.diagnostic import Diagnostic
from astralint.source.partial import PartialText
from astralint.source.span import Span
from astralint.source.tree import TreePath
from astralint.terraform.codec import origin_key
from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.requests import LookupRequest, OrganizationRequest, RemoteStateRequest, Request
from astralint.terraform.results import (
    BlindSpot,
    InstanceKey,
    ModuleCallResult,
    OutputResult,
    RemoteStateRead,
    ResourceInstance,
    StateIdentity,
    WorkspaceResult,
)
from astralint.terraform.values.numbers import Rounded, whole_of
from astralint.terraform.values.types import AnyType, ListType, MapType, ObjectType, Primitive, SetType, TupleType
from astralint.terraform.values.value import (
    NOWHERE,
    SENSITIVE,
    OpenAttributes,
    Origin,
    Reason,
    Unknown,
    Value,
)

SECRET_ARGUMENTS = frozenset(
    {"access_key", "client_certificate", "client_secret", "conn_str", "encryption_key", "password", "sas_token"}
    | {"secret_id", "secret_key", "sse_customer_key", "token"}
)
"""Arguments of backends that may hold credentials without being marked."""


COLLECTIONS: dict[str, type[ListType | SetType | MapType]] = {"list": ListType, "set": SetType, "map": MapType}


class SensitiveError(Exception):
    """A result holds what must not be written anywhere."""


class _Origin(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    address: str
    workspace: str
    span: Span | None
    sources: list[int]


class _Values(msgspec.Struct, frozen=True, array_like=True):
    """All values, field by field: `raws` are, by `kinds`: themselves, long integers, numbers of values, …

    `origins` are numbers of sets of origins.
    """

    types: list[int] = []
    kinds: list[str] = []
    raws: list[Any] = []
    marks: list[int] = []
    origins: list[int] = []


class _Type(msgspec.Struct, frozen=True, array_like=True):
    """`parts` are types; `name` a primitive's, `names` the number of an object's attribute names."""

    kind: str
    parts: list[int] = []
    name: str = ""
    names: int = 0
    optional: tuple[str, ...] = ()


class _Unknown(msgspec.Struct, frozen=True, array_like=True):
    reasons: list[int]
    text: PartialText | None
    not_null: bool
    bounds: tuple[tuple[str, Any], tuple[str, Any]] | None = None


class _Instance(msgspec.Struct, frozen=True, array_like=True):
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


class _Provider(msgspec.Struct, frozen=True, array_like=True):
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


class _Request(msgspec.Struct, frozen=True, array_like=True):
    remote_state: RemoteStateRequest | None = None
    lookup: LookupRequest | None = None
    organization: OrganizationRequest | None = None


class _Result(msgspec.Struct, frozen=True, array_like=True):
    name: str
    directory: TreePath
    reasons: list[Reason]
    unknowns: list[_Unknown]
    types: list[_Type]
    names: list[list[str]]
    origins: list[_Origin]
    sets: list[list[int]]
    values: _Values
    every_provider: list[_Provider]
    resources: list[_Instance]
    outputs: list[tuple[str, int, Span]]
    providers: list[int]
    backend: str
    state: list[tuple[str, int]]
    state_span: Span | None
    state_partial: bool
    module_calls: tuple[ModuleCallResult, ...]
    remote_state_reads: tuple[RemoteStateRead, ...]
    requests: list[_Request]
    diagnostics: tuple[Diagnostic, ...]
    blind_spots: tuple[BlindSpot, ...]
    files: tuple[TreePath, ...]


def is_sensitive(value: Value) -> bool:
    """Say whether something known in a value is sensitive."""
    pending = [value]
    while pending:
        value = pending.pop()
        raw = value.raw
        if value.marks & SENSITIVE and raw is not None and type(raw) is not Unknown:
            return True
        if isinstance(raw, dict):
            pending.extend(raw.values())
        elif isinstance(raw, tuple):
            pending.extend(raw)
    return False


class _Table(dict[Any, int]):
    """Numbers for things, in the order in which they come."""

    def number(self, key: Any) -> int:
        number = self.get(key)
        if number is None:
            number = self[key] = len(self)
        return number


class _Writer:
    def __init__(self) -> None:
        self.types: list[_Type] = []
        self.unknowns: list[_Unknown] = []
        self.reasons = _Table()
        self.names = _Table()
        self.origins: list[_Origin] = []
        self.sets = _Table()
        self.values = _Values()
        self.providers: list[_Provider] = []
        self._type_ids: dict[AnyType, int] = {}
        self._unknown_ids: dict[Unknown, int] = {}
        self._origin_ids: dict[int, int] = {}
        self._value_ids: dict[int, int] = {}
        self._value_keys: dict[Any, int] = {}
        self._provider_ids: dict[int, int] = {}

    def value(self, value: Value) -> int:
        number = self._value_ids.get(id(value))
        if number is None:
            number = self._value_ids[id(value)] = self._value(value)
        return number

    def _value(self, value: Value) -> int:
        if value.marks & SENSITIVE and value.raw is not None and type(value.raw) is not Unknown:
            raise SensitiveError
        kind, raw = self._raw(value.raw)
        origins = self.sets.number(tuple(self._set(value.origins)))
        # A bool equals a number, so the type of what stands for itself is a part of its key.
        plain = tuple(raw) if isinstance(raw, list) else raw
        key = (self._type(value.type), kind, type(raw), plain, value.marks, origins)
        number = self._value_keys.get(key)
        if number is None:
            number = self._value_keys[key] = len(self._value_keys)
            values = self.values
            values.types.append(key[0])
            values.kinds.append(kind)
            values.raws.append(raw)
            values.marks.append(value.marks)
            values.origins.append(origins)
        return number

    def _raw(self, raw: Any) -> tuple[str, Any]:
        if raw is None or isinstance(raw, bool | str):
            return "", raw
        if isinstance(raw, Rounded):
            return "r", [hex(raw), raw.precision]
        if isinstance(raw, int):
            return ("", raw) if -(2**63) <= raw < 2**63 else ("i", hex(raw))
        if isinstance(raw, tuple):
            return "t", [self.value(item) for item in raw]
        if isinstance(raw, dict):
            names = self.names.number(tuple(raw))
            values = [self.value(item) for item in raw.values()]
            if isinstance(raw, OpenAttributes):
                return "o", [names, self.reasons.number(raw.reason), *values]
            return "d", [names, *values]
        if isinstance(raw, Unknown):
            return "u", self._unknown(raw)
        import gmpy2

        return "m", gmpy2.to_binary(raw)

    def _type(self, type_: AnyType) -> int:
        number = self._type_ids.get(type_)
        if number is None:
            written = self._written_type(type_)
            number = self._type_ids[type_] = len(self.types)
            self.types.append(written)
        return number

    def _written_type(self, type_: AnyType) -> _Type:
        match type_:
            case Primitive(name=name):
                return _Type("", name=name)
            case TupleType(elements=elements):
                return _Type("tuple", [self._type(element) for element in elements])
            case ObjectType(attributes=attributes, optional=optional):
                names = self.names.number(tuple(name for name, _ in attributes))
                return _Type("object", [self._type(inner) for _, inner in attributes], "", names, optional)
            case ListType(element=element):
                return _Type("list", [self._type(element)])
            case SetType(element=element):
                return _Type("set", [self._type(element)])
            case MapType(element=element):
                return _Type("map", [self._type(element)])

    def _unknown(self, unknown: Unknown) -> int:
        number = self._unknown_ids.get(unknown)
        if number is None:
            number = self._unknown_ids[unknown] = len(self.unknowns)
            reasons = [self.reasons.number(reason) for reason in unknown.reasons]
            bounds = None
            if unknown.bounds is not None:
                bounds = self._raw(unknown.bounds[0]), self._raw(unknown.bounds[1])
            self.unknowns.append(_Unknown(reasons, unknown.text, unknown.not_null, bounds))
        return number

    def _set(self, origins: frozenset[Origin]) -> list[int]:
        if len(origins) < 2:
            return [self._origin(origin) for origin in origins]
        return [self._origin(origin) for origin in sorted(origins, key=origin_key)]

    def _origin(self, origin: Origin) -> int:
        number = self._origin_ids.get(id(origin))
        if number is None:
            sources = self._set(origin.sources)
            number = self._origin_ids[id(origin)] = len(self.origins)
            self.origins.append(_Origin(origin.kind, origin.address, origin.workspace, origin.span, sources))
        return number

    def provider(self, provider: ProviderContext) -> int:
        number = self._provider_ids.get(id(provider))
        if number is None:
            written = _Provider(
                provider.address,
                provider.type,
                provider.alias,
                self.value(provider.values),
                self.value(provider.account),
                self.value(provider.region),
                self.value(provider.partition),
                provider.account_evidence,
                provider.span,
                provider.block,
            )
            number = self._provider_ids[id(provider)] = len(self.providers)
            self.providers.append(written)
        return number

    def instance(self, instance: ResourceInstance) -> _Instance:
        return _Instance(
            instance.address,
            instance.mode,
            instance.type,
            instance.name,
            instance.module,
            instance.index,
            None if instance.provider is None else self.provider(instance.provider),
            self.value(instance.values),
            instance.span,
            instance.block,
            instance.uncertain,
            instance.depends_on,
        )


def _request(request: Request) -> _Request:
    if isinstance(request, RemoteStateRequest):
        if any(name.rpartition(".")[2] in SECRET_ARGUMENTS for name, _ in request.config):
            raise SensitiveError
        return _Request(remote_state=request)
    if isinstance(request, LookupRequest):
        return _Request(lookup=request)
    return _Request(organization=request)


def encode_result(result: WorkspaceResult) -> bytes | None:
    """Return a result as bytes; None where it holds sensitive values, or is too deep to be written."""
    try:
        return _encode(result)
    except (SensitiveError, RecursionError):
        return None


def _encode(result: WorkspaceResult) -> bytes:
    writer = _Writer()
    resources = [writer.instance(instance) for instance in result.resources]
    outputs = [(output.name, writer.value(output.value), output.span) for output in result.outputs.values()]
    providers = [writer.provider(provider) for provider in result.providers]
    state = [(name, writer.value(value)) for name, value in result.state.config.items()]
    written = _Result(
        result.name,
        result.directory,
        list(writer.reasons),
        writer.unknowns,
        writer.types,
        [list(names) for names in writer.names],
        writer.origins,
        [list(numbers) for numbers in writer.sets],
        writer.values,
        writer.providers,
        resources,
        outputs,
        providers,
        result.state.backend,
        state,
        result.state.span,
        result.state.partial,
        result.module_calls,
        result.remote_state_reads,
        [_request(request) for request in result.requests],
        result.diagnostics,
        result.blind_spots,
        result.files,
    )
    return msgspec.msgpack.encode(written)


class ResultDecoder:
    """Reads results; origins that are equal are one again, whatever results they come from."""

    def __init__(self) -> None:
        self._decode = msgspec.msgpack.Decoder(_Result).decode
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
        )

    def _origins(self, written: list[_Origin]) -> list[Origin]:
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


def _values(read: _Result, origins: list[Origin]) -> list[Value]:
    names, reasons, types = read.names, read.reasons, _types(read)
    unknowns = [
        Unknown(
            tuple(map(reasons.__getitem__, item.reasons)),
            item.text,
            item.not_null,
            item.bounds and (_number(*item.bounds[0]), _number(*item.bounds[1])),
        )
        for item in read.unknowns
    ]
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
            case "d":
                raw = _dict(names[data[0]], map(get, data[1:]))
            case "o":
                raw = _open(reasons[data[1]], names[data[0]], map(get, data[2:]))
            case "t":
                raw = tuple(map(get, data))
            case _:
                raw = _number(kind, data)
        append(Value(types[type_], raw, marks, sets[set_]))
    return values


def _types(read: _Result) -> list[AnyType]:
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
                types.append(COLLECTIONS[kind](parts[0]))
    return types


def _dict(names: list[str], values: Iterable[Value]) -> dict[str, Value]:
    return dict(zip(names, values, strict=True))


def _open(reason: Reason, names: list[str], values: Iterable[Value]) -> OpenAttributes:
    opened = OpenAttributes({}, reason)
    opened.update(zip(names, values, strict=True))
    return opened


def _one(request: _Request) -> Request:
    found = request.remote_state or request.lookup or request.organization
    if found is None:
        raise ValueError("no request")
    return found


__all__ = ["ResultDecoder", "encode_result", "is_sensitive"]
