"""A stack that deep chains of references fit on.

Each local value that refers to another takes some twenty Python frames, and chains of
a thousand are nothing that Terraform minds. Python's own limit of 1,000 frames is
there to keep the C stack from overflowing, so the work is done on a thread whose
stack is large enough for the higher limit even where every frame is entered from C.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

LIMIT = 60_000
STACK = 512 * 1024 * 1024
"""Address space, not memory: pages count when they are used."""

R = TypeVar("R")


def on_deep_stack(function: Callable[[], R]) -> R:
    """Call a function where recursion may go deep; returns what it returns, raises what it raises."""
    outcome: list[R] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            outcome.append(function())
        except BaseException as error:
            errors.append(error)

    before = sys.getrecursionlimit()
    try:
        stack_before = threading.stack_size(STACK)
        try:
            thread = threading.Thread(target=work, name="astralint", daemon=True)
            sys.setrecursionlimit(max(before, LIMIT))
            thread.start()
        finally:
            threading.stack_size(stack_before)
    except (RuntimeError, ValueError):
        # No room for such a stack: then only what fits on the usual one.
        sys.setrecursionlimit(before)
        return function()
    try:
        thread.join()
    finally:
        sys.setrecursionlimit(before)
    if errors:
        raise errors[0]
    return outcome[0]
