"""The command, as in the tests of the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Command


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(capsys, monkeypatch)
