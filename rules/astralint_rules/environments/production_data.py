"""AL808."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Platform, Resource, Violation, rule
from astralint.rules.api.aws import Arn
from astralint.rules.api.paths import values_at
from astralint.rules.api.text import text_of

SOURCES = {
    "aws_db_instance": "snapshot_identifier",
    "aws_db_snapshot_copy": "source_db_snapshot_identifier",
    "aws_dynamodb_table": "restore_source_table_arn",
    "aws_ebs_snapshot_copy": "source_snapshot_id",
    "aws_ebs_volume": "snapshot_id",
    "aws_rds_cluster": "snapshot_identifier",
    "aws_rds_cluster_snapshot_copy": "source_db_cluster_snapshot_identifier",
    "aws_redshift_cluster": "snapshot_arn",
}
REPLICATION = "aws_s3_bucket_replication_configuration"


@rule(
    "AL808",
    "sandbox-has-prod-data",
    severity="warning",
    each=(*SOURCES, REPLICATION),
    needs="production",
    tags=("environments",),
    security_severity="6.0",
)
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """Production's data stays in production.

    ## Why

    In staging and in sandboxes more people look, less is watched, and nobody has promised the
    customers anything about them.

    ## Bad

    ```hcl
    # workspaces/staging
    resource "aws_db_instance" "this" {
      snapshot_identifier = "arn:aws:rds:us-east-1:210000000007:snapshot:nightly"
      instance_class      = "db.t4g.small"
    }
    ```

    ## Good

    A job of production masks the data, and writes what is left into staging.

    ## Exceptions

    Snapshots of the same account. Where a snapshot is from is told by its ARN or by the resource that makes it.
    """
    if resource.type == REPLICATION:
        yield from _replication(resource, platform)
        return
    name = SOURCES[resource.type]
    if name not in resource.arguments or resource.kind not in ("staging", "sandbox"):
        return
    source = _account(resource, name, platform)
    if source is not None and source.kind == "production":
        yield resource.finding(
            f"`{resource.address}` of `{resource.account}` is made of data of `{source}`",
            at=(name,),
            label="production's data",
        )


def _account(resource: Resource, name: str, platform: Platform) -> Account | None:
    """Return the account that a snapshot or a bucket is of, where that can be told."""
    arn = Arn.parse(resource.text(name) or "")
    told = platform.account_of(arn.account) if arn is not None else None
    made = next((one for one in platform.resources_behind(resource.value(name)) if one.mode == "managed"), None)
    if told is None and made is None:
        assert resource[name]  # Undecided where nothing is known of it.
    return told or (made.account_or_none if made is not None else None)


def _replication(resource: Resource, platform: Platform) -> Iterator[Violation]:
    if resource.kind != "production":
        return
    buckets = {one.text("arn"): one for one in platform.resources("aws_s3_bucket")}
    for place, value in values_at(resource, "rule[].destination[].bucket"):
        bucket = buckets.get(text_of(value))
        if bucket is not None and bucket.kind in ("staging", "sandbox"):
            yield resource.finding(
                f"`{resource.address}` copies data of `{resource.account}` to `{bucket.account}`",
                at=place,
                label=f"a bucket of `{bucket.account}`",
                evidence=(bucket.evidence("the copy"),),
            )
