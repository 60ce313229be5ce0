"""The commands that are compared, and how one is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.revisions.sides import Side

LAUNCH = Path(__file__).with_name("launch.py")
_EVERY = ("--boundary", ".", "--no-cache", "--jobs", "1")
CHECK = ("check", ".", *_EVERY, "--fail-on", "never", "--today", "2026-01-01")
COMMANDS: dict[str, tuple[str, ...]] = {
    "check json": (*CHECK, "--format", "json"),
    "check sarif": (*CHECK, "--format", "sarif"),
    "graph account": ("graph", ".", *_EVERY, "--level", "account", "--format", "json"),
    "graph role": ("graph", ".", *_EVERY, "--level", "role", "--format", "json"),
    "graph resource": ("graph", ".", *_EVERY, "--level", "resource", "--format", "json"),
    "show": ("show", ".", *_EVERY, "--format", "json"),
}
"""What is compared: without a cache, in one process, by the day that fixtures are judged by."""


@dataclass(frozen=True)
class Outcome:
    """What one command gave. `problem` says why there is no report; "" where there is one."""

    text: bytes
    status: int
    problem: str
    cpu: float
    wall: float
    memory: int

    def data(self) -> Any:
        """Return the report."""
        return json.loads(self.text)


def environment(scratch: Path) -> dict[str, str]:
    """Return the environment of a side's commands; what they keep for themselves stays below `scratch`."""
    foreign = ("ASTRALINT_", "PYTHON", "VIRTUAL_ENV", "FORCE_COLOR")
    own = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**own, "NO_COLOR": "1", "XDG_CACHE_HOME": str(scratch), "PYTHONHASHSEED": "0"}


def run(side: Side, arguments: tuple[str, ...], tree: Path, scratch: Path, timeout: float) -> Outcome:
    """Run one command in a tree, whatever becomes of it."""
    scratch.mkdir(parents=True, exist_ok=True)
    out, err, figures = scratch / "out", scratch / "err", scratch / "figures"
    figures.unlink(missing_ok=True)
    launch = [sys.executable, "-S", "-E", str(LAUNCH), str(figures), str(timeout)]
    with out.open("wb") as stdout, err.open("wb") as stderr:
        subprocess.run(
            [*launch, *side.command, *arguments],
            cwd=tree,
            env=environment(scratch / "cache"),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            check=False,
        )
    text, said = out.read_bytes(), err.read_text("utf-8", "replace").strip()
    try:
        took = json.loads(figures.read_bytes())
    except (OSError, ValueError):
        return Outcome(text, -1, f"could not be run: {_last(said)}", 0.0, 0.0, 0)
    problem = ""
    if took["late"]:
        problem = f"took more than {timeout:.0f} s"
    elif any(sign in said for sign in ("Traceback (most recent call last)", "astralint: internal error")):
        problem = f"crashed: {_last(said)}"
    elif not text.lstrip().startswith(b"{"):
        problem = f"gave no report, status {took['status']}: {_last(said)}"
    return Outcome(text, took["status"], problem, took["cpu"], took["wall"], took["memory"])


def run_both(
    sides: tuple[Side, Side], arguments: tuple[str, ...], tree: Path, scratch: Path, timeout: float
) -> tuple[Outcome, Outcome]:
    """Run one command on both sides at once, so that both are measured under the same load."""
    with ThreadPoolExecutor(2) as pool:
        first, second = (
            pool.submit(run, side, arguments, tree, scratch / str(number), timeout) for number, side in enumerate(sides)
        )
        return first.result(), second.result()


def _last(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else "nothing on standard error"
