"""Version 6 of the AWS provider: each resource in a region of its own, and other names (documented, not asked)."""

from __future__ import annotations

from typing import Any

import pytest

from astralint.assembly.provider_versions import provider_version
from astralint.hcl.store import SyntaxStore
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.results import WorkspaceResult
from tests.assembly.workspaces import evaluate, plain
from tests.config.memory import MemoryTree

SIX = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws", version = "~> 6.0" }\n  }\n}\n'
TOPIC = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'


def root(text: str) -> WorkspaceResult:
    return evaluate({"production": text})["production"]


def outputs(text: str) -> dict[str, Any]:
    return {name: plain(output.value) for name, output in root(text).outputs.items()}


def version(files: dict[str, str]) -> int:
    return provider_version(ModuleLoader(MemoryTree(files), SyntaxStore(None)), "root")


def required(constraint: str) -> str:
    return SIX.replace("~> 6.0", constraint)


@pytest.mark.parametrize(
    ("constraint", "major"),
    [
        ("~> 5.0", 5),
        (">= 5.0", 6),
        (">= 5.0, < 6.0", 5),
        ("6.14.1", 6),
        ("~> 6.2", 6),
        ("5.31.0", 5),
        (">= 4, != 6.0", 6),
    ],
)
def test_the_newest_that_is_allowed(constraint: str, major: int) -> None:
    assert version({"root/main.tf": required(constraint) + TOPIC}) == major


def test_all_modules_have_a_say() -> None:
    call = 'module "m" {\n  source = "../m"\n}\n'
    assert version({"root/main.tf": required(">= 5.0") + call, "m/main.tf": required("< 6.0") + TOPIC}) == 5


def test_a_version_in_the_provider_block_counts() -> None:
    assert version({"root/main.tf": 'provider "aws" {\n  version = "~> 6.0"\n}\n'}) == 6
    assert version({"root/main.tf": 'provider "aws" {\n  version = "~> 2.7"\n}\n'}) == 5


def test_the_lock_file_is_exact() -> None:
    lock = 'provider "registry.terraform.io/hashicorp/aws" {\n  version     = "5.98.0"\n  constraints = ">= 5.0"\n}\n'
    files = {"root/main.tf": required(">= 5.0") + TOPIC, "root/.terraform.lock.hcl": lock}
    assert version(files) == 5
    assert version({**files, "root/.terraform.lock.hcl": lock.replace("5.98.0", "6.3.0")}) == 6


def test_nothing_said_is_the_recorded_version_unless_the_region_is_an_argument() -> None:
    assert version({"root/main.tf": TOPIC}) == 5
    assert version({"root/main.tf": TOPIC.replace("}", '  region = "us-east-1"\n}')}) == 6
    stack = (
        'resource "aws_cloudformation_stack_set_instance" "s" {\n  stack_set_name = "s"\n  region = "us-east-1"\n}\n'
    )
    assert version({"root/main.tf": stack}) == 5


def test_regions_of_instances() -> None:
    result = outputs(
        SIX
        + TOPIC
        + 'resource "aws_sqs_queue" "q" {\n  for_each = toset(["us-east-1", "eu-west-2"])\n'
        + '  region = each.key\n  name = "q"\n}\n'
        + 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
        + 'output "regions" {\n  value = { for k, q in aws_sqs_queue.q : k => [q.region, split(":", q.arn)[3]] }\n}\n'
        + 'output "others" {\n  value = [aws_sns_topic.t.region, aws_s3_bucket.b.region, aws_s3_bucket.b.bucket_region]\n}\n'
    )
    assert result["regions"] == {region: [region, region] for region in ("us-east-1", "eu-west-2")}
    assert result["others"] == ["eu-west-1"] * 3


def test_a_region_is_planned_and_not_foretold() -> None:
    bucket = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
    assert "region" not in root(SIX + bucket).resources[0].predicted
    assert "region" in root(bucket).resources[0].predicted


def test_a_region_that_is_not_known() -> None:
    text = SIX + TOPIC.replace("}", "  region = terraform_data.x.id\n}") + 'resource "terraform_data" "x" {}\n'
    arn = outputs(text + 'output "arn" {\n  value = aws_sns_topic.t.arn\n}\n')["arn"]
    assert "eu-west-1" not in str(arn)


def test_types_without_a_region_and_with_another_one() -> None:
    role = 'resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = "{}"\n  region = "us-east-1"\n}\n'
    assert [d.message for d in root(SIX + role).diagnostics] == [
        "`aws_iam_role` belongs to no region: it takes no `region`"
    ]
    assert not root(SIX + role).diagnostics[0].broken
    token = 'data "aws_region" "there" {\n  region = "us-east-1"\n}\noutput "x" {\n  value = data.aws_region.there.name\n}\n'
    assert outputs(SIX + token) == {"x": "us-east-1"}


def test_both_names_of_a_region_are_read_in_all_versions() -> None:
    names = 'data "aws_region" "r" {}\noutput "x" {\n  value = [data.aws_region.r.name, data.aws_region.r.region]\n}\n'
    assert outputs(names) == outputs(SIX + names) == {"x": ["eu-west-1", "eu-west-1"]}


def test_what_was_removed_is_said() -> None:
    address = 'resource "aws_eip" "e" {\n  vpc = true\n}\n'
    (diagnostic,) = root(SIX + address).diagnostics
    assert (diagnostic.severity, diagnostic.broken) == ("warning", False)
    assert "`domain` is in its place" in diagnostic.message
    assert not root(required("~> 5.0") + address).diagnostics


def test_other_names_and_defaults() -> None:
    text = (
        'resource "aws_batch_compute_environment" "e" {\n  name = "n"\n  type = "UNMANAGED"\n}\n'
        'resource "aws_redshift_cluster" "c" {\n  cluster_identifier = "c"\n  node_type = "n"\n}\n'
        'resource "aws_instance" "i" {\n  ami = "a"\n  instance_type = "t3.micro"\n  user_data = "x"\n}\n'
        'output "x" {\n  value = [aws_batch_compute_environment.e.name, aws_redshift_cluster.c.encrypted,\n'
        "    aws_redshift_cluster.c.publicly_accessible, aws_instance.i.user_data]\n}\n"
    )
    assert outputs(SIX + text)["x"] == ["n", True, False, "x"]
