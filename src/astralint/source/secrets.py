"""Sensitive texts of a platform: what no output may show, and no cache hold.

A mark on a value ends where the value becomes a part of something else: an ARN that is
made up of a name, the text of an error, the id of a node. So an evaluation notes every
text that is marked, and the last writers replace it wherever it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from astralint.source.span import Span

MASK = "(sensitive value)"
SHORTEST = 4
"""Shorter texts stand within others by chance: what is marked is masked all the same, what is made of it is not.
So do short words, such as `admin`."""
WORD = 8
"""Texts up to this length count only as whole words."""
MAXIMUM = 20_000
_OWN = frozenset({"rule", "name", "severity", "code", "by", "kind", "verdict", "pack", "source_node", "target_node"})
"""Fields that hold words of ours, by which readers find their way."""

Any_ = TypeVar("Any_")


class Secrets:
    """The sensitive texts of a platform."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        found: set[str] = set()
        for text in texts:
            found.update(_forms(text))
        self.texts: Collection[str] = sorted(found, key=lambda text: (-len(text), text))[:MAXIMUM]

    @classmethod
    def again(cls, texts: Collection[str]) -> Secrets:
        """Return secrets by the `texts` of others."""
        found = cls()
        found.texts = list(texts)
        return found

    def __bool__(self) -> bool:
        return bool(self.texts)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(_expression(text) for text in self.texts) or r"(?!)")

    def text(self, text: str) -> str:
        """Return a text in which nothing sensitive stands."""
        return self._pattern.sub(MASK, text) if self.texts else text

    def starred(self, text: str) -> str:
        """Return a text of the same length and lines in which nothing sensitive stands."""
        if not self.texts:
            return text
        return self._pattern.sub(lambda match: re.sub(r"[^\r\n]", "*", match[0]), text)

    def data(self, thing: Any_, keys: Collection[str] | None = None) -> Any_:
        """Return records and plain data with all texts in them masked, but for places and words of ours.

        With `keys`, keys of dictionaries are masked as well, all but these.
        """
        return self._data(thing, keys) if self.texts else thing

    def _data(self, thing: Any, keys: Collection[str] | None) -> Any:
        if isinstance(thing, str):
            return self.text(thing)
        if isinstance(thing, Span) or thing is None:
            return thing
        if isinstance(thing, msgspec.Raw):
            masked = self.text(bytes(thing).decode())
            return thing if masked == bytes(thing).decode() else MASK
        if isinstance(thing, tuple | list):
            return type(thing)([self._data(item, keys) for item in thing])
        if isinstance(thing, dict):
            return {
                self.text(key) if keys is not None and isinstance(key, str) and key not in keys else key: self._data(
                    item, keys
                )
                for key, item in thing.items()
            }
        if isinstance(thing, msgspec.Struct):
            changed: dict[str, Any] = {}
            for name in thing.__struct_fields__:
                if name not in _OWN:
                    before = getattr(thing, name)
                    after = self._data(before, keys)
                    if after is not before and after != before:
                        changed[name] = after
            return msgspec.structs.replace(thing, **changed) if changed else thing
        return thing

    def stands_in(self, content: bytes | memoryview) -> bool:
        """Say whether anything sensitive stands in what is about to be kept."""
        found = bytes(content)
        return any(text.encode("utf-8", "surrogatepass") in found for text in self.texts)


def _forms(text: str) -> Iterable[str]:
    """Yield a text as it may stand somewhere: as it is, within JSON, in lower case, line by line."""
    if len(text) < SHORTEST or (len(text) <= WORD and text.isascii() and text.isalpha() and text.islower()):
        return
    yield text
    inner = json.dumps(text, ensure_ascii=False)[1:-1]
    yield inner
    yield json.dumps(inner, ensure_ascii=False)[1:-1]
    yield text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    yield text.lower()
    if "\n" in text:
        yield from (line.strip() for line in text.splitlines() if len(line.strip()) > WORD)


def _expression(text: str) -> str:
    if len(text) > WORD:
        return re.escape(text)
    return rf"(?<![^\W_]){re.escape(text)}(?![^\W_])"


NO_SECRETS = Secrets()
