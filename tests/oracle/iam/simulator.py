"""The IAM simulator, in a process of its own.

`ASTRALINT_IAM_SIMULATOR` names a directory whose `node_modules` holds it; else npm installs it
into a directory of the user's cache.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).parent
_PACKAGE = Path("node_modules/@cloud-copilot/iam-simulate/package.json")


class Simulator:
    """Answers one question after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, case: dict[str, Any]) -> dict[str, Any]:
        """Return the simulator's answer to one case."""
        return next(iter(self.ask_all([case])))

    def ask_all(self, questions: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Return the answers, in order; questions are asked ahead of them."""
        assert self._process.stdout is not None
        waiting: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        threading.Thread(target=self._write, args=(questions, waiting), daemon=True).start()
        while waiting.get() is not None:
            line = self._process.stdout.readline()
            if not line:
                raise RuntimeError("the IAM simulator ended")
            yield json.loads(line)

    def _write(self, questions: Iterable[dict[str, Any]], waiting: queue.SimpleQueue[int | None]) -> None:
        assert self._process.stdin is not None
        for number, question in enumerate(questions):
            self._process.stdin.write(json.dumps({**question, "id": number}) + "\n")
            self._process.stdin.flush()
            waiting.put(number)
        waiting.put(None)


def absent(reason: str) -> None:
    """Skip, or fail where the oracles are required."""
    if os.environ.get("ASTRALINT_REQUIRE_ORACLES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def directory() -> Path | str:
    """Return a directory with the simulator and our driver, or why there is none."""
    if shutil.which("node") is None:
        return "node is not installed"
    named = os.environ.get("ASTRALINT_IAM_SIMULATOR")
    cached = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "astralint-tests" / "iam-simulator"
    place = Path(named) if named else cached
    if not (place / _PACKAGE).is_file():
        if named:
            return f"{named} holds no iam-simulate"
        problem = _install(place)
        if problem:
            return problem
    wanted = json.loads((HERE / "package.json").read_text())["dependencies"]["@cloud-copilot/iam-simulate"]
    present = json.loads((place / _PACKAGE).read_text())["version"]
    if present != wanted:
        return f"iam-simulate is there in version {present}, not {wanted}"
    return place


def _install(place: Path) -> str:
    if shutil.which("npm") is None:
        return "npm is not installed"
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "package.json", place)
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=180, check=False)
    except subprocess.TimeoutExpired:
        return "npm did not install iam-simulate in time"
    return "" if done.returncode == 0 else f"npm can't install iam-simulate: {done.stderr.strip()[-200:]}"


@contextmanager
def simulator() -> Iterator[Simulator]:
    """Start the simulator for as long as the block runs."""
    place = directory()
    if isinstance(place, str):
        absent(place)
        return
    # Node looks for packages beside the script, wherever it was started.
    script = place / "driver.mjs"
    if not script.exists() or script.read_bytes() != (HERE / "driver.mjs").read_bytes():
        shutil.copy(HERE / "driver.mjs", script)
    process = subprocess.Popen(["node", str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Simulator(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        process.wait(timeout=30)
