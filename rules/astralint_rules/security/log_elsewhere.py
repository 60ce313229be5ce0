"""AL516."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.code import Value
from astralint.rules.api.paths import Place, values_at
from astralint.rules.api.text import text_of

GROUP, STREAM = "aws_cloudwatch_log_group", "aws_kinesis_firehose_delivery_stream"
FILTER, REPLICATION = "aws_cloudwatch_log_subscription_filter", "aws_s3_bucket_replication_configuration"


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kinds`: the kinds of accounts where logs may end."""

    kinds: tuple[str, ...] = ("log-archive",)


class _Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `data/log_destinations.toml`, which says what the fields are."""

    type: str
    path: str
    unless: str = ""


class Log(NamedTuple):
    """A resource sends its logs somewhere."""

    resource: Resource
    place: Place
    value: Value

    def __str__(self) -> str:
        return self.resource.address


@cache
def _table() -> tuple[_Log, ...]:
    told = files("astralint_rules").joinpath("data/log_destinations.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(told)["log"], tuple[_Log, ...])


def logs(platform: Platform) -> Iterator[Log]:
    """Yield every log that a resource sends somewhere."""
    for entry in _table():
        for resource in platform.resources(entry.type):
            off = entry.unless and any(value.raw is False for _, value in values_at(resource, entry.unless))
            for place, value in values_at(resource, entry.path) if not off else ():
                yield Log(resource, place, value)


@rule(
    "AL516",
    "log-elsewhere",
    severity="warning",
    each=logs,
    needs="log-archive",
    profiles=("landing-zone", "aws-sra"),
    tags=("security", "landing-zone"),
    options=Options,
)
def check(log: Log, platform: Platform, options: Options) -> Iterator[Violation]:
    """The logs of every account end in the log archive.

    ## Why

    Whoever breaks into an account deletes what is kept there. In the log archive nobody works.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_flow_log" "this" {
      vpc_id          = aws_vpc.this.id
      traffic_type    = "ALL"
      log_destination = aws_s3_bucket.flows.arn # of production
    }
    ```

    ## Good

    ```hcl
    resource "aws_flow_log" "this" {
      vpc_id               = aws_vpc.this.id
      traffic_type         = "ALL"
      log_destination_type = "s3"
      log_destination      = "arn:aws:s3:::astradot-flow-logs" # of the log archive
    }
    ```

    ## Exceptions

    Buckets that are replicated into the log archive: access logs of S3 have to be in the account of what they are
    about first. Log groups with a subscription, and streams into a bucket of the log archive.

    ## Options

    `kinds` are the kinds of accounts where logs may end.
    """
    end = _end(log.value, platform)
    if end is None or end.kind in options.kinds or _goes_on(end, platform, options):
        return
    yield log.resource.finding(
        f"the logs of `{log.resource.address}` end in `{end.account}`, not in the log archive",
        at=log.place,
        label=f"in the account `{end.account}`",
        evidence=(end.evidence("where they end"),),
    )


def _end(value: Value, platform: Platform) -> Resource | None:
    """Return the bucket or log group where a log ends; raises Undecided where nobody here makes it."""
    stream = platform.resource_behind(value, STREAM)
    if stream is not None:
        value = next((v for _, v in values_at(stream, "extended_s3_configuration[].bucket_arn")), value)
    bucket = platform.buckets.behind(value)
    if bucket is not None:
        return bucket
    told = text_of(value)
    if told == "":
        return None
    group = platform.resource_behind(value, GROUP)
    if group is None or group.mode != "managed":
        raise Undecided(Reason("bucket-not-known", f"no workspace here makes `{told}`, where logs end"))
    return group


def _goes_on(end: Resource, platform: Platform, options: Options) -> bool:
    """Say whether what a bucket or log group holds goes on into the log archive, or may."""
    if end.type == GROUP:
        groups = [
            _part_of(one, "log_group_name", platform.resource_behind(one.value("log_group_name"), GROUP), end)
            for one in platform.resources(FILTER)
        ]
        return any(group is end for group in groups)
    for one in platform.resources(REPLICATION):
        _part_of(one, "bucket", platform.buckets.behind(one.value("bucket")), end)
    targets = [
        platform.buckets.behind(value)
        for one in platform.buckets.parts(end, REPLICATION)
        for _, value in values_at(one, "rule[].destination[].bucket")
    ]
    return any(one is None or one.kind in options.kinds for one in targets)


def _part_of(one: Resource, argument: str, found: Resource | None, end: Resource) -> Resource | None:
    """Return what is configured; raises Undecided where that is not known, and may be in this account."""
    if found is None and one.account_or_none in (None, end.account_or_none):
        assert one[argument]
    return found
