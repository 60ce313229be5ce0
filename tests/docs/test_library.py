"""The examples of docs/how-to/library.md run, and print what they promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.compare.repository import FIXTURES, commit, replace_with, repository

ROOT = Path(__file__).parents[2]
EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "how-to" / "library.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "AL114 `astradot-etl` of `staging` can become `astradot-data-export` of `production`"),
        (1, "staging/astradot-etl -> astradot-data-export: allowed\n  "),
        (2, "allowed ['astradot-cache-warmer', 'astradot-cache-reader']"),
        (3, "* can-access aws_codeartifact_domain.this ('codeartifact:GetAuthorizationToken',) conditional"),
    ],
)
def test_examples(
    number: int, expected: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # A copy outside of the repository: its root is the boundary then.
    place = tmp_path / "fixtures" / "platforms" / "astradot-drifted"
    place.mkdir(parents=True)
    replace_with(place, FIXTURES / "astradot-drifted")
    monkeypatch.chdir(tmp_path)
    exec(compile(EXAMPLES[number], "library.md", "exec"), {})
    assert expected in capsys.readouterr().out


def test_the_example_of_two_revisions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = repository(tmp_path / "repository")
    replace_with(root, FIXTURES / "astradot")
    commit(root)
    replace_with(root, FIXTURES / "astradot-drifted")
    monkeypatch.chdir(root)
    assert len(EXAMPLES) == 6
    exec(compile(EXAMPLES[4], "library.md", "exec"), {})
    assert "staging/astradot-etl -> production/astradot-data-export allowed" in capsys.readouterr().out


def test_the_example_of_the_decision(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(EXAMPLES[5], "library.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == [
        "conditional",
        'if sts:ExternalId StringEquals "4711"',
        "by trust Statement",
        "by identity Statement",
    ]


def test_the_table_of_the_decision_names_what_is_there() -> None:
    import astralint.aws

    text = (ROOT / "docs" / "how-to" / "library.md").read_text("utf-8").split("## The decision alone")[1]
    for name in astralint.aws.__all__:
        assert getattr(astralint.aws, name) is not None
    for name in re.findall(r"^\| `(\w+)", text, re.MULTILINE):
        assert name in astralint.aws.__all__
