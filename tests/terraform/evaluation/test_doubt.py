"""What Terraform would refuse only perhaps is a warning: by a default that may not count, in what may not be there."""

from __future__ import annotations

import pytest

from tests.terraform.evaluation.roots import evaluate_root

DEFAULTED = """
variable "url" {
  type    = string
  default = null
}
locals {
  host = [var.url]
}
"""
MISSING = 'variable "needed" {}\n'
READS = [
    'output "o" { value = "https://${var.url}" }',
    'output "o" { value = [for host in local.host : "https://${host}"] }',
    'output "o" { value = replace(var.url, "a", "b") }',
    'resource "aws_sqs_queue" "q" {\n  for_each = toset(local.host)\n}',
    'resource "aws_sqs_queue" "q" {\n  count = var.url\n}',
    'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    precondition {\n      condition     = var.url != null\n      error_message = "no"\n    }\n  }\n}',
    'variable "v" {\n  default = 1\n  validation {\n    condition     = var.v == 1 && var.url != null\n    error_message = "no"\n  }\n}',
]


@pytest.mark.parametrize("reads", READS)
def test_a_default_that_may_be_replaced(reads: str) -> None:
    (surely,) = evaluate_root(DEFAULTED + reads).diagnostics
    assert (surely.severity, surely.broken) == ("error", True)
    (perhaps,) = evaluate_root(MISSING + DEFAULTED + reads).diagnostics
    assert (perhaps.code, perhaps.severity, perhaps.broken) == (surely.code, "warning", False)
    assert "`needed` has no value here" in (perhaps.help or "")


@pytest.mark.parametrize("value", ['"a${null}"', "var.ur", "1 / 0 + length(null)"])
def test_what_no_value_can_mend_stays_an_error(value: str) -> None:
    found = evaluate_root(MISSING + DEFAULTED + f'output "o" {{\n  value = {value}\n}}').diagnostics
    assert {each.severity for each in found} == {"error"}


CALLED = {
    "m/main.tf": 'variable "x" {}\noutput "y" {\n  value = var.x.y\n}\n',
    "main.tf": MISSING + 'module "m" {\n  source = "./m"\n  count  = var.needed ? 1 : 0\n  x      = null\n}\n',
}


def test_a_module_that_may_not_be_there() -> None:
    (perhaps,) = evaluate_root(CALLED).diagnostics
    assert (perhaps.severity, perhaps.help) == ("warning", "this may not be there: variable `needed` has no value")
    again = CALLED["main.tf"] + 'module "n" {\n  source = "./m"\n  x      = null\n}\n'
    (surely,) = evaluate_root({**CALLED, "main.tf": again}).diagnostics
    assert surely.severity == "error"


def test_a_single_block_of_a_provider_that_is_not_known() -> None:
    result = evaluate_root(
        'resource "other_thing" "t" {\n  auth {\n    role {\n      name = "a"\n    }\n  }\n}\n'
        'output "known" { value = other_thing.t.auth.role.name }\n'
        'output "listed" { value = other_thing.t.auth[0].role[0].name }\n'
        'output "later" { value = other_thing.t.auth.role.id }\n'
    )
    assert not result.diagnostics
    assert result.outputs["known"].value.raw == result.outputs["listed"].value.raw == "a"
    assert result.outputs["later"].value.is_unknown


def test_a_file_that_only_a_build_makes() -> None:
    (diagnostic,) = evaluate_root('output "o" { value = filebase64sha256("/tmp/made.zip") }').diagnostics
    assert (diagnostic.code, diagnostic.severity, diagnostic.broken) == ("outside-boundary", "warning", False)
