"""Rules of purity: an account that is there for one thing runs no workloads."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from astralint.rules.api import Check, Platform, Resource, Severity, Violation, read_table, rule
from astralint_rules.placement import is_placed


class Purity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule: accounts of the kind hold none of the types of workloads, nor those in `also`."""

    id: str
    name: str
    severity: Severity
    kind: str
    documentation: str
    also: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: resource types, with `*`, that may be there all the same."""

    allowed: tuple[str, ...] = ()


@cache
def workloads() -> tuple[str, ...]:
    """Return the types that are workloads in whatever account."""
    return tuple(tomllib.loads(files("astralint_rules").joinpath("data/workloads.toml").read_text("utf-8"))["types"])


def _declared(row: Purity) -> Check:
    @rule(
        row.id,
        row.name,
        severity=row.severity,
        each=(*workloads(), *row.also),
        needs=row.kind,
        tags=row.tags,
        options=Options,
        documentation=row.documentation,
        profiles=row.profiles,
    )
    def check(resource: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
        account = resource.account_or_none
        if account is not None and account.kind != row.kind:
            return
        if resource.kind != row.kind or is_placed(resource, platform):
            return
        if not any(fnmatchcase(resource.type, one) for one in options.allowed):
            yield resource.finding(
                f"`{resource.address}` is a workload in the {row.kind} account `{resource.account}`",
                label="a workload",
                help="move it to an environment, or to the account that it is for",
            )

    return check


RULES = tuple(map(_declared, read_table(Path(__file__).with_name("purity.toml"), Purity)))
