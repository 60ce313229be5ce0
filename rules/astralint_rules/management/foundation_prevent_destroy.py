"""AL709."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.code import syntax
from astralint_rules.code.written import argument

TYPES = (
    "aws_codeartifact_domain",
    "aws_codeartifact_repository",
    "aws_controltower_landing_zone",
    "aws_ecr_repository",
    "aws_organizations_account",
    "aws_organizations_organization",
    "aws_route53_zone",
    "aws_servicecatalog_provisioned_product",
    "aws_ses_domain_identity",
    "aws_sesv2_email_identity",
)
HOMES = frozenset({"management", "artifact", "dns", "email"})


@rule(
    "AL709",
    "foundation-prevent-destroy",
    severity="note",
    each=TYPES,
    tags=("management",),
    profiles="astradot",
)
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """What all accounts stand on is not destroyed by a mistake in a plan.

    ## Why

    An account, the root zone, a registry or a mail identity can't be made again as it was:
    its ids, its name servers, its images and its reputation are gone.

    ## Bad

    ```hcl
    resource "aws_route53_zone" "root" {
      name = "astradot.com"
    }
    ```

    ## Good

    ```hcl
    resource "aws_route53_zone" "root" {
      name = "astradot.com"

      lifecycle {
        prevent_destroy = true
      }
    }
    ```

    ## Exceptions

    Only the management, artifact, dns and email accounts are judged: environments come and go.
    """
    if resource.kind not in HOMES or (resource.type == "aws_route53_zone" and resource["vpc"]):
        return
    block = resource.block
    lifecycle = [inner for inner in block.body.blocks if inner.type == "lifecycle"] if block is not None else []
    kept = [argument(inner.body, "prevent_destroy") for inner in lifecycle]
    if block is not None and not any(isinstance(one, syntax.Literal) and one.value is True for one in kept):
        yield resource.finding(
            f"`{resource.address}` of `{resource.account}` can be destroyed by a plan",
            label="no `prevent_destroy`",
        )
