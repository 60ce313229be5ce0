"""AL016."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from astralint.rules.api import Evidence, Platform, Violation, Workspace, rule
from astralint.rules.api.aws import known_account
from astralint.rules.api.code import SourceFile, syntax
from astralint_rules.code.written import modules, nodes
from astralint_rules.workspaces.account_id_inconsistent import PLACEHOLDER

NUMBER = re.compile(r"(?<![0-9A-Za-z-])[0-9]{12}(?![0-9A-Za-z-])")
ELSEWHERE = re.compile(r"(^|/)(examples?|tests?|fixtures?|\.terraform|vendor)/")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`accounts`: numbers of vendors that modules may name."""

    accounts: tuple[str, ...] = ()


class Embedded(NamedTuple):
    """A module's file names an account, or ("") makes a provider."""

    workspace: Workspace
    evidence: Evidence
    number: str

    def __str__(self) -> str:
        return f"{self.evidence.span.file} {self.number}"


def embedded(platform: Platform) -> Iterator[Embedded]:
    """Yield what modules, which are no workspaces themselves, say of single accounts."""
    roots, callers = _roots(platform), Counter(f for w in platform.workspaces.values() for f in w.result.files)
    for workspace, source in modules(platform):
        directory = source.path.rpartition("/")[0] or "."
        if directory in roots or ELSEWHERE.search(source.path) or not source.path.endswith((".tf", ".tofu")):
            continue
        for block in source.file.body.blocks:
            if block.type == "provider" and block.labels[:1] == ("aws",):
                yield Embedded(workspace, Evidence(source.header(block), "a provider", workspace.name), "")
            if callers[source.path] > 1:
                yield from _numbers(workspace, source, block)


def _roots(platform: Platform) -> set[str]:
    """Return the directories of all root modules; a layout may take them from elsewhere than where a workspace is."""
    found = {workspace.directory for workspace in platform.workspaces.values()}
    for workspace in platform.workspaces.values():
        own = (one for one in (*workspace.resources, *workspace.data_sources) if not one.instance.module)
        found.update(one.header.file.rpartition("/")[0] or "." for one in own)
    return found


def _numbers(workspace: Workspace, source: SourceFile, block: syntax.Block) -> Iterator[Embedded]:
    seen: set[str] = set()
    for attribute in (node for node in nodes(block) if isinstance(node, syntax.Attribute)):
        # Who publishes an image is AL208's.
        if attribute.name in ("description", "error_message", "owners"):
            continue
        for node in nodes(attribute.expression):
            told = node.value if isinstance(node, syntax.Literal) else None
            for number in NUMBER.findall(told) if isinstance(told, str) else ():
                if number not in seen:
                    seen.add(number)
                    span = source.span(node.start, node.end)
                    yield Embedded(workspace, Evidence(span, "an account", workspace.name), number)


@rule(
    "AL016",
    "module-embeds-account",
    severity="warning",
    each=embedded,
    tags=("workspaces",),
    options=Options,
)
def check(subject: Embedded, platform: Platform, options: Options) -> Iterator[Violation]:
    """A shared module knows of no single account.

    ## Why

    A module that several accounts call does the same in each. One that names an account does it for that account,
    and a provider of its own can't be told by whoever calls it.

    ## Bad

    ```hcl
    # modules/reader
    data "aws_iam_policy_document" "trust" {
      statement {
        actions = ["sts:AssumeRole"]
        principals {
          type        = "AWS"
          identifiers = ["arn:aws:iam::210000000003:root"]
        }
      }
    }
    ```

    ## Good

    ```hcl
    # modules/reader
    variable "reader_account_id" {
      type = string
    }
    ```

    ## Exceptions

    A module that one workspace alone calls is not shared. Accounts of AWS, of well-known vendors and of those that the configuration names, numbers that are none (`123456789012`), directories of examples and tests.

    ## Options

    `accounts` are numbers of further vendors.
    """
    number, place = subject.number, subject.evidence
    if not number:
        message, label = "a module makes a provider of its own", "the caller gives providers"
    elif _is_no_account(number, options, platform):
        return
    else:
        account = platform.account_of(number)
        named = f"`{account}`" if account is not None else number
        message, label = f"a module names the account {named}", "make it a variable"
    yield subject.workspace.violation(message, place.span, label, subject=f"{place.span.file}: {number or 'provider'}")


def _is_no_account(number: str, options: Options, platform: Platform) -> bool:
    """Say whether a number is a placeholder, or somebody's whom everybody may name."""
    if PLACEHOLDER.fullmatch(number) or known_account(number) is not None:
        return True
    return number in options.accounts or number in platform.settings.vendor_accounts
