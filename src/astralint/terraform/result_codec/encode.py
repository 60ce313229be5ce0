"""Results to bytes; what is sensitive is written only for who seals it."""

from __future__ import annotations

from typing import Any

import msgspec

from astralint.terraform.codec import origin_key
from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.requests import LookupRequest, RemoteStateRequest, Request
from astralint.terraform.result_codec.records import (
    CandidateRecord,
    InstanceRecord,
    OriginRecord,
    ProviderRecord,
    RequestRecord,
    ResultRecord,
    TypeRecord,
    UnknownRecord,
    ValuesRecord,
)
from astralint.terraform.results import ResourceInstance, WorkspaceResult
from astralint.terraform.values.numbers import Rounded
from astralint.terraform.values.types import AnyType, ListType, MapType, ObjectType, Primitive, SetType, TupleType
from astralint.terraform.values.value import SENSITIVE, OpenAttributes, Origin, StateOutputs, Unknown, Value

SECRET_ARGUMENTS = frozenset(
    {"access_key", "client_certificate", "client_secret", "conn_str", "encryption_key", "password", "sas_token"}
    | {"secret_id", "secret_key", "sse_customer_key", "token"}
)
"""Arguments of backends that may hold credentials without being marked."""


class SensitiveError(Exception):
    """A result holds what must not be written anywhere."""


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
    def __init__(self, *, sensitive: bool) -> None:
        self._sensitive = sensitive
        self.types: list[TypeRecord] = []
        self.unknowns: list[UnknownRecord] = []
        self.reasons = _Table()
        self.names = _Table()
        self.origins: list[OriginRecord] = []
        self.sets = _Table()
        self.values = ValuesRecord()
        self.providers: list[ProviderRecord] = []
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
        if value.marks & SENSITIVE and not self._sensitive and value.raw is not None and type(value.raw) is not Unknown:
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
            if isinstance(raw, StateOutputs):
                return "s", [names, self.reasons.number(raw.reason), *values]
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

    def _written_type(self, type_: AnyType) -> TypeRecord:
        match type_:
            case Primitive(name=name):
                return TypeRecord("", name=name)
            case TupleType(elements=elements):
                return TypeRecord("tuple", [self._type(element) for element in elements])
            case ObjectType(attributes=attributes, optional=optional):
                names = self.names.number(tuple(name for name, _ in attributes))
                return TypeRecord("object", [self._type(inner) for _, inner in attributes], "", names, optional)
            case ListType(element=element):
                return TypeRecord("list", [self._type(element)])
            case SetType(element=element):
                return TypeRecord("set", [self._type(element)])
            case MapType(element=element):
                return TypeRecord("map", [self._type(element)])

    def _unknown(self, unknown: Unknown) -> int:
        number = self._unknown_ids.get(unknown)
        if number is None:
            candidates = None
            if unknown.candidates is not None:
                # Their values come before: what is known only in part is read when all in it is there.
                candidates = [
                    CandidateRecord(each.key, self.value(each.value), list(map(self.reasons.number, each.maybe)))
                    for each in unknown.candidates
                ]
            number = self._unknown_ids[unknown] = len(self.unknowns)
            reasons = [self.reasons.number(reason) for reason in unknown.reasons]
            bounds = None
            if unknown.bounds is not None:
                bounds = self._raw(unknown.bounds[0]), self._raw(unknown.bounds[1])
            self.unknowns.append(
                UnknownRecord(reasons, unknown.text, unknown.not_null, bounds, candidates, unknown.open)
            )
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
            self.origins.append(OriginRecord(origin.kind, origin.address, origin.workspace, origin.span, sources))
        return number

    def provider(self, provider: ProviderContext) -> int:
        number = self._provider_ids.get(id(provider))
        if number is None:
            written = ProviderRecord(
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

    def instance(self, instance: ResourceInstance) -> InstanceRecord:
        return InstanceRecord(
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
            instance.predicted,
        )


def _request(request: Request, *, sensitive: bool) -> RequestRecord:
    if isinstance(request, RemoteStateRequest):
        if not sensitive and any(name.rpartition(".")[2] in SECRET_ARGUMENTS for name, _ in request.config):
            raise SensitiveError
        return RequestRecord(remote_state=request)
    if isinstance(request, LookupRequest):
        return RequestRecord(lookup=request)
    return RequestRecord(organization=request)


def encode_result(result: WorkspaceResult, *, sensitive: bool = False) -> bytes | None:
    """Return a result as bytes; None where it is too deep to be written.

    None, too, where it holds sensitive values, but with `sensitive`: then the caller seals
    what is returned, and it holds the sensitive texts that the evaluation met as well.
    """
    try:
        return _encode(result, sensitive=sensitive)
    except (SensitiveError, RecursionError):
        return None


def _encode(result: WorkspaceResult, *, sensitive: bool) -> bytes:
    writer = _Writer(sensitive=sensitive)
    resources = [writer.instance(instance) for instance in result.resources]
    outputs = [(output.name, writer.value(output.value), output.span) for output in result.outputs.values()]
    providers = [writer.provider(provider) for provider in result.providers]
    state = [(name, writer.value(value)) for name, value in result.state.config.items()]
    variables = [(name, writer.value(value)) for name, value in result.variables.items()]
    written = ResultRecord(
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
        [_request(request, sensitive=sensitive) for request in result.requests],
        result.diagnostics,
        result.blind_spots,
        result.files,
        variables,
        result.secrets if sensitive else (),
    )
    return msgspec.msgpack.encode(written)
