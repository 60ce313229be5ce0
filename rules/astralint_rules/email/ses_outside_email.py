"""AL601."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.placement import outside

TYPES = ("aws_ses_*", "aws_sesv2_*", "aws_pinpoint_email_channel")


@rule("AL601", "ses-outside-email", severity="error", each=TYPES, needs="email", tags=("email",))
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """Amazon SES is set up only in the email account.

    ## Why

    Reputation, quotas, suppression lists and bounces belong to an account. With one
    account for all mail there is one place to watch, and a compromised workload can
    send only what the sender role lets it.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_sesv2_email_identity" "main" {
      email_identity = "astradot.com"
    }
    ```

    ## Good

    ```hcl
    # workspaces/production: assume the sender role of the email account
    data "aws_iam_policy_document" "send" {
      statement {
        actions   = ["sts:AssumeRole"]
        resources = [local.email_sender_role_arn]
      }
    }
    ```

    ## Exceptions

    Using an identity of the email account by its ARN (a Cognito user pool's
    `source_arn`) is a use, not an identity, and is not reported.
    """
    yield from outside(resource, platform, "email", f"`{resource.address}`")
