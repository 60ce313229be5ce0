"""Resources, data sources and what stands in them: meta-arguments, `lifecycle`, provisioners."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.hcl.syntax import (
    Attribute,
    Block,
    Expression,
    GetAttr,
    Index,
    Literal,
    SplatItem,
    TupleExpression,
    Variable,
)
from astralint.source.diagnostic import Label
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.configuration.module import Module
from astralint.terraform.validation.expressions import Part, names_only, nodes_of, reference
from astralint.terraform.validation.report import Findings
from astralint.terraform.validation.shapes import shapes

RESOURCES = frozenset({"resource", "data", "ephemeral"})
WHEN = frozenset({"create", "destroy"})
ON_FAILURE = frozenset({"continue", "fail"})
NO_TRIGGER = frozenset({"var", "local", "module", "path", "terraform", "each", "count", "self"})
IN_DESTROY = frozenset({"self", "count", "each", "path", "terraform"})


def check_resource(module: Module, source: SourceFile, block: Block, findings: Findings, *, is_root: bool) -> None:
    """Check a resource, data source, ephemeral resource or module call."""
    arguments = {attribute.name: attribute for attribute in block.body.attributes}
    _check_repetition(source, arguments, findings)
    if "depends_on" in arguments:
        check_depends_on(module, source, arguments["depends_on"], findings)
    if block.type in RESOURCES and "provider" in arguments:
        _check_provider(module, source, arguments["provider"], findings, is_root=is_root)
    for nested in block.body.blocks:
        if nested.type == "lifecycle" and block.type in RESOURCES:
            _check_lifecycle(source, block, nested, findings)
        elif nested.type == "provisioner" and block.type == "resource":
            _check_provisioner(source, nested, findings)


def _check_repetition(source: SourceFile, arguments: dict[str, Attribute], findings: Findings) -> None:
    given = [arguments[name] for name in ("count", "for_each") if name in arguments]
    if len(given) == 2:
        other = given[0]
        label = Label(source.span(other.start, other.name_end), f"`{other.name}` is set here")
        message = "a block has `count` or `for_each`, not both"
        findings.add(message, source.span(given[1].start, given[1].name_end), labels=(label,))


# --- depends_on -----------------------------------------------------------------------------------------


def check_depends_on(module: Module, source: SourceFile, attribute: Attribute, findings: Findings) -> None:
    """Check a `depends_on`: each of its elements refers to something as a whole."""
    if not isinstance(attribute.expression, TupleExpression):
        return
    for item in attribute.expression.items:
        if isinstance(item, Literal) and isinstance(item.value, str):
            continue
        parts = reference(item)
        if parts is None:
            findings.at("`depends_on` holds references, without anything computed", source, item)
            continue
        problem = _whole(module, parts)
        if problem:
            findings.at(problem, source, item)


def _whole(module: Module, parts: tuple[Part, ...]) -> str:
    """Return what is wrong with a reference to something as a whole; "" where nothing is."""
    names = names_only(parts)
    root = names[0]
    if root in ("var", "local", "path", "terraform", "each", "count", "self") or len(names) < 2:
        return ""
    if root == "module":
        return "" if names[1] in module.module_calls else f"module call `{names[1]}` is not declared in this module"
    mode = {"data": "data", "ephemeral": "ephemeral"}.get(root, "managed")
    start = 0 if root not in ("data", "ephemeral", "resource") else 1
    if len(names) < start + 2:
        return ""
    type_, name = names[start], names[start + 1]
    if (mode, type_, name) not in module.resources:
        return "" if root == "action" else f"`{'.'.join(names[: start + 2])}` is not declared in this module"
    if len(names) > start + 2:
        return "`depends_on` refers to a whole resource, not to an attribute of it"
    return ""


# --- provider -------------------------------------------------------------------------------------------


def _check_provider(
    module: Module, source: SourceFile, attribute: Attribute, findings: Findings, *, is_root: bool
) -> None:
    if not is_provider(attribute.expression, findings):
        help_ = "a provider is referred to by its name and, after a dot, its alias: `aws.west`"
        findings.at("this is no provider configuration", source, attribute.expression, help=help_)
    elif is_root:
        check_declared(module, source, attribute.expression, findings)


def check_declared(module: Module, source: SourceFile, expression: Expression, findings: Findings) -> None:
    """Check that the root module, which nobody gives providers to, has the configuration that it refers to."""
    name, alias = _local_name(expression)
    required = module.required_providers.get(name)
    if not alias or (name, alias) in module.providers or (required is not None and alias in required.aliases):
        return
    if module.incomplete or not any(local == name for local, _ in module.providers):
        # Who runs the module adds all of the provider's configurations.
        return
    findings.at(f"there is no configuration of provider `{name}` with the alias `{alias}`", source, expression)


def _local_name(expression: Expression) -> tuple[str, str]:
    if isinstance(expression, Index):
        expression = expression.target
    if isinstance(expression, Literal):
        name, _, alias = str(expression.value).partition(".")
        return name, alias
    if isinstance(expression, GetAttr) and isinstance(expression.target, Variable):
        return expression.target.name, expression.name
    return "", ""


def is_provider(expression: Expression, findings: Findings) -> bool:
    """Return whether an expression refers to a provider configuration."""
    if isinstance(expression, Index) and findings.language.has("provider-for-each"):
        expression = expression.target
    if isinstance(expression, Literal):
        return isinstance(expression.value, str) and expression.value.count(".") < 2
    if isinstance(expression, GetAttr):
        expression = expression.target
    return isinstance(expression, Variable)


# --- lifecycle ------------------------------------------------------------------------------------------


def _check_lifecycle(source: SourceFile, block: Block, lifecycle: Block, findings: Findings) -> None:
    for attribute in lifecycle.body.attributes:
        if attribute.name == "ignore_changes" and block.type == "resource":
            _check_ignored(source, block, attribute.expression, findings)
        elif attribute.name == "replace_triggered_by" and isinstance(attribute.expression, TupleExpression):
            for item in attribute.expression.items:
                _check_trigger(source, item, findings)
    for nested in lifecycle.body.blocks:
        if nested.type == "precondition":
            _check_no_self(source, nested, findings)


def _check_ignored(source: SourceFile, block: Block, expression: Expression, findings: Findings) -> None:
    if isinstance(expression, Variable) and expression.name == "all":
        return
    if not isinstance(expression, TupleExpression):
        message = "`ignore_changes` is a list of attributes, or the word `all`"
        findings.at(message, source, expression)
        return
    own = shapes().get(f"resource:{block.labels[0]}") if block.labels else None
    for item in expression.items:
        if isinstance(item, Literal) and isinstance(item.value, str):
            if item.value == "*":
                findings.at("all attributes are ignored by `ignore_changes = all`", source, item)
            continue
        parts = reference(item)
        if parts is None:
            findings.at("`ignore_changes` holds names of attributes, without anything computed", source, item)
        elif own is not None and parts[0] not in own.arguments and parts[0] not in ("id", "output"):
            findings.at(f"`{block.labels[0]}` has no attribute named `{parts[0]}`", source, item)


def _check_trigger(source: SourceFile, item: Expression, findings: Findings) -> None:
    current = item
    while isinstance(current, GetAttr | Index):
        current = current.target
    if isinstance(current, Variable) and current.name not in NO_TRIGGER:
        return
    message = "`replace_triggered_by` refers to managed resources and their attributes only"
    findings.at(message, source, item)


def _check_no_self(source: SourceFile, block: Block, findings: Findings) -> None:
    for attribute in block.body.attributes:
        for node in nodes_of(attribute.expression):
            if isinstance(node, Variable) and node.name == "self":
                findings.at("`self` is not available before the resource is there", source, node)
                return


# --- provisioners ---------------------------------------------------------------------------------------


def _check_provisioner(source: SourceFile, block: Block, findings: Findings) -> None:
    words: dict[str, str] = {}
    for attribute in block.body.attributes:
        allowed = {"when": WHEN, "on_failure": ON_FAILURE}.get(attribute.name)
        if allowed is None:
            continue
        word = _word(attribute.expression)
        words[attribute.name] = word
        if word not in allowed:
            names = " or ".join(f"`{name}`" for name in sorted(allowed))
            findings.at(f"`{attribute.name}` is {names}", source, attribute.expression)
    if words.get("when") == "destroy":
        for attribute in _arguments(block):
            _check_destroy(source, attribute, findings)


def _word(expression: Expression) -> str:
    if isinstance(expression, Variable):
        return expression.name
    return expression.value if isinstance(expression, Literal) and isinstance(expression.value, str) else ""


def _arguments(block: Block) -> Iterator[Attribute]:
    for attribute in block.body.attributes:
        if attribute.name not in ("when", "on_failure"):
            yield attribute
    for nested in block.body.blocks:
        yield from _arguments(nested)


def _check_destroy(source: SourceFile, attribute: Attribute, findings: Findings) -> None:
    bound: set[str | None] = set()
    for node in nodes_of(attribute.expression):
        if hasattr(node, "collection"):
            bound |= {getattr(node, "key", None), getattr(node, "value", None)}
        if isinstance(node, SplatItem):
            continue
        if isinstance(node, Variable) and node.name not in IN_DESTROY and node.name not in bound:
            message = "when a resource is destroyed, only `self`, `count.index` and `each.key` can be referred to"
            findings.at(message, source, node)
            return
