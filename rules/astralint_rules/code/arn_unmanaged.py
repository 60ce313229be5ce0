"""AL402."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.aws import NamedArn
from astralint.rules.api.text import known

MADE_BY_AWS = (
    "AWSControlTower",
    "aws-controltower",
    "AWSCloudFormation",
    "stacksets-exec-",
    "StackSet-",
    "AWSReservedSSO_",
    "AWSServiceRole",
    "AWSAFT",
    "OrganizationAccountAccessRole",
    "aws/",
    "aws-service-role/",
    "aws-reserved/",
    "default",
)
"""How the names and paths begin of what AWS makes in accounts."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: beginnings of names of what is made elsewhere on purpose."""

    allowed: tuple[str, ...] = ()


@cache
def types() -> dict[str, list[str]]:
    """Return the resource types of an ARN by its service and the type of its resource."""
    text = files("astralint_rules").joinpath("data/arns.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["types"], dict[str, list[str]])


def named(platform: Platform) -> Iterator[NamedArn]:
    """Yield the ARNs that are named; roles in policies are judged as who may become whom."""
    return (one for one in platform.arns.named if not one.in_policy or not is_identity(one))


def is_identity(named: NamedArn) -> bool:
    """Say whether an ARN is that of a role or user."""
    return named.arn.service == "iam" and str(named.arn.resource_type) in ("role", "user")


@rule("AL402", "arn-unmanaged", severity="warning", each=named, tags=("code",), options=Options)
def check(named: NamedArn, platform: Platform, options: Options) -> Iterator[Violation]:
    """What an ARN names in an account of the platform is made by some workspace.

    ## Why

    An ARN that is written down works as long as somebody made the thing. If no code did, a
    person made it by hand, or it is gone and the next apply, or the next request, fails.

    ## Bad

    ```hcl
    resource "aws_sns_topic_subscription" "jobs" {
      topic_arn = "arn:aws:sns:us-east-1:210000000007:jobs" # no workspace of that account has it
      protocol  = "sqs"
      endpoint  = aws_sqs_queue.jobs.arn
    }
    ```

    ## Good

    Import the topic into the workspace of its account, and take its ARN from that
    workspace's outputs.

    ## Exceptions

    What AWS makes (service-linked roles, roles of Control Tower, StackSets and Identity
    Center), ARNs with wildcards, and types whose ARNs AWS makes up (AL401 is about
    these). Roles that policies let somebody assume are AL111's. The option `allowed` has
    beginnings of further names.
    """
    kinds = types().get(f"{named.arn.service}:{_type(named)}")
    account = platform.account_of(named.arn.account)
    if not kinds or account is None or _name(named).startswith((*MADE_BY_AWS, *options.allowed)):
        return
    made = platform.arns.makes(named.text, *kinds)
    if isinstance(made, Resource):
        raise Undecided(Reason("arn-not-known", f"`{named.text}` may be `{made.address}`"))
    if made:
        return
    workspaces = platform.workspaces_of(account)
    if not workspaces:
        raise Undecided(Reason("account-without-workspace", f"no workspace here is for the account `{account}`"))
    platform.require_complete(*kinds, what=f"`{named.text}`", workspaces=workspaces)
    yield named.resource.finding(
        f"no workspace makes `{named.text}` in the `{account}` account",
        at=named.path,
        label="found in AWS, if at all, but in no code",
        help="import it into a workspace of that account, or take it from that workspace's outputs",
    )


def _type(named: NamedArn) -> str:
    """Return what stands before the name in an ARN; "" where the name stands alone."""
    resource = str(named.arn.resource)
    return str(named.arn.resource_type) if ":" in resource or "/" in resource else ""


def _name(named: NamedArn) -> str:
    """Return what follows the type in an ARN."""
    resource = known(named.arn.resource) or ""
    return resource.removeprefix(_type(named)).lstrip(":/")
