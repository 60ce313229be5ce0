"""Severity by path, and the profile that a configuration names."""

from __future__ import annotations

from pathlib import Path

import pytest

from astralint.api import ScanOptions, UsageError, scan
from astralint.rules.finding import single

CONFIGURATION = """
platform {
  %s
}
account "production" {
  kind = "production"
  id   = "210000000012"
  workspace "production" { path = "live/production" }
}
account "sandbox-a" {
  kind = "sandbox"
  id   = "210000000013"
  workspace "sandbox-a" { path = "live/sandbox-a" }
}
account "identity" {
  kind = "identity"
  id   = "210000000014"
}
rule "AL101" {
  %s
}
contract "placement" "no users here" {
  resources = ["aws_iam_user"]
  not_in    = ["sandbox"]
  severity  = "warning"
  path "live/sandbox-a/main.tf" { severity = "note" }
}
"""
ROOT = 'provider "aws" {\n  region = "eu-west-1"\n}\nresource "aws_iam_user" "this" {\n  name = "this"\n}\n'


def severities(root: Path, platform: str, rule: str, **options: str) -> dict[tuple[str, str], str]:
    for name in ("production", "sandbox-a"):
        (root / "live" / name).mkdir(parents=True, exist_ok=True)
        (root / "live" / name / "main.tf").write_text(ROOT)
    (root / "astralint.hcl").write_text(CONFIGURATION % (platform, rule))
    result = scan([root], ScanOptions(select=("AL101", "AC01"), **options)).result
    return {(f.rule, f.workspace): f.severity for f in single(result.findings)}


def test_the_longest_path_decides(tmp_path: Path) -> None:
    rule = """
    path "live"           { severity = "warning" }
    path "live/sandbox-*" { severity = "note" }
    """
    assert severities(tmp_path, "", rule) == {
        ("AL101", "production"): "warning",
        ("AL101", "sandbox-a"): "note",
        ("AC01", "sandbox-a"): "note",
    }


@pytest.mark.parametrize(
    ("rule", "code", "help_"),
    [
        ('path "live/sandbx-a" { severity = "note" }', "path-not-found", "did you mean `live/sandbox-a`?"),
        ('path "life/*" { severity = "note" }', "path-not-found", None),
        ('path "../x" { severity = "note" }', "outside-boundary", None),
        ('path "live" { severity = "nott" }', "invalid-value", "did you mean `note`?"),
        ('path "live" { severty = "note" }', "unknown-argument", "did you mean `severity`?"),
        ('path "live" {}', "missing-argument", None),
        ('path "live" { severity = "off" }', "invalid-value", None),
        ('path "live" { severity = "note" }\npath "live" { severity = "error" }', "duplicate-path", None),
        ('pth "live" { severity = "note" }', "unknown-block", "did you mean `path`?"),
    ],
)
def test_what_is_wrong_is_an_error(tmp_path: Path, rule: str, code: str, help_: str | None) -> None:
    with pytest.raises(UsageError) as raised:
        severities(tmp_path, "", rule)
    found = [d for d in raised.value.diagnostics if d.code == code]
    assert found, [(d.code, d.message) for d in raised.value.diagnostics]
    assert help_ is None or found[0].help == help_


def test_the_profile_of_the_configuration_holds_unless_the_call_names_one(tmp_path: Path) -> None:
    profiles = '}\nprofile "strict" {\n rule "AL101" {\n severity = "note"\n }\n}\nprofile "lax" {\n rule "AL101" {\n severity = "warning"\n }\n'
    named = 'profile = "strict"\n'
    assert severities(tmp_path, named + profiles, "")["AL101", "production"] == "note"
    assert severities(tmp_path, named + profiles, "", profile="lax")["AL101", "production"] == "warning"


def test_a_profile_that_is_not_there_is_an_error_where_it_stands(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        severities(tmp_path, 'profile = "astradott"', "")
    (found,) = {d.code: d for d in raised.value.diagnostics}.values()
    assert (found.code, found.help) == ("unknown-profile", "did you mean `astradot`?")
    assert found.span is not None
    assert found.span.line == 3
