"""AL403."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.aws import LOOKUPS, Arn, managed_policy
from astralint.rules.api.text import PartialText, Text, same

NAMES = ("name", "arn", "key_id")
MANY = frozenset(
    {
        "aws_autoscaling_groups",
        "aws_cloudwatch_log_groups",
        "aws_db_instances",
        "aws_ebs_volumes",
        "aws_ecr_repositories",
        "aws_eips",
        "aws_eks_clusters",
        "aws_iam_roles",
        "aws_iam_users",
        "aws_instances",
        "aws_lambda_functions",
        "aws_lbs",
        "aws_nat_gateways",
        "aws_network_acls",
        "aws_network_interfaces",
        "aws_rds_clusters",
        "aws_route_tables",
        "aws_secretsmanager_secrets",
        "aws_security_groups",
        "aws_sqs_queues",
        "aws_ssm_parameters_by_path",
        "aws_subnets",
        "aws_vpcs",
    }
)
"""Look-ups of however many there are."""

SHARED = frozenset({"aws_subnet", "aws_vpc", "aws_ec2_transit_gateway", "aws_route53_resolver_rule"})
"""What Resource Access Manager shares with other accounts, which look it up as their own."""

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
    found = (data for data in platform.data_sources("aws_*") if data.type in LOOKUPS or data.type in MANY)
    # Groups and users of the identity store are mostly provisioned by an identity provider.
    return (data for data in found if data.type in MANY or not LOOKUPS[data.type].organization)


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
    parameters, default VPCs and security groups. Buckets may be any account's, and what is
    named by another account's ARN is that one's. Look-ups of many are not decided.
    """
    if data.type in MANY:
        raise Undecided(Reason("data-source", f"`{data.address}` may find any number of things", data.header))
    if _is_aws_owned(data) or _is_made_elsewhere(data, platform) or platform.lookup(data):
        return
    if data.type in SHARED and any(True for _ in platform.resources("aws_ram_resource_association")):
        reason = f"what `{data.address}` finds may be shared with its account"
        raise Undecided(Reason("data-source", reason, data.header))
    open_ = [name for name in NAMES if name in data.arguments and isinstance(data.text(name), PartialText)]
    if open_ and data.type in AWS_OWNED:
        raise Undecided(Reason("name-not-known", f"`{data.address}` may look up what AWS owns", data.span(open_[0])))
    yield data.finding(
        f"no workspace makes what `{data.address}` looks up in the `{data.account}` account",
        label="found in AWS, if at all, but in no code",
        help="import it into a workspace of that account, or take it from another workspace's outputs",
    )


def _is_made_elsewhere(data: Resource, platform: Platform) -> bool:
    """Say whether another account makes it: a bucket, whose name is unique everywhere, or what an ARN names there.

    Raises Undecided where that is open.
    """
    names = _names(data)
    if data.type == "aws_s3_bucket":
        return _is_some_bucket(data, platform)
    for name in names:
        arn = Arn.parse(name)
        number = arn.account if arn is not None else None
        if number is None or not str(number):
            continue
        account = platform.account_of(number)
        if account is data.account:
            continue
        if account is None:
            return True  # Somebody else's: no code here would make it.
        made = platform.resources(*LOOKUPS[data.type].resources)
        if any(resource.text("arn") == name for resource in made):
            return True
        raise Undecided(
            Reason("data-source", f"`{data.address}` names something of `{account}` by its ARN", data.header)
        )
    return False


def _names(data: Resource) -> list[Text]:
    """Return what a data source is looked up by, as far as that is a name."""
    return [text for name in NAMES if name in data.arguments and (text := data.text(name)) is not None]


def _is_some_bucket(data: Resource, platform: Platform) -> bool:
    wanted = data["bucket"]
    open_: Resource | None = None
    for bucket in platform.resources("aws_s3_bucket"):
        name = bucket.text("bucket")
        if name == wanted:
            return True
        if name is not None and not isinstance(name, str) and same(name, wanted) is not False:
            open_ = bucket
    if open_ is not None:
        raise Undecided(Reason("data-source", f"`{data.address}` may find `{open_.address}`", open_.header))
    platform.require_complete("aws_s3_bucket", what=f"the bucket `{wanted}`")
    return False


def _is_aws_owned(data: Resource) -> bool:
    default = data.value("default") if data.type == "aws_vpc" else None
    if default is not None and default.raw is True:
        return True
    pattern = AWS_OWNED.get(data.type)
    texts = [str(text) for text in _names(data)]
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
