"""Service control policies along the tree of units, in decisions over a tiny platform."""

from __future__ import annotations

from pathlib import Path

import pytest

from astralint.api import ScanOptions, open_session

CONFIGURATION = "".join(
    f'account "{name}" {{\n  kind = "{kind}"\n  id   = "{number}"\n  workspace "{name}" {{\n    path = "{name}"\n  }}\n}}\n'
    for name, kind, number in (
        ("management", "management", "100000000001"),
        ("artifact", "artifact", "100000000004"),
        ("production", "production", "100000000007"),
    )
)
CALLER = """
resource "aws_iam_role" "caller" {
  name               = "caller"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "caller" {
  role   = aws_iam_role.caller.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "*" }] })
}
"""
TARGET = """
resource "aws_iam_role" "target" {
  name               = "target"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::100000000004:role/caller" } }] })
}
"""
ORGANIZATION = """
resource "aws_organizations_organization" "this" {}

resource "aws_organizations_organizational_unit" "outer" {
  name      = "outer"
  parent_id = aws_organizations_organization.this.roots[0].id
}

resource "aws_organizations_organizational_unit" "inner" {
  name      = "inner"
  parent_id = aws_organizations_organizational_unit.outer.id
}
"""
MEMBER = """
resource "aws_organizations_account" "artifact" {
  name      = "artifact"
  email     = "artifact@example.com"
  parent_id = aws_organizations_organizational_unit.inner.id
}
"""
ROOT = "aws_organizations_organization.this.roots[0].id"
OUTER = "aws_organizations_organizational_unit.outer.id"


def policy(target: str, statement: str, kind: str = "SERVICE_CONTROL_POLICY") -> str:
    return f"""
resource "aws_organizations_policy" "this" {{
  name    = "this"
  type    = "{kind}"
  content = jsonencode({{ Version = "2012-10-17", Statement = [{statement}] }})
}}

resource "aws_organizations_policy_attachment" "this" {{
  policy_id = aws_organizations_policy.this.id
  target_id = {target}
}}
"""


DENY = '{ Effect = "Deny", Action = "sts:AssumeRole", Resource = "*" }'
OTHERS = '{ Effect = "Deny", Action = "organizations:LeaveOrganization", Resource = "*" }'
ONLY_ROOT = (
    '{ Effect = "Deny", Action = "*", Resource = "*", '
    'Condition = { ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::*:root" } } }'
)


@pytest.mark.parametrize(
    ("management", "verdict"),
    [
        ("", "allowed"),
        (policy(ROOT, DENY), "denied"),
        (policy(ROOT, OTHERS), "allowed"),
        (policy(ROOT, ONLY_ROOT), "allowed"),
        (policy('"r-ab12"', DENY), "denied"),
        (policy('"100000000004"', DENY), "denied"),
        (policy('"100000000007"', DENY), "allowed"),
        (
            policy('"100000000007"', DENY.replace("Resource", 'Principal = "*", Resource'), "RESOURCE_CONTROL_POLICY"),
            "denied",
        ),
        (MEMBER + policy(OUTER, DENY), "denied"),
        (MEMBER.replace("unit.inner", "unit.outer") + policy(OUTER.replace("outer", "inner"), DENY), "allowed"),
        (policy(OUTER, DENY), "conditional"),
        (policy(OUTER, OTHERS), "allowed"),
        (policy("aws_ssm_parameter.target.value", DENY), "conditional"),
    ],
)
def test_a_policy_denies_where_it_binds(tmp_path: Path, management: str, verdict: str) -> None:
    (tmp_path / "astralint.hcl").write_text(CONFIGURATION)
    for name, code in (("management", ORGANIZATION + management), ("artifact", CALLER), ("production", TARGET)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text('provider "aws" {\n  region = "eu-west-1"\n}\n' + code)
    index = open_session([tmp_path], ScanOptions(boundary=tmp_path, jobs=1)).build().platform.trust
    caller, target = (next(i for i in index.identities if str(i.name) == name) for name in ("caller", "target"))
    decision = index.decision_between(caller, target)
    assert decision.verdict == verdict, decision.explanation
    if verdict == "conditional":
        assert "the organizational unit of `artifact` is not known" in decision.explanation
