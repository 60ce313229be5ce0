"""AL510."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Reason, Resource, Undecided, Violation, rule
from astralint_rules.security.expected import is_expected

TRAIL, LANDING_ZONE = "aws_cloudtrail", "aws_controltower_landing_zone"
SETTINGS = {
    "is_multi_region_trail": "sees one region only",
    "enable_log_file_validation": "writes logs that anybody can change unseen",
}
HOMES = frozenset({"security", "log-archive", "audit", "management"})


@rule("AL510", "org-trail", severity="error", each="platform", needs="management", tags=("security",))
def check(platform: Platform, _: Platform) -> Iterator[Violation]:
    """One trail records all accounts and regions, into a bucket that no workload's account holds.

    ## Why

    Whoever breaks into an account deletes its own trail first. The organization's trail can't be
    switched off by a member, and its bucket can't be emptied by whom it watches.

    ## Bad

    ```hcl
    resource "aws_cloudtrail" "organization" {
      name                  = "organization"
      s3_bucket_name        = aws_s3_bucket.logs.bucket # of production
      is_organization_trail = true
    }
    ```

    ## Good

    ```hcl
    resource "aws_cloudtrail" "organization" {
      name                       = "organization"
      s3_bucket_name             = "astradot-organization-trail" # of the security account
      is_organization_trail      = true
      is_multi_region_trail      = true
      enable_log_file_validation = true
    }
    ```

    ## Exceptions

    Trails of single accounts are not judged. Control Tower's landing zone has a trail of its own;
    without it, a missing trail is said where some workspace uses CloudTrail, or under a profile.
    """
    trails = [one for one in platform.resources(TRAIL) if one["is_organization_trail"] is True]
    open_: Undecided | None = None
    for trail in trails:
        for name, what in SETTINGS.items():
            if trail[name] is not True:
                yield trail.finding(f"the organization's trail `{trail.address}` {what}", at=(name,), label="not true")
        try:
            yield from _bucket(trail, platform)
        except Undecided as undecided:
            open_ = undecided
    if open_ is not None:
        raise open_
    if trails or any(True for _ in platform.resources(LANDING_ZONE)) or not is_expected(platform, TRAIL):
        return
    platform.require_complete(TRAIL, LANDING_ZONE, what="a trail of the organization")
    management = platform.of_kind("management")[0]
    span = management.span or platform.workspaces_of(management)[0].anchor
    yield Violation(
        "no trail records the whole organization",
        Evidence(span, "the management account"),
        subject="organization trail",
        account=management.name,
    )


def _bucket(trail: Resource, platform: Platform) -> Iterator[Violation]:
    """Yield where a trail writes into a workload's account; raises Undecided where nobody here makes its bucket."""
    name = trail["s3_bucket_name"]
    bucket = next((one for one in platform.resources("aws_s3_bucket") if one.text("bucket") == name), None)
    if bucket is None:
        raise Undecided(Reason("bucket-not-known", f"no workspace here makes the bucket `{name}`"))
    if bucket.kind not in HOMES:
        yield trail.finding(
            f"the organization's trail `{trail.address}` writes into a bucket of `{bucket.account}`",
            at=("s3_bucket_name",),
            label="a workload's account",
            evidence=(bucket.evidence("the bucket"),),
        )
