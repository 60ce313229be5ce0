"""Values as rules read them: plain Python, until something unknown is touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from astralint.source.partial import Hole, PartialText, Text
from astralint.terraform.values.types import NUMBER, STRING
from astralint.terraform.values.value import OpenAttributes, Reason, Unknown, Value


class Undecided(Exception):  # noqa: N818 - it is no error: it is an answer
    """Raised where a rule reads what can't be known; the runner notes it and goes on."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.message)
        self.reason = reason


def undecided(unknown: Unknown) -> Undecided:
    """Make the exception for a value that is unknown."""
    return Undecided(unknown.reasons[0] if unknown.reasons else Reason("unsupported", "its value is not known"))


def view(value: Value) -> Any:
    """Return a value as `str`, `int`, `float`, `bool`, `None`, `Attributes` or `Items`; raises Undecided."""
    raw = value.raw
    if isinstance(raw, Unknown):
        raise undecided(raw)
    if isinstance(raw, dict):
        return Attributes(value)
    if isinstance(raw, tuple):
        return Items(value)
    if value.type == NUMBER and raw is not None:
        return int(raw) if isinstance(raw, int) else float(raw)
    return raw


def text(value: Value | None) -> Text | None:
    """Return a string as far as it is known, holes included; None for null and for what is no string."""
    if value is None or value.raw is None:
        return None
    if isinstance(value.raw, Unknown):
        if value.raw.text is not None:
            return value.raw.text
        message = value.raw.reasons[0].message if value.raw.reasons else "its value is not known"
        return PartialText((Hole(message),))
    return value.raw if value.type == STRING else None


class Attributes(Mapping[str, Any]):
    """An object or map. Reading an attribute that is unknown raises Undecided."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __getitem__(self, name: str) -> Any:
        raw = self.value.raw
        item = raw.get(name)
        if item is None:
            if isinstance(raw, OpenAttributes):
                raise Undecided(raw.reason)
            raise KeyError(name)
        return view(item)

    def __contains__(self, name: object) -> bool:
        return name in self.value.raw

    def __iter__(self) -> Iterator[str]:
        return iter(self.value.raw)

    def __len__(self) -> int:
        return len(self.value.raw)

    def text(self, name: str) -> Text | None:
        """Return a string attribute as far as it is known; None where it is null or absent."""
        return text(self.value.raw.get(name))

    def raw(self, name: str) -> Value | None:
        """Return an attribute's value; None where there is no such attribute."""
        item: Value | None = self.value.raw.get(name)
        return item

    def blocks(self, name: str) -> tuple[Attributes, ...]:
        """Return nested blocks, none for null; raises Undecided where their number is not known."""
        item = self.value.raw.get(name)
        if item is None or item.raw is None:
            return ()
        seen = view(item)
        if isinstance(seen, Attributes):
            return (seen,)
        return tuple(block for block in seen if isinstance(block, Attributes))


class Items(Sequence[Any]):
    """A list, set or tuple. Reading an element that is unknown raises Undecided."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    @overload
    def __getitem__(self, index: int) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [view(item) for item in self.value.raw[index]]
        return view(self.value.raw[index])

    def __len__(self) -> int:
        return len(self.value.raw)

    def texts(self) -> tuple[Text, ...]:
        """Return the elements as texts, as far as they are known; null elements are left out."""
        return tuple(item for element in self.value.raw if (item := text(element)) is not None)
