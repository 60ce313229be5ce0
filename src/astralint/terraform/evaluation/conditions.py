"""Conditions that must hold: those of resources, data sources and outputs, and the `validation` of variables."""

from __future__ import annotations

from astralint.hcl.syntax import Call, Node
from astralint.source.diagnostic import Label
from astralint.terraform.configuration.body import Argument, NestedBody
from astralint.terraform.configuration.module import NamedDeclaration
from astralint.terraform.evaluation.context import EvaluationContext
from astralint.terraform.evaluation.instance import ModuleInstance
from astralint.terraform.evaluation.resources import ResourceEvaluation
from astralint.terraform.evaluation.scope import ModuleScope
from astralint.terraform.expressions.scope import Scope
from astralint.terraform.values.convert import convert
from astralint.terraform.values.types import BOOL
from astralint.terraform.values.value import EvaluationError, Value, unknown


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
                resource.instance.context,
                ModuleScope(resource.instance, repetition, own),
                kind,
                block,
                resource.address_of(key),
            )


def check_output(instance: ModuleInstance, declaration: NamedDeclaration) -> None:
    """Report each precondition of an output that is known to be false."""
    if not instance.uncertain:
        for block in declaration.body.blocks_of("precondition"):
            _check(
                instance.context, instance.scope, "precondition", block, f"{instance.address}output.{declaration.name}"
            )


def check_variable(instance: ModuleInstance, declaration: NamedDeclaration) -> None:
    """Report each `validation` whose condition is known to be false."""
    context = instance.context
    for block in declaration.body.blocks_of("validation"):
        condition = block.body.arguments.get("condition")
        if condition is None or _outcome(context, condition, instance.scope).raw is not False:
            continue
        argument = block.body.arguments.get("error_message")
        text = context.evaluate(argument, instance.scope).raw if argument is not None else None
        value = instance.variable(declaration.name)
        given = next(iter(value.origins), None) if value is not None else None
        said = f": {text}" if isinstance(text, str) and text and not (value and value.is_sensitive) else ""
        context.refuse(
            "invalid-variable-value",
            f"the value of variable `{declaration.name}` is not valid{said}",
            condition,
            instance.scope,
            given.span if given is not None and given.span is not None else declaration.header,
            labels=(Label(condition.span, "this condition is false"),),
        )


def _outcome(context: EvaluationContext, condition: Argument, scope: Scope) -> Value:
    """Return what a condition gives as a bool; reports what is none."""
    value = context.evaluate(condition, scope)
    try:
        return convert(value, BOOL)
    except EvaluationError as error:
        message = f"a condition is true or false: {error.message}"
        reason = context.refuse("invalid-condition", message, condition, scope)
        return unknown(reason, BOOL)


def _check(context: EvaluationContext, scope: ModuleScope, kind: str, block: NestedBody, address: str) -> None:
    condition = block.body.arguments.get("condition")
    if condition is None:
        return
    value = _outcome(context, condition, scope)
    if value.raw is not False or _asks_for_files(condition.expression):
        return
    argument = block.body.arguments.get("error_message")
    text = context.evaluate(argument, scope) if argument is not None else None
    is_shown = text is not None and isinstance(text.raw, str) and not text.is_sensitive
    said = f": {text.raw}" if text is not None and is_shown else ""
    labels = (Label(condition.span, "this condition is false"),)
    message = f"a {kind} of `{address}` does not hold{said}"
    context.refuse("condition-failed", message, condition, scope, block.header, labels=labels)


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
