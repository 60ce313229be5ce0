"""AL011."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Unknown, Violation, Workspace, rule
from astralint.rules.api.code import ProviderContext
from astralint_rules.accounts import assumes

DEFAULT = 'provider["aws"]'
PINNED_BY = ("profile", "assume_role_with_web_identity")


@rule("AL011", "provider-not-pinned", severity="warning", each="workspace", tags=("workspaces",))
def check(workspace: Workspace, platform: Platform) -> Iterator[Violation]:
    """The default provider works in the workspace's own account only.

    ## Why

    Without it, Terraform changes whichever account the credentials at hand are for. One
    wrong variable in a shell, and staging's plan is applied to production.

    ## Bad

    ```hcl
    provider "aws" {
      region = "eu-west-1"
    }
    ```

    ## Good

    ```hcl
    provider "aws" {
      region              = "eu-west-1"
      allowed_account_ids = ["210000000007"]
    }
    ```

    ## Exceptions

    A role that the provider assumes, a profile, and a run role that HCP Terraform gives the workspace
    lead into one account as well. A provider that makes nothing is not judged. Where no workspace is pinned, that is
    how the platform is, and only the profile `astradot` reports it. Where the list names another
    account, AL003 tells of all that is made there.
    """
    provider = next((p for p in workspace.result.providers if p.address == DEFAULT and p.span is not None), None)
    made = [r for r in workspace.resources if r.instance.provider is not None and r.type.startswith("aws_")]
    used = any(r.instance.provider is not None and r.instance.provider.address == DEFAULT for r in made)
    account = workspace.account_or_none
    if provider is None or account is None or not used:
        return
    if _lists(provider):
        return  # Where that is another account, AL003 tells of all that is made there.
    raw = provider.values.raw
    is_pinned = assumes(provider) or any(isinstance(raw, dict) and _is_set(raw.get(name)) for name in PINNED_BY)
    runs = [d for d in platform.trust.deployments if d.through == "run" and d.workspace is workspace]
    if is_pinned or any(d.account is account for d in runs) or not _is_habit(platform):
        return
    assert provider.span is not None
    yield workspace.violation(
        f"nothing keeps the provider of `{workspace}` to the account `{account}`",
        provider.span,
        "works in whichever account the credentials are for",
        help="set `allowed_account_ids` to the account's number",
    )


def _lists(provider: ProviderContext) -> bool:
    """Say whether a provider names the accounts that it may work in; raises Undecided where they are not known."""
    raw = provider.values.raw
    value = raw.get("allowed_account_ids") if isinstance(raw, dict) else None
    if value is not None and isinstance(value.raw, Unknown):
        raise Undecided(Reason("account-not-known", f"which accounts `{provider.address}` allows is not known"))
    return _is_set(value)


def _is_habit(platform: Platform) -> bool:
    """Say whether providers are meant to be pinned: the profile wants it, or some workspace's is."""
    defaults = (p for w in platform.workspaces.values() for p in w.result.providers if p.address == DEFAULT)
    values = (p.values.raw.get("allowed_account_ids") for p in defaults if isinstance(p.values.raw, dict))
    return platform.settings.profile == "astradot" or any(map(_is_set, values))


def _is_set(value: object) -> bool:
    raw = getattr(value, "raw", None)
    return raw is not None and raw not in ((), "")
