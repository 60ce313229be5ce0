"""Python's collector of cycles, held back while much is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = (50_000, 20, 100)
"""Trees and values are many, live long and form no cycles: going through them again and again took half of a run."""

_was_used = False
_is_inside = False


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Let the collector run seldom inside, and as before afterwards."""
    global _was_used, _is_inside  # noqa: PLW0603 - the collector is one for the process, too
    before = gc.get_threshold()
    outermost, _is_inside = not _is_inside, True
    if outermost and _was_used:
        # What an earlier run left behind hangs together in circles, and nothing else would look for it.
        gc.collect()
    _was_used = True
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
