"""AL119."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Identity, Trust
from astralint_rules.identity.subjects import at_trust

EQUAL = frozenset({"StringEquals", "StringEqualsIgnoreCase"})
NAMES = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:userid",
    }
    | {"aws:sourceorgid", "sts:externalid"}
)
CLAIMS = (":sub", ":aud", ":azp", ":repository", ":repository_owner", ":job_workflow_ref", ":environment", ":ref")


def roles(platform: Platform) -> Iterator[Identity]:
    """Yield every role with a trust policy."""
    return iter(platform.trust.roles)


@rule("AL119", "unassumable-role", severity="error", each=roles, tags=("identity", "trust"))
def check(role: Identity, platform: Platform) -> Iterator[Violation]:
    """Somebody can assume each role, and each principal of a trust can match.

    ## Why

    A trust policy that lets nobody in is a mistake: a web identity that is offered a
    plain `sts:AssumeRole`, a wildcard within a principal, the id of a role that was
    deleted. Whoever finds out repairs it in a hurry, and mostly by opening it too far.

    ## Bad

    ```hcl
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
    ```

    ## Good

    ```hcl
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
    ```

    A wildcard belongs in a condition, `ArnLike` on `aws:PrincipalArn`.

    ## Exceptions

    A principal that can't match beside others that can is a warning, as is a condition that
    takes a wildcard for a plain character (`StringEquals` of `repo:acme/api:*`). A role whose
    principals lack the permission is not this rule's matter.
    """
    assert role.trust is not None
    assert role.resource.exists
    policy = role.trust.policy
    negated = next((s.principal for s in policy.statements if s.principal is not None and s.principal.negated), None)
    if negated is not None:
        path = negated.entries[0].path if negated.entries else policy.statements[0].path
        message = f"the trust policy of {role.title} has a `NotPrincipal`, which AWS refuses"
        yield _violation(role, message, role.trust.evidence("not allowed in a trust policy", path))
        return
    if any(
        s.unknown or s.effect is None or (s.principal is not None and s.principal.unknown) for s in policy.statements
    ):
        raise Undecided(Reason("policy-not-known", f"whom `{role}` trusts is not known in full"))
    named = platform.trust.trusts_of(role)
    dead = [(trust, why) for trust in named if (why := _dead(platform, trust))]
    if not named:
        message = f"nobody can assume the role {role.title}: its trust policy allows nothing"
        yield _violation(role, message, role.resource.evidence("trusts nobody", "assume_role_policy"))
    elif len(dead) == len(named):
        trust, why = dead[0]
        others = tuple(Evidence(t.evidence.span, f"neither: {reason}", t.evidence.workspace) for t, reason in dead[1:])
        message = f"nobody can assume the role {role.title}: {why}"
        yield at_trust(trust, message, "lets nobody in", evidence=others)
    else:
        for trust, why in dead:
            if trust.principal.never_matches or _unfulfillable(trust):
                message = f"the role {role.title} trusts `{trust.principal.entry.text}` in vain: {why}"
                yield at_trust(trust, message, "lets nobody in", severity="warning")


def _dead(platform: Platform, trust: Trust) -> str:
    """Return why a principal that is named can't assume the role, "" where it can or where that is open."""
    if trust.principal.never_matches:
        return trust.principal.never_matches
    literal = _unfulfillable(trust)
    if literal:
        return literal
    decision = platform.trust.decision_of(trust)
    if decision.trust is False or decision.refused is True:
        return decision.explanation.partition(": ")[2] or decision.explanation
    return ""


def _unfulfillable(trust: Trust) -> str:
    """Return which condition of the statement never holds: one that takes a wildcard for what it is not."""
    for condition in trust.principal.statement.conditions:
        key = (known(condition.key) or "").lower()
        is_plain = condition.operator in EQUAL and not condition.if_exists and condition.quantifier != "ForAllValues"
        if not is_plain or condition.unknown or not condition.values or not _is_name(key):
            continue
        values = [known(value.text) for value in condition.values]
        if all(value is not None and "*" in value.replace("${*}", "") for value in values):
            return f"`{condition.operator}` takes the `*` of `{values[0]}` for a plain character, which no {key} holds"
    return ""


def _is_name(key: str) -> bool:
    """Say whether no value of a condition key ever holds a star: ids, ARNs, and the claims of tokens that name somebody."""
    return key in NAMES or key.endswith(CLAIMS)


def _violation(role: Identity, message: str, place: Evidence) -> Violation:
    return role.resource.workspace.violation(message, place.span, place.text, subject=role.resource.address)
