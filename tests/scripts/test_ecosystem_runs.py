"""Two revisions, installed and compared: one that is committed, and one whose command says something else."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from scripts import ecosystem
from tests.compare.repository import commit, repository

ROOT = Path(__file__).parents[2]
PROJECT = ("src", "rules", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
FIXTURE = Path("fixtures", "rules", "iam-user-outside-identity")


CHANGED = """#!{python}
import subprocess, sys
if sys.argv[1] == "show":
    raise KeyError("instances")
done = subprocess.run([{command!r}, *sys.argv[1:]], stdout=subprocess.PIPE, text=True)
sys.stdout.write(done.stdout.replace('"severity": "error"', '"severity": "note"'))
sys.exit(done.returncode)
"""
"""A command that calls the real one, finds all less severe, and has lost `show`."""


@pytest.mark.slow
def test_two_revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    project = repository(tmp_path / "project")
    for name in PROJECT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(ROOT / name, project / name)
    shutil.copytree(ROOT / FIXTURE, project / FIXTURE)
    commit(project)
    monkeypatch.setattr(ecosystem, "ROOT", project)
    monkeypatch.delenv("ASTRALINT_CORPORA", raising=False)
    kept = tmp_path / "environments"
    # An environment that is there already.
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "astralint"
    real = Path(sys.executable).with_name("astralint")
    command.write_text(CHANGED.format(python=sys.executable, command=str(real)))
    command.chmod(0o755)

    given = ["--environments", str(kept), "--new-python", str(command.with_name("python"))]
    assert ecosystem.main(["HEAD", str(project), *given]) == 0
    out = capsys.readouterr().out
    assert re.search(r"From `\w+` \(change\) to the working tree `project`\.", out)
    same = "same bytes | same bytes | same bytes | same bytes"
    assert f"| rules/iam-user-outside-identity/bad | differs | {same} | no report |" in out
    assert f"| rules/iam-user-outside-identity/good | same bytes | {same} | no report |" in out
    assert re.search(r"\| AL101 iam-user-outside-identity \| [1-9]\d* \|", out)
    assert 'severity "error" → "note"' in out
    assert re.search(r"show in rules/.+: gave a report → crashed: KeyError", out)
    assert re.search(r"\| fixtures \|( \d+\.\d\d \|){3}( \d+ \|){2} \d\.\d\d \|", out)

    # A second time: the revision's environment is there, and nothing differs from itself.
    assert ecosystem.main(["HEAD", "HEAD", "--environments", str(kept), "--rounds", "2", "--only", "good"]) == 0
    assert "1 tree, 6 outputs: 6 the same bytes." in capsys.readouterr().out
    assert len(list(kept.iterdir())) == 1
