"""The harness sees what differs from the marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from astralint.rules.harness import Mark, find_fixtures, read_marks, run_fixture

CONFIGURATION = """
account "identity" {
  kind = "identity"
  id   = "210000000002"
}
account "production" {
  kind = "production"
  id   = "210000000007"
  workspace "production" { path = "production" }
}
"""
USER = 'provider "aws" {\n  region = "us-east-1"\n}\nresource "aws_iam_user" "u" {%s\n  name = "u"%s\n}\n'


def fixture(tmp_path: Path, mark: str = "", inner: str = "", more: str = "") -> Path:
    (tmp_path / "production").mkdir()
    (tmp_path / "production" / "main.tf").write_text(USER % (mark, inner) + more)
    (tmp_path / "astralint.hcl").write_text(CONFIGURATION)
    return tmp_path


@pytest.mark.parametrize(
    "mark", [" # expect: AL101", " // expect: AL101", " # expect: AL101 x1", " # why expect: nothing"]
)
def test_marks(tmp_path: Path, mark: str) -> None:
    came = run_fixture(fixture(tmp_path, mark))
    assert came.ok == ("AL101" in mark), str(came)


@pytest.mark.parametrize(
    ("mark", "inner", "missing"),
    [
        ("", "", 0),
        (" # ok: AL101", "", 1),
        (" # expect: AL101 x2", "", 1),
        (" # expect: AL103", "", 1),
        (" # undecided: AL101", "", 1),
        (" # silent: AL101", "", 1),
        (" # suppressed: AL101", "", 1),
        (" # diagnostic: syntax-error", "", 1),
        ("", " # expect: AL101", 1),
    ],
)
def test_what_differs_is_told(tmp_path: Path, mark: str, inner: str, missing: int) -> None:
    came = run_fixture(fixture(tmp_path, mark, inner))
    assert not came.ok
    assert len(came.missing) == missing
    assert "not as expected" in str(came)
    if "AL101 x2" not in mark:
        assert any("AL101" in text for text in came.unexpected)


@pytest.mark.parametrize("mark", ["# expect-below: AL101\n", "# expect-below(3): AL101\n\n\n"])
def test_a_mark_may_stand_above(mark: str, tmp_path: Path) -> None:
    more = mark + 'resource "aws_iam_user" "v" {\n  name = "v"\n}\n'
    assert run_fixture(fixture(tmp_path, " # expect: AL101", more=more)).ok


def test_broken_input_is_not_passed_over(tmp_path: Path) -> None:
    came = run_fixture(fixture(tmp_path, " # expect: AL101", more="locals {\n  a = = 1\n}\n"))
    assert not came.ok
    assert came.diagnostics


def test_a_wrong_configuration_is_not_passed_over(tmp_path: Path) -> None:
    fixture(tmp_path, " # expect: AL101")
    (tmp_path / "astralint.hcl").write_text(
        CONFIGURATION + 'rule "iam-usr-outside-identity" {\n  severity = "off"\n}\n'
    )
    came = run_fixture(tmp_path)
    assert [d.code for d in came.diagnostics] == ["unknown-rule"]
    assert came.diagnostics[0].help == "did you mean `iam-user-outside-identity`?"


def test_reading_marks(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_text("a = 1 # expect: AL101, AL102 x3\n# ok-below: AL103\n")
    assert list(read_marks(tmp_path)) == [
        Mark("a.tf", 1, "expect", "AL101"),
        Mark("a.tf", 1, "expect", "AL102", 3),
        Mark("a.tf", 3, "ok", "AL103"),
    ]


def test_finding_fixtures(tmp_path: Path) -> None:
    for path in ("one/good/a", "one/good/b", "one/bad", "two/good"):
        (tmp_path / path).mkdir(parents=True)
        (tmp_path / path / "main.tf").write_text("")
    found = [(name, kind, path.name) for name, kind, path in find_fixtures(tmp_path)]
    assert found == [("one", "bad", "bad"), ("one", "good", "a"), ("one", "good", "b"), ("two", "good", "good")]
