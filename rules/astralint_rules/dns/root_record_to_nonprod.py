"""AL310."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.dns.targets import target_of


@rule("AL310", "root-record-to-nonprod", severity="warning", each="aws_route53_record", needs="dns", tags=("dns",))
def check(record: Resource, platform: Platform) -> Iterator[Violation]:
    """Names of the root zone lead into production, or are delegated.

    ## Why

    A name without an environment in it is production's. If `www` leads to staging, customers use what is
    being tested; and an environment that can be thrown away leaves a dangling name at the root.

    ## Bad

    ```hcl
    # workspaces/dns
    resource "aws_route53_record" "beta" {
      zone_id = aws_route53_zone.root.zone_id
      name    = "beta"
      type    = "CNAME"
      ttl     = 300
      records = [data.terraform_remote_state.staging.outputs.ingress_name]
    }
    ```

    ## Good

    `beta.staging.astradot.com`, in staging's own zone.

    ## Exceptions

    NS records delegate. Names that only prove something (a certificate's) lead nowhere.
    """
    if record.kind != "dns":
        return
    found = target_of(record, platform)
    if found is None:
        return
    place, target, account = found
    if account.kind not in ("staging", "sandbox"):
        return
    yield record.finding(
        f"`{record.address}` leads from the root zone to `{target.address}` of `{account}`",
        at=place,
        label=f"leads into `{account}`",
        evidence=(target.evidence(f"what it points to, in `{account}`"),),
        help=f"make the name in the zone of `{account}`",
    )
