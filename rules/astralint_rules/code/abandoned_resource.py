"""AL407."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Resource, Violation, Workspace, rule
from astralint.rules.api.code import SourceFile, syntax
from astralint_rules.code.written import address, argument, blocks, type_of

Removed = tuple[Workspace, SourceFile, syntax.Block]
LEAVING = {"skip_destroy": True, "close_on_deletion": False}
"""Arguments that leave the thing where it is when its code goes, and the value that does so."""

VERSIONS = frozenset(
    {
        "aws_ecs_task_definition",
        "aws_lambda_function",
        "aws_lambda_layer_version",
        "aws_imagebuilder_image",
        "aws_batch_job_definition",
        "aws_bedrockagent_agent_action_group",
        "aws_appsync_source_api_association",
    }
)
"""Of these each version stays on purpose: something may still run it."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: resource types that may be left behind."""

    allowed: tuple[str, ...] = ()


def leaving(platform: Platform) -> Iterator[Removed | Resource]:
    """Yield the `removed` blocks, and the resources whose code may leave them."""
    yield from blocks(platform, "removed")
    for resource in platform.resources("*"):
        raw = resource.instance.values.raw
        if isinstance(raw, dict) and not LEAVING.keys().isdisjoint(raw):
            yield resource


@rule("AL407", "abandoned-resource", severity="warning", each=leaving, tags=("code",), options=Options)
def check(subject: Removed | Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """What code no longer manages is destroyed, or managed by other code.

    ## Why

    A resource that is taken out of the state but left in AWS goes on costing money and
    letting people in, and no plan will ever show it again.

    ## Bad

    ```hcl
    removed {
      from = aws_s3_bucket.exports

      lifecycle {
        destroy = false
      }
    }
    ```

    ## Good

    The workspace that takes it over imports it:

    ```hcl
    import {
      to = aws_s3_bucket.exports
      id = "astradot-exports"
    }
    ```

    ## Exceptions

    A `removed` block where another workspace imports something of that type: it has moved.
    Old versions of task definitions, functions and layers stay on purpose. What other providers make
    (a `time_sleep`, a `null_resource`) leaves nothing in AWS. The option `allowed` lists further types.
    """
    if isinstance(subject, Resource):
        yield from _of_resource(subject, options)
        return
    workspace, source, block = subject
    lifecycle = next((inner for inner in block.body.blocks if inner.type == "lifecycle"), None)
    destroy = argument(lifecycle.body, "destroy") if lifecycle is not None else None
    if not isinstance(destroy, syntax.Literal) or destroy.value is not False:
        return
    gone = address(argument(block.body, "from"))
    is_of_aws = type_of(gone).partition("_")[0] in ("aws", "awscc", "module")
    if not is_of_aws or type_of(gone) in options.allowed or _is_taken_over(gone, workspace, platform):
        return
    yield workspace.violation(
        f"`{gone}` is taken out of the state of `{workspace}`, stays in AWS, and no other workspace imports it",
        source.span_of(destroy),
        "left behind",
        subject=f"removed {gone}",
        help="import it where it is managed now, or let it be destroyed",
    )


def _is_taken_over(gone: str, workspace: Workspace, platform: Platform) -> bool:
    """Say whether other code imports something of the type; of a whole module, anything."""
    for _, source, block in blocks(platform, "import"):
        other = address(argument(block.body, "to"))
        is_same = type_of(gone) in ("module", type_of(other))
        if is_same and (source.path not in workspace.result.files or other != gone):
            return True
    return False


def _of_resource(resource: Resource, options: Options) -> Iterator[Violation]:
    if resource.type in VERSIONS or resource.type in options.allowed:
        return
    for name, leaves in LEAVING.items():
        if name in resource.arguments and resource[name] is leaves:
            yield resource.finding(
                f"`{resource.address}` stays in AWS when its code goes",
                at=(name,),
                label="nobody manages it then",
                help=f"remove `{name}`, so that what has no code is destroyed",
            )
