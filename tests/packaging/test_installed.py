"""What users install: the wheel in an empty environment, and the editable install of a working tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "fixtures" / "platforms" / "astradot"
PROJECT = ("src", "rules", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path | None = None, timeout: int = 300) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "FORCE_COLOR")}
    return subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, timeout=timeout, check=False, env=environment
    )


def must(*command: str | Path, cwd: Path | None = None) -> str:
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a package is built from, so that no build leaves anything in the working tree."""
    target = tmp_path_factory.mktemp("project")
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", ".*"))
        else:
            shutil.copy(source, target / name)
    return target


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("environment")
    venv.create(directory, with_pip=True)
    return directory / ("Scripts" if sys.platform == "win32" else "bin")


@pytest.fixture(scope="module")
def wheel(project: Path, environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    must(environment / "python", "-m", "pip", "wheel", "-q", "--no-deps", "-w", target, project)
    [found] = target.glob("*.whl")
    return found


def _generated(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" or part.endswith(".egg-info") for part in path.parts)


def test_the_wheel_holds_all_data_and_the_compiled_grammar(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {
        path.relative_to(base).as_posix()
        for base in (ROOT / "src", ROOT / "rules")
        for path in base.rglob("*")
        if path.is_file() and not _generated(path.relative_to(base))
    }
    assert package <= names, sorted(package - names)
    extra = {name for name in names - package if ".dist-info/" not in name}
    assert len(extra) == 1
    assert next(iter(extra)).startswith("astralint/hcl/")


def test_the_installed_wheel_works(wheel: Path, environment: Path, tmp_path: Path) -> None:
    must(environment / "python", "-m", "pip", "install", "-q", wheel)
    astralint = environment / "astralint"
    assert "iam-user-outside-identity" in must(astralint, "rules", cwd=tmp_path)
    shutil.copytree(MODEL, tmp_path / "platform")
    checked = run(astralint, "check", cwd=tmp_path / "platform")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "No findings" in checked.stdout
    must(astralint, "check", "--format", "sarif", "--no-cache", cwd=tmp_path / "platform")
    must(astralint, "graph", "--format", "html", cwd=tmp_path / "platform")


def test_an_editable_install_sees_an_edited_rule(project: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "v", with_pip=True)
    scripts = tmp_path / "v" / ("Scripts" if sys.platform == "win32" else "bin")
    must(scripts / "python", "-m", "pip", "install", "-q", "-e", project)
    rule = project / "rules" / "astralint_rules" / "identity" / "placement.toml"
    assert "Users are not made elsewhere" not in must(scripts / "astralint", "explain", "AL101", cwd=tmp_path)
    text = rule.read_text()
    try:
        rule.write_text(text.replace("IAM users exist only in the identity account.", "Users are not made elsewhere."))
        assert "Users are not made elsewhere" in must(scripts / "astralint", "explain", "AL101", cwd=tmp_path)
    finally:
        rule.write_text(text)
