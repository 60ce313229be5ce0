"""What rules of placement share: a resource lives in the account that is there for it."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation


def outside(resource: Resource, platform: Platform, kind: str, what: str) -> Iterator[Violation]:
    """Yield a violation where a resource lives in another account than that of a kind.

    Raises Undecided where its account, or the account's kind, is not known.
    """
    if resource.kind == kind:
        return
    home = platform.account_of_kind(kind)
    yield resource.finding(
        f"{what} is created in the `{resource.account}` account",
        label=f"belongs into the `{home}` account",
        help=f"move it to a workspace of the `{home}` account",
    )
