"""A tree answers for what lies below its root, whatever links, names and files stand in it."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

import pytest

from astralint.source import tree as trees
from astralint.source.tree import LocalTree, SourceError, relative


@pytest.fixture
def root(tmp_path: Path) -> Path:
    top = tmp_path / "top"
    (top / "a/b/c").mkdir(parents=True)
    (top / "a/b/c/file").write_text("inside", "utf-8")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/file").write_text("outside", "utf-8")
    (top / "within").symlink_to("a/b")
    (top / "a/out").symlink_to("../../outside")
    (top / "a/out-file").symlink_to("../../outside/file")
    (top / "a/nowhere").symlink_to("nothing")
    (top / "a/circle").symlink_to("circle")
    return top


def asked(tree: LocalTree, path: str) -> tuple[object, ...]:
    """Return all that a tree says of a path."""

    def tried(question: object) -> object:
        try:
            return question(path)  # type: ignore[operator]
        except SourceError as error:
            return error.code

    return tuple(tried(question) for question in (tree.entries, tree.kind, tree.real_path, tree.digest, tree.read))


PATHS = [
    *(".", "a", "a/b", "a/b/c", "a/b/c/file", "a/b/c/file/x", "within", "within/c/file", "a/out", "a/out/file"),
    *("a/out-file", "a/nowhere", "a/circle", "missing", "missing/x", "..", "../outside/file", "/etc/passwd", "a\0b"),
    *("a/b/../../within", "a/./b", "a//b", "", "x/" * 3_000 + "x", "y" * 5_000),
]


def test_whatever_was_asked_before_changes_no_answer(root: Path) -> None:
    alone = {path: asked(LocalTree(root), path) for path in PATHS}
    for order in (PATHS, PATHS[::-1]):
        together = LocalTree(root)
        assert {path: asked(together, path) for path in order} == alone


def test_nothing_outside_is_read(root: Path) -> None:
    tree = LocalTree(root)
    assert tree.read("within/c/file") == tree.read("a/b/c/file") == b"inside"
    assert tree.real_path("within/c") == "a/b/c"
    for path in ("a/out/file", "a/out-file", "../outside/file", "a/out/../out/file"):
        with pytest.raises(SourceError):
            tree.read(path)
        assert tree.kind(path) is None
    assert tree.entries("a/out") == ()
    assert {entry.name: entry.kind for entry in tree.entries("a")} == {
        "b": "directory",
        "circle": "broken-link",
        "nowhere": "broken-link",
        "out": "outside",
        "out-file": "outside",
    }


def test_a_root_that_is_reached_through_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("top")
    tree = LocalTree(tmp_path / "link")
    assert tree.read("within/c/file") == b"inside"
    assert tree.kind("a/b") == "directory"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_what_is_no_file_holds_nobody_up(root: Path) -> None:
    os.mkfifo(root / "fifo")
    tree = LocalTree(root)
    assert tree.kind("fifo") == "other"
    with pytest.raises(SourceError, match="not a regular file"):
        tree.read("fifo")


def test_a_digest_and_a_reading_see_the_same_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = LocalTree(root)
    digest = tree.digest("a/b/c/file")
    (root / "a/b/c/file").write_text("changed in between", "utf-8")
    assert tree.read("a/b/c/file") == b"inside"
    assert tree.digest("a/b/c/file") == digest
    monkeypatch.setattr(trees, "MAXIMUM_HELD", 3)
    other = LocalTree(root)
    assert other.digest("a/b/c/file") != digest
    assert other.read("a/b/c/file") == b"changed in between"


def test_relative_is_what_the_standard_library_says() -> None:
    paths = [".", "a", "a/b", "a/b/c", "a/c", "b", "..", "../x", "../../y"]
    for path in paths:
        for start in paths:
            assert relative(path, start) == posixpath.relpath(path, start)
