"""AL807."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from astralint.rules.api import Account, Evidence, Platform, Violation, rule

SHOWN = 5


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ignored`: modules' directories and resource types, with `*`, that may differ."""

    ignored: tuple[str, ...] = ()


@rule(
    "AL807",
    "env-parity",
    severity="note",
    each="platform",
    needs=("production", "staging"),
    tags=("environments",),
    options=Options,
    profiles="astradot",
)
def check(platform: Platform, _: Platform, options: Options) -> Iterator[Violation]:
    """Staging is made of what production is made of.

    ## Why

    What staging lacks is tested in production.

    ## Bad

    Production calls a module for its database, staging has none.

    ## Good

    Both call one module with different sizes.

    ## Exceptions

    Sizes and counts. The option `ignored` has modules and types that may differ.
    """
    production, staging = platform.of_kind("production")[0], platform.of_kind("staging")[0]
    workspaces = [*platform.workspaces_of(production), *platform.workspaces_of(staging)]
    if not platform.workspaces_of(production) or not platform.workspaces_of(staging):
        return
    platform.require_complete(what="what production or staging is made of", workspaces=workspaces)
    mine, theirs = _made_of(staging, platform), _made_of(production, platform)
    for missing, has, lacks in ((theirs - mine, production, staging), (mine - theirs, staging, production)):
        kept = sorted(one for one in missing if not any(fnmatchcase(one, name) for name in options.ignored))
        if kept:
            more = f" and {len(kept) - SHOWN} more" if len(kept) > SHOWN else ""
            place = platform.workspaces_of(lacks)[0]
            yield place.violation(
                f"`{has}` has what `{lacks}` has not: {', '.join(kept[:SHOWN])}{more}",
                place.anchor,
                "not made of the same",
                subject=f"{lacks} without {has}'s",
                evidence=(Evidence(platform.workspaces_of(has)[0].anchor, "is made of more", has.name),),
            )


def _made_of(account: Account, platform: Platform) -> set[str]:
    """Return the modules and the resource types of an account."""
    found: set[str] = set()
    for workspace in platform.workspaces_of(account):
        found.update(call.directory or call.source for call in workspace.result.module_calls)
        found.update(resource.type for resource in workspace.resources)
    return found
