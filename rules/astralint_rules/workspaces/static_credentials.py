"""AL012."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Resource, Undecided, Unknown, Violation, Workspace, rule
from astralint.rules.api.text import known

ARGUMENTS = ("access_key", "secret_key", "shared_credentials_files", "shared_credentials_file")
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
NO_KEY = re.compile(r"(?i)(test|mock|fake|dummy|local|foo|any|x+|-)[a-z_-]*")
"""What a local AWS takes for a key."""


def places(platform: Platform) -> Iterator[Workspace | Resource]:
    """Yield the workspaces, and the variables that the code sets in HCP Terraform."""
    yield from platform.workspaces.values()
    yield from platform.resources("tfe_variable")


@rule("AL012", "static-credentials", severity="error", each=places, tags=("workspaces",), security_severity="8.0")
def check(subject: Workspace | Resource, platform: Platform) -> Iterator[Violation]:
    """Terraform has no credentials that never expire.

    ## Why

    What may apply may do everything. A key for that in a file or a variable is the
    most valuable secret that there is, and the only one that nobody needs: each run can get a role.

    ## Bad

    ```hcl
    resource "tfe_variable" "key" {
      key          = "AWS_ACCESS_KEY_ID"
      value        = var.access_key
      category     = "env"
      workspace_id = tfe_workspace.production.id
    }
    ```

    ## Good

    ```hcl
    resource "tfe_variable" "role" {
      key          = "TFC_AWS_RUN_ROLE_ARN"
      value        = aws_iam_role.run.arn
      category     = "env"
      workspace_id = tfe_workspace.production.id
    }
    ```

    ## Exceptions

    Profiles are somebody's own credentials, mostly of Identity Center, and not reported. Keys for a
    local AWS (`test`, `mock_access_key`) are none.
    """
    if isinstance(subject, Resource):
        key = subject["key"]
        if key in KEYS:
            yield subject.finding(
                f"`{subject.address}` gives the runs of HCP Terraform `{key}`",
                at=("key",),
                label="does not expire",
                help="let runs assume a role: `TFC_AWS_PROVIDER_AUTH` and `TFC_AWS_RUN_ROLE_ARN`",
            )
        return
    open_ = ""
    for provider in subject.result.providers:
        raw = provider.values.raw
        for name in ARGUMENTS if provider.type == "aws" and isinstance(raw, dict) and provider.span else ():
            value = raw.get(name)
            if value is None or value.raw in (None, "", ()):
                continue
            if isinstance(value.raw, Unknown):
                open_ = open_ or f"whether `{provider.address}` has `{name}` is not known"
                continue
            if isinstance(value.raw, str) and NO_KEY.fullmatch(known(value.raw) or ""):
                continue
            yield subject.violation(
                f"`{provider.address}` of `{subject}` has credentials that never expire: `{name}`",
                subject.provider_span(provider, name),
                "stands in the code",
                subject=f"{subject}: {provider.address}.{name}",
            )
            break
    if open_:
        raise Undecided(Reason("credentials-not-known", open_))
