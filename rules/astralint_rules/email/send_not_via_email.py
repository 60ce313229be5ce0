"""AL604."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.aws import Arn
from astralint.rules.api.text import known
from astralint.rules.api.trust import Identity, Statement
from astralint_rules.accounts import may_be_ours
from astralint_rules.policies import allowed, at_policy, is_action

NUMBER = re.compile(r"[0-9]{12}")


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
    entries = statement.resource.entries if statement.resource is not None else ()
    open_ = False
    for entry in entries:
        arn = Arn.parse(entry.text)
        account = platform.account_of(arn.account) if arn is not None else None
        number = known(arn.account) if arn is not None else None
        if account is not None and account.kind != "email":
            return False
        if account is None and known(entry.text) is not None and (number is None or not NUMBER.fullmatch(number)):
            return False
        if account is None and number is not None:
            may_be_ours(number, platform)
            return False
        open_ = open_ or account is None
    if open_ or statement.unknown or (statement.resource is not None and statement.resource.unknown):
        raise Undecided(Reason("policy-not-known", "whose identities mail may be sent with is not known"))
    return bool(entries)
