"""AL309."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.dns.targets import target_of


@rule("AL309", "cross-env-target", severity="error", each="aws_route53_record", tags=("dns",), by_kind=True)
def check(record: Resource, platform: Platform) -> Iterator[Violation]:
    """A name of one environment never leads into another one.

    ## Why

    Who calls a name of staging takes what answers for staging. If it is production's load balancer,
    tests write to production, and nobody sees why.

    ## Bad

    ```hcl
    # workspaces/staging
    resource "aws_route53_record" "api" {
      zone_id = aws_route53_zone.environment.zone_id
      name    = "api"
      type    = "CNAME"
      ttl     = 300
      records = [data.terraform_remote_state.production.outputs.ingress_name]
    }
    ```

    ## Good

    The record points to what the environment itself runs.

    ## Exceptions

    Records of the dns account may point to production; what else they may, says AL310. Names that only prove
    something (a certificate's) lead nowhere.
    """
    own = record.account_or_none
    found = target_of(record, platform) if own is not None and own.is_environment else None
    if found is None or own is None:
        return
    place, target, account = found
    if account is own or not account.is_environment:
        return
    yield record.finding(
        f"`{record.address}` of `{own}` points to `{target.address}` of `{account}`",
        at=place,
        label="leads into another environment",
        evidence=(target.evidence(f"what it points to, in `{account}`"),),
    )
