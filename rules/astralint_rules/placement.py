"""Rules of placement: a resource lives in the account that is there for it. Each account's table has its own."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from astralint.rules.api import Check, Platform, Resource, Severity, Violation, read_table, rule

TABLES = sorted(Path(__file__).parent.glob("*/placement.toml"))


class Placement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule: resources of these types live only in accounts of the kind `home`.

    `title` is what the message calls a resource beside its name, instead of giving its
    address. Some types count only where one of some attributes is set (`only_with`),
    or are allowed everywhere then (`allowed_with`). `milder` are severities by the kind of account
    in which a resource is instead.
    """

    id: str
    name: str
    severity: Severity
    types: tuple[str, ...]
    home: str
    documentation: str
    title: str = ""
    only_with: dict[str, tuple[str, ...]] = {}
    allowed_with: dict[str, tuple[str, ...]] = {}
    tags: tuple[str, ...] = ()
    milder: dict[str, Severity] = {}

    def counts(self, resource: Resource) -> bool:
        """Say whether the rule judges a resource; raises Undecided where that is not known."""
        wanted = self.only_with.get(resource.type)
        if wanted is not None and not any(resource[attribute] for attribute in wanted):
            return False
        return not any(resource[attribute] for attribute in self.allowed_with.get(resource.type, ()))


def is_placed(resource: Resource, platform: Platform) -> bool:
    """Say whether a rule of placement says in which other account a resource belongs: then no other rule has to."""
    account = resource.account_or_none
    return account is not None and any(
        account.kind not in ("", row.home)
        and any(fnmatchcase(resource.type, pattern) for pattern in row.types)
        and platform.account_of_kind(row.home) is not None
        and row.counts(resource)
        for row in ROWS
    )


def outside(resource: Resource, platform: Platform, kind: str, what: str) -> Iterator[Violation]:
    """Yield a violation where a resource lives in another account than that of a kind.

    Raises Undecided where its account, or the account's kind, is not known.
    """
    if resource.kind == kind:
        return
    home = platform.account_of_kind(kind)
    where = f"the `{home}` account" if home is not None else f"an account of the kind `{kind}`, which is not there yet"
    yield resource.finding(
        f"{what} is created in the `{resource.account}` account",
        label=f"belongs into {where}",
        help=f"move it to a workspace of {where}"
        if home is not None
        else f"make {where.partition(',')[0]}, and move it there",
    )


def _declared(row: Placement) -> Check:
    @rule(
        row.id,
        row.name,
        severity=row.severity,
        each=row.types,
        home=row.home,
        tags=row.tags,
        documentation=row.documentation,
    )
    def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
        if row.counts(resource):
            named = f"{row.title} `{resource.text('name') or resource.name}`"
            for violation in outside(resource, platform, row.home, named if row.title else f"`{resource.address}`"):
                yield msgspec.structs.replace(violation, severity=row.milder.get(resource.kind))

    return check


ROWS = tuple(row for table in TABLES for row in read_table(table, Placement))
RULES = tuple(map(_declared, ROWS))
