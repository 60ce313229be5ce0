"""What the platform's code says of its own organization."""

from __future__ import annotations

import pytest

from astralint.config.settings import PlatformSettings, Settings
from tests.assembly.workspaces import NUMBERS, account, errors, evaluate, output

MANAGEMENT, PRODUCTION = NUMBERS["management"], NUMBERS["production"]
CODE = """
resource "aws_organizations_organization" "this" {
  feature_set = "ALL"
}
resource "aws_organizations_organizational_unit" "workloads" {
  name      = "workloads"
  parent_id = aws_organizations_organization.this.roots[0].id
}
resource "aws_organizations_organizational_unit" "live" {
  name      = "live"
  parent_id = aws_organizations_organizational_unit.workloads.id
}
resource "aws_organizations_account" "identity" {
  name      = "acme-identity"
  email     = "identity@example.com"
  parent_id = aws_organizations_organization.this.roots[0].id
}
resource "aws_organizations_account" "production" {
  name      = "acme-production"
  email     = "production@example.com"
  parent_id = aws_organizations_organizational_unit.live.id
}
"""
ORGANIZATION = (
    'data "aws_organizations_organization" "o" {}\noutput "x" {\n  value = data.aws_organizations_organization.o'
)


def reads(attribute: str) -> str:
    return f"{ORGANIZATION}.{attribute}\n}}\n"


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("id", "{id}"),
        ("arn", f"arn:aws:organizations::{MANAGEMENT}:organization/{{id}}"),
        ("master_account_id", MANAGEMENT),
        ("master_account_arn", f"arn:aws:organizations::{MANAGEMENT}:account/{{id}}/{MANAGEMENT}"),
        ("feature_set", "ALL"),
        ("roots[0].name", "Root"),
        ("roots[0].id", "{root}"),
        ("roots[0].id == data.aws_organizations_organization.o.roots[0].id", True),
    ],
)
def test_members_know_the_organization(attribute: str, value: object) -> None:
    results = evaluate({"management": CODE, "production": reads(attribute)})
    assert output(results, "production") == value
    assert errors(results) == []


def test_the_account_that_makes_accounts_is_the_management_account() -> None:
    code = 'resource "aws_organizations_account" "a" {\n  name  = "a"\n  email = "a@example.com"\n}\n'
    settings = Settings(accounts=(account("root", MANAGEMENT), account("production", PRODUCTION)))
    results = evaluate({"root": code, "production": reads("master_account_id")}, settings)
    assert output(results, "production") == MANAGEMENT
    results = evaluate({"production": reads("master_account_id")}, settings)
    assert output(results, "production") == "unknown: nothing says which account is the management account"


def test_ids_come_from_the_configuration() -> None:
    settings = Settings(
        accounts=tuple(account(*pair) for pair in NUMBERS.items()), platform=PlatformSettings(organization_id="o-1")
    )
    read = 'output "x" {\n  value = aws_organizations_account.production\n}\n'
    found = output(evaluate({"management": CODE + read}, settings), "management")
    assert found["id"] == PRODUCTION
    assert found["arn"] == f"arn:aws:organizations::{MANAGEMENT}:account/o-1/{PRODUCTION}"
    assert output(evaluate({"production": reads("id")}, settings), "production") == "o-1"


def test_accounts_that_only_the_code_knows_are_themselves() -> None:
    made = CODE + 'resource "aws_organizations_account" "new" {\n  name  = "new"\n  email = "n@example.com"\n}\n'
    provider = """
provider "aws" {
  alias = "new"
  assume_role {
    role_arn = "arn:aws:iam::${aws_organizations_account.new.id}:role/OrganizationAccountAccessRole"
  }
}
resource "aws_sns_topic" "t" {
  provider = aws.new
  name     = "t"
}
output "x" {
  value = aws_sns_topic.t.arn
}
"""
    assert output(evaluate({"management": made + provider}), "management") == "arn:aws:sns:eu-west-1:{new}:t"


