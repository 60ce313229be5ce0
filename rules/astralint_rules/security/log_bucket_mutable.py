"""AL515."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.aws import known_account
from astralint.rules.api.text import known
from astralint.rules.api.trust import Document, Statement, document
from astralint_rules.guards import covers, is_open
from astralint_rules.policies import at_document, is_action

VERSIONING, LOCK = "aws_s3_bucket_versioning", "aws_s3_bucket_object_lock_configuration"
POLICY = "aws_s3_bucket_policy"
BOUND = frozenset({"aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceaccount", "aws:sourcearn", "aws:principalorgid"})


@rule(
    "AL515",
    "log-bucket-mutable",
    severity="error",
    each="aws_s3_bucket",
    needs="log-archive",
    profiles=("landing-zone", "aws-sra"),
    tags=("security", "landing-zone"),
    security_severity="7.0",
)
def check(bucket: Resource, platform: Platform) -> Iterator[Violation]:
    """What the log archive keeps can be neither deleted nor forged.

    ## Why

    Logs are what an attacker deletes last and an investigation reads first. They are worth what their bucket is.

    ## Bad

    ```hcl
    # workspaces/log-archive
    resource "aws_s3_bucket" "logs" {
      bucket = "astradot-logs"
    }
    ```

    ## Good

    ```hcl
    resource "aws_s3_bucket_versioning" "logs" {
      bucket = aws_s3_bucket.logs.id

      versioning_configuration {
        status = "Enabled"
      }
    }
    ```

    and a policy that denies `s3:DeleteObjectVersion`, and lets services write on behalf of the organization only
    (`aws:SourceOrgID`).

    ## Exceptions

    With an object lock, the policy needs to deny nothing. Principals that exempt single roles (`aws:PrincipalArn`) don't matter.
    """
    if bucket.kind != "log-archive":
        return
    locked = "object_lock_enabled" in bucket.arguments and bucket["object_lock_enabled"] is True
    locked = locked or any(True for _ in platform.buckets.parts(bucket, LOCK))
    for part in platform.resources(VERSIONING, LOCK, POLICY) if not locked else ():
        # What it is of may be this bucket.
        if platform.buckets.behind(part.value("bucket")) is None and part.account_or_none in (None, bucket.account):
            assert part["bucket"]
    if not locked and not _is_versioned(bucket, platform):
        yield bucket.finding(
            f"the log bucket `{bucket.address}` keeps no versions: what is overwritten is gone",
            label="neither versions nor a lock",
        )
    documents = [
        found
        for one in platform.buckets.parts(bucket, POLICY)
        if (found := document(platform, one, one.value("policy"), ("policy",), "resource")) is not None
    ]
    statements = [statement for found in documents for statement in found.policy.statements]
    denies = any(covers(statement, "s3:DeleteObjectVersion") for statement in statements)
    if not locked and not denies and not any(map(is_open, statements)):
        platform.require_complete(
            POLICY, what=f"the policy of `{bucket.address}`", workspaces=platform.workspaces_of(bucket.account)
        )
        yield bucket.finding(
            f"nothing keeps logs in `{bucket.address}` from being deleted",
            label="no policy denies `s3:DeleteObjectVersion`",
            evidence=tuple(found.resource.evidence("says something else") for found in documents[:1]),
        )
    for found in documents:
        yield from _strange_writers(bucket, found, platform)


def _is_versioned(bucket: Resource, platform: Platform) -> bool:
    """Say whether a bucket keeps versions; raises Undecided where that may be said in what can't be seen."""
    inline = bucket.blocks("versioning") if "versioning" in bucket.arguments else ()
    own = [
        one for part in platform.buckets.parts(bucket, VERSIONING) for one in part.blocks("versioning_configuration")
    ]
    if any(one["enabled"] is True for one in inline) or any(one["status"] == "Enabled" for one in own):
        return True
    platform.require_complete(
        VERSIONING, LOCK, what=f"versions of `{bucket.address}`", workspaces=platform.workspaces_of(bucket.account)
    )
    return False


def _strange_writers(bucket: Resource, found: Document, platform: Platform) -> Iterator[Violation]:
    """Yield the statements that let people write, or services on anybody's behalf."""
    for statement in found.policy.statements:
        if statement.unknown or statement.action is None or statement.principal is None:
            raise Undecided(Reason("policy-not-known", f"what the policy of `{bucket.address}` says is not known"))
        if statement.effect != "Allow" or not any(is_action(one, "s3:PutObject") for one in statement.action.entries):
            continue
        for message in _strangers(statement, bucket, platform):
            yield at_document(found, statement.path, f"{message} into the log bucket `{bucket.address}`", "may write")


def _strangers(statement: Statement, bucket: Resource, platform: Platform) -> Iterator[str]:
    keys = {(known(condition.key) or "").lower() for condition in statement.conditions}
    for entry in statement.principal.entries if statement.principal is not None else ():
        told = known(entry.text) or ""
        if entry.kind == "Service" and not keys & BOUND:
            yield f"`{told}` may write on anybody's behalf"
        number = told.split(":")[4] if told.startswith("arn:") else told
        is_person = entry.kind == "AWS" and bool(told) and known_account(number) is None
        if is_person and not keys & BOUND and platform.account_of(number) is not bucket.account:
            yield f"`{told}`, which is no service, may write"
