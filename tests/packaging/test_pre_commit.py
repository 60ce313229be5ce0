"""The hook in a real pre-commit, on a repository made from the model platform."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "fixtures" / "platforms" / "astradot"
HOOK = ("src", "rules", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".pre-commit-hooks.yaml")

pytestmark = pytest.mark.slow


def git(repository: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=tests", "-c", "user.email=tests@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=repository, capture_output=True, text=True, check=True)
    return done.stdout


def repository_of(directory: Path) -> Path:
    git(directory, "init", "-q", "-b", "main")
    git(directory, "add", "--all")
    git(directory, "commit", "-q", "-m", "begin")
    return directory


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("hook")
    for name in HOOK:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, directory / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", ".*"))
        else:
            shutil.copy(source, directory / name)
    return repository_of(directory)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit-home")


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    shutil.copytree(MODEL, tmp_path / "platform")
    return repository_of(tmp_path / "platform")


def try_hook(hook: Path, platform: Path, home: Path) -> subprocess.CompletedProcess[str]:
    git(platform, "add", "--all")
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "FORCE_COLOR")}
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", "--color", "never", str(hook), "astralint"],
        cwd=platform,
        env={**environment, "PRE_COMMIT_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def test_the_model_platform_passes(hook: Path, platform: Path, home: Path) -> None:
    done = try_hook(hook, platform, home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout


def test_a_bad_edit_fails_with_the_finding(hook: Path, platform: Path, home: Path) -> None:
    file = platform / "workspaces" / "production" / "legacy.tf"
    file.write_text('resource "aws_iam_user" "ci" {\n  name = "ci"\n}\n')
    done = try_hook(hook, platform, home)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "error[AL101 iam-user-outside-identity]" in done.stdout
    assert "workspaces/production/legacy.tf:1:" in done.stdout


def test_a_commit_that_only_deletes_a_file_fails_too(hook: Path, platform: Path, home: Path) -> None:
    # The security auditor's role is trusted by every other account.
    (platform / "workspaces" / "security" / "auditor.tf").unlink()
    done = try_hook(hook, platform, home)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Failed" in done.stdout
    assert "error[" in done.stdout or "warning[" in done.stdout
    git(platform, "commit", "-q", "-m", "delete")
    assert git(platform, "show", "--stat", "--format=").count("|") == 1
