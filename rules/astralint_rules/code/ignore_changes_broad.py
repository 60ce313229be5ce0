"""AL406."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.code import syntax

MASKING = frozenset(
    {
        "policy",
        "assume_role_policy",
        "ingress",
        "egress",
        "records",
        "tags",
        "tags_all",
        "inline_policy",
        "managed_policy_arns",
    }
)

ONLY_AT_FIRST = frozenset({"enable_default_standards"})
"""What counts only when the resource is made: nobody can change it by hand."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: attribute names that may be ignored all the same."""

    allowed: tuple[str, ...] = ()


def blocks(platform: Platform) -> Iterator[Resource]:
    """Yield one instance of each resource block, one that exists for sure where there is one."""
    seen: set[tuple[str, int]] = set()
    for resource in sorted(platform.resources("*"), key=lambda r: bool(r.instance.uncertain)):
        key = (resource.header.file, resource.instance.block)
        if key not in seen:
            seen.add(key)
            yield resource


@rule("AL406", "ignore-changes-broad", severity="warning", each=blocks, tags=("code",), options=Options)
def check(resource: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """Changes made by hand are not ignored.

    ## Why

    What stands in `ignore_changes` is not managed by code any more: a principal added
    to a trust policy in the console, or a port opened by hand, stays unseen for ever.

    ## Bad

    ```hcl
    lifecycle {
      ignore_changes = [assume_role_policy]
    }
    ```

    ## Good

    ```hcl
    lifecycle {
      ignore_changes = [desired_count] # the autoscaler's
    }
    ```

    ## Exceptions

    Attributes that something else manages on purpose (desired counts, task definitions,
    secret values) are not reported, nor single tags (`tags["LastScan"]`).
    `ignore_changes = all` is an error. The option
    `allowed` lets further attributes through.
    """
    attribute = _ignored(resource)
    if attribute is None:
        return
    names = _names(attribute.expression)
    span = ("lifecycle", 0, "ignore_changes")
    if names == ["all"]:
        yield _finding(resource, "all changes made by hand", span, error=True)
        return
    masked = [name for name in names if _masks(name) and name not in options.allowed]
    if masked:
        yield _finding(resource, " and ".join(f"changes of `{name}`" for name in masked), span, error=False)


def _masks(name: str) -> bool:
    return name in MASKING or (name.startswith("enable") and name not in ONLY_AT_FIRST)


def _finding(resource: Resource, what: str, at: tuple[str | int, ...], *, error: bool) -> Violation:
    return resource.finding(
        f"`{resource.type}.{resource.name}` ignores {what}",
        at=at,
        label="stays unseen when it is changed by hand",
        severity="error" if error else None,
    )


def _ignored(resource: Resource) -> syntax.Attribute | None:
    block = resource.block
    for lifecycle in block.body.blocks if block is not None else ():
        if lifecycle.type == "lifecycle":
            return next((a for a in lifecycle.body.attributes if a.name == "ignore_changes"), None)
    return None


def _names(expression: syntax.Expression) -> list[str]:
    if isinstance(expression, syntax.TupleExpression):
        return [name for item in expression.items for name in _names(item)]
    if isinstance(expression, syntax.Index) and isinstance(expression.target, syntax.Variable):
        return [] if expression.target.name in ("tags", "tags_all") else [expression.target.name]
    while isinstance(expression, syntax.GetAttr | syntax.Index):
        expression = expression.target
    if isinstance(expression, syntax.Variable):
        return [expression.name]
    return [expression.value] if isinstance(expression, syntax.Literal) and isinstance(expression.value, str) else []
