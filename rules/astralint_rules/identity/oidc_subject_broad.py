"""AL117."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Condition, Trust, demands
from astralint_rules.identity.federation import Issuer, Shape, claim, issuer_of, known_issuer, takes_tokens
from astralint_rules.identity.subjects import at_trust, requires, trusts

ANY = Issuer("", "the identity provider", "every subject")


@rule("AL117", "oidc-subject-broad", severity="error", each=trusts, tags=("identity", "trust"), security_severity="9.0")
def check(trust: Trust, platform: Platform) -> Iterator[Violation]:
    """A trust in an OpenID Connect provider names whose tokens it takes.

    ## Why

    GitHub, HCP Terraform and their like sign tokens for all their customers. The
    subject alone tells them apart: a role that takes `repo:astradot*` also takes the
    tokens of an organization called `astradot-evil`, which anybody can found.

    ## Bad

    ```hcl
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:astradot*"]
    }
    ```

    ## Good

    ```hcl
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:astradot/api:ref:refs/heads/main", "repo:astradot@1001/api@2002:ref:refs/heads/main"]
    }
    ```

    ## Exceptions

    Other claims that tie a token to somebody count as well: `repository_id`,
    `repository_owner_id`, `job_workflow_ref`. A subject that any repository, workspace or
    pipeline of one organization has is a warning, as is no subject with a provider that is
    not well known: it may be our own.
    """
    issuer = issuer_of(trust)
    statement = trust.principal.statement
    if issuer is None or not takes_tokens(statement):
        return
    told = known_issuer(issuer) or ANY
    shapes: list[Shape] = []
    unknown = ""
    for condition in demands(trust):
        name = claim(condition, issuer)
        is_open = bool(condition.unknown) or not condition.operator or known(condition.key) is None
        if is_open and (name is None or name in ("sub", *told.claims)):
            unknown = unknown or "; ".join(condition.unknown) or f"which key `{condition.key}` is"
        elif name in ("sub", *told.claims) and requires(condition, always=True):
            found = broadest(told, condition) if name == "sub" else None
            if found is None:
                return
            if isinstance(found, Shape):
                shapes.append(found)
            else:
                unknown = unknown or found
    if not shapes and known(issuer) is None:
        unknown = unknown or "which provider it is"
    if unknown:
        what = f"which subjects of `{issuer}` the role `{trust.role}` takes is not known: {unknown}"
        raise Undecided(Reason("policy-not-known", what))
    if not shapes and not told.open:
        return
    nobody = Shape("", "warning" if told is ANY else "error", told.open)
    shape = min(shapes, key=lambda shape: shape.severity == "error", default=nobody)
    provider = f"`{issuer}`" if told is ANY else told.name
    yield at_trust(
        trust,
        f"the role {trust.role.title} takes tokens of {provider} for {shape.admits}",
        f"admits {shape.admits}",
        help=f"require a value of `{issuer}:sub` whose owner is written out, without a wildcard",
        severity="warning" if shape.severity == "warning" else None,
    )


def broadest(told: Issuer, condition: Condition) -> Shape | str | None:
    """Return how a condition on the subject is too broad; None where it is not, text where that is not known."""
    shapes: list[Shape] = []
    for value in condition.values:
        text = known(value.text)
        if text is None:
            return f"what `{value.text}` is"
        if condition.operator != "StringLike" and "*" in text:
            continue  # No subject holds a star: nobody gets in, and AL119 says so.
        shape = told.breadth(text)
        if shape is not None:
            shapes.append(shape)
    return max(shapes, key=lambda shape: shape.severity == "error", default=None)
