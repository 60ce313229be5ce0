"""Results of workspaces in a pack: found where all that they were concluded from is as it was.

What holds something sensitive is sealed (see `astralint.source.seal`): with a key made from
the files that the evaluation read, and from what the workspace was given.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Literal

import msgspec

from astralint.assembly.recording import Digests, Trace
from astralint.source.observed import Material
from astralint.source.pack import Pack
from astralint.source.seal import key_of, opened, sealed
from astralint.source.secrets import Secrets
from astralint.terraform.result_codec.decode import ResultDecoder
from astralint.terraform.result_codec.encode import encode_result
from astralint.terraform.results import WorkspaceResult

Miss = Literal["new or given something else", "a file has changed", "damaged"]
"""Why there is no result: never kept like this, no longer right, or nothing that can be read."""


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """`data` is a result; where it `is_sealed`, it is an `_Inside` for those who have the files of the trace."""

    trace: Trace
    is_sealed: bool
    data: bytes


class _Inside(msgspec.Struct, frozen=True, array_like=True):
    trace: Trace
    result: bytes


class _New(msgspec.Struct, frozen=True, eq=False):
    trace: Trace
    data: bytes
    is_sensitive: bool
    given: Callable[[], bytes]


class KeptResults:
    """What a pack holds of one tree. `given` is what a workspace was given, as nobody writes it."""

    def __init__(self, pack: Pack, digests: Digests) -> None:
        self._pack = pack
        self._digests = digests
        self._material = Material(digests.tree)
        self._decoder = ResultDecoder()
        self._new: dict[bytes, _New] = {}

    def find(self, key: bytes, given: Callable[[], bytes]) -> WorkspaceResult | Miss:
        """Return the result that was kept by this key and still holds, or why there is none."""
        outcome: Miss = "new or given something else"
        for name, blob in self._pack.variants(key):
            found = self._read(name, blob, given)
            if not isinstance(found, str):
                self._pack.use(name)
                return found
            outcome = found
        return outcome

    def _read(self, name: bytes, blob: memoryview, given: Callable[[], bytes]) -> WorkspaceResult | Miss:
        try:
            kept = msgspec.msgpack.decode(blob, type=_Kept)
            if not self._digests.hold(kept.trace):
                return "a file has changed"
            if not kept.is_sealed:
                return self._decoder.decode(kept.data)
            data = opened(kept.data, self._seal(kept.trace, given))
            if data is None:
                return "damaged"
            inside = msgspec.msgpack.decode(data, type=_Inside)
            return self._decoder.decode(inside.result) if self._digests.hold(inside.trace) else "a file has changed"
        except (msgspec.MsgspecError, ValueError, LookupError, TypeError, RecursionError):
            self._pack.forget(name)
            return "damaged"

    def add(self, key: bytes, trace: Trace, result: WorkspaceResult, given: Callable[[], bytes], *, told: bool) -> bool:
        """Keep a result for `save`; `told` says that something sensitive was given. False if it can't be kept."""
        data = None if told or result.secrets else encode_result(result)
        is_sensitive = data is None
        if data is None:
            data = encode_result(result, sensitive=True)
        if data is not None:
            self._new[key] = _New(trace, data, is_sensitive, given)
        return data is not None

    def save(self, secrets: Secrets) -> None:
        """Hand all that is new to the pack; what a secret of the run stands in is sealed."""
        for key, new in self._new.items():
            outside, hidden = self._parted(new.trace, secrets)
            if new.is_sensitive or hidden is not None or secrets.stands_in(new.data):
                inside = msgspec.msgpack.encode(_Inside(hidden or Trace(), new.data))
                kept = _Kept(outside, is_sealed=True, data=sealed(inside, self._seal(outside, new.given)))
            else:
                kept = _Kept(outside, is_sealed=False, data=new.data)
            with contextlib.suppress(RecursionError):
                self._pack.add_variant(key, msgspec.msgpack.encode(kept))
        self._new = {}

    def _seal(self, trace: Trace, given: Callable[[], bytes]) -> bytes:
        files = [*self._digests.module_files(trace.modules), *trace.contents]
        return key_of([given(), *(self._material.file(path) for path in files)])

    def _parted(self, trace: Trace, secrets: Secrets) -> tuple[Trace, Trace | None]:
        """Return what of a trace may be read by anybody, and what tells a secret; None where nothing does."""
        if not secrets or not secrets.stands_in(msgspec.msgpack.encode(trace)):
            return trace, None
        outside, hidden = Trace(), Trace()
        for name in Trace.__struct_fields__:
            for path, said in getattr(trace, name).items():
                part = hidden if self._material.is_told(path, secrets) else outside
                getattr(part, name)[path] = said
        is_told = any(getattr(hidden, name) for name in Trace.__struct_fields__)
        return outside, hidden if is_told else None


__all__ = ["KeptResults", "Miss"]
