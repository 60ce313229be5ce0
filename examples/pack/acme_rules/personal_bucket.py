"""ACME001."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule


class Options(msgspec.Struct, frozen=True):
    """Options are declared by type; the configuration is checked against it."""

    names: tuple[str, ...] = ("alice", "bob")


@rule("ACME001", "personal-bucket", severity="warning", each="aws_s3_bucket", options=Options)
def check(bucket: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """No bucket is called after a person.

    ## Why

    People leave, buckets stay.

    ## Bad

    ```hcl
    resource "aws_s3_bucket" "this" {
      bucket = "alice-stuff"
    }
    ```

    ## Good

    ```hcl
    resource "aws_s3_bucket" "this" {
      bucket = "acme-images"
    }
    ```
    """
    name = bucket["bucket"]
    if name is not None and any(person in name for person in options.names):
        yield bucket.finding(f"the bucket `{name}` is called after a person", at=("bucket",))
