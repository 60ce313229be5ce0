"""Values as plain data: for digests, for the cache, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from astralint.source.span import Span
from astralint.terraform.requests import Answer
from astralint.terraform.values.numbers import Rounded
from astralint.terraform.values.types import AnyType
from astralint.terraform.values.value import OpenAttributes, Origin, StateOutputs, Unknown, Value


def origin_key(origin: Origin) -> tuple[str, str, str, str]:
    """Return what origins are sorted by wherever their order can be seen."""
    return origin.workspace, origin.address, origin.kind, str(origin.span)


class Encoder:
    """Turns values into plain data; types and origins, which many values share, are written once."""

    def __init__(self) -> None:
        self.types: list[AnyType] = []
        self.origins: list[Any] = []
        self._type_ids: dict[AnyType, int] = {}
        self._origin_ids: dict[int, int] = {}
        self._values: dict[int, tuple[Value, Any]] = {}

    def value(self, value: Value) -> Any:
        """Return `[type, kind, raw, marks, origins]` with the shared parts by number."""
        known = self._values.get(id(value))
        if known is None:
            origins = self._set(value.origins) if value.origins else []
            plain = [self._type(value.type), *self._raw(value.raw), value.marks, origins]
            known = self._values[id(value)] = (value, plain)
        return known[1]

    def _type(self, type_: AnyType) -> int:
        number = self._type_ids.get(type_)
        if number is None:
            number = self._type_ids[type_] = len(self.types)
            self.types.append(type_)
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
        if isinstance(raw, OpenAttributes):
            return "o", [raw.reason, {key: self.value(item) for key, item in raw.items()}]
        if isinstance(raw, StateOutputs):
            return "s", [raw.reason, {key: self.value(item) for key, item in raw.items()}]
        if isinstance(raw, dict):
            return "d", {key: self.value(item) for key, item in raw.items()}
        if isinstance(raw, Unknown):
            bounds = None if raw.bounds is None else [self._raw(bound) for bound in raw.bounds]
            candidates = None
            if raw.candidates is not None:
                candidates = [[each.key, self.value(each.value), each.maybe] for each in raw.candidates]
            return "u", [raw.reasons, raw.text, raw.not_null, bounds, candidates, raw.open]
        import gmpy2

        return "m", gmpy2.to_binary(raw)

    def _set(self, origins: frozenset[Origin]) -> list[int]:
        if len(origins) == 1:
            return [self._origin(next(iter(origins)))]
        return [self._origin(origin) for origin in sorted(origins, key=origin_key)]

    def _origin(self, origin: Origin) -> int:
        number = self._origin_ids.get(id(origin))
        if number is None:
            sources = self._set(origin.sources)
            number = self._origin_ids[id(origin)] = len(self.origins)
            self.origins.append([origin.kind, origin.address, origin.workspace, origin.span, sources])
        return number


def fingerprint(*things: object, person: bytes = b"") -> bytes:
    """Return a digest of plain things, settings and values: equal where all that is in them is.

    Digests for another `person` tell nothing of each other.
    """
    encoder = Encoder()
    plain = _plain(things, encoder)
    whole = [plain, encoder.types, encoder.origins]
    try:
        data = msgspec.msgpack.encode(whole)
    except UnicodeEncodeError:
        # An argument of the command line may be no UTF-8.
        data = repr(whole).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(data, digest_size=16, person=person).digest()


def _plain(thing: Any, encoder: Encoder) -> Any:
    kind = type(thing)
    if kind in AS_THEY_ARE:
        return thing
    if kind is Value:
        return encoder.value(thing)
    if isinstance(thing, msgspec.Struct):
        return [kind.__name__, *[_plain(field, encoder) for field in msgspec.structs.astuple(thing)]]
    if isinstance(thing, Mapping):
        return [[_plain(key, encoder), _plain(item, encoder)] for key, item in thing.items()]
    if isinstance(thing, tuple | list):
        return [_plain(item, encoder) for item in thing]
    if isinstance(thing, set | frozenset):
        return sorted(msgspec.msgpack.encode(_plain(item, encoder)) for item in thing)
    if kind is int and -(2**63) <= thing < 2**63:
        return thing
    return [kind.__name__, str(thing)]


AS_THEY_ARE = frozenset({str, bytes, bool, float, type(None), Span})
"""The types of what is written as it is, without being looked into."""


def digest(answer: Answer) -> str:
    """Return a digest of an answer: equal where the values, reasons and origins are."""
    encoder = Encoder()
    value = encoder.value(answer.value) if answer.value is not None else None
    data = msgspec.msgpack.encode(
        [value, encoder.types, encoder.origins, answer.reason, answer.producer, answer.span, answer.complete]
    )
    return hashlib.blake2b(data, digest_size=16).hexdigest()
