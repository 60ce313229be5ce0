"""Python's collector of cycles, held back while much is made that stays."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = (50_000, 20, 100)
"""Trees and values are many, live long and form no cycles: going through them again and again took half of a run."""

SMALL = 1_000_000
"""Up to so many blocks of memory, looking for circles costs little, and is done before much is left behind."""

_blocks: int | None = None
_is_inside = False


def _room(blocks: int) -> int:
    """Return how many blocks of memory may be left behind, beside those that there were."""
    return blocks // 8 + 50_000 if blocks < SMALL else blocks // 4 + 400_000


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let the collector run seldom inside, and as before afterwards."""
    global _blocks, _is_inside  # noqa: PLW0603 - the collector is one for the process, too
    before = gc.get_threshold()
    outermost, _is_inside = not _is_inside, True
    if outermost:
        if _blocks is not None and sys.getallocatedblocks() > _blocks + _room(_blocks):
            # What earlier runs left behind hangs together in circles, and nothing else would look for it.
            gc.collect()
            _blocks = None
        _blocks = sys.getallocatedblocks() if _blocks is None else _blocks
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        _is_inside = not outermost
        if not gc.get_freeze_count():
            # All that there is counts as looked at: else the collector would begin with it at once.
            gc.freeze()
            gc.unfreeze()
        gc.set_threshold(*before)
