"""AL802."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astralint.rules.api import Account, Evidence, Platform, Reason, Undecided, Violation, rule

COPIES = frozenset(
    {"preprod", "preproduction", "qa", "uat", "demo", "perf", "performance", "load", "loadtest", "testing", "test"}
    | {"tst", "integration", "int", "acceptance", "development", "dev"}
)
SURE = frozenset({"preprod", "preproduction", "qa", "uat", "sit", "perftest", "loadtest", "tst"})
"""Words that mean a copy of production whatever stands beside them."""

QUALIFIERS = re.compile(
    r"\d+|[a-z]|eu|us|uk|ap|de|fr|apac|emea|north|south|east|west|central|blue|green|new|old|env|environment"
)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: names of accounts that may exist all the same."""

    allowed: tuple[str, ...] = ()


@rule(
    "AL802",
    "prodlike-proliferation",
    severity="error",
    each="account",
    tags=("environments",),
    options=Options,
    by_kind=True,
)
def check(account: Account, platform: Platform, options: Options) -> Iterator[Violation]:
    """The environments are production, staging and sandboxes, and nothing else.

    ## Why

    Each further copy of production costs money and attention, drifts from it, and is
    the one that nobody patches. Staging tests what will be released; a sandbox tests
    what may break everything, and goes away again.

    ## Bad

    ```hcl
    account "preprod" {
      kind = "preprod"
      id   = "210000000011"
    }
    ```

    ## Good

    A sandbox for the time of the experiment: `kind = "sandbox"`.

    ## Exceptions

    A further production or staging counts where a workspace here is for it: what others
    build in the organization is theirs. The option `allowed` names accounts that are meant to stay.
    """
    workspaces = platform.workspaces_of(account)
    if account.name in options.allowed or (account.span is None and not workspaces):
        return
    # A kind that somebody wrote down says more than the words of a name.
    copy = not account.is_environment and _is_copy(account.kind or account.name)
    twins = (
        [a for a in platform.of_kind(account.kind) if not a.is_guessed or account.is_guessed] if account.kind else []
    )
    second = account.kind in ("production", "staging") and bool(twins) and twins[0] is not account and bool(workspaces)
    if not copy and not second:
        return
    if account.is_guessed:
        reason = (
            f"what `{account}` is for is concluded from {account.evidence or 'its name'}: nobody has written it down"
        )
        raise Undecided(Reason("account-kind-not-known", reason))
    span = account.span or workspaces[0].anchor
    what = f"a further {account.kind} beside `{twins[0]}`" if second else "neither production nor staging nor a sandbox"
    yield Violation(
        f"the environment account `{account}` is {what}",
        Evidence(span, "a further environment"),
        subject=account.name,
        account=account.name,
        workspace=workspaces[0].name if workspaces else "",
    )


def _is_copy(name: str) -> bool:
    """Say whether a name or kind is one of a copy of production: `qa`, `qa-eu`, `dev2`; not `performance-hub`."""
    words = [word for word in re.split(r"[^a-z]+|(?<=[a-z])(?=\d)", name.lower()) if word]
    if "".join(words) in COPIES or set(words) & SURE:
        return True
    rest = [word for word in words if word not in COPIES]
    return len(rest) < len(words) and all(QUALIFIERS.fullmatch(word) for word in rest)
