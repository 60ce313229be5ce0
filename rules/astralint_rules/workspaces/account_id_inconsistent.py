"""AL015."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from astralint.rules.api import Account, Evidence, Platform, Violation, Workspace, rule
from astralint.rules.api.code import SourceFile, syntax
from astralint_rules.code.written import modules, nodes

NUMBER = re.compile(r"[0-9]{12}")
PLACEHOLDER = re.compile(r"(\d)\1{11}|123456789012|012345678901|1234567890\d\d|(\d{3})\2{3}|(\d{4})\3{2}")


class Entry(NamedTuple):
    """A map of the code says which number an account has."""

    workspace: Workspace
    evidence: Evidence
    account: Account
    number: str

    def __str__(self) -> str:
        return f"{self.account} = {self.number}"


def entries(platform: Platform) -> Iterator[Entry]:
    """Yield what maps in the code say of the numbers of the platform's accounts, by their names."""
    for workspace, source in modules(platform):
        for node in nodes(source.file.body):
            if isinstance(node, syntax.ObjectExpression):
                yield from _entries(platform, workspace, source, node)


def _entries(
    platform: Platform, workspace: Workspace, source: SourceFile, node: syntax.ObjectExpression
) -> Iterator[Entry]:
    for item in node.items:
        name = item.key.value if isinstance(item.key, syntax.Literal) else None
        number = item.value.value if isinstance(item.value, syntax.Literal) else None
        account = platform.accounts.get(name) if isinstance(name, str) else None
        if account is None or not isinstance(number, str) or not NUMBER.fullmatch(number):
            continue
        if not PLACEHOLDER.fullmatch(number):
            place = source.span(item.start, item.value.end)
            yield Entry(workspace, Evidence(place, "another number", workspace.name), account, number)


@rule("AL015", "account-id-inconsistent", severity="error", each=entries, tags=("workspaces",))
def check(entry: Entry, platform: Platform) -> Iterator[Violation]:
    """An account has one number, wherever that stands.

    ## Why

    A list of accounts that somebody copied, and changed, sends a trust or a deployment into another account; nothing in
    either place looks wrong.

    ## Bad

    ```hcl
    locals {
      account_ids = {
        production = "210000000008" # that is staging
        staging    = "210000000008"
      }
    }
    ```

    ## Good

    ```hcl
    locals {
      account_ids = yamldecode(file("../accounts.yaml")).ids
    }
    ```

    ## Exceptions

    Numbers that are none (`123456789012`, `000000000000`). Maps whose keys are the accounts' names only are read; accounts
    whose number nothing tells can't contradict.
    """
    account, number = entry.account, entry.number
    if not account.number or number == account.number:
        return
    other = platform.account_of(number)
    whose = f", which is `{other}`" if other is not None else ""
    yield entry.workspace.violation(
        f"`{account}` has the number {account.number}, and {number} here{whose}",
        entry.evidence.span,
        "another number",
        subject=f"{account}: {entry.evidence.span.file}",
        evidence=(Evidence(account.span, f"the account {account.number}"),) if account.span is not None else (),
    )
