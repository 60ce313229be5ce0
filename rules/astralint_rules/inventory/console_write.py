"""AL411."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Violation, rule
from astralint.rules.api.inventory import Write, place

GUARDED = frozenset({"production", "management", "identity", "security", "artifact", "dns", "email", "log-archive"})
BREAK_GLASS = re.compile(r"break.?glass|emergency|incident", re.IGNORECASE)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`break_glass`: names of permission sets for emergencies, beside those that say so in their names."""

    break_glass: tuple[str, ...] = ()


@rule(
    "AL411",
    "console-write",
    severity="warning",
    each=lambda platform: platform.writes,
    tags=("inventory",),
    options=Options,
)
def check(write: Write, platform: Platform, options: Options) -> Iterator[Violation]:
    """Nobody changes production or the foundation by hand.

    Needs events of CloudTrail (`astralint inventory judge --events FILE`): its files, answers of
    `aws cloudtrail lookup-events`, or what a query of a Lake gives, one event a line.

    ## Why

    What was changed in the console is in no review, and the next apply takes it back, or
    does not notice it at all. Who did it knows why: ask soon.

    ## Bad

    ```hcl
    # ada@acme.com opened a security group of production at 02:10.
    ```

    ## Good

    ```hcl
    # The group's rule is in production's workspace; people only look there.
    ```

    ## Exceptions

    Sessions of permission sets for emergencies; calls that failed, or that only read though
    CloudTrail counts them as writes (queries, reports, sign-in, support cases). Roles that
    machines assume are no people, unless a console's session made the call. Staging and
    sandboxes are for trying things out.
    """
    account = platform.account_of(write.account)
    if account is None or account.kind not in GUARDED:
        return
    if write.permission_set and (
        write.permission_set in options.break_glass or BREAK_GLASS.search(write.permission_set)
    ):
        return
    by = f" by `{write.permission_set}`" if write.permission_set else ""
    when = write.first if write.times == 1 else f"{write.times} times, first {write.first}, last {write.last}"
    yield Violation(
        f"`{write.who}`{by} called `{write.action}` in `{account}`, `{write.region}` ({when})",
        place(account, platform, "it was done by hand: this is its account"),
        subject=f"{account}/{write.region}/{write.action}/{write.who}",
        account=account.name,
        help="write it down as code, or take it back",
        apart=True,
    )
