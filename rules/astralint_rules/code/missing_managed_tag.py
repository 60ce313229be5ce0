"""AL413."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Unknown, Violation, Workspace, rule, undecided
from astralint.rules.api.code import ProviderContext


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`tags`: what every resource carries."""

    tags: tuple[str, ...] = ("ManagedBy", "Workspace")


@rule(
    "AL413",
    "missing-managed-tag",
    severity="note",
    each="workspace",
    tags=("code",),
    options=Options,
    profiles="astradot",
)
def check(workspace: Workspace, platform: Platform, options: Options) -> Iterator[Violation]:
    """Every resource says which workspace manages it.

    ## Why

    An inventory of what exists can tell what no code manages only if what code manages says so.

    ## Bad

    ```hcl
    provider "aws" {
      region = "us-east-1"
    }
    ```

    ## Good

    ```hcl
    provider "aws" {
      region = "us-east-1"

      default_tags {
        tags = { ManagedBy = "terraform", Workspace = "production" }
      }
    }
    ```

    ## Exceptions

    Provider configurations that make nothing. The option `tags` names other tags.
    """
    used = {resource.instance.provider.address for resource in workspace.resources if resource.instance.provider}
    for provider in workspace.result.providers:
        if provider.type != "aws" or provider.span is None or provider.address not in used:
            continue
        missing = [tag for tag in options.tags if tag not in _tags(provider)]
        if missing:
            yield workspace.violation(
                f"what `{workspace}` makes does not carry the tag{'s' * (len(missing) > 1)} {', '.join(missing)}",
                workspace.provider_span(provider),
                "no `default_tags` with them",
                subject=provider.address,
            )


def _tags(provider: ProviderContext) -> set[str]:
    """Return the tags that a provider configuration adds; raises Undecided where they are not known."""
    raw = provider.values.raw
    blocks = raw.get("default_tags") if isinstance(raw, dict) else None
    found: set[str] = set()
    for block in blocks.raw if blocks is not None and isinstance(blocks.raw, tuple) else ():
        tags = block.raw.get("tags") if isinstance(block.raw, dict) else None
        if tags is not None and isinstance(tags.raw, Unknown):
            raise undecided(tags.raw)
        found.update(tags.raw if tags is not None and isinstance(tags.raw, dict) else ())
    return found
