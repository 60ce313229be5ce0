"""A revision in git is the same tree as the files that were committed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from astralint.source.git_tree import GitError, GitTree, resolve_revision, work_tree_of
from astralint.source.tree import Entry, LocalTree, SourceError, SourceTree
from tests.compare.repository import commit, git, repository


def walk(tree: SourceTree, directory: str = ".") -> Iterator[tuple[str, Entry]]:
    for entry in tree.entries(directory):
        if entry.name == ".git":
            continue
        path = entry.name if directory == "." else f"{directory}/{entry.name}"
        yield path, entry
        if entry.kind == "directory" and not entry.is_link:
            yield from walk(tree, path)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    root = repository(tmp_path / "repository")
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "main.tf").write_text('locals { a = "ä" }\n')
    (root / "main.tf").write_bytes(b"\xef\xbb\xbfempty = 1\r\n")
    (root / "name with\nnew line \xe4.tf").write_text("x = 1")
    (root / "-C").write_text("no option")
    (root / os.fsdecode(b"not-utf8-\xff")).write_text("bytes")
    (root / "linked").symlink_to("a/b")
    (root / "a" / "up.tf").symlink_to("../main.tf")
    (root / "broken").symlink_to("nowhere")
    (root / "loop").symlink_to("loop")
    (root / "escape").symlink_to("../../etc/passwd")
    (root / "absolute").symlink_to("/etc/passwd")
    (root / "script.sh").write_text("#!/bin/sh\n")
    (root / "script.sh").chmod(0o755)
    commit(root)
    return root


def test_the_same_entries_and_contents_as_the_files(made: Path) -> None:
    ours, local = GitTree(made, "HEAD"), LocalTree(made)
    found = dict(walk(ours))
    kinds = {path: ("outside" if e.kind == "broken-link" and path == "escape" else e.kind) for path, e in walk(local)}
    assert {path: entry.kind for path, entry in found.items()} == kinds
    assert {path for path, e in found.items() if e.is_link} == {path for path, e in walk(local) if e.is_link}
    files = [path for path, entry in found.items() if entry.kind == "file"]
    assert len(files) == 7
    assert all(ours.read(path) == local.read(path) for path in files)
    assert ours.read("linked/main.tf") == local.read("a/b/main.tf")


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "escape", "absolute", "a/../../x", "..", "main.tf/x", "a\0b"])
def test_nothing_outside_is_read(made: Path, path: str) -> None:
    tree = GitTree(made, "HEAD")
    with pytest.raises(SourceError):
        tree.read(path)
    assert tree.kind(path) is None


def test_real_paths(made: Path) -> None:
    tree = GitTree(made, "HEAD")
    assert tree.real_path("linked/main.tf") == "a/b/main.tf"
    assert tree.real_path(".") == "."
    with pytest.raises(SourceError):
        tree.real_path("loop")


def test_a_directory_of_the_repository_is_a_boundary(made: Path) -> None:
    tree = GitTree(made, "HEAD", "a")
    assert [entry.name for entry in tree.entries(".")] == ["b", "up.tf"]
    assert next(entry for entry in tree.entries(".") if entry.name == "up.tf").kind == "outside"
    with pytest.raises(SourceError) as error:
        tree.read("up.tf")
    assert error.value.code == "outside-boundary"
    with pytest.raises(GitError):
        GitTree(made, "HEAD", "gone")


def test_what_is_committed_counts_not_what_lies_there(made: Path) -> None:
    before = git(made, "rev-parse", "HEAD")
    (made / "main.tf").write_text("changed = true")
    (made / "new.tf").write_text("new = true")
    tree = GitTree(made, before)
    assert tree.read("main.tf").endswith(b"empty = 1\r\n")
    assert tree.kind("new.tf") is None
    assert git(made, "status", "--porcelain", "-uno") == "M main.tf"


def test_a_large_file_is_not_read(made: Path) -> None:
    (made / "large.tf").write_bytes(b" " * (10 * 1024 * 1024 + 1))
    commit(made)
    with pytest.raises(SourceError) as error:
        GitTree(made, "HEAD").read("large.tf")
    assert error.value.code == "file-too-large"


def test_a_hostile_tree_object_leads_nowhere(made: Path) -> None:
    blob = git(made, "rev-parse", "HEAD:main.tf")
    inner = git(made, "mktree", content=f"100644 blob {blob}\tpasswd\n".encode())
    raw = b"40000 ..\0" + bytes.fromhex(inner)
    evil = git(made, "hash-object", "-t", "tree", "--literally", "-w", "--stdin", content=raw)
    revision = git(made, "commit-tree", evil, "-m", "evil")
    tree = GitTree(made, revision)
    assert tree.entries(".") == ()
    assert tree.kind("../passwd") is None


def test_submodules_are_read_from_their_own_repository(tmp_path: Path, made: Path) -> None:
    inner = repository(tmp_path / "inner")
    (inner / "module.tf").write_text("a = 1")
    commit(inner)
    git(made, "submodule", "add", "-q", str(inner), "modules/inner")
    revision = commit(made)
    assert GitTree(made, revision).read("modules/inner/module.tf") == b"a = 1"
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(made), str(clone))
    bare = GitTree(clone, revision)
    assert bare.kind("modules/inner") == "directory"
    assert bare.entries("modules/inner") == ()


@pytest.mark.parametrize("revision", ["nope", "", "--output=x", "HEAD:main.tf", "a\0b"])
def test_what_is_no_revision(made: Path, revision: str) -> None:
    with pytest.raises(GitError):
        resolve_revision(made, revision)
    assert not (made / "x").exists()


def test_no_repository(tmp_path: Path) -> None:
    assert work_tree_of(tmp_path) is None
    with pytest.raises(GitError):
        GitTree(tmp_path, "HEAD")
