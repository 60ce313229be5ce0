"""For rules about texts that are known in part: with holes, where something is not known."""

from __future__ import annotations

from astralint.aws.text import join, known, lower, split
from astralint.aws.wildcard import match
from astralint.source.partial import Hole, PartialText, Text, same
from astralint.terraform.evaluation.builtin import text_of

__all__ = [
    "Hole",
    "PartialText",
    "Text",
    "join",
    "known",
    "lower",
    "match",
    "same",
    "split",
    "text_of",
]
