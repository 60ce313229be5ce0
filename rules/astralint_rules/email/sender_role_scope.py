"""AL607."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Identity, Statement
from astralint_rules.policies import at_policy, is_action, kinds_that_become

HARMLESS = ("ses:send", "ses:get", "ses:list", "sts:getcalleridentity")


def sender_roles(platform: Platform) -> Iterator[Identity]:
    """Yield the roles of the email account that environments may become."""
    environments = {account.kind for account in platform.environments}
    for role in platform.trust.roles:
        is_sender = role.account is not None and role.account.kind == "email" and not role.is_implied
        if is_sender and kinds_that_become(role, platform) & environments:
            yield role


@rule("AL607", "sender-role-scope", severity="warning", each=sender_roles, needs="email", tags=("email",))
def check(role: Identity, platform: Platform) -> Iterator[Violation]:
    """The role that environments send with can send, and nothing else.

    ## Why

    Every workload that sends mail becomes this role. With `ses:*` each of them can delete
    the identity, or let somebody else send in our name.

    ## Bad

    ```hcl
    statement {
      actions   = ["ses:*"]
      resources = ["*"]
    }
    ```

    ## Good

    ```hcl
    statement {
      actions   = ["ses:SendEmail", "ses:SendRawEmail"]
      resources = [aws_sesv2_email_identity.root.arn]
    }
    ```

    ## Exceptions

    Actions of SES that only read. Roles that no environment may become, or that send no mail, are not judged.
    """
    if not any(_sends(statement) for attached in role.policies for statement in attached.policy.statements):
        return
    for attached in role.policies:
        for statement in attached.policy.statements:
            if statement.effect != "Allow" or statement.action is None:
                continue
            for entry in statement.action.entries:
                told = (known(entry.text) or "").lower()
                if told and (statement.action.negated or not told.startswith(HARMLESS)):
                    yield at_policy(
                        attached,
                        entry.path,
                        f"environments may become {role.title}, which may do more than send mail",
                        f"grants `{entry.text}`",
                        help="leave `ses:SendEmail` and `ses:SendRawEmail`",
                    )
                    return


def _sends(statement: Statement) -> bool:
    """Say whether a statement lets its holder send mail."""
    entries = statement.action.entries if statement.effect == "Allow" and statement.action is not None else ()
    return any(is_action(entry, "ses:SendEmail", "ses:SendRawEmail") for entry in entries)
