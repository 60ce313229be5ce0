"""Two revisions, installed and compared: one that is committed, and a working tree in which things were changed."""

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


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


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
    replace(
        project / "rules" / "astralint_rules" / "identity" / "iam_user_outside_identity.py",
        'severity="error"', 'severity="note"',
    )  # fmt: skip
    show = project / "src" / "astralint" / "cli" / "commands" / "show.py"
    replace(show, '"""Show the evaluated', '"""Show no longer the evaluated')
    show.write_text(show.read_text().replace("    with session_for(", "    raise KeyError(1)\n    with session_for("))
    monkeypatch.setattr(ecosystem, "ROOT", project)
    monkeypatch.delenv("ASTRALINT_CORPORA", raising=False)
    kept = tmp_path / "environments"
    # An environment that is there already, with the working tree in it.
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "astralint"
    places = [str(project / "src"), str(project / "rules")]
    command.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path[:0] = {places}\nfrom astralint.cli.main import main\nmain()\n"
    )
    command.chmod(0o755)

    given = ["--environments", str(kept), "--new-python", str(command.with_name("python"))]
    assert ecosystem.main(["HEAD", str(project), *given]) == 0
    out = capsys.readouterr().out
    assert re.search(r"From `\w+` \(change\) to the working tree `project`\.", out)
    assert "| rules/iam-user-outside-identity/good | same bytes | differs | same bytes |" in out
    assert re.search(r"\| AL101 iam-user-outside-identity \| [1-9]\d* \|", out)
    assert 'severity "error" → "note"' in out
    assert re.search(r"show in rules/\S+: gave a report → crashed: astralint: internal error.*KeyError", out)
    assert re.search(r"\| fixtures \|( \d+\.\d\d \|){3}( \d+ \|){2} \d\.\d\d \|", out)

    # A second time: the revision's environment is there, and nothing differs from itself.
    assert ecosystem.main(["HEAD", "HEAD", "--environments", str(kept), "--rounds", "2"]) == 0
    assert "2 trees, 12 outputs: 12 the same bytes." in capsys.readouterr().out
    assert len(list(kept.iterdir())) == 1
