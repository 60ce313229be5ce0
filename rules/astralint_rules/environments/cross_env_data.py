"""AL806."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.trust import Access
from astralint_rules.environments.between import crosses, let_in
from astralint_rules.environments.cross_env_network import SHARED

ELSEWHERE = (*SHARED, "aws_vpc_", "aws_ec2_", "aws_backup_vault", "aws_iam_")
"""Types that other rules judge, and vaults, which are there for others' copies."""


def accesses(platform: Platform) -> Iterator[Access]:
    """Yield whom the data of environments lets in."""
    for access in platform.trust.accesses:
        account = access.resource.account_or_none
        if account is not None and account.is_environment and not access.resource.type.startswith(ELSEWHERE):
            yield access


@rule("AL806", "cross-env-data", severity="error", each=accesses, tags=("environments",), security_severity="7.0")
def check(access: Access, platform: Platform) -> Iterator[Violation]:
    """The data of an environment lets nobody of another environment in.

    ## Why

    A bucket of production that staging may read is production data in staging, where everybody
    may look; one that staging may write is production run by staging.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_s3_bucket_policy" "exports" {
      bucket = aws_s3_bucket.exports.id
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "s3:GetObject"
          Resource  = "${aws_s3_bucket.exports.arn}/*"
          Principal = { AWS = "arn:aws:iam::210000000008:root" }
        }]
      })
    }
    ```

    ## Good

    A pipeline that masks data writes what staging needs into staging's own bucket.

    ## Exceptions

    Vaults of AWS Backup. Sandboxes that are let in are AL804's, networks AL805's.
    """
    own, other = access.resource.account, let_in(access, platform)
    if not crosses(own, other):
        return
    if access.verdict == "conditional" and access.resource.instance.uncertain:
        raise Undecided(Reason("existence-not-known", f"whether `{access.resource}` exists is not known"))
    place = access.evidence[0]
    yield access.resource.workspace.violation(
        f"`{access.resource.address}` of `{own}` lets `{other}` in",
        place.span,
        "another environment",
        subject=access.resource.address,
    )
