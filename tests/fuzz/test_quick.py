"""A quick run of the fuzzer; `python -m tests.fuzz.run` is the long one."""

from __future__ import annotations

import pytest

from tests.fuzz.run import CORPUS, one


@pytest.mark.parametrize("start", range(0, 800, 100))
def test_nothing_escapes(start: int) -> None:
    for number in range(start, start + 100):
        one(number)


def test_what_escaped_once() -> None:
    for path in sorted(CORPUS.glob("*.txt")):
        one(int(path.stem))
