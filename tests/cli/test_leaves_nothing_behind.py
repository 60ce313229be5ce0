"""No command writes into the tree that it looks at, nor into the directory that it is called in."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from astralint import ScanOptions, scan
from tests.cli.conftest import DRIFTED, process

COMMANDS = {
    "check": ("check", "--fail-on", "never"),
    "check without a cache": ("check", "--no-cache", "--fail-on", "never"),
    "check of one root": (
        "check",
        "workspaces/production",
        "--boundary",
        ".",
        "--format",
        "sarif",
        "--fail-on",
        "never",
    ),
    "graph": ("graph", "--format", "html"),
    "graph of resources": ("graph", "--level", "resource", "--format", "json"),
    "show": ("show", "--trace"),
    "why": ("why", "staging", "production"),
    "eval": ("eval", "--boundary", ".", "workspaces/production", "local.account_ids"),
    "rules": ("rules",),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(DRIFTED, tmp_path / "tree")
    return tmp_path / "tree"


def listing(tree: Path) -> dict[str, bytes | None]:
    """What is in a tree: each path, and what stands in each file."""
    return {str(path.relative_to(tree)): path.read_bytes() if path.is_file() else None for path in tree.rglob("*")}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_leaves_the_tree_as_it_was(
    name: str, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A process of its own, because a cache may be written when it ends; a home of its own, so that there is none yet.
    for variable in ("ASTRALINT_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    before = listing(tree)
    child = process(*COMMANDS[name], cwd=tree)
    out, err = child.communicate(timeout=120)
    assert (child.returncode, err) == (0, "")
    assert out
    assert listing(tree) == before


def test_a_place_that_is_no_path_is_refused(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    before = listing(tree)
    for name in ("boundary", "config", "cache", "baseline"):
        with pytest.raises(TypeError, match=f"`{name}` is a Path or None, not False"):
            ScanOptions(**{name: False})
    scan([tree], ScanOptions(cache=None, jobs=1))
    assert listing(tree) == before
    assert not os.path.lexists("False")
