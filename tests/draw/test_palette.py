"""Colors that can be told from their ground, by WCAG 2.2's formula (level AA)."""

from __future__ import annotations

import pytest

from astralint.draw.kinds import STYLES
from astralint.draw.palette import DARK, KINDS, LIGHT

TEXTS = ("ink", "soft", "allowed", "conditional", "deploys", "delegates", "access", "access-if", "violation")
GROUNDS = ("ground", "lane", "card")


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("text", TEXTS)
def test_texts_can_be_read(colors: dict[str, str], text: str) -> None:
    assert min(contrast(colors[text], colors[ground]) for ground in GROUNDS) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("style", [*STYLES, "violation"])
def test_lines_can_be_seen(colors: dict[str, str], style: str) -> None:
    assert min(contrast(colors[style], colors[ground]) for ground in GROUNDS) >= 3


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_badges_can_be_read(colors: dict[str, str]) -> None:
    assert contrast(colors["ground"], colors["violation"]) >= 4.5


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind])
def test_stripes_can_be_seen(kind: str) -> None:
    for color, colors in zip(KINDS[kind], (LIGHT, DARK), strict=True):
        assert contrast(color, colors["card"]) >= 3
