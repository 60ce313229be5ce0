"""For rules about what resources use that somebody built: container images, and buckets with code in them."""

from __future__ import annotations

from astralint.estate.uses import CodeUse, ImageUse, code_uses, image_uses, open_code_uses

__all__ = [
    "CodeUse",
    "ImageUse",
    "code_uses",
    "image_uses",
    "open_code_uses",
]
