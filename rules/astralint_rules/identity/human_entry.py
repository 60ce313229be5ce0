"""AL113."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Platform, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Trust
from astralint_rules.identity.subjects import at_trust, trusts

PEOPLE = re.compile(
    r"(?i)(?<![a-z])(admin(istrator)?s?|dev(eloper)?s?|engineers?|operators?|humans?|people|staff|read-?only|power-?user)(?![a-z])"
)
MFA = ("aws:multifactorauthpresent", "aws:multifactorauthage")


@rule(
    "AL113", "human-entry-not-identity", severity="warning", each=trusts, needs="identity", tags=("identity", "trust")
)
def check(trust: Trust, platform: Platform) -> Iterator[Violation]:
    """People come into an environment from the identity account, or through Identity Center.

    ## Why

    Who has access to what is seen in the identity account, and taken away there. A role for people
    that another account may assume is a second door, with a list of its own.

    ## Bad

    ```hcl
    # workspaces/production: for people of the tools account
    resource "aws_iam_role" "developer" {
      name               = "developer"
      assume_role_policy = data.aws_iam_policy_document.trust_tools.json
    }
    ```

    ## Good

    A permission set of Identity Center that is assigned in production.

    ## Exceptions

    A role is for people where its trust asks for multi-factor authentication, or its name says so. Roles of Identity Center
    (`AWSReservedSSO_…`) count as people who came in there. Who is outside of the organization is AL109, who of another environment AL114.
    """
    role, statement, source = trust.role, trust.principal.statement, trust.account
    if (
        statement.effect != "Allow"
        or source is None
        or trust.principal.form not in ("account", "role", "user", "session")
    ):
        return
    if role.account is None or not role.account.is_environment or source is role.account or source.is_environment:
        return
    keys = [(known(condition.key) or "").lower() for condition in statement.conditions]
    name = known(role.name)
    is_for_people = any(key in MFA for key in keys) or (name is not None and PEOPLE.search(name) is not None)
    if not is_for_people or "AWSReservedSSO_" in str(trust.principal.entry.text) or role.resource.kind == "":
        return
    if source.kind and source.kind != "identity":
        yield at_trust(
            trust,
            f"people come into the role `{role}` of `{role.account}` from `{source}`",
            "should be the identity account, or Identity Center",
        )
