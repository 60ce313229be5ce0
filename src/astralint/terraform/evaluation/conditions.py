"""Conditions that must hold: `precondition` and `postcondition` of resources, data sources and outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.hcl.syntax import Call, Node
from astralint.source.diagnostic import Label
from astralint.terraform.configuration.module import NamedDeclaration
from astralint.terraform.evaluation.resources import ResourceEvaluation
from astralint.terraform.evaluation.scope import ModuleScope

if TYPE_CHECKING:
    from astralint.terraform.configuration.body import NestedBody
    from astralint.terraform.evaluation.instance import ModuleInstance


def check_resource(resource: ResourceEvaluation) -> None:
    """Report each condition of a resource that is known to be false for an instance that exists."""
    lifecycle = resource.declaration.body.block_of("lifecycle")
    if lifecycle is None or resource.instance.uncertain or resource.expansion.uncertain:
        return
    conditions = [
        (kind, block) for kind in ("precondition", "postcondition") for block in lifecycle.body.blocks_of(kind)
    ]
    if not conditions:
        return
    for key, repetition in resource.expansion.instances.items():
        for kind, block in conditions:
            own = resource.value(key) if kind == "postcondition" else None
            _check(
                resource.instance,
                ModuleScope(resource.instance, repetition, own),
                kind,
                block,
                resource.address_of(key),
            )


def check_output(instance: ModuleInstance, declaration: NamedDeclaration) -> None:
    """Report each precondition of an output that is known to be false."""
    if not instance.uncertain:
        for block in declaration.body.blocks_of("precondition"):
            _check(instance, instance.scope, "precondition", block, f"{instance.address}output.{declaration.name}")


def _check(instance: ModuleInstance, scope: ModuleScope, kind: str, block: NestedBody, address: str) -> None:
    context = instance.context
    condition = block.body.arguments.get("condition")
    if condition is None:
        return
    value = context.evaluate(condition, scope)
    if value.raw is not False or _asks_for_files(condition.expression):
        return
    argument = block.body.arguments.get("error_message")
    message = context.evaluate(argument, scope) if argument is not None else None
    is_shown = message is not None and isinstance(message.raw, str) and not message.is_sensitive
    said = f": {message.raw}" if message is not None and is_shown else ""
    labels = (Label(condition.span, "this condition is false"),)
    context.problem("condition-failed", f"a {kind} of `{address}` does not hold{said}", block.header, labels=labels)


def _asks_for_files(expression: object) -> bool:
    """Say whether an expression asks which files there are: what a build makes is not in a fresh checkout."""
    pending = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        elif isinstance(node, Node):
            if isinstance(node, Call) and node.name.rpartition("::")[2] in ("fileexists", "fileset"):
                return True
            pending.extend(getattr(node, name) for name in node.__struct_fields__)
    return False
