"""For rules about what exists: states and the live inventory."""

from __future__ import annotations

from astralint.inventory.divergence import Divergence
from astralint.inventory.judgement import Judged, unmanaged

__all__ = [
    "Divergence",
    "Judged",
    "unmanaged",
]
