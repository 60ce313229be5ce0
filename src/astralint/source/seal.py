"""What holds something sensitive, so that only who has what it was made from can read it.

A cache lies in another place than the tree, and may be copied or shared where the tree
is not. So what is sensitive in it is sealed with a key that is made from the contents of
the files that it was concluded from, of which the cache itself has no more than digests:
who has the files could compute the same, who has the cache alone reads nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

TAG = 16
_PERSON = b"astralint sealed"


def key_of(materials: Iterable[bytes]) -> bytes:
    """Return the key that these contents, or digests that nobody else writes, make together."""
    digest = hashlib.blake2b(digest_size=32, person=_PERSON)
    for material in materials:
        digest.update(len(material).to_bytes(8, "big"))
        digest.update(material)
    return digest.digest()


def sealed(data: bytes, key: bytes) -> bytes:
    """Return data as it may be written anywhere; the same data and key give the same bytes."""
    tag = _tag(data, key)
    return tag + _masked(data, key, tag)


def opened(data: bytes | memoryview, key: bytes) -> bytes | None:
    """Return what was sealed; None where the key is another one, or the data is damaged."""
    tag = bytes(data[:TAG])
    found = _masked(bytes(data[TAG:]), key, tag)
    return found if len(tag) == TAG and _tag(found, key) == tag else None


def _tag(data: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=TAG, key=key).digest()


def _masked(data: bytes, key: bytes, tag: bytes) -> bytes:
    stream = hashlib.shake_128(_PERSON + key + tag).digest(len(data))
    return (int.from_bytes(data, "little") ^ int.from_bytes(stream, "little")).to_bytes(len(data), "little")


__all__ = ["key_of", "opened", "sealed"]
