"""Where the choices of generated cases come from: a seeded random source, or hypothesis, which can shrink them.

The random source is some thirty times as quick, and its cases are independent of each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

T = TypeVar("T")


class Choices(Protocol):
    """What a generator chooses with."""

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items."""

    def number(self, least: int, most: int) -> int:
        """Return a number, both ends included."""

    def some(self, items: Sequence[T], most: int) -> list[T]:
        """Return one item or more, each at most once."""

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in some order."""


class RandomChoices:
    """Choices of a random source."""

    def __init__(self, source: random.Random) -> None:
        self._source = source

    def pick(self, items: Sequence[T]) -> T:
        return self._source.choice(items)

    def number(self, least: int, most: int) -> int:
        return self._source.randint(least, most)

    def some(self, items: Sequence[T], most: int) -> list[T]:
        return self._source.sample(list(items), self._source.randint(1, min(most, len(items))))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return self._source.sample(list(items), len(items))


class HypothesisChoices:
    """Choices that hypothesis draws."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def pick(self, items: Sequence[T]) -> T:
        return self._draw(st.sampled_from(items))

    def number(self, least: int, most: int) -> int:
        return self._draw(st.integers(least, most))

    def some(self, items: Sequence[T], most: int) -> list[T]:
        return self._draw(st.lists(st.sampled_from(items), min_size=1, max_size=most, unique=True))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return list(self._draw(st.permutations(items)))
