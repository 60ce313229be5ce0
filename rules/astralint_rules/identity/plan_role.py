"""AL019."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.aws import catalogue
from astralint.rules.api.text import known
from astralint.rules.api.trust import Condition, Identity, Trust
from astralint_rules.identity.federation import claim, issuer_of, known_issuer, takes_tokens
from astralint_rules.identity.subjects import trusts

ANY_BRANCH = "some-branch"
SHAPES = {
    "GitHub Actions": (re.compile(r"repo:[^:]+:(?P<rest>.+)"), ("pull_request", f"ref:refs/heads/{ANY_BRANCH}")),
    "GitLab": (re.compile(r"project_path:[^:]+:(?P<rest>.+)"), (f"ref_type:branch:ref:{ANY_BRANCH}",)),
    "HCP Terraform": (re.compile(r".*:run_phase:(?P<rest>.+)"), ("plan",)),
}
"""What a subject says after whose it is, and what that is for a change that nobody has merged."""
STRONG = frozenset({"Write", "Permissions management", "Tagging"})
LOCKS = ("s3:PutObject", "s3:DeleteObject", "dynamodb:*Item", "kms:*", "sts:*", "logs:*")
"""What a plan needs to write: the lock of its state, and the key that this is encrypted with."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`writes`: further actions, as patterns, that a plan may need."""

    writes: tuple[str, ...] = ()


@rule(
    "AL019",
    "plan-role",
    severity="error",
    each=trusts,
    profiles=("astradot", "landing-zone", "aws-sra"),
    tags=("workspaces", "trust"),
    options=Options,
    security_severity="8.0",
)
def check(trust: Trust, platform: Platform, options: Options) -> Iterator[Violation]:
    """What has not been merged plans with a role that reads; only the default branch reaches one that writes.

    ## Why

    Whoever may open a pull request may run code as the role that takes its tokens. If that can write, the review comes
    too late.

    ## Bad

    ```hcl
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:astradot/production:*"] # of a role with AdministratorAccess
    }
    ```

    ## Good

    ```hcl
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:astradot/production:ref:refs/heads/main"]
    }
    ```

    and a second role with ReadOnlyAccess for `pull_request`.

    ## Exceptions

    The lock of a state may be written. What a role may do by becoming another one is not looked at here. Subjects of more than
    one repository or workspace are AL117's, one role for both phases of a run is AL124's.

    ## Options

    `writes` are further actions that a plan may need.
    """
    issuer = issuer_of(trust)
    told = known_issuer(issuer) if issuer is not None else None
    if issuer is None or told is None or told.name not in SHAPES or not takes_tokens(trust.principal.statement):
        return
    conditions = [one for one in trust.principal.statement.conditions if claim(one, issuer) == "sub"]
    found = next((hit for one in conditions for hit in _unmerged(one, told.name)), None)
    if found is None or trust.role.trust is None:
        return
    subject, path = found
    action = _writes(trust.role, options)
    if action and trust.role.resource.exists:
        yield trust.role.resource.workspace.violation(
            f"a change that nobody has merged runs as {trust.role.title}, which may do `{action}`",
            trust.role.trust.evidence("", path).span,
            f"`{subject}` takes what is not merged",
            subject=f"{trust.role.resource.address}: {subject}",
        )


def _unmerged(condition: Condition, issuer: str) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield the subjects of a condition that are those of changes that nobody has merged."""
    pattern, unmerged = SHAPES[issuer]
    for value in condition.values:
        told = known(value.text)
        found = pattern.fullmatch(told) if told is not None else None
        # `run_phase:*` is one role for both, which is said of it already.
        if told is None or found is None or (issuer == "HCP Terraform" and "*" in found["rest"]):
            continue
        rest = found["rest"] if condition.operator == "StringLike" else re.sub(r"[*?\[]", "_", found["rest"])
        if any(fnmatchcase(one, rest) for one in unmerged):
            yield told, value.path


def _writes(role: Identity, options: Options) -> str:
    """Return what a role may change by its own policies, "" for nothing; raises Undecided where that is not known."""
    open_ = ""
    for attached in role.policies:
        for statement in attached.policy.statements:
            if statement.unknown or (statement.effect == "Allow" and statement.action is None):
                open_ = open_ or next(iter(statement.unknown), "an action is not known")
            elif statement.effect == "Allow" and statement.action is not None:
                if statement.action.negated:
                    return "all but a list of actions"
                told = [known(entry.text) for entry in statement.action.entries]
                strong = next((one for one in told if one is not None and _changes(one, options)), "")
                if strong:
                    return strong
    if open_:
        raise Undecided(Reason("policy-not-known", f"what the role `{role}` may do is not known: {open_}"))
    return ""


def _changes(pattern: str, options: Options) -> bool:
    """Say whether a pattern of actions covers one that changes something, locks of states apart."""
    if any(fnmatchcase(pattern.lower(), lock.lower()) for lock in (*LOCKS, *options.writes)):
        return False
    return any(action.level in STRONG for action in catalogue().matching(pattern))
