"""AL133."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Resource, Violation, Workspace, rule
from astralint.rules.api.text import text_of
from astralint_rules.identity.climbs import is_above, require_written


class State(msgspec.Struct, frozen=True, eq=False):
    """The state of a workspace in a bucket that a workspace makes."""

    workspace: Workspace
    bucket: Resource
    arn: str

    def __str__(self) -> str:
        return f"the state of {self.workspace}"


def states(platform: Platform) -> Iterator[State]:
    """Yield the states that lie in buckets whose policies let somebody in."""
    open_buckets = {access.node for access in platform.trust.accesses if access.resource.type == "aws_s3_bucket"}
    if not open_buckets:
        return
    buckets = {bucket.text("bucket"): bucket for bucket in platform.resources("aws_s3_bucket")}
    for workspace in platform.workspaces.values():
        state = workspace.result.state
        if state.backend != "s3" or workspace.account_or_none is None:
            continue
        name, key = (text_of(state.config[given]) if given in state.config else None for given in ("bucket", "key"))
        bucket = buckets.get(name) if name is not None else None
        if bucket is None or not isinstance(name, str) or not isinstance(key, str):
            continue
        if f"resource:{bucket.workspace.name}/{bucket.address}" in open_buckets:
            yield State(workspace, bucket, f"arn:aws:s3:::{name}/{key}")


@rule(
    "AL133",
    "state-readable-below",
    severity="error",
    each=states,
    tags=("identity", "workspaces"),
    security_severity="7.5",
    by_kind=True,
)
def check(state: State, platform: Platform) -> Iterator[Violation]:
    """Nobody of an account reads the state of one above it.

    ## Why

    A state holds what Terraform made in plain text: passwords, keys, certificates, and how
    everything is called. Whoever reads the state of production need not break into it.

    ## Bad

    ```hcl
    # The policy of the bucket with all states
    statement {
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.states.arn}/*"]
      principals {
        type        = "AWS"
        identifiers = ["210000000009"] # sandbox
      }
    }
    ```

    ## Good

    Each account reads below a prefix of its own: `${aws_s3_bucket.states.arn}/sandbox/*`.

    ## Exceptions

    From the lowest to the highest: sandbox, staging, production, and the accounts that all
    depend on. Judged are states in buckets that a workspace makes, by whom both sides let in.
    """
    found = platform.who_can("s3:GetObject", state.arn)
    above = state.workspace.account
    readers = [permit for permit in found.permits if is_above(above, permit.account) and permit.evidence]
    if not readers:
        return
    first = min(readers, key=lambda permit: (permit.verdict, permit.name))
    more = f" and {len(readers) - 1} more" if len(readers) > 1 else ""
    conditions = first.conditions if first.verdict != "allowed" else ()
    require_written(conditions)
    condition = f", if {' and '.join(conditions)}" if conditions else ""
    policy = [item for item in first.evidence if item.workspace == state.bucket.workspace.name]
    place = (policy or list(first.evidence))[0]
    yield state.bucket.workspace.violation(
        f"{first.name}{more} can read the state of `{state.workspace}`{condition}",
        place.span,
        place.text,
        subject=f"{state.bucket.address}: {state.workspace}",
        evidence=tuple(item for permit in readers[:3] for item in permit.evidence if item != place),
        severity="warning" if conditions else None,
    )
