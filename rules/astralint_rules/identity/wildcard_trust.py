"""AL110."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.trust import Trust
from astralint_rules.identity.subjects import at_trust, bounds, trusts

KEYS = frozenset(
    {
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourcearn",
    }
)


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

    Trust in an account's root is a delegation, not a wildcard. A condition that is also
    true where its key is absent (`…IfExists`, `ForAllValues:`) binds nothing.
    """
    if trust.principal.form != "anyone" or trust.principal.statement.effect != "Allow":
        return
    bound = bounds(trust, KEYS)
    if bound is None:
        raise Undecided(
            Reason("policy-not-known", f"the conditions under which `{trust.role}` trusts everybody are not known")
        )
    if not bound:
        yield at_trust(
            trust,
            f"the role `{trust.role}` of `{trust.role.account}` trusts everybody",
            "every AWS account in the world",
            help="name the principals, or add a condition on `aws:PrincipalOrgID`",
        )
