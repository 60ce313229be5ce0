"""AL410."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Undecided, Violation, rule
from astralint.rules.api.inventory import Judged, place, unmanaged


def candidates(platform: Platform) -> tuple[Judged, ...]:
    """Return what exists and is managed by nothing that is known."""
    return unmanaged(platform.existing)


@rule("AL410", "live-unmanaged", severity="error", each=candidates, tags=("inventory",))
def check(found: Judged, platform: Platform) -> Iterator[Violation]:
    """What exists in the platform's accounts is in some workspace's state.

    Needs an inventory (`astralint inventory judge`, `--inventory`, or an `inventory` block).
    With states, what exists is compared with all of them together; without any, with the code.

    ## Why

    What no code manages was made by hand: nobody reviewed it, nobody can make it again, and
    nobody knows whether it is still needed.

    ## Bad

    ```hcl
    # A user `rescue` was made in the console of production; no workspace knows of it.
    ```

    ## Good

    ```hcl
    import {
      to = aws_iam_user.rescue
      id = "rescue"
    }
    ```

    ## Exceptions

    Left out are AWS's defaults, service-linked roles, what Control Tower, StackSets,
    CloudFormation, other tools and controllers manage, and what comes and goes with
    something else. Where a state is missing, or code could not be seen whole, what may be
    managed there is undecided.

    An `except` block of this rule names further ones: `subjects` are of the form
    `account/region/type/id`, with `*` and `?`.
    """
    if found.reason is not None:
        raise Undecided(found.reason)
    live = found.live
    title = f"account `{found.account}`" if found.account is not None else f"the unknown account `{live.account}`"
    name = live.name or live.id
    where = "" if live.region == "global" else f" in `{live.region}`"
    first = platform.first_seen.get((live.account, live.region, live.type, live.id), "")
    seen = f"seen first {first[:10]}: " if first and platform.earlier else ""
    since = f"there since {live.created[:10]}: " if live.created else seen
    yield Violation(
        f"`{live.type}` `{name}` exists in {title}{where}, but no workspace manages it",
        place(found.account, platform),
        subject=str(found),
        account=found.account.name if found.account is not None else "",
        help=f"{since}import it as `{live.id}` into a workspace of its account, or delete it",
        apart=True,
    )
