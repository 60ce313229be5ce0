"""AL002."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Unknown, Violation, Workspace, rule
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

    Configurations that nothing uses. That it is not known which account a workspace is for, is AL001.
    """
    used = {r.instance.provider.address for r in workspace.resources if r.instance.provider is not None}
    for provider in workspace.result.providers:
        if provider.type != "aws" or provider.span is None or not assumes(provider) or provider.address not in used:
            continue
        is_default = not provider.alias and workspace.account_or_none is None and bool(platform.settings.accounts)
        if is_default or platform.account_of(provider.account) is not None:
            continue
        raw = provider.account.raw
        if isinstance(raw, Unknown):
            reason = raw.reasons[0].message if raw.reasons else "it is not known"
            yield workspace.violation(
                f"which account `{provider.address}` of `{workspace}` leads into can't be told: {reason}",
                workspace.provider_span(provider, "assume_role", 0, "role_arn"),
                "its account is not known",
                subject=f"{workspace}: {provider.address}",
            )
