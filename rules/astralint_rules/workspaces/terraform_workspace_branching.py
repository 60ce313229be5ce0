"""AL010."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Violation, Workspace, rule
from astralint.rules.api.code import Origin, ProviderContext, SourceFile, Value, syntax
from astralint_rules.code.written import address, nodes

DECIDING = ("allowed_account_ids", "assume_role", "assume_role_with_web_identity", "profile")
"""The arguments of a provider that decide which account it is for."""


@rule("AL010", "terraform-workspace-branching", severity="warning", each="workspace", tags=("workspaces",))
def check(workspace: Workspace, platform: Platform) -> Iterator[Violation]:
    """The account is never chosen by `terraform.workspace`.

    ## Why

    `terraform workspace select` is a word in somebody's shell. Where that decides between staging and
    production, one forgotten word changes the wrong account, and the code of both is the same.

    ## Bad

    ```hcl
    provider "aws" {
      assume_role {
        role_arn = "arn:aws:iam::${local.accounts[terraform.workspace]}:role/deploy"
      }
    }
    ```

    ## Good

    A root module for each account, with what they share in a module; or a variable that the
    account's own workspace sets.

    ## Exceptions

    Names and tags may hold it.
    """
    seen = set()
    for provider in workspace.result.providers:
        found = _chosen(provider, workspace, platform) if provider.type == "aws" and provider.span else None
        if found is None or found.span in seen:
            continue
        seen.add(found.span)
        yield workspace.violation(
            f"`terraform.workspace` chooses the account of `{provider.address}` in `{workspace.directory}`",
            found.span,
            "decides which account is changed",
            subject=f"{workspace.directory}: {provider.address}",
        )


def _chosen(provider: ProviderContext, workspace: Workspace, platform: Platform) -> Evidence | None:
    """Return where `terraform.workspace` stands in what a provider's account comes from; None where it does not."""
    source = platform.source(provider.span.file) if provider.span is not None else None
    block = (
        next((b for b in source.file.body.blocks if b.start == provider.block), None) if source is not None else None
    )
    if source is None or block is None:
        return None
    own: list[syntax.Node] = [a for a in block.body.attributes if a.name in DECIDING]
    own += [b for b in block.body.blocks if b.type in DECIDING]
    raw = provider.values.raw
    values = [raw[name] for name in DECIDING if name in raw] if isinstance(raw, dict) else []
    places = [(source, node) for node in own]
    places += [place for origin in _origins(values) if (place := _local(origin, platform)) is not None]
    for file, root in places:
        for node in nodes(root):
            if address(node) == "terraform.workspace":
                return Evidence(file.span_of(node), "the selected workspace", workspace.name)
    return None


def _origins(values: list[Value]) -> list[Origin]:
    """Return all that some values came through, the nearest first."""
    pending, found = list(values), dict[Origin, None]()
    while pending:
        value = pending.pop()
        found.update(dict.fromkeys(sorted(value.origins, key=lambda origin: origin.address)))
        if isinstance(value.raw, dict | tuple):
            pending.extend(value.raw.values() if isinstance(value.raw, dict) else value.raw)
    following = list(found)
    while following:
        fresh = [s for s in sorted(following.pop(0).sources, key=lambda o: o.address) if s not in found]
        found.update(dict.fromkeys(fresh))
        following.extend(fresh)
    return list(found)


def _local(origin: Origin, platform: Platform) -> tuple[SourceFile, syntax.Node] | None:
    """Return where a local value is written; None for all else that a value comes through."""
    source = platform.source(origin.span.file) if origin.kind == "local" and origin.span is not None else None
    for block in source.file.body.blocks if source is not None else ():
        for attribute in block.body.attributes if block.type == "locals" else ():
            if source is not None and origin.address == f"local.{attribute.name}":
                return source, attribute
    return None
