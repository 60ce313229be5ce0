"""`astralint check`: what is printed where, and the exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import DRIFTED, MODEL, Command

USER = """
provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["111111111111"]
}

resource "aws_iam_user" "u" {
  name = "u"
}
"""
CONFIGURATION = """
account "identity" {
  kind = "identity"
  id   = "222222222222"
}

account "production" {
  kind = "production"
  id   = "111111111111"

  workspace "production" {
    path = "production"
  }
}
"""


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    (tmp_path / "production").mkdir()
    (tmp_path / "production" / "main.tf").write_text(USER)
    (tmp_path / "astralint.hcl").write_text(CONFIGURATION)
    return tmp_path


def test_the_model_platform_is_compliant(command: Command) -> None:
    called = command("check", MODEL)
    assert (called.status, called.err) == (0, "")
    assert "No findings" in called.out


def test_findings_give_status_1(command: Command, platform: Path) -> None:
    called = command("check", platform, "--select", "AL101")
    assert called.status == 1
    assert "error[AL101 iam-user-outside-identity]" in called.out
    assert "production/main.tf:7:" in called.out


@pytest.mark.parametrize(
    ("severity", "fail_on", "status"),
    [
        ("warning", "warning", 1),
        ("warning", "error", 0),
        ("note", "warning", 0),
        ("note", "note", 1),
        ("error", "error", 1),
        ("error", "never", 0),
    ],
)
def test_fail_on(command: Command, platform: Path, severity: str, fail_on: str, status: int) -> None:
    with (platform / "astralint.hcl").open("a") as file:
        file.write(f'\nrule "AL101" {{\n  severity = "{severity}"\n}}\n')
    assert command("check", platform, "--select", "AL101", "--fail-on", fail_on).status == status


def test_a_wrong_call_comes_before_findings_and_findings_before_broken_input(command: Command, platform: Path) -> None:
    (platform / "production" / "broken.tf").write_text('resource "x" {\n')
    broken_only = command("check", platform, "--ignore", "AL")
    assert broken_only.status == 3
    assert "broken.tf" in broken_only.out
    assert command("check", platform, "--select", "AL101", "--fail-on", "never").status == 3
    assert command("check", platform, "--select", "AL101").status == 1
    (platform / "astralint.hcl").write_text(CONFIGURATION + 'acount "x" {}\n')
    wrong = command("check", platform, "--select", "AL101")
    assert wrong.status == 2
    assert wrong.out == ""
    assert "did you mean `account`?" in wrong.err
    assert "astralint.hcl:15:1" in wrong.err


def test_strict_turns_undecided_into_3(command: Command, platform: Path) -> None:
    text = USER.replace('["111111111111"]', "[var.account]") + 'variable "account" {}\n'
    (platform / "production" / "main.tf").write_text(text)
    (platform / "astralint.hcl").write_text(CONFIGURATION.split('account "production"', maxsplit=1)[0])
    loose = command("check", platform, "--select", "AL101")
    assert loose.status == 0
    assert "undecided" in loose.out
    assert command("check", platform, "--select", "AL101", "--strict").status == 3
    shown = command("check", platform, "--select", "AL101", "--show-undecided")
    assert "aws_iam_user.u" in shown.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "yaml"], "yaml"),
        (["--select", "AL999999"], "no rule is called `AL999999`"),
        (["--ignore", "iam-user-outside-identty"], "did you mean `iam-user-outside-identity`?"),
        (["--output", "sarif"], "FORMAT=FILE"),
        (["--output", "pdf=x"], "'pdf' is not one of"),
        (["--output", "sarif=/dev/null/x.sarif"], "can't be written"),
        (["--config", "nope.hcl"], "`nope.hcl` does not exist"),
        (["--profile", "strict"], "no profile `strict`"),
        (["--today", "tomorrow"], "tomorrow"),
        (["--jobs", "0"], "--jobs"),
        (["--no-such-option"], "No such option"),
    ],
)
def test_wrong_calls_give_status_2(command: Command, platform: Path, arguments: list[str], said: str) -> None:
    called = command("check", platform, *arguments)
    assert called.status == 2
    assert said in called.err
    assert "Traceback" not in called.err


def test_a_path_that_is_not_there(command: Command) -> None:
    called = command("check", "/no/such/directory")
    assert called.status == 2
    assert "`/no/such/directory` does not exist" in called.err


def test_outputs_are_written_beside_standard_output(command: Command, platform: Path, tmp_path: Path) -> None:
    sarif, plain = tmp_path / "r.sarif", tmp_path / "r.json"
    called = command("check", platform, "--format", "github", "-o", f"sarif={sarif}", "--output", f"json={plain}")
    assert called.out.startswith("::")
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert json.loads(plain.read_text())["findings"]


def test_a_report_can_be_read_by_a_program(command: Command) -> None:
    called = command("check", DRIFTED, "--format", "json")
    assert called.status == 1
    assert {finding["rule"] for finding in json.loads(called.out)["findings"]} > {"AL101", "AL110"}


def test_colour(command: Command, platform: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in command("check", platform).out
    assert "\x1b[" in command("check", platform, "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in command("check", platform).out
    assert "\x1b[" not in command("check", platform, "--format", "json").out
    assert "\x1b[" not in command("check", platform, "--color", "never").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in command("check", platform).out


def test_a_profile_lies_over_the_rules(command: Command, platform: Path) -> None:
    with (platform / "astralint.hcl").open("a") as file:
        file.write('\nprofile "loose" {\n  rule "AL101" {\n    severity = "note"\n  }\n}\n')
    assert command("check", platform, "--select", "AL101").status == 1
    assert command("check", platform, "--select", "AL101", "--profile", "loose").status == 0


def test_the_day_decides_on_suppressions(command: Command, platform: Path) -> None:
    text = USER.replace(
        'resource "aws_iam_user"',
        '# astralint: ignore[AL101] -- the vendor needs it, until 2030-01-31\nresource "aws_iam_user"',
    )
    (platform / "production" / "main.tf").write_text(text)
    assert command("check", platform, "--select", "AL101", "--today", "2030-01-31").status == 0
    late = command("check", platform, "--select", "AL101", "--today", "2030-02-01")
    assert late.status == 1
    assert "AL953" in late.out
    assert "the vendor needs it" in command("check", platform, "--today", "2030-01-31", "--show-suppressed").out


def test_rule_code_of_the_tree_runs_only_when_allowed(command: Command, platform: Path) -> None:
    (platform / "own").mkdir()
    (platform / "own" / "rule.py").write_text(
        "from astralint.rules.api import rule\n"
        '@rule("OWN001", "never", severity="error", each="workspace")\n'
        "def check(workspace, platform):\n"
        '    """Nothing may be.\n    """\n'
        '    yield workspace.violation("it is there", workspace.anchor)\n'
    )
    with (platform / "astralint.hcl").open("a") as file:
        file.write('\nplatform {\n  rule_paths = ["own"]\n}\n')
    if command("check", platform).status == 2:
        text = (
            (platform / "astralint.hcl")
            .read_text()
            .replace('platform {\n  rule_paths = ["own"]\n}', 'rule_paths = ["own"]')
        )
        (platform / "astralint.hcl").write_text(text)
    assert "OWN001" not in command("check", platform).out
    allowed = command("check", platform, "--allow-rule-code", "--select", "OWN001")
    assert allowed.status == 1
    assert "OWN001" in allowed.out
    assert "OWN001" in command("check", platform, "--config", platform / "astralint.hcl", "--select", "OWN").out


def test_the_cache_is_kept_where_it_is_told_to(
    command: Command, platform: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gc

    cache = tmp_path / "cache"
    monkeypatch.setenv("ASTRALINT_CACHE_DIR", str(cache))
    command("check", platform, "--no-cache")
    gc.collect()
    assert not cache.exists()
    first = command("check", platform)
    gc.collect()
    assert list(cache.iterdir())
    assert command("check", platform).out == first.out


def test_output_does_not_depend_on_the_number_of_processes(command: Command) -> None:
    one = command("check", DRIFTED, "--jobs", "1", "--format", "json")
    assert command("check", DRIFTED, "--jobs", "2", "--format", "json").out == one.out


def test_paths_are_named_as_seen_from_here(command: Command, platform: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(platform / "production")
    assert "  main.tf:7:" in command("check", "..", "--select", "AL101").out


def test_sarif_paths_are_relative_to_the_repository(command: Command, platform: Path, tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    shutil.copytree(platform / "production", repository / "infra" / "production")
    shutil.copy(platform / "astralint.hcl", repository / "infra")
    (repository / ".git").mkdir()
    for more in ([], ["--boundary", repository / "infra"]):
        called = command("check", repository / "infra", "--format", "sarif", "--select", "AL101", *more)
        results = json.loads(called.out)["runs"][0]["results"]
        uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results}
        assert uris == {"infra/production/main.tf"}
