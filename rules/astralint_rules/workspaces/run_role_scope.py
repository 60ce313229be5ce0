"""AL013."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Platform, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Trust
from astralint_rules.identity.federation import claim, issuer_of, known_issuer, takes_tokens
from astralint_rules.identity.subjects import trusts
from astralint_rules.workspaces.backends import cloud_name

WORKSPACE = re.compile(r"organization:(?P<organization>[^:]+):(.*:)?workspace:(?P<workspace>[^:*?]+)(:.*)?")


@rule(
    "AL013", "tfc-trust-too-broad", severity="error", each=trusts, tags=("workspaces", "trust"), security_severity="8.0"
)
def check(trust: Trust, platform: Platform) -> Iterator[Violation]:
    """A run role lets in the runs of its own account's workspace only.

    ## Why

    Whoever may merge into a workspace's code has the rights of its run role. If production's role also takes
    the runs of staging, staging's reviewers change production.

    ## Bad

    ```hcl
    # workspaces/production
    condition {
      test     = "StringLike"
      variable = "app.terraform.io:sub"
      values   = ["organization:astradot:project:*:workspace:staging:run_phase:*"]
    }
    ```

    ## Good

    ```hcl
    condition {
      test     = "StringLike"
      variable = "app.terraform.io:sub"
      values   = ["organization:astradot:project:*:workspace:production:run_phase:apply"]
    }
    ```

    ## Exceptions

    Workspaces that no code here keeps its state in. That a subject is too broad is AL117, that there is no audience AL118.
    """
    issuer = issuer_of(trust)
    told = known_issuer(issuer) if issuer is not None else None
    role = trust.role
    if issuer is None or told is None or told.name != "HCP Terraform" or not takes_tokens(trust.principal.statement):
        return
    if role.account is None or role.trust is None:
        return
    for condition in trust.principal.statement.conditions:
        for value in condition.values if claim(condition, issuer) == "sub" else ():
            found = WORKSPACE.fullmatch(known(value.text) or "")
            owners = [w for w in platform.workspaces.values() if found and cloud_name(w) == found["workspace"]]
            strange = [w for w in owners if w.account_or_none is not None and w.is_certain]
            if found and strange and all(w.account is not role.account for w in strange):
                assert role.resource.exists
                yield role.resource.workspace.violation(
                    f"the role `{role}` of `{role.account}` takes the runs of `{found['workspace']}`, "
                    f"the workspace of `{strange[0].account}`",
                    role.trust.evidence("", value.path).span,
                    "another account's workspace",
                    subject=f"{role.resource.address}: {found['workspace']}",
                )
