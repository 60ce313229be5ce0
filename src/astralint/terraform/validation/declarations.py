"""Variables, outputs, module calls, providers and checks."""

from __future__ import annotations

import re

from astralint.hcl.syntax import Attribute, Block, Expression, GetAttr, Literal, ObjectExpression, Variable
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.configuration.module import Module
from astralint.terraform.language.version import parse_constraint
from astralint.terraform.validation.expressions import nodes_of
from astralint.terraform.validation.report import Findings
from astralint.terraform.validation.resources import check_declared, is_provider
from astralint.terraform.validation.structure import not_constant

_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
_NO_SOURCE = re.compile(r"[\w-]+(?:/[\w-]+)?")
"""What is neither a path (`./…`), nor a registry's address, nor that of a repository or archive."""


def check_variable(source: SourceFile, block: Block, findings: Findings) -> None:
    """Check a variable: that each validation looks at it, and that its default may be one."""
    name = block.labels[0] if block.labels else ""
    for nested in block.body.blocks:
        for attribute in nested.body.attributes if nested.type == "validation" else ():
            if attribute.name == "condition" and not _refers_to(attribute.expression, name):
                message = f"a validation of `{name}` has to look at `var.{name}`"
                findings.at(message, source, attribute.expression)
    arguments = {attribute.name: attribute.expression for attribute in block.body.attributes}
    default, nullable = arguments.get("default"), arguments.get("nullable")
    if isinstance(default, Literal) and default.value is None and _is(nullable, value=False):
        findings.at("the default of a variable that is not nullable can't be null", source, default)


def _is(expression: Expression | None, *, value: bool) -> bool:
    return isinstance(expression, Literal) and expression.value is value


def _refers_to(expression: Expression, name: str) -> bool:
    return any(
        isinstance(node, GetAttr)
        and node.name == name
        and isinstance(node.target, Variable)
        and node.target.name == "var"
        for node in nodes_of(expression)
    )


def check_output(source: SourceFile, block: Block, findings: Findings, *, is_root: bool) -> None:
    """Check an output: nothing ephemeral leaves the root module."""
    for attribute in block.body.attributes:
        if attribute.name == "ephemeral" and is_root and _is(attribute.expression, value=True):
            findings.at_header("an output of the root module can't be ephemeral", source, block)


def check_module_call(module: Module, source: SourceFile, block: Block, findings: Findings, *, is_root: bool) -> None:
    """Check where a module comes from, and the providers that it is given."""
    arguments = {attribute.name: attribute for attribute in block.body.attributes}
    given = arguments.get("source")
    text = _text(given.expression) if given is not None else None
    if given is not None and text is None:
        at_fault = not_constant(given.expression)
        if at_fault is not None and not findings.language.has("variables-in-module-source"):
            findings.at("a module's source is a text, without references", source, at_fault)
    elif given is not None and text is not None and _NO_SOURCE.fullmatch(text):
        help_ = f"a directory beside this one is `./{text}`"
        findings.at(f"`{text}` is no address that a module can be read from", source, given.expression, help=help_)
    version = arguments.get("version")
    if version is not None:
        _check_version(source, given, text, version, findings)
    providers = arguments.get("providers")
    if providers is not None and not isinstance(providers.expression, ObjectExpression):
        message = "`providers` is a mapping of the module's provider names to those of this module"
        findings.at(message, source, providers.expression)
    elif providers is not None and isinstance(providers.expression, ObjectExpression):
        for item in providers.expression.items:
            if not is_provider(item.value, findings):
                findings.at("this is no provider configuration", source, item.value)
            elif is_root:
                check_declared(module, source, item.value, findings)


def _check_version(
    source: SourceFile, given: Attribute | None, text: str | None, version: Attribute, findings: Findings
) -> None:
    written = _text(version.expression)
    if written is not None and parse_constraint(written) is None:
        findings.at(f"`{written}` is no version constraint", source, version.expression)
    elif given is not None and text is not None and text.startswith(("./", "../")):
        message = "only modules of a registry have versions; this one is a directory"
        findings.at(message, source, given.expression)


def _text(expression: Expression) -> str | None:
    return expression.value if isinstance(expression, Literal) and isinstance(expression.value, str) else None


def check_provider(source: SourceFile, block: Block, findings: Findings) -> None:
    """Check a provider's alias."""
    for attribute in block.body.attributes:
        text = _text(attribute.expression) if attribute.name == "alias" else None
        if text is not None and not _IDENTIFIER.fullmatch(text):
            findings.at(f"`{text}` can't be an alias", source, attribute.expression)


def check_check(source: SourceFile, block: Block, findings: Findings) -> None:
    """Check a `check` block: assertions, and at most one data source."""
    data = [nested for nested in block.body.blocks if nested.type == "data"]
    for nested in data[1:]:
        findings.at_header("a `check` block has at most one data source", source, nested)
    if not any(nested.type == "assert" for nested in block.body.blocks):
        findings.at_header("a `check` block needs an `assert` block", source, block)
