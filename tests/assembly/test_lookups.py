"""Data sources that look up what another workspace makes: found only where there is no doubt."""

from __future__ import annotations

import pytest

from astralint.assembly.lookups import LOOKUPS, lookup_types
from astralint.aws.schema import resource_schema
from tests.assembly.workspaces import NUMBERS, errors, evaluate, output

ROLE = 'resource "aws_iam_role" "r" {\n  name = "deploy"\n  path = "/ci/"\n  assume_role_policy = "{}"\n}\n'
READ = 'data "aws_iam_role" "r" {\n  name = "deploy"\n}\noutput "x" {\n  value = data.aws_iam_role.r.arn\n}\n'
ARN = f"arn:aws:iam::{NUMBERS['production']}:role/ci/deploy"


def test_what_another_workspace_makes_is_found_with_it_as_origin() -> None:
    results = evaluate({"production/base": ROLE, "production/app": READ})
    assert output(results, "production/app") == ARN
    pending, origins = list(results["production/app"].outputs["x"].value.origins), set()
    while pending:
        origin = pending.pop()
        origins.add((origin.workspace, origin.address))
        pending += origin.sources
    assert ("production/base", "aws_iam_role.r.arn") in origins
    assert errors(results) == []


def test_what_nobody_makes_is_not_found() -> None:
    results = evaluate({"production/app": READ})
    assert output(results, "production/app") == (
        "unknown: no workspace makes the `aws_iam_role` with name `deploy` in this account and region"
    )


def test_another_account_is_another_place() -> None:
    assert "no workspace makes" in output(evaluate({"identity/base": ROLE, "production/app": READ}), "production/app")
    aliased = ROLE.replace("}\n", "  provider = aws.production\n}\n", 1) + (
        'provider "aws" {\n  alias = "production"\n'
        f'  assume_role {{\n    role_arn = "arn:aws:iam::{NUMBERS["production"]}:role/x"\n  }}\n}}\n'
    )
    assert output(evaluate({"identity/base": aliased, "production/app": READ}), "production/app") == ARN


def test_accounts_without_numbers_are_told_apart_by_name() -> None:
    from astralint.config.settings import Settings
    from tests.assembly.workspaces import account

    settings = Settings(accounts=(account("identity"), account("production", NUMBERS["production"])))
    texts = {"identity/base": ROLE, "identity/app": READ, "production/base": ROLE, "production/app": READ}
    results = evaluate(texts, settings)
    assert output(results, "identity/app") == "arn:aws:iam::{identity}:role/ci/deploy"
    assert output(results, "production/app") == ARN


def test_a_workspace_finds_its_own_though_its_account_is_not_known() -> None:
    results = evaluate({"elsewhere": ROLE + READ})
    assert output(results, "elsewhere").endswith(":role/ci/deploy")
    assert output(evaluate({"elsewhere": ROLE, "nowhere": READ}), "nowhere") == (
        "unknown: 1 resource may be the `aws_iam_role` with name `deploy`: `aws_iam_role.r` of `elsewhere`"
    )


def test_two_candidates_are_none() -> None:
    results = evaluate({"production/a": ROLE, "production/b": ROLE, "production/app": READ})
    assert output(results, "production/app") == (
        "unknown: 2 resources may be the `aws_iam_role` with name `deploy`: "
        "`aws_iam_role.r` of `production/a`, `aws_iam_role.r` of `production/b`"
    )


@pytest.mark.parametrize(
    "other",
    [
        ROLE.replace('"deploy"', "var.name") + 'variable "name" {\n  type = string\n}\n',
        ROLE.replace("{\n", "{\n  count = var.number\n", 1) + 'variable "number" {\n  type = number\n}\n',
    ],
)
def test_a_candidate_that_is_not_known_leaves_it_open(other: str) -> None:
    results = evaluate({"production/a": ROLE, "production/b": other, "production/app": READ})
    assert output(results, "production/app").startswith("unknown: 2 resources may be")


def test_a_name_that_begins_otherwise_is_no_candidate() -> None:
    other = ROLE.replace('"deploy"', '"other-${var.name}"') + 'variable "name" {\n  type = string\n}\n'
    assert (
        output(evaluate({"production/a": ROLE, "production/b": other, "production/app": READ}), "production/app") == ARN
    )


