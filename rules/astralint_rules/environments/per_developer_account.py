"""AL801."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astralint.rules.api import Account, Evidence, Platform, Violation, rule

BRANCH = re.compile(
    r"(?:^|[-_.])(?:feature|branch|hotfix|bugfix|pr|mr|pull)(?:[0-9]+|[-_./](?:[0-9]+|[a-z]+-[0-9][0-9a-z-]*))$"
)
PERSON = re.compile(r"^(?:dev|devel|developer|user|personal|playground)[-_.](?P<who>[a-z]+(?:[-_.][a-z]+)?)$")
NOBODY = frozenset(
    {
        "account",
        "accounts",
        "api",
        "app",
        "apps",
        "blue",
        "central",
        "cluster",
        "data",
        "dev",
        "eu",
        "green",
        "infra",
        "main",
    }
    | {
        "network",
        "platform",
        "services",
        "shared",
        "stg",
        "stage",
        "staging",
        "team",
        "test",
        "tools",
        "us",
        "west",
        "east",
    }
    | {"portal", "pool", "identity", "management", "security", "qa", "uat", "prod", "production", "ops", "tooling"}
)
"""Words that may follow `dev-` and name no person."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: names of accounts that are no developer's and no branch's."""

    allowed: tuple[str, ...] = ()


@rule("AL801", "per-developer-account", severity="error", each="account", tags=("environments",), options=Options)
def check(account: Account, platform: Platform, options: Options) -> Iterator[Violation]:
    """No account is there for one developer or one branch.

    ## Why

    Accounts are hard to make, harder to close, and each has to be watched and patched. What a
    branch needs is tested in staging; what may break everything, in a sandbox that goes away.

    ## Bad

    ```hcl
    account "dev-alice" {
      kind = "development"
      id   = "210000000031"
    }
    ```

    ## Good

    A sandbox for the time of an experiment, whoever makes it.

    ## Exceptions

    Sandboxes with a number or the name of what is tried. The option `allowed` names accounts
    that only look so. Accounts without a workspace here are not judged.
    """
    workspaces = platform.workspaces_of(account)
    if account.name in options.allowed or (account.span is None and not workspaces):
        return
    name = account.name.lower()
    person = PERSON.match(name)
    words = set(re.split(r"[-_.]", person["who"])) if person is not None else set()
    what = "a branch" if BRANCH.search(name) else "one developer" if person is not None and not words & NOBODY else ""
    if what:
        yield Violation(
            f"the account `{account}` is there for {what}",
            Evidence(account.span or workspaces[0].anchor, "an account for one"),
            subject=account.name,
            account=account.name,
            workspace=workspaces[0].name if workspaces else "",
        )
