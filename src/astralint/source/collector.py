"""Python's collector of cycles, held back while much is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = (50_000, 20, 100)
"""Trees and values are many, live long and form no cycles: going through them again and again took half of a run."""


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let the collector run seldom inside, and as before afterwards."""
    before = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            # All that there is counts as looked at: else the collector would begin with it at once.
            gc.freeze()
            gc.unfreeze()
        gc.set_threshold(*before)
