"""What AWS's refusals mean for an inventory."""

from __future__ import annotations

import msgspec
from botocore import exceptions as errors

from astralint.inventory.model import Status

DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "ForbiddenException",
        "NotAuthorized",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
OFF = frozenset({"OptInRequired", "SubscriptionRequiredException", "AWSOrganizationsNotInUseException"})
WRONG_KEYS = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "InvalidAccessKeyId"})
CLOCK = frozenset({"RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException", "RequestInTheFuture"})


class Failure(msgspec.Struct, frozen=True):
    """What a refused call means. `fatal`: no other call of these credentials will do better."""

    status: Status
    message: str
    fatal: bool = False


class ExpiredError(Exception):
    """No call does any better with these credentials; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def failure_or_raise(error: Exception) -> Failure:
    """Return what an error means; raises ExpiredError where no further call does any better, and what is not AWS's as it is."""
    failure = failure_of(error)
    if failure is None:
        raise error
    if failure.fatal:
        raise ExpiredError(failure.message) from error
    return failure


def failure_of(error: Exception) -> Failure | None:
    """Return what an error means; None for one that AWS has nothing to do with."""
    if isinstance(error, errors.ClientError):
        return _refused(error)
    if isinstance(error, errors.NoCredentialsError | errors.PartialCredentialsError):
        return Failure("failed", "there are no credentials", fatal=True)
    if isinstance(error, errors.TokenRetrievalError | errors.SSOTokenLoadError | errors.UnauthorizedSSOTokenError):
        return Failure("failed", "the credentials have expired: log in again", fatal=True)
    if isinstance(error, errors.CredentialRetrievalError):
        return Failure("failed", f"the credentials can't be had: {error}", fatal=True)
    if isinstance(error, errors.EndpointConnectionError | errors.ConnectTimeoutError | errors.ReadTimeoutError):
        return Failure("failed", f"no answer: {error}")
    if isinstance(error, errors.BotoCoreError):
        return Failure("failed", " ".join(str(error).split()))
    return None


def _refused(error: errors.ClientError) -> Failure:
    told = error.response.get("Error", {})
    code, text = str(told.get("Code", "")), " ".join(str(told.get("Message", "")).split())[:300]
    message = f"{code}: {text}" if text else code
    if code in EXPIRED or "token included in the request is expired" in text:
        return Failure("failed", "the credentials have expired: log in again", fatal=True)
    if code in CLOCK:
        return Failure(
            "failed", f"AWS does not take the signature; does this machine's clock agree? {message}", fatal=True
        )
    if code in DENIED or code.endswith("AccessDenied"):
        return Failure("denied", message)
    if code in OFF:
        return Failure("off", message)
    if code in WRONG_KEYS:
        return Failure("failed", f"AWS does not know these credentials here: {message}")
    if "hrottl" in code or code in ("TooManyRequestsException", "RequestLimitExceeded", "SlowDown"):
        return Failure("failed", f"throttled, however often it was tried: {message}")
    return Failure("failed", message)
