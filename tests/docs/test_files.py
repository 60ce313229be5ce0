"""Files can be read in one sitting."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 450
"""Lines of a file of Python; whoever needs more has two jobs in one file."""


def test_no_file_is_longer_than_one_sitting() -> None:
    files = [
        path for part in ("src", "rules", "tests", "scripts", "benchmarks") for path in (ROOT / part).rglob("*.py")
    ]
    assert len(files) > 100
    assert [f"{path.relative_to(ROOT)}: {length}" for path in files if (length := lines(path)) > LONGEST] == []


def lines(path: Path) -> int:
    """Return how many lines a file has."""
    return len(path.read_text("utf-8").splitlines())
