"""AL308."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.dns.records import zone_of


@rule("AL308", "cross-account-record", severity="error", each="aws_route53_record", tags=("dns",))
def check(record: Resource, platform: Platform) -> Iterator[Violation]:
    """Records are made in the account of their zone.

    ## Why

    Who writes a zone decides what its names mean. A workspace of production that writes the
    root zone can take every name there; its plan shows one harmless record.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_route53_record" "status" {
      zone_id = data.terraform_remote_state.dns.outputs.root_zone_id
      name    = "status"
      type    = "CNAME"
      ttl     = 300
      records = ["status.example.net"]
    }
    ```

    ## Good

    The dns account's workspace makes the record, and reads what it points to from production's outputs.

    ## Exceptions

    A record that a provider of the zone's account makes is in the right account: that the workspace is for another
    one, AL003 says.
    """
    zone = zone_of(record, platform)
    home = zone.account_or_none if zone is not None else None
    if zone is None or home is None or record.account is home:
        return
    yield record.finding(
        f"`{record.address}` of `{record.account}` is in the zone `{zone.text('name')}` of `{home}`",
        at=("zone_id",),
        label="another account's zone",
        evidence=(zone.evidence(f"the zone of `{home}`"),),
        help=f"make the record in a workspace of `{home}`",
    )
