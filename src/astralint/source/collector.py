"""Python's collector of cycles, held back while much is made that stays."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = (50_000, 20, 100)
"""Trees and values are many, live long and form no cycles: going through them again and again took half of a run."""

ROOM = 50_000
"""How many blocks of memory may be left behind, beside an eighth of what there was, before somebody looks for circles."""

_blocks: int | None = None
_is_inside = False


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let the collector run seldom inside, and as before afterwards."""
    global _blocks, _is_inside  # noqa: PLW0603 - the collector is one for the process, too
    before = gc.get_threshold()
    outermost, _is_inside = not _is_inside, True
    if outermost:
        if _blocks is not None and sys.getallocatedblocks() > _blocks + _blocks // 8 + ROOM:
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
