"""AL403."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.aws import LOOKUPS, managed_policy
from astralint.rules.api.text import PartialText

NAMES = ("name", "arn", "key_id")
AWS_OWNED = {
    "aws_iam_role": re.compile(
        r"AWSServiceRoleFor|AWSReservedSSO_|AWSControlTower|aws-controltower|OrganizationAccountAccessRole"
    ),
    "aws_iam_policy": re.compile(r"arn:[a-z-]+:iam::aws:policy/"),
    "aws_ssm_parameter": re.compile(r"/aws/|arn:"),
    "aws_kms_alias": re.compile(r"alias/aws/"),
    "aws_kms_key": re.compile(r"alias/aws/"),
    "aws_security_group": re.compile(r"default$"),
    "aws_ssm_document": re.compile(r"AWS-|Amazon"),
    "aws_cloudwatch_event_bus": re.compile(r"default$"),
    "aws_ec2_managed_prefix_list": re.compile(r"com\.amazonaws\."),
    "aws_cloudfront_cache_policy": re.compile(r"Managed-"),
    "aws_cloudfront_origin_request_policy": re.compile(r"Managed-"),
    "aws_cloudfront_response_headers_policy": re.compile(r"Managed-"),
}


def lookups(platform: Platform) -> Iterator[Resource]:
    """Yield the data sources that look up something a workspace of their account could make."""
    found = (data for data in platform.data_sources("aws_*") if data.type in LOOKUPS)
    # Groups and users of the identity store are mostly provisioned by an identity provider.
    return (data for data in found if not LOOKUPS[data.type].organization)


@rule("AL403", "data-source-unmanaged", severity="warning", each=lookups, tags=("code",))
def check(data: Resource, platform: Platform) -> Iterator[Violation]:
    """What a data source finds is made by some workspace.

    ## Why

    A look-up by name or tag works as long as somebody made the thing. If no code did,
    it was made by hand: nobody reviewed it, and nobody will make it again in the next
    region or account.

    ## Bad

    ```hcl
    data "aws_vpc" "legacy" {
      tags = { Name = "legacy" } # no workspace has such a VPC
    }
    ```

    ## Good

    Import the VPC into the workspace of its account (`import` block), or read it from
    that workspace's outputs.

    ## Exceptions

    What AWS itself owns: service-linked roles, AWS's managed policies and keys, public
    parameters, default VPCs and security groups.
    """
    if _is_aws_owned(data) or platform.lookup(data):
        return
    open_ = [name for name in NAMES if name in data.arguments and isinstance(data.text(name), PartialText)]
    if open_ and data.type in AWS_OWNED:
        raise Undecided(Reason("name-not-known", f"`{data.address}` may look up what AWS owns", data.span(open_[0])))
    yield data.finding(
        f"no workspace makes what `{data.address}` looks up in the `{data.account}` account",
        label="found in AWS, if at all, but in no code",
        help="import it into a workspace of that account, or take it from another workspace's outputs",
    )


def _is_aws_owned(data: Resource) -> bool:
    default = data.value("default") if data.type == "aws_vpc" else None
    if default is not None and default.raw is True:
        return True
    pattern = AWS_OWNED.get(data.type)
    texts = [str(data.text(name)) for name in NAMES if data.text(name) is not None]
    if data.type == "aws_iam_policy" and any(_is_managed(text) for text in texts):
        return True
    return pattern is not None and any(pattern.match(text) for text in texts)


def _is_managed(name: str) -> bool:
    """Say whether a policy's name is one that AWS uses."""
    arn = f"arn:aws:iam::aws:policy/{name}"
    jobs = f"arn:aws:iam::aws:policy/job-function/{name}"
    return name.startswith(("AWS", "Amazon")) or any(_is_known(candidate) for candidate in (arn, jobs))


def _is_known(arn: str) -> bool:
    policy = managed_policy(arn)
    return policy is not None and not any(statement.unknown for statement in policy.statements)
