"""AL908."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Platform, Resource, Violation, rule
from astralint.rules.api.aws import Arn
from astralint.rules.api.code import Value
from astralint.rules.api.paths import values_at
from astralint.rules.api.text import known, text_of

DISTRIBUTION = "aws_cloudfront_distribution"
SERVICES = {
    "IAM": (
        "aws_iam_user",
        "aws_iam_group",
        "aws_iam_account_alias",
        "aws_iam_account_password_policy",
        "aws_iam_openid_connect_provider",
        "aws_iam_saml_provider",
    ),
    "Route 53": ("aws_route53_zone", "aws_route53_delegation_set", "aws_route53_health_check"),
    "CloudFront": (DISTRIBUTION, "aws_cloudfront_origin_access_control", "aws_cloudfront_cache_policy"),
}
"""What an account has once, whatever the region; a role stays with the workload that it is for."""

CERTIFICATES = ("aws_acm_certificate", "aws_acm_certificate_validation")
FROM_US_EAST_1 = {
    "viewer_certificate[].acm_certificate_arn": ("certificate", CERTIFICATES),
    "default_cache_behavior[].lambda_function_association[].lambda_arn": ("function", ("aws_lambda_function",)),
    "ordered_cache_behavior[].lambda_function_association[].lambda_arn": ("function", ("aws_lambda_function",)),
}


def subjects(platform: Platform) -> Iterator[Account | Resource]:
    """Yield all accounts, and all distributions."""
    yield from platform.accounts.values()
    yield from platform.resources(DISTRIBUTION)


@rule(
    "AL908",
    "globals-once",
    severity="warning",
    each=subjects,
    profiles=("landing-zone", "aws-sra"),
    tags=("regions", "workspaces"),
)
def check(subject: Account | Resource, platform: Platform) -> Iterator[Violation]:
    """What an account has in no region is in one workspace, and what the edge uses is from us-east-1.

    ## Why

    A second region is a copy of the first one's workspace. If users, zones or distributions are in there, the copy
    makes them twice, or fails. CloudFront takes certificates and functions from us-east-1 alone, and says so at apply.

    ## Bad

    ```hcl
    resource "aws_cloudfront_distribution" "site" {
      enabled = true

      viewer_certificate {
        acm_certificate_arn = aws_acm_certificate.site.arn # of eu-west-1
        ssl_support_method  = "sni-only"
      }
    }
    ```

    ## Good

    ```hcl
    resource "aws_acm_certificate" "site" {
      provider          = aws.us_east_1
      domain_name       = "www.astradot.com"
      validation_method = "DNS"
    }
    ```

    ## Exceptions

    Roles and their policies stay with the workload that they are for; records stay with what they lead to. Accounts with one workspace.
    """
    if isinstance(subject, Resource):
        for path, (what, types) in FROM_US_EAST_1.items():
            for place, value in values_at(subject, path):
                region = _region(value, types, platform)
                if region not in (None, "us-east-1"):
                    yield subject.finding(
                        f"the distribution `{subject.address}` uses a {what} of {region}: CloudFront takes none",
                        at=place,
                        label="not of us-east-1",
                    )
        return
    for service, listed in SERVICES.items():
        first: dict[str, Resource] = {}
        for resource in platform.resources(*listed):
            if resource.account_or_none is subject and not resource.instance.uncertain:
                first.setdefault(resource.workspace.name, resource)
        found = list(first.values())
        for before, other in ((found[0], other) for other in found[1:]):
            yield other.finding(
                f"{service} of `{subject}` is in `{other.workspace}` and in `{before.workspace}`",
                label="in a second workspace",
                evidence=(before.evidence("in another workspace, too"),),
            )


def _region(value: Value, types: tuple[str, ...], platform: Platform) -> str | None:
    """Return the region of what an ARN names; None where it names nothing."""
    told = text_of(value)
    arn = Arn.parse(told) if told else None
    if arn is not None and known(arn.region):
        return known(arn.region)
    found = platform.resource_behind(value, *types)
    return found.region if found is not None else None
