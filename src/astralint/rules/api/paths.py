"""For rules about values deep within a resource, by a path such as `rule[].destination[].bucket`."""

from __future__ import annotations

from astralint.estate.paths import Place, values_at

__all__ = [
    "Place",
    "values_at",
]
