"""AL122."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.trust import OWN_ORGANIZATION, Trust, admissions, somebody
from astralint_rules.identity.subjects import at_trust, opens, trusts

HIGH = frozenset(
    {"management", "identity", "security", "artifact", "dns", "email", "production", "log-archive", "network"}
)


@rule(
    "AL122",
    "root-delegation",
    severity="warning",
    each=trusts,
    tags=("identity", "trust"),
    security_severity="6.0",
    by_kind=True,
)
def check(trust: Trust, platform: Platform) -> Iterator[Violation]:
    """A role of an important account trusts principals of other accounts, not their root.

    ## Why

    Trust in an account's root is trust in everything there that has a permission to
    assume roles, today and in the future: the other account decides who that is. In
    production and in the accounts that the others depend on, this account decides.

    ## Bad

    ```hcl
    # workspaces/production
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::210000000004:root"]
    }
    ```

    ## Good

    ```hcl
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::210000000004:role/astradot-releaser"]
    }
    ```

    ## Exceptions

    Trust in the own account's root, and in another's with conditions that not just
    anybody there fulfils: on `aws:PrincipalArn`, or on a principal's tag. A pattern for
    all of the account (`arn:aws:iam::210000000004:*`) narrows nothing.
    """
    role = trust.role
    if trust.principal.form != "account" or trust.account is None or trust.principal.statement.effect != "Allow":
        return
    if role.account is None:
        raise Undecided(Reason("account-not-known", f"the account of the role `{role}` is not known"))
    if role.account is trust.account or role.account.kind not in HIGH:
        return
    number = trust.principal.account
    callers = [
        somebody(platform, trust, number, _organization(platform), named=kind)
        for kind in ("role", "user")
        if number is not None
    ]
    what = f"whether conditions narrow the trust of `{role}` in `{trust.account}`"
    if opens(admissions(platform, trust, callers), what):
        yield at_trust(
            trust,
            f"the role {role.title} trusts everything in `{trust.account}` that may assume roles",
            f"the root of `{trust.account}`",
            help="name the role that is meant, or add a condition on `aws:PrincipalArn`",
        )


def _organization(platform: Platform) -> str:
    return platform.settings.platform.organization_id or OWN_ORGANIZATION
