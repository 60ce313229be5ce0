"""The two sides: a revision's code, installed into an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


class NotBuiltError(Exception):
    """A side that can't be had: no such revision, or it does not install."""


@dataclass(frozen=True)
class Side:
    """One revision: its name for people, its working tree, the command that its environment has."""

    label: str
    tree: Path
    command: tuple[str, ...]


def settle(given: str, repository: Path, work: Path, python: Path | None, kept: Path | None) -> Side:
    """Return the side that a revision, or a directory with a working tree, stands for.

    `python` is the interpreter of an environment that has it installed already. In
    `kept`, environments of revisions stay for the next run.
    """
    directory = Path(given)
    if (directory / "pyproject.toml").is_file():
        label, tree = f"the working tree `{directory.resolve().name}`", directory.resolve()
        environment = work / "environment"
    else:
        commit = _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{given}^{{commit}}")
        subject = _git(repository, "show", "--no-patch", "--format=%h %s", commit)
        number, _, title = subject.partition(" ")
        label, tree = f"`{number}` ({title})", work / "tree"
        _git(repository, "clone", "--quiet", "--shared", "--no-checkout", str(repository), str(tree))
        _git(tree, "checkout", "--quiet", "--detach", commit)
        environment = (kept or work) / commit
    if python is None:
        python = _build(tree, environment)
    command = python.with_name("astralint")
    if not command.exists():
        raise NotBuiltError(f"{python} has no `astralint` beside it")
    return Side(label, tree, (str(command.absolute()),))


def _git(directory: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(directory), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotBuiltError(done.stderr.strip() or f"git {' '.join(arguments)} failed")
    return done.stdout.strip()


def _build(tree: Path, environment: Path) -> Path:
    """Install a working tree into an environment, unless that was done before; return its interpreter."""
    python = environment / "bin" / "python"
    done = environment / "complete"
    if done.exists():
        return python
    own = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(environment)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(tree)],
    ):
        made = subprocess.run(command, capture_output=True, text=True, check=False, env=own)
        if made.returncode:
            said = (made.stderr or made.stdout).strip().splitlines()
            raise NotBuiltError(f"{' '.join(command)}: {said[-1] if said else 'failed'}")
    done.touch()
    return python
