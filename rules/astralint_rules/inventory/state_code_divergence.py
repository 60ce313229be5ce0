"""AL409."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Severity, Undecided, Violation, rule
from astralint.rules.api.inventory import Divergence


@rule("AL409", "state-code-divergence", severity="error", each=lambda platform: platform.divergences, tags=("state",))
def check(found: Divergence, platform: Platform) -> Iterator[Violation]:
    """What a workspace's state has, its code has, and nobody changes it in between.

    Needs states (`--state`, or `state` blocks in the configuration); with an inventory of
    all of a type, what is gone is seen too.

    ## Why

    What is in the state and in no code is destroyed by the next apply, by surprise. What a
    plan finds changed was changed by hand, and the next apply takes it back; so is what an
    inventory has no more, though the state has it. What the code
    has and the state has not was never applied: that is a note, since every new resource
    begins so.

    ## Bad

    ```hcl
    # The state still has aws_sqs_queue.orders; the block was deleted, but never applied.
    ```

    ## Good

    ```hcl
    removed {
      from = aws_sqs_queue.orders

      lifecycle {
        destroy = false
      }
    }
    ```

    ## Exceptions

    `moved` blocks are followed, `removed` and `import` blocks are heeded. Where the code
    could not be read whole, or `count` and `for_each` are not known, it is undecided.
    """
    workspace, address = found.workspace, found.address
    if found.open is not None:
        raise Undecided(found.open)
    if found.resource is not None:
        place = found.resource.evidence("")
    else:
        place = Evidence(workspace.anchor, "the workspace whose state has it", workspace.name)
    title = f"the state of `{workspace.name}`"
    changed = ", ".join(f"`{name}`" for name in found.attributes[:5])
    said: dict[str, tuple[str, Severity | None, str]] = {
        "not-in-code": (
            f"{title} has `{address}`, but its code does not",
            None,
            "the next apply destroys it: write it, say `moved` or `removed`, or apply",
        ),
        "not-in-state": (f"`{address}` is not in {title}", "note", "apply it, or import what is there already"),
        "changed": (
            f"`{address}` was changed outside of Terraform" + (f": {changed}" if changed else ""),
            None,
            "the next apply takes the change back: write it down, or leave it to that",
        ),
        "gone": (
            f"`{address}` is in {title}, but exists no more",
            None,
            "the next apply makes it anew: apply, or delete the block",
        ),
        "deleted": (f"`{address}` was deleted outside of Terraform", None, "the next apply makes it anew"),
    }
    message, severity, help_ = said[found.kind]
    account = workspace.account_or_none
    yield Violation(
        message,
        place,
        subject=address,
        workspace=workspace.name,
        account=account.name if account else "",
        help=help_,
        severity=severity,
        apart=found.resource is None,
    )
