"""AL705."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.code.written import address, argument, blocks

ITSELF = frozenset({"management", "master", "root", "payer"})
"""What the management account's own resource is called: no factory makes that."""


@rule(
    "AL705",
    "account-not-via-control-tower",
    severity="warning",
    each="aws_organizations_account",
    needs="management",
    profiles=("astradot", "landing-zone"),
    tags=("management",),
)
def check(account: Resource, platform: Platform) -> Iterator[Violation]:
    """Accounts are made by Control Tower's Account Factory.

    ## Why

    An account that Organizations makes by itself has no baseline: no guardrails, no trail,
    no recorder, a default VPC in each region. Control Tower enrolls what its factory makes.

    ## Bad

    ```hcl
    resource "aws_organizations_account" "staging" {
      name  = "staging"
      email = "aws+staging@astradot.com"
    }
    ```

    ## Good

    ```hcl
    resource "aws_servicecatalog_provisioned_product" "staging" {
      name         = "staging"
      product_name = "AWS Control Tower Account Factory"
    }
    ```

    or a request of Account Factory for Terraform.

    ## Exceptions

    Accounts that an `import` block adopts were there before. The management account itself is made by nobody.
    """
    if account.kind != "management":
        return  # AL702 says that it is made in the wrong account.
    if account.name in ITSELF or account.text("name") in {one.name for one in platform.of_kind("management")}:
        return
    adopted = (
        address(argument(block.body, "to"))
        for _, source, block in blocks(platform, "import")
        if source.path in account.workspace.result.files
    )
    if account.address.partition("[")[0] in adopted:
        return
    yield account.finding(
        f"`{account.address}` is made by Organizations alone: Control Tower does not know it",
        label="not from the account factory",
        help="make it with Control Tower's Account Factory, or enroll and import it",
    )