TOPIC = 'resource "aws_sns_topic" "t" {\n  name = "alarms"\n  tags = { of = "us" }\n}\n'
READ_TOPIC = (
    'data "aws_sns_topic" "t" {\n  name = "alarms"\n}\noutput "x" {\n  value = data.aws_sns_topic.t.tags["of"]\n}\n'
)


def test_regions() -> None:
    assert output(evaluate({"production/a": TOPIC, "production/b": READ_TOPIC}), "production/b") == "us"
    elsewhere = 'provider "aws" {\n  region = "us-east-1"\n}\n'
    results = evaluate({"production/a": TOPIC + elsewhere, "production/b": READ_TOPIC})
    assert "no workspace makes" in output(results, "production/b")


def test_the_region_argument_wins_over_the_provider() -> None:
    """Version 6 of the provider."""
    there = TOPIC.replace("  tags", '  region = "us-east-1"\n  tags')
    assert "no workspace makes" in output(evaluate({"production/a": there, "production/b": READ_TOPIC}), "production/b")
    read = READ_TOPIC.replace("}\n", '  region = "us-east-1"\n}\n', 1)
    found = output(evaluate({"production/a": there, "production/b": read}), "production/b")
    assert found == "us"


def test_a_name_tells_the_arn_of_what_no_code_makes() -> None:
    """The account has it, or its plan fails."""
    read = READ_TOPIC.replace('tags["of"]', "arn")
    assert output(evaluate({"production/b": read}), "production/b") == (
        f"arn:aws:sns:eu-west-1:{NUMBERS['production']}:alarms"
    )


def test_global_types_have_no_region() -> None:
    elsewhere = 'provider "aws" {\n  region = "us-east-1"\n}\n'
    assert output(evaluate({"production/a": ROLE + elsewhere, "production/b": READ}), "production/b") == ARN


ZONES = """
resource "aws_route53_zone" "public" {
  name = "example.com"
}
resource "aws_route53_zone" "private" {
  name = "example.com"
  comment = "private"
  vpc {
    vpc_id = "vpc-1"
  }
}
"""


@pytest.mark.parametrize(
    ("arguments", "comment"),
    [('name = "example.com."', "Managed by Terraform"), ('name = "example.com"\n  private_zone = true', "private")],
)
def test_zones_are_public_unless_said_otherwise(arguments: str, comment: str) -> None:
    read = f'data "aws_route53_zone" "z" {{\n  {arguments}\n}}\noutput "x" {{\n  value = data.aws_route53_zone.z.comment\n}}\n'
    assert output(evaluate({"production/dns": ZONES, "production/app": read}), "production/app") == comment


NETWORK = """
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Stage = "production" }
  }
}
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
  tags = { Name = "a" }
}
resource "aws_vpc" "b" {
  cidr_block = "10.1.0.0/16"
  tags = { Name = "b" }
}
"""


@pytest.mark.parametrize(
    ("arguments", "cidr"),
    [
        ('tags = { Name = "b" }', "10.1.0.0/16"),
        ('tags = { Name = "b", Stage = "production" }', "10.1.0.0/16"),
        ('filter {\n    name = "tag:Name"\n    values = ["a"]\n  }', "10.0.0.0/16"),
        ('filter {\n    name = "cidr"\n    values = ["10.1.0.0/16"]\n  }', "10.1.0.0/16"),
        ('filter {\n    name = "tag:Name"\n    values = ["a", "b"]\n  }', None),
        ('filter {\n    name = "tag:Name"\n    values = ["a*"]\n  }', None),
        ('filter {\n    name = "state"\n    values = ["available"]\n  }', None),
        ('tags = { Stage = "production" }', None),
        ('tags = { Name = "c" }', None),
        ("default = true", None),
        ('tags = { Name = "a" }\n  default = true', None),
    ],
)
def test_vpcs_by_tags_and_filters(arguments: str, cidr: str | None) -> None:
    read = f'data "aws_vpc" "v" {{\n  {arguments}\n}}\noutput "x" {{\n  value = data.aws_vpc.v.cidr_block\n}}\n'
    found = output(evaluate({"production/network": NETWORK, "production/app": read}), "production/app")
    assert found == cidr if cidr is not None else str(found).startswith("unknown: ")


