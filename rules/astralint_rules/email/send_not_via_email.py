"""AL604."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Platform, Violation, rule
from astralint.rules.api.aws import Arn
from astralint.rules.api.trust import Identity, Statement
from astralint_rules.policies import allowed, at_policy, is_action


def senders(platform: Platform) -> Iterator[Identity]:
    """Yield the roles and permission sets that have policies."""
    return (one for one in platform.trust.identities if one.kind == "role" and one.policies)


@rule("AL604", "send-not-via-email", severity="warning", each=senders, home="email", tags=("email",))
def check(sender: Identity, platform: Platform) -> Iterator[Violation]:
    """Who sends mail does so through the email account.

    ## Why

    A workload that may send with its own account's SES needs identities, quotas and a reputation there;
    then mail leaves from two places, and bounces are seen in one of them only.

    ## Bad

    ```hcl
    # workspaces/production
    statement {
      actions   = ["ses:SendEmail"]
      resources = ["*"]
    }
    ```

    ## Good

    ```hcl
    statement {
      actions   = ["sts:AssumeRole"]
      resources = [local.email_sender_role_arn]
    }
    ```

    ## Exceptions

    An identity of the email account, named by its ARN, that lets the sender in. Roles that may
    do everything (`*`) are not judged.
    """
    account = sender.account
    if account is None or account.kind in ("", "email"):
        return
    for attached in sender.policies:
        for statement, entry in allowed(attached.policy, "ses"):
            if is_action(entry, "ses:SendEmail", "ses:SendRawEmail") and not _is_in_email(statement, platform):
                yield at_policy(
                    attached,
                    entry.path,
                    f"{sender.title} sends mail with its own account's SES",
                    "not through the email account",
                    help="let it become the sender role of the email account",
                )
                return


def _is_in_email(statement: Statement, platform: Platform) -> bool:
    """Say whether all that a statement is about is in the email account; a configuration set may be anywhere."""
    resources = statement.resource.entries if statement.resource is not None else ()
    accounts: list[Account | None] = []
    for entry in resources:
        arn = Arn.parse(entry.text)
        accounts.append(platform.account_of(arn.account) if arn is not None else None)
    return bool(accounts) and all(account is not None and account.kind == "email" for account in accounts)
