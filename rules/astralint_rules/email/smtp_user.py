"""AL602."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Violation, Workspace, rule
from astralint.rules.api.trust import Identity
from astralint_rules.policies import allowed, at_policy, is_action

ATTRIBUTE = ".ses_smtp_password_v4"


def senders(platform: Platform) -> Iterator[Identity | tuple[Workspace, str]]:
    """Yield the users, and the outputs that hand out a password for SMTP."""
    yield from (identity for identity in platform.trust.identities if identity.kind == "user")
    for workspace in platform.workspaces.values():
        for name, output in workspace.result.outputs.items():
            behind = [one for origin in output.value.origins for one in (origin, *origin.sources)]
            if any(one.address.endswith(ATTRIBUTE) for one in behind):
                yield workspace, name


@rule("AL602", "smtp-user", severity="error", each=senders, tags=("email", "identity"), security_severity="7.0")
def check(subject: Identity | tuple[Workspace, str], platform: Platform) -> Iterator[Violation]:
    """Nobody sends mail with a user's password for SMTP.

    ## Why

    A password for SMTP is an access key of an IAM user that never expires. Whoever finds it
    in a configuration file sends mail in our name until somebody notices.

    ## Bad

    ```hcl
    resource "aws_iam_user_policy" "smtp" {
      user = aws_iam_user.smtp.name
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "ses:SendRawEmail", Resource = "*" }]
      })
    }
    ```

    ## Good

    The workload becomes the email account's sender role, and sends with SES's API.

    ## Exceptions

    In the email account itself it is a warning: some services of others speak SMTP only.
    """
    if isinstance(subject, tuple):
        workspace, name = subject
        yield workspace.violation(
            f"the output `{name}` of `{workspace}` hands out a password for SMTP",
            workspace.result.outputs[name].span,
            "a user's key that never expires",
            subject=f"output.{name}",
            help="let the sender become a role of the email account",
        )
        return
    for attached in subject.policies:
        for _, entry in allowed(attached.policy, "ses"):
            if is_action(entry, "ses:SendEmail", "ses:SendRawEmail", "ses:SendBulkEmail"):
                yield at_policy(
                    attached,
                    entry.path,
                    f"the user {subject.title} sends mail with a key that never expires",
                    "may send",
                    help="let the sender become a role of the email account",
                    severity="warning" if subject.account is not None and subject.account.kind == "email" else None,
                )
                return
