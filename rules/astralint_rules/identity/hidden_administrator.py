"""AL132."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.escalation import Standing
from astralint.rules.api.text import known
from astralint.rules.api.trust import Identity
from astralint_rules.identity.climbs import at_statement, cause_of, require_written

_ALL_OF_IAM = frozenset({"*", "*:*", "iam:*"})


def hidden(platform: Platform) -> Iterator[Identity]:
    """Yield whoever can make itself an administrator of its account, and is none by a policy that says so."""
    for node, standing in sorted(platform.escalations.standing.items()):
        identity = platform.trust.by_node.get(node)
        if identity is not None and standing.by != "rights" and identity.kind != "group" and not _says_so(identity):
            yield identity


def _says_so(identity: Identity) -> bool:
    """Say whether a policy allows all of IAM on everything: whoever reads it knows."""
    return any(
        statement.effect == "Allow"
        and statement.action is not None
        and statement.resource is not None
        and not statement.action.negated
        and any(known(entry.text) in _ALL_OF_IAM for entry in statement.action.entries)
        and any(known(entry.text) == "*" for entry in statement.resource.entries)
        for attached in identity.policies
        for statement in attached.policy.statements
    )


@rule(
    "AL132",
    "hidden-administrator",
    severity="warning",
    each=hidden,
    tags=("identity", "trust"),
    security_severity="8.1",
)
def check(identity: Identity, platform: Platform) -> Iterator[Violation]:
    """Who can make itself an administrator is meant to be one.

    ## Why

    A role that may attach policies to itself, or hand an administrator's role to a function
    of its own, is an administrator, whatever else its policies leave out. Nobody who reads
    them sees that, and no list of administrators has it.

    ## Bad

    ```hcl
    resource "aws_iam_role_policy" "deploy" {
      role = aws_iam_role.deploy.name
      policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = ["iam:AttachRolePolicy"], Resource = "*" }]
      })
    }
    ```

    ## Good

    The resource of the statement names the roles that it is about, none of them its own or
    an administrator's; or a condition on `iam:PermissionsBoundary` asks for a boundary that
    holds.

    ## Exceptions

    Who may do anything, or all of IAM, on everything by a policy that says so is not
    reported: everybody sees it. A role that is meant to administer is declared with `except` in the configuration, with a reason.
    """
    standing: Standing = platform.escalations.standing[identity.node]
    cause = cause_of(standing.proofs)
    if cause is None:
        return
    assert identity.resource.exists
    require_written(standing.conditions)
    if standing.verdict != "allowed" and not standing.conditions:
        raise Undecided(Reason("policy-not-known", f"what {identity.title} may do is not known whole"))
    other = platform.trust.by_node.get(standing.through)
    by = f" by way of {other.title}" if other is not None else ""
    condition = f", if {' and '.join(standing.conditions)}" if standing.conditions else ""
    yield at_statement(
        identity,
        cause,
        f"{identity.title} can make itself an administrator of its account{by}{condition}",
        cause.text,
        identity.resource.address,
        (proof.evidence for proof in standing.proofs),
        help="name in the statement what it is about, or declare that it administers the account",
        severity="note" if standing.conditions or standing.verdict != "allowed" else None,
    )
