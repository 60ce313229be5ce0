"""The page about who can do what shows what the commands print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from astralint.cli.main import run

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "who-can.md"
SHOWN = re.compile(r"```sh\nastralint ((?:who-can|can) [^\n]*)\n```\n\n```text\n(.*?)```", re.DOTALL)
CODE = re.compile(r"```hcl\n# (\S+)\n(.*?)```", re.DOTALL)


def test_the_outputs_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PAGE.read_text("utf-8")
    for name, content in CODE.findall(text):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    monkeypatch.chdir(tmp_path)
    shown = SHOWN.findall(text)
    assert [command.split()[0] for command, _ in shown] == ["who-can", "can"]
    for command, expected in shown:
        assert run([*command.split(), "--no-cache"]) == 0
        assert capsys.readouterr().out == expected
