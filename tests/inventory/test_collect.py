"""What a collection asks for, without AWS's library: the plan, its calls and policies, what is kept of it."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from astralint.aws.actions import catalogue
from astralint.cli.main import run
from astralint.inventory.collect.actions import calls_of, read_only_policy
from astralint.inventory.collect.parts import Part, Parts, now_text, write_whole
from astralint.inventory.tables import collected_types, sources

CONFIGURATION = """
platform {
  regions = ["eu-west-1"]
}

inventory {
  role   = "inventory/reader"
  %s
}

account "production" {
  kind = "production"
  id   = "111122223333"
}

account "someday" {
  kind = "staging"
}
"""


def build(tmp_path: Path, more: str = "") -> Path:
    (tmp_path / "main.tf").write_text("")
    (tmp_path / "astralint.hcl").write_text(CONFIGURATION % more)
    return tmp_path


def called(directory: Path, *arguments: str) -> int:
    return run(["inventory", "collect", str(directory), "--boundary", str(directory), "--no-cache", *arguments])


def test_a_dry_run_prints_calls_and_policies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(build(tmp_path), "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "account production (111122223333), as role inventory/reader" in shown
    assert "account someday: left out, the configuration has no number for it" in shown
    assert "  iam list_users, once: aws_iam_user" in shown
    policy = json.loads(shown.partition("the policy in each account:")[2].partition("the caller's")[0])
    assert "iam:ListUsers" in policy["Statement"][0]["Action"]
    assert json.loads(shown.partition("the caller's, beside it:")[2])["Statement"][1]["Action"] == ["sts:AssumeRole"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--account", "nobody"], "the configuration has no account `nobody`"),
        (["--type", "aws_nothing"], "`aws_nothing` is no type that is collected"),
    ],
)
def test_what_can_not_be_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert called(build(tmp_path), *arguments) == 2
    assert message in capsys.readouterr().err


def test_an_aggregator_has_a_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(build(tmp_path, 'aggregator = "everything"'), "--dry-run") == 2
    assert "is not of the form ACCOUNT/REGION/NAME" in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in ("boto3", "botocore")]:
        monkeypatch.delitem(sys.modules, name)

    class Blocked:
        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name.partition(".")[0] in ("boto3", "botocore", "jmespath"):
                raise ModuleNotFoundError(name)

    monkeypatch.setattr(sys, "meta_path", [Blocked(), *sys.meta_path])
    assert called(build(tmp_path)) == 2
    assert "pip install 'astralint-terraform[aws]'" in capsys.readouterr().err
    assert called(tmp_path, "--dry-run") == 0
    assert run(["check", str(tmp_path), "--boundary", str(tmp_path), "--no-cache"]) == 0


def test_the_policy_only_reads() -> None:
    for action in json.loads(read_only_policy(collected_types()))["Statement"][0]["Action"]:
        found = catalogue().find(action)
        assert found is not None, action
        assert found.level in ("List", "Read"), action


def test_every_type_is_called_once() -> None:
    types = [name for call in calls_of(collected_types()) for name in call.types]
    assert set(types) == set(collected_types())
    assert len({(call.service, call.operation, call.scope) for call in calls_of(collected_types())}) <= len(types)


def test_the_sources_speak_of_types_that_there_are() -> None:
    assert {*sources().config, *sources().arns} <= set(collected_types())


def test_parts_are_taken_up_where_they_fit(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "inventory.json", "key")
    part = Part("key", "111122223333", "global", now_text(), complete=True)
    parts.write(part)
    assert parts.read("111122223333", "global") is not None
    assert parts.read("111122223333", "eu-west-1") is None
    assert Parts(tmp_path / "inventory.json", "other").read("111122223333", "global") is None
    (parts.directory / "111122223333-global.json").write_bytes(b'{"key": "ke')
    assert parts.read("111122223333", "global") is None


@pytest.mark.parametrize(("hours", "complete"), [(13, True), (-1, True), (0, False)])
def test_parts_of_another_time_are_collected_anew(tmp_path: Path, hours: int, complete: bool) -> None:
    parts = Parts(tmp_path / "inventory.json", "key")
    when = now_text(datetime.now(UTC) - timedelta(hours=hours))
    parts.write(Part("key", "111122223333", "global", when, complete))
    assert parts.read("111122223333", "global") is None


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "inventory.json"
    write_whole(path, b"first")
    with pytest.raises(TypeError):
        write_whole(path, "no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"first"
    assert [entry.name for entry in tmp_path.iterdir()] == ["inventory.json"]


def test_the_documentation_has_the_policy() -> None:
    text = (Path(__file__).parents[2] / "docs" / "how-to" / "nothing-manual.md").read_text("utf-8")
    assert f"```json\n{read_only_policy(collected_types())}\n```" in text
