"""Which condition keys the session of each kind of caller may carry, and which texts a key never holds."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from astralint.aws.context import ABSENT, KeyState
from astralint.aws.text import Text, known
from astralint.aws.wildcard import match

if TYPE_CHECKING:
    from astralint.aws.principals import Principal

_DATA = Path(__file__).parent / "data" / "session_keys.toml"


class _Caller(msgspec.Struct, frozen=True, rename={"more": "except"}):
    absent: tuple[str, ...]
    more: dict[str, tuple[str, ...]] = {}


class _Plain(msgspec.Struct, frozen=True):
    keys: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True):
    """`data/session_keys.toml`, which says what the fields are."""

    service: _Caller
    federated: _Caller
    aws: _Caller
    plain: _Plain


@cache
def _table() -> _Table:
    return msgspec.convert(tomllib.loads(_DATA.read_text("utf-8")), _Table)


def absent_keys(principal: Principal) -> dict[str, KeyState]:
    """Return the keys that a principal's request to assume a role surely lacks."""
    table = _table()
    kinds = {"service": table.service, "federated": table.federated}
    caller = kinds.get(principal.kind, table.aws)
    sent = caller.more.get(known(principal.text) or "", ())
    return {key: ABSENT for key in caller.absent if key not in sent}


def plain_keys() -> tuple[str, ...]:
    """Return the keys, and beginnings of keys with a `*`, whose values never hold a star or a question mark."""
    return _table().plain.keys


def is_plain_key(key: Text) -> bool:
    """Say whether a key's values never hold a star or a question mark."""
    name = known(key)
    return name is not None and any(match(pattern.lower(), name.lower()) for pattern in plain_keys())
