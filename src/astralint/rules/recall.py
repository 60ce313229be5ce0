"""The whole result of an earlier run, where nothing changed that it was concluded from."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import msgspec

from astralint.assembly.cache import code_signature
from astralint.rules.finding import CheckResult
from astralint.rules.loader import announced
from astralint.source.observed import Material, Observed, is_still
from astralint.source.pack import Pack
from astralint.source.seal import key_of, opened, sealed
from astralint.source.secrets import NO_SECRETS, Secrets
from astralint.source.tree import Seen
from astralint.terraform.codec import fingerprint


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """`data` is an `_Inside`; where it `is_sealed`, for those who have the files that were seen."""

    seen: Seen
    is_sealed: bool
    data: bytes


class _Inside(msgspec.Struct, frozen=True, array_like=True):
    seen: Seen
    result: CheckResult
    secrets: tuple[str, ...]


class Recall:
    """Finds and keeps the result of a run that was `asked` for in this way (options, settings, day).

    The result counts as long as the tree answers all that was asked of it as it did,
    and this package and the rule packs are the same. `secrets` are those of the result that
    was found: reports show lines of files in which they stand.
    """

    def __init__(self, pack: Pack, tree: Observed, asked: Sequence[object]) -> None:
        self._pack = pack
        self._tree = tree
        self._asked = asked
        self._material = Material(tree)
        self._key = fingerprint("run", *asked, code_signature(_rule_packs()))
        self.secrets = NO_SECRETS

    def find(self) -> CheckResult | None:
        """Return the result; None where there is none that still holds."""
        for name, blob in self._pack.variants(self._key):
            found = self._read(name, blob)
            if found is not None:
                self._pack.use(name)
                return found
        return None

    def _read(self, name: bytes, blob: memoryview) -> CheckResult | None:
        try:
            kept = msgspec.msgpack.decode(blob, type=_Kept)
            data = kept.data if is_still(self._tree, kept.seen) else None
            if data is not None and kept.is_sealed:
                data = opened(data, self._seal(kept.seen))
            inside = msgspec.msgpack.decode(data, type=_Inside) if data is not None else None
        except (msgspec.MsgspecError, ValueError, RecursionError):
            self._pack.forget(name)
            return None
        if inside is None or not is_still(self._tree, inside.seen):
            return None
        self.secrets = Secrets.again(inside.secrets)
        return inside.result

    def keep(self, result: CheckResult, secrets: Secrets = NO_SECRETS) -> None:
        """Keep a result; sealed where there are secrets, even if none of them stands in it."""
        outside, hidden = self._parted(self._tree.seen, secrets)
        inside = msgspec.msgpack.encode(_Inside(hidden, result, tuple(secrets.texts)))
        is_sealed = bool(secrets)
        data = sealed(inside, self._seal(outside)) if is_sealed else inside
        self._pack.add_variant(self._key, msgspec.msgpack.encode(_Kept(outside, is_sealed, data)))

    def _seal(self, seen: Seen) -> bytes:
        given = fingerprint(*self._asked, person=b"astralint asked")
        return key_of([given, *(self._material.file(path) for path in seen.contents)])

    def _parted(self, seen: Seen, secrets: Secrets) -> tuple[Seen, Seen]:
        """Return what of that which was seen anybody may read, and what tells a secret."""
        if not secrets or not secrets.stands_in(msgspec.msgpack.encode(seen)):
            return seen, Seen()
        outside, hidden = Seen(), Seen()
        # What asks the tree is asked of it, too.
        for name in Seen.__struct_fields__:
            for path, said in list(getattr(seen, name).items()):
                part = hidden if self._material.is_told(path, secrets) else outside
                getattr(part, name)[path] = said
        return outside, hidden


def _rule_packs() -> list[Path]:
    directories: dict[Path, None] = {}
    for point in announced():
        spec = find_spec(point.module.partition(".")[0])
        for location in (spec.submodule_search_locations or ()) if spec is not None else ():
            directories[Path(location)] = None
    return list(directories)


__all__ = ["Recall"]
