"""AL603."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.aws import Arn
from astralint.rules.api.text import known
from astralint.rules.api.trust import Statement, document
from astralint_rules.identity.third_parties import is_outside
from astralint_rules.policies import at_document, conditions

TYPES = ("aws_ses_identity_policy", "aws_sesv2_email_identity_policy")
BOUNDS = frozenset({"aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"})


@rule("AL603", "ses-policy-scope", severity="error", each=TYPES, tags=("email",), security_severity="6.0")
def check(policy: Resource, platform: Platform) -> Iterator[Violation]:
    """Sending in our name is granted to senders of the platform only, and nothing but sending.

    ## Why

    Whoever a policy of an identity names sends mail that every receiver takes for ours, and
    on our reputation.

    ## Bad

    ```hcl
    resource "aws_ses_identity_policy" "partner" {
      identity = aws_ses_domain_identity.root.arn
      name     = "partner"
      policy   = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "ses:*"
          Resource  = aws_ses_domain_identity.root.arn
          Principal = "*"
        }]
      })
    }
    ```

    ## Good

    The principal is an account or role of the platform, the actions are `ses:SendEmail` and
    `ses:SendRawEmail`, and a condition on `ses:FromAddress` says which addresses.

    ## Exceptions

    Vendors of the configuration. A missing condition on `ses:FromAddress` is a warning.
    """
    found = document(platform, policy, policy.value("policy"), ("policy",), "resource")
    for statement in found.policy.statements if found is not None else ():
        if statement.effect != "Allow" or found is None:
            continue
        for path, message, label in _too_much(statement, platform):
            yield at_document(found, path, f"`{policy.address}` {message}", label)
        if not any(key.startswith("ses:from") for key in conditions(statement)):
            yield at_document(
                found,
                (*statement.path, "Condition") if statement.conditions else statement.path,
                f"`{policy.address}` lets its principals send from any address",
                "no condition on `ses:FromAddress`",
                severity="warning",
            )


def _too_much(statement: Statement, platform: Platform) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield whom a statement lets in that is none of ours, and what it grants besides sending."""
    for entry in statement.action.entries if statement.action is not None else ():
        told = known(entry.text)
        if told is not None and not told.lower().startswith("ses:send"):
            yield entry.path, f"grants `{told}`", "more than sending"
    for reason in statement.principal.unknown if statement.principal is not None else ():
        raise Undecided(Reason("policy-not-known", f"whom the policy names is not known: {reason}"))
    for principal in statement.principal.entries if statement.principal is not None else ():
        told = known(principal.text)
        if told is None:
            raise Undecided(Reason("policy-not-known", f"whom the policy names is not known: {principal.text}"))
        if principal.kind != "AWS" or BOUNDS & conditions(statement).keys():
            continue
        arn = Arn.parse(told)
        number = str(arn.account) if arn is not None else told
        if told == "*":
            yield principal.path, "lets everybody send in our name", "everybody"
        elif number.isdecimal() and is_outside(number, platform):
            yield principal.path, f"lets the account {number} send in our name", "not of the platform"
