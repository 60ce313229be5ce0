"""AL206."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.uses import CodeUse, code_uses, open_code_uses
from astralint_rules.placement import outside

NAMED = re.compile(r"(?<![a-z])(artifacts?|artefacts?)(?![a-z])(?!.*logs?$)")


class Kept(msgspec.Struct, frozen=True, eq=False):
    """A bucket, and what uses it for what is deployed."""

    bucket: Resource
    uses: tuple[CodeUse, ...]

    def __str__(self) -> str:
        return self.bucket.address

    @property
    def resource(self) -> Resource:
        """The bucket, as the subject that is judged."""
        return self.bucket

    @property
    def is_between(self) -> bool:
        """Whether pipelines only hand things on by it."""
        return bool(self.uses) and all(use.between for use in self.uses)


def kept(platform: Platform) -> Iterator[Kept]:
    """Yield all buckets with who uses them."""
    uses: dict[tuple[str, str], list[CodeUse]] = {}
    for use in code_uses(platform):
        uses.setdefault((use.bucket.workspace.name, use.bucket.address), []).append(use)
    for bucket in platform.resources("aws_s3_bucket"):
        yield Kept(bucket, tuple(uses.get((bucket.workspace.name, bucket.address), ())))


@rule("AL206", "artifact-bucket-outside-artifact", severity="warning", each=kept, home="artifact", tags=("artifact",))
def check(subject: Kept, platform: Platform) -> Iterator[Violation]:
    """Buckets with what builds made are only in the artifact account.

    ## Why

    What is built once and deployed everywhere belongs to no environment. Code in a bucket
    of production was not tested in staging, and whoever may write there changes what production runs.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_s3_bucket" "functions" {
      bucket = "astradot-functions"
    }
    resource "aws_lambda_function" "thumbnails" {
      function_name = "thumbnails"
      role          = aws_iam_role.thumbnails.arn
      s3_bucket     = aws_s3_bucket.functions.id
      s3_key        = "thumbnails.zip"
    }
    ```

    ## Good

    The bucket stands in the artifact account, and its policy lets the organization read.

    ## Exceptions

    Buckets by which a pipeline hands things from stage to stage; those into which Terraform
    itself uploads what the function runs. A bucket that nothing here uses counts where its name says what it is
    for (`artifacts`).
    """
    bucket = subject.bucket
    uses = [use for use in subject.uses if not use.between and not use.uploaded]
    if not uses and (subject.uses or not _is_named(bucket)):
        return
    if bucket.kind != "artifact":
        _require_known(subject, uses, platform)
    for violation in outside(bucket, platform, "artifact", f"the bucket `{bucket.text('bucket') or bucket.address}`"):
        evidence = tuple(use.resource.evidence("what is deployed is in it", *use.place) for use in uses[:3])
        yield msgspec.structs.replace(violation, evidence=evidence)


def _require_known(subject: Kept, uses: list[CodeUse], platform: Platform) -> None:
    """Raise Undecided where it is not known what a bucket is used for, or who puts there what is used."""
    bucket = subject.bucket
    for use in uses:
        if use.uploaded is None:
            raise Undecided(Reason("use-not-known", f"what `{use.resource.address}` takes from it is not known"))
    if not uses:
        for resource, reason in open_code_uses(platform):
            if resource.account_or_none in (None, bucket.account):
                raise Undecided(reason)


def _is_named(bucket: Resource) -> bool:
    """Say whether a bucket's name says that it holds artifacts."""
    name = bucket.text("bucket")
    return isinstance(name, str) and NAMED.search(name.lower()) is not None
