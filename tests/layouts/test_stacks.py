"""HCP Terraform's Stacks: deployments, components, providers, and Stacks that read each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.layouts.trees import built, evaluated, messages, shown

COMPONENTS = """
required_providers {
  aws = {
    source  = "hashicorp/aws"
    version = "~> 6.0"
  }
}
variable "regions" {
  type = set(string)
}
variable "role_arn" {
  type = string
}
variable "token" {
  type      = string
  ephemeral = true
}
locals {
  prefix = "p"
}
provider "aws" "by_region" {
  for_each = var.regions
  config {
    region = each.value
    assume_role_with_web_identity {
      role_arn           = var.role_arn
      web_identity_token = var.token
    }
  }
}
component "queue" {
  for_each = var.regions
  source   = "./queue"
  inputs = {
    name       = "${local.prefix}-${each.value}"
    not_wanted = 1
  }
  providers = {
    aws = provider.aws.by_region[each.value]
  }
}
component "role" {
  source = "./role"
  inputs = {
    queues = [for queue in component.queue : queue.arn]
  }
  providers = {
    aws = provider.aws.by_region["eu-west-1"]
  }
}
output "queues" {
  type  = list(string)
  value = [for queue in component.queue : queue.arn]
}
"""
DEPLOYMENTS = """
identity_token "aws" {
  audience = ["aws.workload.identity"]
}
locals {
  account = "111122223333"
}
deployment "staging" {
  inputs = {
    regions  = ["eu-west-1"]
    role_arn = "arn:aws:iam::444455556666:role/hcp"
    token    = identity_token.aws.jwt
  }
}
deployment "production" {
  inputs = {
    regions  = ["eu-west-1", "us-east-1"]
    role_arn = "arn:aws:iam::${local.account}:role/hcp"
    token    = identity_token.aws.jwt
  }
}
publish_output "queues" {
  value = deployment.production.queues
}
"""
MODULES = {
    "queue/main.tf": 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\nvariable "name" {}\n'
    'resource "aws_sqs_queue" "q" {\n  name = var.name\n}\noutput "arn" {\n  value = aws_sqs_queue.q.arn\n}\n',
    "role/main.tf": 'variable "queues" {}\nresource "aws_iam_role" "r" {\n  name = "r"\n  description = join(",", var.queues)\n'
    '  assume_role_policy = "{}"\n}\n',
}


def stack(directory: str, components: str = COMPONENTS, deployments: str = DEPLOYMENTS) -> dict[str, str]:
    files = {"c.tfcomponent.hcl": components, "d.tfdeploy.hcl": deployments, **MODULES}
    return {f"{directory}/{name}": content for name, content in files.items()}


def test_each_deployment_is_a_workspace_with_all_components(tmp_path: Path) -> None:
    build = built(tmp_path, stack("app"))
    found = shown(build)
    assert list(found) == ["app/production", "app/staging"]
    assert messages(build) == []
    production = found["app/production"]
    assert (production["layout"], production["account"]) == ("stack", "111122223333")
    assert production["state"] == {"backend": "stack", "stack": "app", "deployment": "production"}
    assert [(r["address"], r["account"], r["region"]) for r in production["resources"]] == [
        ('module.queue["eu-west-1"].aws_sqs_queue.q', "111122223333", "eu-west-1"),
        ('module.queue["us-east-1"].aws_sqs_queue.q', "111122223333", "us-east-1"),
        ("module.role.aws_iam_role.r", "111122223333", "eu-west-1"),
    ]
    assert found["app/staging"]["account"] == "444455556666"


def test_components_read_each_others_outputs(tmp_path: Path) -> None:
    staging = evaluated(tmp_path, stack("app"))["app/staging"]
    assert staging["outputs"]["queues"]["value"] == ["arn:aws:sqs:eu-west-1:444455556666:p-eu-west-1"]
    assert staging["resources"][1]["values"]["description"] == "arn:aws:sqs:eu-west-1:444455556666:p-eu-west-1"


def test_places_are_those_of_the_stacks_files(tmp_path: Path) -> None:
    build = built(tmp_path, stack("app"))
    provider = build.platform.workspaces["app/staging"].result.providers[0]
    assert provider.span is not None
    line = COMPONENTS[: COMPONENTS.index('provider "aws"')].count("\n") + 1
    assert (provider.span.file, provider.span.line) == ("app/c.tfcomponent.hcl", line)


DOWN = 'variable "queues" {\n  type = any\n}\ncomponent "role" {\n  source = "./role"\n  inputs = { queues = var.queues }\n}\n'


def downstream(output: str, source: str = "app.terraform.io/acme/project/app") -> dict[str, str]:
    deployments = (
        f'upstream_input "up" {{\n  type = "stack"\n  source = "{source}"\n}}\n'
        f'deployment "one" {{\n  inputs = {{ queues = upstream_input.up.{output} }}\n}}\n'
    )
    return stack("down", DOWN, deployments)


def test_linked_stacks_are_joined(tmp_path: Path) -> None:
    found = evaluated(tmp_path, {**stack("app"), **downstream("queues")})["down/one"]
    assert found["depends_on"] == ["app/production"]
    assert found["variables"]["queues"] == [
        "arn:aws:sqs:eu-west-1:111122223333:p-eu-west-1",
        "arn:aws:sqs:us-east-1:111122223333:p-us-east-1",
    ]


def test_a_name_that_is_not_published_is_said(tmp_path: Path) -> None:
    build = built(tmp_path, {**stack("app"), **downstream("nothing")})
    assert "the Stack `app.terraform.io/acme/project/app` publishes no output `nothing`" in messages(build)


def test_a_stack_that_is_not_in_view_is_unknown(tmp_path: Path) -> None:
    said: Any = evaluated(tmp_path, downstream("queues"))["down/one"]["variables"]["queues"]
    assert "is not in view" in said["reason"]


@pytest.mark.parametrize(
    ("components", "deployments", "said"),
    [
        ("", DEPLOYMENTS, "publishes"),
        (COMPONENTS, DEPLOYMENTS.replace("regions  =", "region =", 1), "the Stack declares no variable `region`"),
        (
            COMPONENTS + 'removed {\n  from = component.old\n  source = "./queue"\n}\n',
            DEPLOYMENTS,
            "a component is removed here",
        ),
        (COMPONENTS, "", "the Stack in `app` has no deployments"),
    ],
)
def test_what_is_said_of_a_stack(tmp_path: Path, components: str, deployments: str, said: str) -> None:
    build = built(tmp_path, stack("app", components, deployments))
    if said == "publishes":
        assert not build.platform.workspaces or messages(build)
    else:
        assert any(said in message for message in messages(build))


def test_the_beta_ending_is_read_and_said(tmp_path: Path) -> None:
    files = {name.replace(".tfcomponent.", ".tfstack."): content for name, content in stack("app").items()}
    build = built(tmp_path, files)
    assert list(build.platform.workspaces) == ["app/production", "app/staging"]
    assert any("ending of the beta" in message for message in messages(build))


def test_store_values_and_tokens_are_unknown(tmp_path: Path) -> None:
    deployments = DEPLOYMENTS.replace('"arn:aws:iam::444455556666:role/hcp"', "store.varset.aws.ROLE")
    found = evaluated(
        tmp_path,
        stack("app", COMPONENTS, 'store "varset" "aws" {\n  name = "n"\n  category = "env"\n}\n' + deployments),
    )
    assert found["app/staging"]["account"] is None
    assert "is not in the code" in found["app/staging"]["variables"]["role_arn"]["reason"]


def test_modules_of_a_stack_are_no_roots(tmp_path: Path) -> None:
    build = built(tmp_path, stack("app"))
    reasons = {d.path: d.reason for d in build.discovery.directories}
    assert reasons["app/queue"] == "the Stack in `app` is made of it"
