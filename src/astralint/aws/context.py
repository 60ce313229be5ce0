"""The context of a request: which condition keys have which values, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from astralint.aws.text import Text, known


class Known(msgspec.Struct, frozen=True):
    """The key is there with these values; a value may have holes, or be one."""

    values: tuple[Text, ...]


class Absent(msgspec.Struct, frozen=True):
    """The key is not part of the request."""


class Unknown(msgspec.Struct, frozen=True):
    """Neither the key's presence nor its value is known; a `plain` value holds no star and no question mark."""

    reason: str
    plain: bool = False


KeyState = Known | Absent | Unknown
ABSENT = Absent()
RUN_TIME = Unknown("known only when the request is made")


class Context:
    """Condition keys and their states; names are compared without regard to case.

    A name that ends with `*` stands for all keys that begin so, and gives way to longer ones.
    """

    __slots__ = ("_default", "_keys", "_prefixes")

    def __init__(
        self, keys: Mapping[str, KeyState | Text | Iterable[Text]] | None = None, default: KeyState = RUN_TIME
    ):
        self._keys: dict[str, KeyState] = {}
        self._prefixes: dict[str, KeyState] = {}
        self._default = default
        for name, value in (keys or {}).items():
            state = as_state(value)
            lowered = name.lower()
            if lowered.endswith("*"):
                self._prefixes[lowered[:-1]] = state
            else:
                self._keys[lowered] = state

    def get(self, key: Text) -> KeyState:
        """Return the state of a key."""
        name = known(key)
        if name is None:
            return Unknown("which key it is, is not known")
        lowered = name.lower()
        state = self._keys.get(lowered)
        if state is not None:
            return state
        fitting = [prefix for prefix in self._prefixes if lowered.startswith(prefix)]
        return self._prefixes[max(fitting, key=len)] if fitting else self._default

    def with_keys(self, keys: Mapping[str, KeyState | Text | Iterable[Text]]) -> Context:
        """Return the context with further keys, which win over those that are there."""
        merged = Context(keys, self._default)
        merged._keys = {**self._keys, **merged._keys}
        merged._prefixes = {**self._prefixes, **merged._prefixes}
        return merged


EMPTY_CONTEXT = Context()


def as_state(value: KeyState | Text | Iterable[Text]) -> KeyState:
    """Return the state that a value stands for: text for one value, an iterable for several."""
    if isinstance(value, Known | Absent | Unknown):
        return value
    if isinstance(value, str) or not isinstance(value, Iterable):
        return Known((value,))
    return Known(tuple(value))
