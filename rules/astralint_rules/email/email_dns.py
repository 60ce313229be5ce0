"""AL605."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.text import PartialText
from astralint_rules.dns.zones import is_below, zone_name, zones
from astralint_rules.placement import is_placed

TYPES = ("aws_ses_domain_identity", "aws_sesv2_email_identity")
FROM = {"aws_ses_domain_mail_from": "domain", "aws_sesv2_email_identity_mail_from_attributes": "email_identity"}


@rule("AL605", "email-dns", severity="warning", each=TYPES, tags=("email", "dns"))
def check(identity: Resource, platform: Platform) -> Iterator[Violation]:
    """What SES signs is published in DNS: DKIM, MAIL FROM, DMARC.

    ## Why

    Receivers believe a mail by the records of its domain. Without DKIM and DMARC it lands
    in spam, and anybody can send in our name.

    ## Bad

    A domain identity, and no records for it in any zone.

    ## Good

    ```hcl
    resource "aws_route53_record" "dkim" {
      count   = 3
      zone_id = aws_route53_zone.root.zone_id
      name    = "${local.dkim_tokens[count.index]}._domainkey.astradot.com"
      type    = "CNAME"
      ttl     = 1800
      records = ["${local.dkim_tokens[count.index]}.dkim.amazonses.com"]
    }
    ```

    ## Exceptions

    Identities of single addresses, and those that belong into the email account first (AL601). A domain of which no workspace has the zone is undecided.
    DMARC of a parent domain covers its subdomains.
    """
    told = identity["email_identity" if identity.type == "aws_sesv2_email_identity" else "domain"]
    if not isinstance(told, str) or "@" in told or not identity.exists or is_placed(identity, platform):
        return
    domain = told.rstrip(".").lower()
    if not any(name == domain or is_below(domain, name) for name in _zones(platform)):
        raise Undecided(Reason("zone-not-known", f"no workspace here has the zone of `{domain}`"))
    missing = list(_missing(domain, identity, platform))
    if not missing:
        return
    platform.require_complete("aws_route53_record", what=f"the records of `{domain}`")
    yield identity.finding(
        f"the mail domain `{domain}` has no {' and no '.join(missing)} in DNS",
        at=("email_identity" if identity.type == "aws_sesv2_email_identity" else "domain",),
        label="not published",
        help="publish the records in the workspace of the domain's zone",
    )


def _zones(platform: Platform) -> Iterator[str]:
    for zone in zones(platform):
        if not isinstance(zone.text("name"), PartialText):
            yield zone_name(zone)


def _missing(domain: str, identity: Resource, platform: Platform) -> Iterator[str]:
    parents = [".".join(domain.split(".")[start:]) for start in range(len(domain.split(".")) - 1)]
    if _count(f"._domainkey.{domain}", "CNAME", platform) < 3 and not _count(f"._domainkey.{domain}", "TXT", platform):
        yield "DKIM records"
    if not any(_count(f"_dmarc.{parent}", "TXT", platform) for parent in parents):
        yield "DMARC record"
    for setting in platform.resources(*FROM):
        mail_from = setting.text("mail_from_domain")
        if setting.text(FROM[setting.type]) != domain or not isinstance(mail_from, str) or not mail_from:
            continue
        if not _count(mail_from, "MX", platform):
            yield "MX record of MAIL FROM"
        if not _count(mail_from, "TXT", platform):
            yield "SPF record of MAIL FROM"


def _count(ending: str, type_: str, platform: Platform) -> int:
    """Count the records of a type whose names end so; raises Undecided for one whose name may."""
    found = 0
    open_: Resource | None = None
    for record in platform.resources("aws_route53_record"):
        told = record.text("type")
        if told != type_ and isinstance(told, str):
            continue
        name = record.text("name")
        last = name if isinstance(name, str) else name.parts[-1] if isinstance(name, PartialText) else ""
        tail = str(last).rstrip(".").lower()
        if isinstance(last, str) and (tail.endswith(ending) or ending.startswith(f"{tail}.") or _opens(tail, ending)):
            # A `for_each` that is not known may be the three of them.
            if told == type_:
                found += 3 if record.instance.uncertain else 1
            else:
                open_ = record
        elif not isinstance(last, str):
            open_ = record
    if not found and open_ is not None:
        raise Undecided(Reason("name-not-known", f"`{open_.address}` may be a record of `{ending}`", open_.header))
    return found


def _opens(tail: str, ending: str) -> bool:
    """Say whether a relative name is that of a record: `token._domainkey` for `._domainkey.astradot.com`."""
    return "." in ending and "_domainkey" in ending and tail.endswith("._domainkey")
