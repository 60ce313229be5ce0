"""AL307."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.text import Text, known
from astralint_rules.dns.records import is_private, whole_name, zone_of
from astralint_rules.dns.zones import zone_name

NAMESPACE = "aws_service_discovery_public_dns_namespace"
PROVING = re.compile(r"certificate|_tls_|_dkim|_ses")
WITHOUT_ZONES = frozenset({"management", "identity", "security", "log-archive"})
"""Kinds of accounts in which nobody looks for a delegated zone."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`elsewhere`: names, with `*`, that are delegated to somebody else on purpose."""

    elsewhere: tuple[str, ...] = ()


def delegations(platform: Platform) -> Iterator[Resource]:
    """Yield the records that may be NS records; those that prove something to a certificate's issuer never are."""
    for record in platform.resources("aws_route53_record"):
        told = record.text("type")
        behind = () if isinstance(told, str) else platform.resources_behind(record.value("type"))
        if told == "NS" or not (isinstance(told, str) or any(PROVING.search(one.type) for one in behind)):
            yield record


@rule("AL307", "delegation-dangling", severity="error", each=delegations, tags=("dns",), options=Options)
def check(record: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """What is delegated is a zone that some workspace makes.

    ## Why

    Name servers of Route 53 serve whoever makes a zone of that name next. A delegation
    whose zone is gone is an offer: who takes it speaks for that part of the domain, with
    certificates and all.

    ## Bad

    ```hcl
    # workspaces/dns: the zone went with last year's sandbox
    resource "aws_route53_record" "lab" {
      zone_id = aws_route53_zone.root.zone_id
      name    = "lab"
      type    = "NS"
      ttl     = 300
      records = ["ns-1.awsdns-01.com", "ns-2.awsdns-02.org"]
    }
    ```

    ## Good

    The record takes the name servers from the outputs of the workspace that makes the zone, and
    goes with it.

    ## Exceptions

    A zone's own NS records. Name servers that are not Route 53's are a note: the option
    `elsewhere` names what is delegated to somebody else on purpose. As long as an account has no
    workspace here, its zones can't be seen: then this is undecided.
    """
    if record["type"] != "NS":
        return
    parent = zone_of(record, platform)
    if parent is not None and is_private(parent):
        return
    name = whole_name(record, platform)
    is_own = parent is not None and zone_name(parent) == name
    if is_own or any(fnmatchcase(name, pattern) for pattern in options.elsewhere) or _is_made(name, platform):
        return
    _require_all_seen(name, platform)
    servers = [known(server) or "awsdns-" for server in _servers(record)]
    yield record.finding(
        f"`{record.address}` delegates `{name}`, of which no workspace makes a zone",
        label="whoever makes this zone speaks for the name",
        help="remove the record, or make the zone in the workspace of its account",
        severity=None if any("awsdns-" in server for server in servers) else "note",
    )


def _servers(record: Resource) -> tuple[Text, ...]:
    value = record["records"]
    return tuple(value.texts()) if value is not None else ()


def _is_made(name: str, platform: Platform) -> bool:
    """Say whether some workspace makes, or looks up, a zone; raises Undecided where one of unknown name may be it."""
    undecided: Undecided | None = None
    found = (*platform.resources("aws_route53_zone"), *platform.data_sources("aws_route53_zone"))
    for zone in (*found, *platform.resources(NAMESPACE)):
        try:
            if zone_name(zone) == name:
                return True
        except Undecided as reason:
            undecided = reason if zone.mode == "managed" else undecided
    if undecided is not None:
        raise undecided
    return False


def _require_all_seen(name: str, platform: Platform) -> None:
    """Raise Undecided where an account, or a part of a workspace, that could hold a zone was not seen."""
    for account in platform.accounts.values():
        if account.kind not in WITHOUT_ZONES and not platform.workspaces_of(account):
            reason = f"the zone `{name}` may be in the account `{account}`, for which there is no workspace here"
            raise Undecided(Reason("account-without-workspace", reason))
    platform.require_complete("aws_route53_zone", NAMESPACE, what=f"the zone `{name}`")
