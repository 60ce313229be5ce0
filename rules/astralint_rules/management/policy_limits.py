"""AL712."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.text import PartialText

CONTROL = {"SERVICE_CONTROL_POLICY": "service", "RESOURCE_CONTROL_POLICY": "resource"}


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`attached`: how many policies of a kind a target takes; `size`: how many characters one has."""

    attached: int = 5
    size: int = 5120


class Target(NamedTuple):
    """What is attached to a root, a unit or an account, of one kind of control policy."""

    name: str
    kind: str
    attachments: tuple[tuple[Resource, Resource], ...]

    def __str__(self) -> str:
        return f"{self.kind} control policies of {self.name}"


def subjects(platform: Platform) -> Iterator[Target | Resource]:
    """Yield every control policy, and every target that has some."""
    found: dict[tuple[str, str], list[tuple[Resource, Resource]]] = {}
    for policy, attachment, target in platform.trust.guardrails.attachments:
        kind = CONTROL.get(str(policy.text("type") or "SERVICE_CONTROL_POLICY"))
        if kind is not None and target:
            found.setdefault((target, kind), []).append((attachment, policy))
    yield from (Target(name, kind, tuple(some)) for (name, kind), some in found.items())
    for policy in platform.resources("aws_organizations_policy"):
        if (policy.text("type") or "SERVICE_CONTROL_POLICY") in CONTROL:
            yield policy


@rule(
    "AL712",
    "policy-limits",
    severity="error",
    each=subjects,
    profiles=("landing-zone", "aws-sra"),
    tags=("management", "organization"),
    options=Options,
)
def check(subject: Target | Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """No target has more control policies than AWS takes, and none is longer than it may be.

    ## Why

    The plan shows nothing of it: the sixth policy, and one that a template made too long, fail at apply, in
    the one account that nobody wants to have half applied.

    ## Bad

    Six policies for six purposes, each attached to the root.

    ## Good

    ```hcl
    resource "aws_organizations_policy" "guardrails" {
      name    = "guardrails"
      content = data.aws_iam_policy_document.guardrails.minified_json
    }
    ```

    ## Exceptions

    `FullAWSAccess`, which AWS attaches itself and which counts too, is not counted: it may have been detached.

    ## Options

    `attached` and `size`, where AWS has raised the limits.
    """
    if isinstance(subject, Target):
        policies = {id(policy): attachment for attachment, policy in subject.attachments if attachment.exists}
        if len(policies) > options.attached:
            first, *others = policies.values()
            yield others[-1].finding(
                f"{len(policies)} {subject.kind} control policies are attached to {_shown(subject.name)}: "
                f"AWS takes {options.attached}",
                at=("target_id",),
                label="one too many",
                evidence=tuple(one.evidence("another one", "target_id") for one in (first, *others[:-1])),
            )
        return
    content = subject.text("content")
    known = content if isinstance(content, str) else ""
    if isinstance(content, PartialText):
        # What is known of it is its least length.
        known = "".join(part for part in content.parts if isinstance(part, str))
    if len(known) > options.size:
        yield subject.finding(
            f"the control policy `{subject.address}` has {len(known):,} characters: AWS takes {options.size:,}",
            at=("content",),
            label="too long",
            help="white space counts: `minified_json` and `jsonencode` have none",
        )
    elif content is not None and not isinstance(content, str):
        _ = subject["content"]


def _shown(target: str) -> str:
    kind, _, name = target.partition(":")
    return f"`{name}`" if name else f"the {kind}"
