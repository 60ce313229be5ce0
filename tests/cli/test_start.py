"""Starting in poor circumstances: streams, environments and directories that are not there."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import MODEL, Called, process


@pytest.mark.parametrize(
    "arguments", [["rules"], ["explain", "AL101"], ["--help"], ["check", "--help"], ["check", "."]]
)
def test_a_reader_that_went_away_is_no_error(arguments: list[str]) -> None:
    called = process(*arguments, cwd=MODEL)
    assert called.stdout is not None
    assert called.stderr is not None
    called.stdout.close()
    assert called.stderr.read() == ""
    assert called.wait(timeout=60) == 0


def ended(redirections: str, *arguments: str | Path, cwd: Path | None = None, **environment: str) -> Called:
    """Call the command from a shell, with redirections such as `>&-`, in an environment of this alone."""
    code = "from astralint.cli.main import main; main()"
    line = shlex.join([sys.executable, "-c", code, *map(str, arguments)])
    done = subprocess.run(
        ["sh", "-c", f"{line} {redirections}"], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120
    )
    return Called(done.returncode, done.stdout, done.stderr)


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
@pytest.mark.parametrize(
    ("redirections", "status"),
    [("<&-", 0), (">&-", 0), ("2>&-", 0), ("<&- >&- 2>&-", 0), (">/dev/full", 2)],
)
def test_streams_that_are_not_there(redirections: str, status: int, tmp_path: Path) -> None:
    if "/dev/full" in redirections and not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    (tmp_path / "main.tf").write_text("")
    called = ended(redirections, "check", tmp_path, "--no-cache")
    assert called.status == status
    assert "Traceback" not in called.err
    assert "internal error" not in called.err


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
def test_an_environment_with_nothing_in_it(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_iam_user" "é" {\n  name = "ü"\n}\n', "utf-8")
    environments: tuple[dict[str, str], ...] = (
        {"HOME": "/dev/null/home"},
        {"HOME": ""},
        {"HOME": str(tmp_path), "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"ASTRALINT_CACHE_DIR": "/dev/null/cache"},
        {"XDG_CACHE_HOME": "relative", "HOME": "/dev/null/home"},
    )
    for environment in environments:
        called = ended("", "show", tmp_path, **environment)
        assert (called.status, called.err) == (0, "")
        assert "aws_iam_user" in called.out


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
def test_input_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "input").write_bytes(b'"\xff"\n1 + 1\n')
    called = ended(f"<{tmp_path}/input", "eval", tmp_path, "--no-cache")
    assert called.status == 0
    assert [json.loads(line).get("value") for line in called.out.splitlines()] == ["�", 2]


@pytest.mark.skipif(os.name == "nt", reason="a directory in use can't be removed")
def test_a_current_directory_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    code = "import os, sys; os.rmdir(os.getcwd()); from astralint.cli.main import main; main(sys.argv[1:])"
    for arguments, status in ((["check"], 2), (["check", str(MODEL), "--no-cache"], 0)):
        gone.mkdir(exist_ok=True)
        done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=gone, capture_output=True, text=True)
        assert done.returncode == status
        assert "internal error" not in done.stderr
