"""AL408."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.text import known
from astralint_rules.code.ignore_changes_broad import blocks
from astralint_rules.code.written import argument, texts

TYPES = {
    "aws_cloudformation_stack": "a CloudFormation stack",
    "aws_cloudformation_stack_set": "a CloudFormation stack set",
    "aws_cloudcontrolapi_resource": "a resource of the Cloud Control API",
    "awscc_cloudformation_stack": "a CloudFormation stack",
    "aws_lambda_invocation": "a function that manages something",
}
COMMAND = re.compile(r"(?:^|[\s;&|(`'\"/])aws\s+(?:--?[\w-]+(?:[ =][^\s-][^\s]*)?\s+)*([a-z0-9-]+)\s+([a-z0-9-]+)")
LIBRARY = re.compile(r"\bboto3\b|\bcdk deploy\b|\bserverless deploy\b|\bsls deploy\b|\bsam deploy\b|\bpulumi up\b")
BY_AWS = re.compile(r"AWSControlTower|aws-controltower|aft-|AWSAccelerator|StackSet-AWS", re.IGNORECASE)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: resource types, or addresses, that may go around Terraform."""

    allowed: tuple[str, ...] = ()


@cache
def reads() -> dict[str, Any]:
    """Return the verbs and services of the AWS command line that change nothing."""
    return tomllib.loads(files("astralint_rules").joinpath("data/imperative.toml").read_text("utf-8"))


@rule("AL408", "imperative-escape", severity="warning", each=blocks, tags=("code",), options=Options)
def check(resource: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """No scripts and no other tool make things beside Terraform.

    ## Why

    What a script or a stack makes is in no state: no plan shows it, nothing removes it, and
    a change by hand is never undone.

    ## Bad

    ```hcl
    resource "null_resource" "alias" {
      provisioner "local-exec" {
        command = "aws iam create-account-alias --account-alias astradot"
      }
    }
    ```

    ## Good

    ```hcl
    resource "aws_iam_account_alias" "this" {
      account_alias = "astradot"
    }
    ```

    ## Exceptions

    Commands that only read, or build something; what Control Tower, Account Factory for
    Terraform and the Landing Zone Accelerator deploy; applications of the Serverless Application
    Repository. The option `allowed` lists resource types and addresses.
    """
    if resource.type in options.allowed or resource.address in options.allowed:
        return
    if resource.type in TYPES and _counts(resource):
        yield resource.finding(
            f"`{resource.address}` is {TYPES[resource.type]}: what it makes is in no state",
            label="beside Terraform",
            help="write what it makes as resources",
        )
    block = resource.block
    provisioners = [inner for inner in block.body.blocks if inner.type == "provisioner"] if block is not None else []
    for position, inner in enumerate(provisioners):
        if "local-exec" not in inner.labels:
            continue
        command = argument(inner.body, "command")
        told = " ".join(text for text, _ in texts(command)) if command is not None else ""
        what = changes(told)
        if what:
            yield resource.finding(
                f"`{resource.address}` runs `{what}`: what it changes is in no state",
                at=("provisioner", position, "command"),
                label="beside Terraform",
                help="write what it makes as resources",
            )


def changes(command: str) -> str:
    """Return what in a command changes something in AWS; "" where nothing is seen that does."""
    for found in COMMAND.finditer(command):
        service, verb = found[1], found[2]
        if service not in reads()["services"] and not any(fnmatchcase(verb, one) for one in reads()["reads"]):
            return f"aws {service} {verb}"
    library = LIBRARY.search(command)
    return library[0] if library is not None else ""


def _counts(resource: Resource) -> bool:
    if resource.type == "aws_lambda_invocation":
        return bool(resource["lifecycle_scope"] == "CRUD")
    name = resource.text("name")
    if name is not None and known(name) is None and BY_AWS.match(resource.name) is None:
        # Of a name that is not known, AWS's own may come.
        return bool(resource["name"])
    return BY_AWS.match((known(name) if name is not None else "") or resource.name) is None
