"""Names that are no UTF-8: no command minds them, and they come out as `\\xff`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from astralint.source.git_tree import GitTree
from astralint.source.names import machine, told
from astralint.source.tree import LocalTree
from tests.hostile.platforms import COMMANDS, commit, formats_of, platform, run

ODD = b"odd\xff\xc3\x28\xf4\x8f\xbf\xbf"
LATIN = b"caf\xe9"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a platform with such names of files, directories, links, and modules."""
    root = platform(tmp_path_factory.mktemp("odd"), "x")
    (Path(os.fsdecode(os.fsencode(root) + b"/README\xff"))).write_text("nothing")
    inner = os.fsencode(root) + b"/accounts/" + ODD
    Path(os.fsdecode(inner)).mkdir(parents=True)
    Path(os.fsdecode(inner + b"/main" + LATIN + b".tf")).write_text(
        'resource "aws_iam_user" "odd" {\n  for_each = fileset(path.module, "**")\n  name = each.key\n}\n'
        'module "m" {\n  source = "../../modules/m"\n}\noutput "files" {\n  value = [for f in fileset(path.module, "**") : '
        'file("${path.module}/${f}")]\n}\n'
    )
    (root / "modules/m").mkdir(parents=True)
    Path(os.fsdecode(os.fsencode(root) + b"/modules/m/" + LATIN + b".tf")).write_text(
        'resource "aws_iam_user" "inner" {\n  name = "inner"\n}\nresource "aws_iam_role" "broken" {\n  name = \n}\n'
    )
    Path(os.fsdecode(os.fsencode(root) + b"/accounts/link" + LATIN)).symlink_to(os.fsdecode(ODD))
    Path(os.fsdecode(os.fsencode(root) + b"/accounts/nowhere" + LATIN)).symlink_to("nowhere")
    commit(root, "odd")
    return root


@pytest.mark.parametrize("call", [call for name in COMMANDS for call in formats_of(name)], ids=" ".join)
@pytest.mark.parametrize("cache", [True, False])
def test_every_command_reports(
    odd: Path, call: list[str], cache: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for _ in range(2 if cache else 1):
        result = run(odd, *call, cache=cache)
        assert result.exit_code in (0, 1, 3)
        assert result.stdout
        result.stdout.encode()
        if call[-1] == "json" or "sarif" in call:
            json.loads(result.stdout)


def test_paths_are_spelled(odd: Path) -> None:
    assert "odd\\\\xff" in run(odd, "show", "-f", "json").stdout
    assert "odd\\xff" in run(odd, "show").stdout
    assert "odd%FF%C3%28%F4%8F%BF%BF" in run(odd, "check", "-f", "sarif").stdout.replace("(", "%28")
    assert "odd\\xff" in run(odd, "check", "-f", "text").stdout


def test_diff(odd: Path) -> None:
    for format_ in ("text", "json", "markdown"):
        result = run(odd, "diff", "HEAD", "-f", format_)
        assert result.exit_code in (0, 3)


def test_lossless() -> None:
    for raw in (
        ODD,
        LATIN,
        b"plain",
        "ünï".encode(),
        b"\xf4\x8f\xbf\xbf",
        b"\xf4\x8f\xbe\x80\xff",
        bytes(range(1, 256)),
    ):
        name = told(os.fsdecode(raw))
        name.encode()
        assert os.fsencode(machine(name)) == raw
    assert told("\U0010ffff") != told(os.fsdecode(b"\xff"))


def test_both_trees_call_them_the_same(odd: Path) -> None:
    local, revision = LocalTree(odd), GitTree(odd, "HEAD")
    for directory in (".", "accounts", "modules/m"):
        there = [entry for entry in local.entries(directory) if entry.name != ".git"]
        assert there == list(revision.entries(directory))
        for entry in there:
            if entry.kind == "file":
                path = entry.name if directory == "." else f"{directory}/{entry.name}"
                assert local.read(path) == revision.read(path)


def test_a_root_of_such_a_name(tmp_path: Path) -> None:
    root = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + ODD))
    root.mkdir()
    platform(root, "x")
    commit(root, "first")
    for call in (
        ["check", "-f", "sarif"],
        ["check"],
        ["show", "-f", "json"],
        ["graph", "-f", "json"],
        ["why", "u", "r"],
    ):
        for place in (root, root / "accounts"):
            assert run(place, *call, cache=True).exit_code in (0, 1, 2, 3)
    assert run(root / "accounts", "diff", "HEAD", "-f", "json").exit_code in (0, 3)
    assert run(tmp_path, "check", str(root), "--config", str(root / "astralint.hcl")).exit_code in (0, 1, 3)
