"""AL007."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Evidence, Platform, Reason, Undecided, Violation, rule

SINGLE = frozenset({"management", "identity", "security", "artifact", "dns", "email"})


@rule("AL007", "singleton-duplicated", severity="error", each="account", tags=("workspaces",), by_kind=True)
def check(account: Account, platform: Platform) -> Iterator[Violation]:
    """There is one account of each kind of the foundation.

    ## Why

    One place for users, one for findings, one for images: that is what makes it easy to see
    who has access to what. With two, each question has two answers.

    ## Bad

    ```hcl
    account "identity"        { kind = "identity" }
    account "identity-europe" { kind = "identity" }
    ```

    ## Good

    One account, and regions within it.

    ## Exceptions

    Environments may be several; AL802 says which. An account counts where a workspace here is for it: what others
    build in the organization is theirs. A twin for disasters is declared with `except`, with a reason.
    """
    alike = platform.of_kind(account.kind) if account.kind in SINGLE else ()
    twins = [one for one in alike if platform.workspaces_of(one)]
    first = next((one for one in twins if not one.is_guessed), next(iter(twins), account))
    if first is account or account not in twins:
        return
    if account.is_guessed:
        reason = f"that `{account}` is of the kind `{account.kind}` is a guess from {account.evidence or 'its name'}"
        raise Undecided(Reason("account-kind-not-known", reason))
    assert account.span is not None
    yield Violation(
        f"`{account}` is a second account of the kind `{account.kind}` beside `{first}`",
        Evidence(account.span, f"a further account of the kind `{account.kind}`"),
        () if first.span is None else (Evidence(first.span, "the first one"),),
        subject=account.name,
        account=account.name,
    )
