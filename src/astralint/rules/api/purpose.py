"""For rules about what belongs into an account: what a resource serves."""

from __future__ import annotations

from astralint.trust.purpose import Belonging, Purpose, Purposes

__all__ = [
    "Belonging",
    "Purpose",
    "Purposes",
]
