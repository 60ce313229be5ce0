"""A result with everything a report can hold, and the sources that it speaks of."""

from __future__ import annotations

from astralint.report import ReportContext
from astralint.rules.finding import (
    CheckResult,
    Coverage,
    Evidence,
    Finding,
    RuleDescription,
    SilentRule,
    SuppressedFinding,
    UndecidedSubject,
)
from astralint.source.diagnostic import Diagnostic, Label
from astralint.source.span import Span

PRODUCTION = """\
resource "aws_iam_user" "deploy" {
  name = "deploy"
  tags = {
    owner = "größe 日本語 👍🏽"
  }
}

resource "aws_iam_role" "release" {
  name               = "release"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "trust" {
  statement {
\tactions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
"""
IDENTITY = """\
provider "aws" {
  access_key = "AKIAQWERTYUIOPASDFGH"
  secret_key = "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"
}

resource "aws_iam_user" "people" {
  for_each = toset(["ada", "grace"])
  name     = each.key
}
"""
LONG = 'x = "' + "a" * 5000 + "NEEDLE" + "b" * 5000 + '"\n'
HOSTILE = 'x = "\x1b[31mred\x07 \u202eevil\u202c \u200b" # end\r\ny = 1\r\n'


class Texts:
    """Sources out of a dictionary."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def text(self, file: str) -> str | None:
        return self.texts.get(file)


SOURCES = Texts(
    {
        "workspaces/production/main.tf": PRODUCTION,
        "workspaces/identity/main.tf": IDENTITY,
        "modules/long/main.tf": LONG,
        "modules/hostile name/main.tf": HOSTILE,
    }
)

P, I_ = "workspaces/production/main.tf", "workspaces/identity/main.tf"

USER = Finding(
    rule="AL101",
    name="iam-user-outside-identity",
    severity="error",
    message="IAM user `deploy` is created in the `production` account",
    primary=Evidence(Span(P, 1, 1, 1, 33), "created here", "production"),
    evidence=(
        Evidence(Span(P, 4, 13, 4, 28), "owned by [somebody] else", "production"),
        Evidence(Span(I_, 2, 3, 3, 60), "the keys it could use", "identity"),
    ),
    subject="aws_iam_user.deploy",
    workspace="production",
    account="production",
    help="move it to the identity account,\nor give it a role",
)
WAY = Finding(
    rule="AL201",
    name="way-into-production",
    severity="warning",
    message="anybody can become `release`",
    primary=Evidence(Span(P, 13, 1, 21, 2), "the whole document", "production"),
    evidence=(Evidence(Span(P, 15, 2, 15, 31), "assumed through", "production"),),
    path=(
        Evidence(Span(I_, 6, 1, 6, 33), "`people` starts", "identity"),
        Evidence(Span(P, 10, 24, 10, 63), "`release` trusts everybody", "production"),
    ),
    subject="aws_iam_role.release",
    workspace="production",
    account="{production}",
)
LONG_LINE = Finding(
    rule="AL901",
    name="long-line",
    severity="note",
    message="a needle in a haystack",
    primary=Evidence(Span("modules/long/main.tf", 1, 5006, 1, 5012), "here", "production"),
    subject="module.long",
    workspace="production",
)
HOSTILE_FINDING = Finding(
    rule="AL901",
    name="long-line",
    severity="note",
    message="a \x1b[31mred\x1b[0m message,\nof `<script>` | [two](http://evil) lines::error file=x::",
    primary=Evidence(Span("modules/hostile name/main.tf", 1, 28, 1, 31), "the \u202eend", "sandbox"),
    subject='module.x["<b>"].y',
    workspace="sand|box",
)
GONE = Finding(
    rule="AL901",
    name="long-line",
    severity="note",
    message="a file that is gone",
    primary=Evidence(Span("gone.tf", 7, 1, 7, 5), "it was here"),
)

RULES = (
    RuleDescription(
        "AL101",
        "iam-user-outside-identity",
        "error",
        "IAM users exist only in the identity account.",
        "IAM users exist only in the identity account.\n\n## Why\nKeys *leak*.\n\n## Bad\n```hcl\nresource {}\n```\n",
        ("security", "iam"),
        "https://example.com/rules/AL101",
        "8.0",
        "astralint-terraform",
    ),
    RuleDescription("AL201", "way-into-production", "warning", "No way leads into production.", "No way leads there."),
    RuleDescription("AL301", "dns-zone-outside-dns", "warning", "Zones are in the dns account.", ""),
    RuleDescription("AL901", "long-line", "note", "Lines are short.", "Lines are short.", ("style",)),
)

RESULT = CheckResult(
    findings=(HOSTILE_FINDING, LONG_LINE, GONE, USER, WAY),
    suppressed=(SuppressedFinding(USER, "comment", "it leaves in spring", Span(P, 2, 3, 2, 20)),),
    undecided=(
        UndecidedSubject("AL101", "iam-user-outside-identity", "aws_iam_user.a", "dns", "variable `a` has no value"),
        UndecidedSubject("AL101", "iam-user-outside-identity", "aws_iam_user.b", "dns", "variable `a` has no value"),
        UndecidedSubject(
            "AL201", "way-into-production", "aws_iam_role.c", "dns", "known after apply", Span(P, 8, 1, 8, 3)
        ),
    ),
    silent=(SilentRule("AL301", "dns-zone-outside-dns", "the platform has no `dns` account"),),
    diagnostics=(
        Diagnostic(
            "syntax-error",
            "error",
            "a closing `}` is missing",
            Span(I_, 9, 1, 9, 2),
            (Label(Span(I_, 6, 34, 6, 35), "opened here"),),
            "add one",
            broken=True,
        ),
        Diagnostic(
            "unknown-account", "warning", "no account is named `staging`", help="accounts are declared in astralint.hcl"
        ),
    ),
    rules=RULES,
    coverage=Coverage(
        files=120,
        workspaces=9,
        workspaces_broken=("legacy",),
        unmapped_workspaces=("alpha", "beta"),
        accounts=(("identity", "identity", "111111111111", 1), ("production", "production", "", 2)),
        resources=1460,
        data_sources=33,
        module_calls=40,
        modules_read=29,
        modules_missing=(("terraform-aws-modules/vpc/aws", 9), ("git::https://example.com/m.git", 2)),
        remote_state_reads=12,
        remote_state_resolved=11,
        unknown_reasons=(("known after apply", 321), ("variable has no value", 12)),
        rules_run=4,
    ),
)


def context(**changes: object) -> ReportContext:
    """Return a context on the sample's sources."""
    return ReportContext(sources=SOURCES, version="1.2.3", **changes)  # type: ignore[arg-type]
