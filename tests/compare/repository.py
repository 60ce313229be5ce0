"""Git repositories for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures" / "platforms"
ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(directory: Path, *arguments: str, content: bytes | None = None) -> str:
    """Run git in a directory; returns what it says."""
    done = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", "-C", str(directory), *arguments],
        env={**os.environ, **ENVIRONMENT},
        input=content,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def repository(directory: Path) -> Path:
    """Make an empty repository."""
    directory.mkdir(parents=True, exist_ok=True)
    git(directory, "init", "-q", "-b", "main", ".")
    return directory


def commit(directory: Path, message: str = "change") -> str:
    """Commit everything; returns the commit."""
    git(directory, "add", "-A")
    git(directory, "commit", "-q", "--allow-empty", "-m", message)
    return git(directory, "rev-parse", "HEAD")


def replace_with(directory: Path, platform: Path) -> None:
    """Put a platform in the place of everything in a repository."""
    for entry in directory.iterdir():
        if entry.name != ".git":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    shutil.copytree(platform, directory, dirs_exist_ok=True)