def test_tags_that_are_read_are_all_tags() -> None:
    read = 'data "aws_vpc" "v" {\n  tags = { Name = "a" }\n}\noutput "x" {\n  value = data.aws_vpc.v.tags\n}\n'
    results = evaluate({"production/network": NETWORK, "production/app": read})
    assert output(results, "production/app") == {"Name": "a", "Stage": "production"}


def test_what_the_code_leaves_to_aws_is_not_known() -> None:
    read = (
        'data "aws_vpc" "v" {\n  tags = { Name = "a" }\n}\noutput "x" {\n  value = data.aws_vpc.v.dhcp_options_id\n}\n'
    )
    assert output(evaluate({"production/network": NETWORK, "production/app": read}), "production/app").startswith(
        "unknown"
    )


def test_tags_that_are_not_known_find_nothing() -> None:
    read = (
        'variable "tags" {\n  type = map(string)\n}\ndata "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n'
        '  tags = var.tags\n}\noutput "x" {\n  value = data.aws_vpc.v.cidr_block\n}\n'
    )
    results = evaluate(
        {"production/network": NETWORK, "production/app": read.replace('  cidr_block = "10.0.0.0/16"\n', "")}
    )
    assert output(results, "production/app").startswith("unknown: ")


def test_groups_of_the_identity_store_are_found_from_any_account() -> None:
    group = 'resource "aws_identitystore_group" "g" {\n  identity_store_id = "d-1"\n  display_name = "admins"\n  description = "d"\n}\n'
    read = """
data "aws_identitystore_group" "g" {
  identity_store_id = "d-1"
  alternate_identifier {
    unique_attribute {
      attribute_path  = "DisplayName"
      attribute_value = "admins"
    }
  }
}
output "x" {
  value = data.aws_identitystore_group.g.description
}
"""
    assert output(evaluate({"management": group, "identity": read}), "identity") == "d"


@pytest.mark.parametrize(
    ("arguments", "arn"),
    [
        ('name = "AdministratorAccess"', "arn:aws:iam::aws:policy/AdministratorAccess"),
        ('arn = "arn:aws:iam::aws:policy/job-function/Made-Up"', "arn:aws:iam::aws:policy/job-function/Made-Up"),
        ('name = "own"', f"arn:aws:iam::{NUMBERS['production']}:policy/own"),
    ],
)
def test_policies_are_those_of_aws_or_our_own(arguments: str, arn: str) -> None:
    own = 'resource "aws_iam_policy" "p" {\n  name = "own"\n  policy = "{}"\n}\n'
    read = f'data "aws_iam_policy" "p" {{\n  {arguments}\n}}\noutput "x" {{\n  value = data.aws_iam_policy.p.arn\n}}\n'
    assert output(evaluate({"production/base": own, "production/app": read}), "production/app") == arn


def test_an_account_has_one_alias() -> None:
    alias = 'resource "aws_iam_account_alias" "a" {\n  account_alias = "acme"\n}\n'
    read = (
        'data "aws_iam_account_alias" "a" {}\noutput "x" {\n  value = data.aws_iam_account_alias.a.account_alias\n}\n'
    )
    assert output(evaluate({"production/base": alias, "production/app": read}), "production/app") == "acme"


@pytest.mark.parametrize("name", lookup_types())
def test_the_table_speaks_of_what_there_is(name: str) -> None:
    lookup, data = LOOKUPS[name], resource_schema("data", name)
    assert data is not None
    for path in (*lookup.by, *lookup.renamed, *lookup.ignored):
        first = path.partition(".")[0]
        assert first in data.attributes or first in data.blocks, path
    for kind in lookup.resources:
        resource = resource_schema("managed", kind)
        assert resource is not None, kind
        for attribute in (*lookup.by.values(), *lookup.renamed.values(), *lookup.filters.values()):
            assert attribute in resource.attributes, (kind, attribute)
    assert lookup.by or lookup.single
