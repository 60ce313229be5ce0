"""`astralint baseline` and `check --baseline`."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Command
from .test_check import CONFIGURATION, USER


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    home = tmp_path / "platform"
    (home / "production").mkdir(parents=True)
    (home / "production" / "main.tf").write_text(USER)
    (home / "astralint.hcl").write_text(CONFIGURATION)
    return home


def test_write_check_and_prune(command: Command, platform: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "kept.json")
    before = command("check", str(platform), "--format", "concise")
    assert before.status == 1
    written = command("baseline", "write", str(platform), "--file", file)
    assert (written.status, "wrote" in written.out) == (0, True)
    assert command("check", str(platform), "--baseline", file).status == 0
    assert command("baseline", "check", str(platform), "--file", file).status == 0
    main = platform / "production" / "main.tf"
    text = main.read_text()
    main.write_text(text.replace('"aws_iam_user" "u"', '"aws_iam_user" "v"').replace('"u"', '"v"'))
    changed = command("baseline", "check", str(platform), "--file", file)
    assert changed.status == 1
    assert "gone: AL101 of aws_iam_user.u" in changed.out
    assert "new: AL101 of aws_iam_user.v" in changed.out
    pruned = command("baseline", "prune", str(platform), "--file", file)
    assert (pruned.status, "pruned: AL101 of aws_iam_user.u" in pruned.out) == (0, True)
    assert command("check", str(platform), "--baseline", file).status == 1
    assert command("baseline", "check", str(platform), "--file", str(tmp_path / "none.json")).status == 2
