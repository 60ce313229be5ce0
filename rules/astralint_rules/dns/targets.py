"""What records point to: the resource whose name or address they hold."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Platform, Resource
from astralint.rules.api.code import Value

OWN = frozenset({"aws_acm_certificate", "aws_ses_domain_identity", "aws_ses_domain_dkim", "aws_sesv2_email_identity"})
"""What proves by a record whose a name is, and serves nothing."""


def values_of(record: Resource) -> Iterator[tuple[tuple[str | int, ...], Value]]:
    """Yield what a record points to, and where that stands."""
    alias, records = record.value("alias"), record.value("records")
    for position, block in enumerate(alias.raw if alias is not None and isinstance(alias.raw, tuple) else ()):
        name = block.raw.get("name") if isinstance(block.raw, dict) else None
        if name is not None:
            yield ("alias", position, "name"), name
    if records is not None and records.raw is not None:
        yield ("records",), records


def target_of(record: Resource, platform: Platform) -> tuple[tuple[str | int, ...], Resource, Account] | None:
    """Return the resource that a record points to with its account, and where; None where none is known."""
    for place, value in values_of(record):
        inner = [value, *(value.raw if isinstance(value.raw, tuple) else ())]
        found = [one for part in inner for one in platform.resources_behind(part) if one.mode == "managed"]
        found = [one for one in found if one.type.startswith("aws_") and not one.type.startswith("aws_route53")]
        first = next(iter(found), None)
        account = first.account_or_none if first is not None else None
        if first is not None and account is not None and first.type not in OWN:
            return place, first, account
    return None
