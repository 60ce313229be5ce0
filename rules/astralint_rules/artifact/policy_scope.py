"""AL209."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.trust import outsiders
from astralint_rules.artifact.env_writes import Written, written
from astralint_rules.identity.third_parties import is_outside


def policies(platform: Platform) -> Iterator[Written]:
    """Yield the policies of what the artifact account keeps."""
    return (one for one in written(platform) if one.kept is not None)


@rule("AL209", "artifact-policy-scope", severity="error", each=policies, needs="artifact", tags=("artifact",))
def check(subject: Written, platform: Platform) -> Iterator[Violation]:
    """Artifacts are shared with the organization, and nobody else.

    ## Why

    An image holds the code, and often more than one thinks. A policy for everybody publishes it; one for an
    account that nobody knows gives it to whoever has that account now.

    ## Bad

    ```hcl
    # workspaces/artifact
    resource "aws_ecr_repository_policy" "api" {
      repository = aws_ecr_repository.api.name
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "ecr:BatchGetImage", Principal = "*" }]
      })
    }
    ```

    ## Good

    ```hcl
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-abcdefghij"]
    }
    ```

    ## Exceptions

    Public repositories, vendors of the configuration, and AWS's own services.
    """
    assert subject.kept is not None
    resource = subject.resource
    if resource.type.startswith("aws_ecrpublic_"):
        return
    open_ = ""
    for one in outsiders(platform, resource, subject.kept.argument):
        if one.admission.truth is None:
            open_ = open_ or one.admission.reason
        elif not one.number or is_outside(one.number, platform):
            assert resource.exists
            who = f"the account {one.number}, which is not of the platform," if one.number else "everybody"
            if one.organization:
                who = f"the organization {one.organization}"
            yield resource.workspace.violation(
                f"`{resource.address}` lets {who} in",
                one.evidence.span,
                "not of the organization",
                subject=resource.address,
            )
    if open_:
        raise Undecided(Reason("policy-not-known", f"whom `{resource.address}` lets in is not known: {open_}"))
