"""AL009."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Account, Platform, Reason, Undecided, Violation, Workspace, rule
from astralint.rules.api.organization import kind_of_name
from astralint_rules.workspaces.backends import cloud_name, is_cloud

NUMBER = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")


def named(platform: Platform) -> Iterator[Workspace]:
    """Yield the workspaces that HCP Terraform knows by a name."""
    return (w for w in platform.workspaces.values() if is_cloud(w) and w.account_or_none is not None and w.is_certain)


@rule("AL009", "workspace-name-mismatch", severity="warning", each=named, tags=("workspaces",))
def check(workspace: Workspace, platform: Platform) -> Iterator[Violation]:
    """A workspace of HCP Terraform is called after its account.

    ## Why

    Whoever approves a run sees the workspace's name and nothing else. If `staging-network` changes
    production, somebody will approve it.

    ## Bad

    ```hcl
    # for the account `production`
    cloud {
      organization = "astradot"
      workspaces { name = "shop" }
    }
    ```

    ## Good

    ```hcl
    cloud {
      organization = "astradot"
      workspaces { name = "production" }
    }
    ```

    ## Exceptions

    A name that holds the account's name, its kind or its number is called after it. Accounts of no kind are judged by their name alone. A name of the old days is
    declared with `except`, with a reason.
    """
    name, account = cloud_name(workspace), workspace.account
    if name is None:
        return
    other = next((one for one in platform.accounts.values() if one is not account and _is_called(name, one)), None)
    if _is_called(name, account) or (account.kind and _says_kind(name, account.kind)):
        return
    if not account.number and NUMBER.search(name) is not None:
        reason = f"`{name}` may hold the number of account `{account}`"
        raise Undecided(Reason("account-number-not-known", reason))
    yield workspace.violation(
        f"the workspace `{name}` of HCP Terraform is for `{account}`, and "
        f"{f'called after `{other}`' if other is not None else 'its name does not say so'}",
        workspace.result.state.span or workspace.anchor,
        f"should be called after `{account}`",
    )


def _says_kind(name: str, kind: str) -> bool:
    """Say whether a name tells an account's kind, as it is or as it is usually written: `prod` for production."""
    return kind in _words(name) or kind_of_name(name) == kind


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]


def _is_called(name: str, account: Account) -> bool:
    """Say whether a name holds an account's name, as whole words, or its number."""
    around, wanted = f"-{'-'.join(_words(name))}-", f"-{'-'.join(_words(account.name))}-"
    return wanted in around or (bool(account.number) and account.number in name)