@pytest.mark.parametrize(
    ("name", "more", "shown"),
    [
        ("production", "", PRODUCTION),
        ("Production", "", PRODUCTION),
        ("pre-production", "", "unknown: which account `pre-production` is, is not clear"),
        ("acme-production", "acme-identity", PRODUCTION),
        ("acme-pre-production", "acme-identity", "unknown: which account `acme-pre-production` is, is not clear"),
        ("acme-production", "other-identity", "unknown: which account `acme-production` is, is not clear"),
        ("research", "", "{research}"),
    ],
)
def test_names_of_accounts(name: str, more: str, shown: str) -> None:
    """An account is told by its name, and by that without what all names begin with; never by its end alone."""
    code = f'resource "aws_organizations_account" "a" {{\n  name  = "{name}"\n  email = "a@example.com"\n}}\n'
    if more:
        code += f'resource "aws_organizations_account" "b" {{\n  name  = "{more}"\n  email = "b@example.com"\n}}\n'
    code += 'output "x" {\n  value = aws_organizations_account.a.id\n}\n'
    found = output(evaluate({"management": code}), "management")
    assert found == shown or (shown.startswith("unknown") and found.startswith("unknown"))


def test_management_lists_accounts() -> None:
    results = evaluate({"management": CODE, "management/reader": reads("accounts[*].id")})
    assert output(results, "management/reader") == [MANAGEMENT, NUMBERS["identity"], PRODUCTION]
    results = evaluate({"management": CODE, "management/reader": reads("non_master_accounts[*].email")})
    assert output(results, "management/reader") == ["identity@example.com", "production@example.com"]


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ({"management": CODE, "production": reads("accounts")}, "AWS lists accounts to the management account"),
        ({"management/reader": reads("accounts")}, "no code makes account `identity`"),
        (
            {"management": CODE.replace("acme-production", "acme-elsewhere"), "management/reader": reads("accounts")},
            "no code makes account `production`",
        ),
        (
            {
                "management": CODE + 'module "more" {\n  source = "acme/accounts/aws"\n}\n',
                "management/reader": reads("accounts"),
            },
            "the module `acme/accounts/aws` is not in the tree",
        ),
        (
            {
                "management": CODE.replace('"production" {', '"production" {\n  count = var.number')
                + 'variable "number" {\n  type = number\n}\n',
                "management/reader": reads("accounts"),
            },
            "variable `number` has no value",
        ),
    ],
)
def test_lists_are_known_only_where_nothing_is_hidden(texts: dict[str, str], reason: str) -> None:
    (reader,) = (name for name in texts if name != "management")
    assert reason in output(evaluate(texts), reader)


UNIT = """
data "aws_organizations_organization" "o" {{}}
data "aws_organizations_organizational_unit" "u" {{
  name      = "workloads"
  parent_id = data.aws_organizations_organization.o.roots[0].id
}}
data "aws_organizations_organizational_{what}" "d" {{
  parent_id = data.aws_organizations_organizational_unit.u.id
}}
output "x" {{
  value = data.aws_organizations_organizational_{what}.d.{attribute}
}}
"""


@pytest.mark.parametrize(
    ("what", "attribute", "value"),
    [
        ("units", "children[*].name", ["live"]),
        ("units", "children[0].id", "{root/workloads/live}"),
        ("unit_child_accounts", "accounts", []),
        ("unit_descendant_accounts", "accounts[*].id", [PRODUCTION]),
        ("unit_descendant_organizational_units", "children[*].name", ["live"]),
    ],
)
def test_units_list_what_is_in_them(what: str, attribute: str, value: object) -> None:
    reader = UNIT.format(what=what, attribute=attribute)
    assert output(evaluate({"management": CODE, "production": reader}), "production") == value


def test_a_parent_that_is_not_known_may_be_any() -> None:
    code = CODE + 'resource "aws_organizations_account" "new" {\n  name  = "new"\n  email = "n@example.com"\n}\n'
    reader = UNIT.format(what="unit_descendant_accounts", attribute="accounts")
    found = output(evaluate({"management": code, "production": reader}), "production")
    assert found == "unknown: the parent of `aws_organizations_account.new` is not known"


def test_units_that_are_parents_of_each_other_end() -> None:
    code = CODE.replace(
        "aws_organizations_organizational_unit.workloads.id", "aws_organizations_organizational_unit.live.id"
    )
    reader = UNIT.format(what="unit_descendant_accounts", attribute="accounts")
    results = evaluate({"management": code, "production": reader})
    assert output(results, "production").startswith("unknown: ")
    assert any("itself" in message or "cycle" in message for message in errors(results))
