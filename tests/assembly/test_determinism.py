"""The same input gives the same bytes: whoever evaluates, whatever is kept, in whatever order files and hashes come."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORPORA = os.environ.get("ASTRALINT_CORPORA")
PLATFORMS = (
    "binbashar__le-tf-infra-aws",
    "alphagov__govuk-infrastructure",
    "trussworks__terraform-layout-example",
    "wellcomecollection__aws-account-infrastructure",
)

PROGRAM = """
import os, random, sys
import astralint.session.session
import astralint.source.tree
from astralint.cli.main import main
from astralint.assembly import workers

shuffled = random.Random(os.environ["PYTHONHASHSEED"])
real, shared = os.scandir, workers.PoolWorkers._shared

class Shuffled:
    def __init__(self, path):
        with real(path) as listing:
            self.items = sorted(listing, key=lambda item: item.name)
        shuffled.shuffle(self.items)
    def __enter__(self):
        return self.items
    def __exit__(self, *error):
        return None

class System:
    scandir = Shuffled
    def __getattr__(self, name):
        return getattr(os, name)

def counted(self, jobs):
    print(f"POOL {self._jobs} {len(jobs)}", file=sys.stderr)
    return shared(self, jobs)

astralint.source.tree.os = System()
astralint.session.session.PARALLEL_FROM = 2
workers.PoolWorkers._shared = counted
main(sys.argv[1:])
"""
"""The command with shuffled listings of directories, and a pool even for small batches; says on standard error when it is used."""


@dataclass
class Said:
    outputs: list[bytes]
    status: int
    told: str


def said(tree: Path, out: Path, seed: int, jobs: int, cache: Path | None, command: str) -> Said:
    out.mkdir(parents=True, exist_ok=True)
    scan = [str(tree), "--boundary", str(tree), "--jobs", str(jobs), *([] if cache else ["--no-cache"])]
    files = [out / "report.json", out / "report.sarif"]
    arguments = {
        "check": ["check", *scan, "-o", f"json={files[0]}", "-o", f"sarif={files[1]}"],
        "graph": ["graph", *scan, "--format", "json", "--level", "resource"],
        "show": ["show", *scan, "--format", "json"],
    }[command]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "SOURCE_DATE_EPOCH": "1900000000", "NO_COLOR": "1"}
    environment["ASTRALINT_CACHE_DIR"] = str(cache or out / "unused")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], env=environment, capture_output=True, check=False, timeout=300
    )
    told = done.stderr.decode()
    assert "Traceback" not in told
    assert "internal error" not in told
    written = [file.read_bytes() for file in files if file.exists()]
    assert len(written) == (2 if command == "check" else 0)
    return Said([done.stdout, *written], done.returncode, told)


def pooled(run: Said) -> int:
    """Return how many evaluations went to the pool of four."""
    return sum(int(line.removeprefix("POOL 4 ")) for line in run.told.splitlines() if line.startswith("POOL 4 "))


def compare(tree: Path, tmp_path: Path, command: str) -> None:
    first = said(tree, tmp_path / "first", 1, 1, None, command)
    assert all(first.outputs)
    kept = tmp_path / "kept"
    cold = said(tree, tmp_path / "cold", 2, 4, kept, command)
    assert pooled(cold)
    assert list(kept.glob("evaluation-*.pack"))
    warm = said(tree, tmp_path / "warm", 3, 4, kept, command)
    # Only results with sensitive values, which are not kept, are evaluated again.
    assert pooled(warm) < pooled(cold)
    for other in (cold, warm):
        assert other.status == first.status
        assert other.outputs == first.outputs


@pytest.mark.parametrize("command", ["check", "graph", "show"])
@pytest.mark.parametrize("platform", ["astradot-drifted"])
def test_the_model_platform(platform: str, command: str, tmp_path: Path) -> None:
    compare(ROOT / "fixtures/platforms" / platform, tmp_path, command)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPORA, reason="ASTRALINT_CORPORA is not set")
@pytest.mark.parametrize("command", ["check", "graph", "show"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_real_platforms(platform: str, command: str, tmp_path: Path) -> None:
    compare(Path(str(CORPORA)) / platform, tmp_path, command)
