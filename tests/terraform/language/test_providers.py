"""OpenTofu's providers with `for_each`: each instance in its own account and region (documented, not asked)."""

from __future__ import annotations

import pytest

from astralint.terraform.language.language import Language, newest
from astralint.terraform.results import WorkspaceResult
from tests.terraform.evaluation.roots import evaluate_root

pytestmark = pytest.mark.documented

TOFU = newest("opentofu")
PROVIDERS = """
variable "places" {
  default = {
    north = { account = "111111111111", region = "eu-north-1" }
    south = { account = "222222222222", region = "eu-south-1" }
  }
}
provider "aws" {
  alias    = "in"
  for_each = var.places
  region   = each.value.region
  assume_role {
    role_arn = "arn:aws:iam::${each.value.account}:role/deploy"
  }
}
"""


def places(result: WorkspaceResult) -> dict[str, tuple[object, object]]:
    return {
        resource.address: (resource.provider.account.raw, resource.provider.region.raw)
        for resource in result.resources
        if resource.provider is not None
    }


def test_each_instance_of_a_resource_is_where_its_key_says() -> None:
    result = evaluate_root(
        PROVIDERS
        + 'resource "aws_sqs_queue" "q" {\n  for_each = var.places\n  provider = aws.in[each.key]\n  name     = "q"\n}\n',
        language=TOFU,
    )
    assert not result.diagnostics
    assert places(result) == {
        'aws_sqs_queue.q["north"]': ("111111111111", "eu-north-1"),
        'aws_sqs_queue.q["south"]': ("222222222222", "eu-south-1"),
    }
    assert [provider.address for provider in result.providers] == [
        'provider["aws"].in["north"]',
        'provider["aws"].in["south"]',
    ]


def test_a_literal_key_chooses_one() -> None:
    result = evaluate_root(
        PROVIDERS + 'resource "aws_sqs_queue" "q" {\n  provider = aws.in["south"]\n}\n', language=TOFU
    )
    assert places(result) == {"aws_sqs_queue.q": ("222222222222", "eu-south-1")}


def test_each_instance_of_a_module_is_given_its_own() -> None:
    call = 'module "m" {\n  source    = "./m"\n  for_each  = var.places\n  providers = { aws = aws.in[each.key] }\n}\n'
    files = {"main.tofu": PROVIDERS + call, "m/main.tofu": 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'}
    result = evaluate_root(files, language=TOFU)
    assert not result.diagnostics
    assert places(result) == {
        'module.m["north"].aws_sqs_queue.q': ("111111111111", "eu-north-1"),
        'module.m["south"].aws_sqs_queue.q': ("222222222222", "eu-south-1"),
    }


def test_numbers_are_keys_too() -> None:
    text = (
        'provider "aws" {\n  alias    = "n"\n  for_each = toset(["0", "1"])\n  region   = "eu-west-${each.key}"\n}\n'
        'resource "aws_sqs_queue" "q" {\n  count    = 2\n  provider = aws.n[count.index]\n}\n'
    )
    found = places(evaluate_root(text, language=TOFU))
    assert [region for _, region in found.values()] == ["eu-west-0", "eu-west-1"]


@pytest.mark.parametrize("reference", ['aws.in["west"]', "aws.in"])
def test_a_key_that_there_is_not_is_an_error(reference: str) -> None:
    result = evaluate_root(
        PROVIDERS + f'resource "aws_sqs_queue" "q" {{\n  provider = {reference}\n}}\n', language=TOFU
    )
    assert [diagnostic.code for diagnostic in result.diagnostics] == ["invalid-provider-key"]


def test_terraform_has_no_such_providers() -> None:
    result = evaluate_root(PROVIDERS, language=Language("terraform", (1, 15, 9)))
    assert "other-version" in [diagnostic.code for diagnostic in result.diagnostics]
