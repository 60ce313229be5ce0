"""The hashes of lines, against values recorded from GitHub's own implementation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astralint.report.line_hash import LineHashes

VECTORS = json.loads((Path(__file__).parent / "golden" / "line_hashes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_recorded(vector: dict[str, object]) -> None:
    hashes = LineHashes(str(vector["text"]))
    assert [hashes.of(line) for line in range(1, len(hashes) + 1)] == vector["hashes"]
    assert hashes.of(0) is None
    assert hashes.of(len(hashes) + 1) is None


def rolled(text: str) -> list[str]:
    """Return the hashes as the published algorithm describes them: one rolling hash over UTF-16 code units."""
    units: list[int] = []
    starts: list[int] = []
    line_start, after_return = True, False
    encoded = text.encode("utf-16-le")
    for code in [*(int.from_bytes(encoded[i : i + 2], "little") for i in range(0, len(encoded), 2)), 0xFFFF]:
        if code in (32, 9) or (after_return and code == 10):
            after_return = False
            continue
        after_return = code == 13
        if line_start:
            starts.append(len(units))
        line_start = code in (10, 13)
        units.append(10 if code == 13 else code)
    units.extend([0] * 100)
    counts: dict[str, int] = {}
    result = []
    for start in starts:
        value = 0
        for unit in units[start : start + 100]:
            value = (value * 37 + unit) % 2**64
        key = f"{value:x}"
        counts[key] = counts.get(key, 0) + 1
        result.append(f"{key}:{counts[key]}")
    return result


@given(st.text(st.sampled_from("ab \t\r\nü日👍"), max_size=400))
def test_any_text(text: str) -> None:
    hashes = LineHashes(text)
    assert [hashes.of(line) for line in range(1, len(hashes) + 1)] == rolled(text)
