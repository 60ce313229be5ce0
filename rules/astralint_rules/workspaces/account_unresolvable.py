"""AL002."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Unknown, Violation, Workspace, rule
from astralint.rules.api.code import ProviderContext
from astralint_rules.accounts import assumes


@rule("AL002", "account-unresolvable", severity="note", each="workspace", tags=("workspaces",))
def check(workspace: Workspace, platform: Platform) -> Iterator[Violation]:
    """The account that a provider's role leads into can be told from the code.

    ## Why

    What such a provider makes is in an account that nobody can name before the apply: no
    rule can judge it, and no reviewer can.

    ## Bad

    ```hcl
    provider "aws" {
      alias = "peer"
      assume_role { role_arn = data.aws_ssm_parameter.peer_role.value }
    }
    ```

    ## Good

    ```hcl
    provider "aws" {
      alias = "peer"
      assume_role { role_arn = "arn:aws:iam::${local.account_ids["network"]}:role/peering" }
    }
    ```

    ## Exceptions

    Configurations that nothing uses. What is unknown for one reason is one finding. That it is not known which account a workspace is for, is AL001.
    """
    unknown: dict[str, list[ProviderContext]] = {}
    for provider in _assuming(workspace):
        is_default = not provider.alias and workspace.account_or_none is None and bool(platform.settings.accounts)
        raw = provider.account.raw
        if isinstance(raw, Unknown) and not is_default and platform.account_of(provider.account) is None:
            reason = raw.reasons[0].message if raw.reasons else "it is not known"
            unknown.setdefault(reason, []).append(provider)
    for reason, providers in unknown.items():
        spans = [workspace.provider_span(provider, "assume_role", 0, "role_arn") for provider in providers]
        also = f" and {len(spans) - 1} others" if len(spans) > 1 else ""
        yield workspace.violation(
            f"which account `{providers[0].address}`{also} of `{workspace}` leads into can't be told: {reason}",
            spans[0],
            "its account is not known",
            subject=f"{workspace}: {providers[0].address}",
            evidence=tuple(Evidence(span, "the same", workspace.name) for span in spans[1:]),
        )


def _assuming(workspace: Workspace) -> Iterator[ProviderContext]:
    """Yield the provider configurations that assume a role, and that something is made with."""
    used = {r.instance.provider.address for r in workspace.resources if r.instance.provider is not None}
    for provider in workspace.result.providers:
        if provider.type == "aws" and provider.span is not None and provider.address in used and assumes(provider):
            yield provider
