"""Runs commands as child processes and measures each: wall time, processor time, peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RUNNER = """
import json, os, resource, subprocess, sys, time
start = time.perf_counter()
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss, status]))
"""


@dataclass(frozen=True)
class Measure:
    """What one run took. `memory` is the peak of the largest process, in bytes."""

    wall: float
    cpu: float
    memory: int
    status: int


def environment(cache: Path) -> dict[str, str]:
    """Return the environment for children: compiled Python is kept below `cache`, as an installation keeps it."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**own, "PYTHONPYCACHEPREFIX": str(cache / "pyc"), "ASTRALINT_CACHE_DIR": str(cache / "astralint")}


def measure(command: Sequence[str], environment: Mapping[str, str]) -> Measure:
    """Run a command in a process of its own, whose children alone are counted."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", RUNNER, *command], env=dict(environment), capture_output=True, check=True
    )
    wall, cpu, memory, status = json.loads(done.stdout)
    unit = 1 if sys.platform == "darwin" else 1024
    return Measure(wall, cpu, memory * unit, status)


def best(measures: Sequence[Measure]) -> Measure:
    """Return the least of each figure: what is above it is other processes' doing."""
    return Measure(
        min(m.wall for m in measures),
        min(m.cpu for m in measures),
        min(m.memory for m in measures),
        measures[-1].status,
    )


__all__ = ["Measure", "best", "environment", "measure"]
