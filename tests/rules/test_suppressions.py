"""Suppression comments and exceptions of the configuration."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from astralint.api import Report, ScanOptions, scan
from astralint.rules.suppressions import MAXIMUM_LENGTH

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
PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
USER = 'resource "aws_iam_user" "u" {\n  name = "u"\n}\n'
TODAY = date(2026, 6, 1)


@pytest.fixture
def check(tmp_path: Path):  # type: ignore[no-untyped-def]
    def run(text: str, configuration: str = "", name: str = "main.tf", **options: object) -> Report:
        (tmp_path / "production").mkdir(exist_ok=True)
        (tmp_path / "production" / name).write_text(PROVIDER + text if name.endswith(".tf") else text)
        (tmp_path / "astralint.hcl").write_text(CONFIGURATION + configuration)
        given = {"boundary": tmp_path, "today": TODAY, "jobs": 1, **options}
        return scan(tmp_path, ScanOptions(**given))  # type: ignore[arg-type]

    return run


def rules(report: Report) -> list[str]:
    return [finding.rule for finding in report.result.findings]


def messages(report: Report) -> str:
    return "\n".join(finding.message for finding in report.result.findings)


IGNORE = "astralint: ignore[AL101] -- a reason"


@pytest.mark.parametrize(
    "text",
    [
        f"# {IGNORE}\n{USER}",
        f"#{IGNORE}\n{USER}",
        f"// {IGNORE}\n{USER}",
        f"/* {IGNORE} */\n{USER}",
        f"/*\n  {IGNORE}\n*/\n{USER}",
        f"# {IGNORE}\n\n\n{USER}",
        f"# {IGNORE}\n# Another comment.\n{USER}",
        f"# {IGNORE}, until 2026-06-01\n{USER}",
        f"# astralint:ignore[iam-user-outside-identity] -- a reason\n{USER}",
        USER.replace("{\n", f"{{ # {IGNORE}\n", 1),
        USER.replace("{\n", f"{{ /* {IGNORE} */\n", 1),
        f"# See the runbook. {IGNORE}\n{USER}",
    ],
)
def test_forms(check, text: str) -> None:  # type: ignore[no-untyped-def]
    report = check(text)
    assert rules(report) == []
    (kept,) = report.result.suppressed
    assert (kept.by, kept.reason, kept.finding.rule) == ("comment", "a reason", "AL101")
    assert kept.span is not None


@pytest.mark.parametrize(
    ("comment", "rule", "says"),
    [
        ("astralint: ignore[AL101]", "AL951", "gives no reason"),
        ("astralint: ignore[AL101] --", "AL951", "gives no reason"),
        ("astralint: ignore[] -- a reason", "AL951", "names no rule"),
        ("astralint: ignore AL101", "AL951", "has the form"),
        ("astralint: ignore", "AL951", "has the form"),
        ("astralint: ignore[AL101] -- a reason, until tomorrow", "AL951", "`tomorrow` is not a date"),
        ("astralint: ignore[AL101] -- until 2027-01-01", "AL951", "gives no reason"),
        ("astralint: ignore[AL101] -- a reason, until 2026-05-31", "AL953", "expired on 2026-05-31"),
    ],
)
def test_what_does_not_count(check, comment: str, rule: str, says: str) -> None:  # type: ignore[no-untyped-def]
    report = check(f"# {comment}\n{USER}")
    assert sorted(rules(report)) == ["AL101", rule]
    assert says in messages(report)
    assert not report.result.suppressed


def test_an_unknown_rule_gets_a_suggestion(check) -> None:  # type: ignore[no-untyped-def]
    report = check(f"# astralint: ignore[iam-user-outside-idenity] -- a reason\n{USER}")
    assert "did you mean `iam-user-outside-identity`?" in messages(report)


def test_what_nothing_needs_is_told(check) -> None:  # type: ignore[no-untyped-def]
    report = check(f"# astralint: ignore[AL101, AL103] -- a reason\n{USER}")
    assert rules(report) == ["AL952"]
    assert "`AL103` keeps nothing back" in messages(report)
    assert rules(check(f"# astralint: ignore[AL103] -- a reason\n{USER}", select=("AL101",))) == ["AL101"]


def test_what_could_not_be_decided_may_need_it(check) -> None:  # type: ignore[no-untyped-def]
    maybe = 'variable "v" {\n  type = bool\n}\n' + USER.replace("{\n", "{\n  count = var.v ? 1 : 0\n", 1)
    assert rules(check(f"# {IGNORE}\n{maybe}")) == []


def test_only_the_primary_place_counts(check) -> None:  # type: ignore[no-untyped-def]
    inner = USER.replace("  name", f"  # {IGNORE}\n  name")
    assert sorted(rules(check(inner))) == ["AL101", "AL952"]
    trailing_above = f"locals {{\n  a = 1 # {IGNORE}\n}}\n{USER}"
    assert sorted(rules(check(trailing_above))) == ["AL101", "AL952"]


def test_in_the_configuration(check, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    extra = (
        "# astralint: ignore[AL802] -- it goes in the summer\n"
        'account "qa" {\n  id = "210000000013"\n  workspace "qa" { path = "qa" }\n}\n'
    )
    (tmp_path / "qa").mkdir()
    (tmp_path / "qa" / "main.tf").write_text(PROVIDER)
    report = check("", extra)
    assert rules(report) == []
    assert [(kept.by, kept.finding.rule) for kept in report.result.suppressed] == [("comment", "AL802")]


def test_in_json_the_comment_property_counts(check) -> None:  # type: ignore[no-untyped-def]
    check("")
    json = '{"//": "%s", "resource": {"aws_iam_user": {"j": {"name": "j"}}}}'
    assert rules(check(json % "a user", name="more.tf.json")) == ["AL101"]
    report = check(json % IGNORE, name="more.tf.json")
    assert rules(report) == []
    assert [kept.by for kept in report.result.suppressed] == ["comment"]


def test_hostile_comments_end(check) -> None:  # type: ignore[no-untyped-def]
    spaces = " " * 200_000
    report = check(f"# astralint: ignore[AL101]{spaces}x\n# {'astralint: ignore[' * 20_000}\n{USER}")
    assert "AL101" in rules(report)
    assert rules(report).count("AL951") == 2
    long_reason = "because " * MAXIMUM_LENGTH
    assert rules(check(f"# astralint: ignore[AL101] -- {long_reason}\n{USER}")) == []


# --- exceptions ----------------------------------------------------------------------


def exception(arguments: str, rule: str = "AL101") -> str:
    return f'rule "{rule}" {{\n  except "a reason" {{\n    {arguments}\n  }}\n}}\n'


@pytest.mark.parametrize(
    "arguments",
    [
        'subjects = ["aws_iam_user.u"]',
        'subjects = ["aws_iam_user.*"]',
        'subjects = ["*.?"]',
        'subjects = ["production"]',
        'accounts = ["prod*"]',
        'workspaces = ["production"]',
        'subjects = ["aws_iam_user.u"]\n    accounts = ["production"]\n    workspaces = ["*"]',
        'subjects = ["nothing", "aws_iam_user.u"]',
        'subjects = ["aws_iam_user.u"]\n    until = "2026-06-01"',
    ],
)
@pytest.mark.parametrize("rule", ["AL101", "iam-user-outside-identity"])
def test_exceptions(check, arguments: str, rule: str) -> None:  # type: ignore[no-untyped-def]
    report = check(USER, exception(arguments, rule))
    assert rules(report) == []
    (kept,) = report.result.suppressed
    assert (kept.by, kept.reason) == ("configuration", "a reason")
    assert kept.span is not None
    assert kept.span.file == "astralint.hcl"


@pytest.mark.parametrize(
    "arguments",
    [
        'subjects = ["aws_iam_user.v"]',
        'accounts = ["identity"]',
        'subjects = ["aws_iam_user.u"]\n    accounts = ["identity"]',
        'subjects = ["aws_iam_user.[a-z]"]',
    ],
)
def test_exceptions_that_do_not_fit(check, arguments: str) -> None:  # type: ignore[no-untyped-def]
    report = check(USER, exception(arguments))
    assert sorted(rules(report)) == ["AL101", "AL954"]
    assert not report.result.suppressed


def test_instances_are_named_with_their_keys(check) -> None:  # type: ignore[no-untyped-def]
    users = USER.replace("{\n", '{\n  for_each = toset(["a", "b"])\n', 1)
    report = check(users, exception('subjects = ["aws_iam_user.u[\\"a\\"]"]'))
    assert [finding.subject for finding in report.result.findings] == ['aws_iam_user.u["b"]']


def test_expired_exceptions(check) -> None:  # type: ignore[no-untyped-def]
    report = check(USER, exception('subjects = ["aws_iam_user.u"]\n    until = "2026-05-31"'))
    assert sorted(rules(report)) == ["AL101", "AL955"]


def test_exceptions_of_rules_that_do_not_run_are_not_judged(check) -> None:  # type: ignore[no-untyped-def]
    assert rules(check("", exception('subjects = ["x"]'), select=("AL103",))) == []


def test_housekeeping_can_be_set(check) -> None:  # type: ignore[no-untyped-def]
    unused = f"# {IGNORE}\nlocals {{\n  a = 1\n}}\n"
    assert rules(check(unused)) == ["AL952"]
    assert rules(check(unused, ignore=("AL952",))) == []
    assert rules(check(unused, ignore=("suppression-unused",))) == []
    assert rules(check(unused, 'rule "AL952" {\n  severity = "off"\n}\n')) == []
    (finding,) = check(unused, 'rule "suppression-unused" {\n  severity = "error"\n}\n').result.findings
    assert finding.severity == "error"


TRUST = """
resource "aws_iam_role" "r" {
  name = "r"
  COMMENT
  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": { "AWS": "*" }
      }]
    }
  EOT
}
"""


def test_above_a_heredoc_a_comment_counts_for_all_of_it(check) -> None:  # type: ignore[no-untyped-def]
    comment = "# astralint: ignore[AL110] -- a public demonstration"
    assert "AL110" in rules(check(TRUST.replace("COMMENT", "# no suppression")))
    kept = check(TRUST.replace("COMMENT", comment))
    assert not {"AL110", "AL952"} & set(rules(kept))
    other = TRUST.replace("COMMENT", "").replace('name = "r"', f'{comment}\n  name = "r"')
    assert {"AL110", "AL952"} <= set(rules(check(other)))
