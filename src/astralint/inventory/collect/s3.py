"""States that are objects of S3."""

from __future__ import annotations

from astralint.inventory.collect.access import Access
from astralint.inventory.collect.failures import failure_of
from astralint.inventory.collect.pulling import PullError

MISSING = ("NoSuchKey", "404")


class S3Buckets:
    """Reads objects with the caller's own credentials."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def read(self, bucket: str, key: str, region: str) -> bytes:
        """See `Buckets.read`."""
        try:
            answer = self._access.client("s3", region).get_object(Bucket=bucket, Key=key)
            content: bytes = answer["Body"].read()
        except Exception as error:
            failure = failure_of(error)
            if failure is None:
                raise
            if failure.message.startswith(MISSING):
                raise PullError(
                    f"`s3://{bucket}/{key}` does not exist: nothing was ever applied", missing=True
                ) from error
            raise PullError(f"`s3://{bucket}/{key}`: {failure.message}", fatal=failure.fatal) from error
        return content
