"""Programs that judge drawings; a test without them skips, or fails where they are required."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def absent(reason: str) -> NoReturn:
    if os.environ.get("ASTRALINT_REQUIRE_ORACLES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def graphviz() -> str:
    return shutil.which("dot") or absent("Graphviz is not installed")


def mermaid_home() -> Path:
    home = Path(os.environ.get("ASTRALINT_MERMAID", Path.home() / ".cache" / "astralint-mermaid"))
    if not shutil.which("node") or not (home / "node_modules" / "mermaid").is_dir():
        absent(f"needs node, and `npm install --prefix {home} mermaid jsdom@24`")
    return home
