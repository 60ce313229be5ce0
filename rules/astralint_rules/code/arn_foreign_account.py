"""AL404."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Violation, rule
from astralint.rules.api.aws import NamedArn, known_account
from astralint_rules.code.arn_unmanaged import named as named_arns
from astralint_rules.identity.third_parties import is_outside


@rule("AL404", "arn-foreign-account", severity="warning", each=named_arns, tags=("code",))
def check(named: NamedArn, platform: Platform) -> Iterator[Violation]:
    """ARNs are of the platform's accounts, or of vendors that the configuration names.

    ## Why

    An ARN of an account that nobody knows is a dependency that nobody has agreed to: whoever
    owns it can change or remove what stands behind it, and reads what is sent there.

    ## Bad

    ```hcl
    resource "aws_lambda_function" "api" {
      layers = ["arn:aws:lambda:us-east-1:390000000001:layer:agent:7"] # whose is it?
    }
    ```

    ## Good

    ```hcl
    # astralint.hcl
    vendor "agent" {
      accounts = ["390000000001"]
    }
    ```

    ## Exceptions

    Accounts that AWS or vendors made public as their own, and vendors of the
    configuration; public applications of the Serverless Application Repository. Whom roles trust is AL109's. As long as the number of one of the platform's own accounts is not in
    the code, this is undecided.
    """
    number = str(named.arn.account)
    is_public = named.arn.service == "serverlessrepo" or known_account(number) is not None
    if not is_public and is_outside(number, platform):
        yield named.resource.finding(
            f"`{named.resource.address}` names `{named.text}`, whose account is not of the platform",
            at=named.path,
            label=f"{number} is nobody's that the configuration knows",
            help="name the vendor in a `vendor` block of `astralint.hcl`, or take the thing over",
        )
