"""AL110."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Violation, rule
from astralint.rules.api.trust import Trust, admissions, strangers
from astralint_rules.identity.subjects import at_trust, opens, trusts


@rule("AL110", "wildcard-trust", severity="error", each=trusts, tags=("identity", "trust"), security_severity="9.5")
def check(trust: Trust, platform: Platform) -> Iterator[Violation]:
    """A trust in everybody is bound to the organization, an account or an ARN.

    ## Why

    `Principal: "*"` lets every AWS account in the world assume the role, provided that
    somebody there has a permission, which is theirs to give.

    ## Bad

    ```hcl
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    ```

    ## Good

    ```hcl
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-astradot001"]
    }
    ```

    ## Exceptions

    Trust in an account's root is a delegation, not a wildcard. What binds is what keeps
    strangers out: a condition that lets anybody in (`o-*`, `arn:aws:iam::*:role/deploy`)
    binds nothing, and a `Deny` for everybody outside of the organization does. Trust that
    is bound to somebody else's organization or account is AL109's.
    """
    if trust.principal.form != "anyone" or trust.principal.statement.effect != "Allow":
        return
    what = f"whether conditions bind the trust of `{trust.role}` in everybody"
    if opens(admissions(platform, trust, strangers(platform, trust)), what):
        yield at_trust(
            trust,
            f"the role `{trust.role}` of `{trust.role.account}` trusts everybody",
            "every AWS account in the world",
            help="name the principals, or add a condition on `aws:PrincipalOrgID`",
        )
