"""AL102."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule

CREDENTIALS = {
    "aws_iam_access_key": "an access key",
    "aws_iam_user_login_profile": "a password",
    "aws_iam_user_ssh_key": "an SSH key",
    "aws_iam_service_specific_credential": "a credential of a service",
    "aws_iam_signing_certificate": "a signing certificate",
}


@rule(
    "AL102", "user-credential", severity="error", each=tuple(CREDENTIALS), tags=("identity",), security_severity="7.0"
)
def check(credential: Resource, platform: Platform) -> Iterator[Violation]:
    """No code makes credentials that never expire.

    ## Why

    An access key or a password stays valid until somebody thinks of it. It stands in the
    state as well, and whoever reads that has it. Roles give credentials that are gone after an hour.

    ## Bad

    ```hcl
    resource "aws_iam_access_key" "metabase" {
      user = aws_iam_user.metabase.name
    }
    ```

    ## Good

    ```hcl
    resource "aws_iam_role" "metabase" {
      name               = "metabase"
      assume_role_policy = data.aws_iam_policy_document.trust_metabase.json
    }
    ```

    ## Exceptions

    In the identity account, which may have users, it is a warning. What is switched off
    (`status = "Inactive"`) is not reported.
    """
    if credential["status"] == "Inactive":
        return
    account = credential.account_or_none
    is_elsewhere = account is not None and account.kind not in ("", "identity")
    what = CREDENTIALS[credential.type]
    yield credential.finding(
        f"`{credential.address}` is {what} of the IAM user `{credential.text('user') or credential.text('user_name')}`",
        label="does not expire",
        help="let people come in through Identity Center, and programs assume a role",
        severity=None if is_elsewhere else "warning",
    )
