"""The blocks of a module against the table of what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache

from astralint.hcl.syntax import (
    Attribute,
    Block,
    Call,
    Expression,
    ForObject,
    ForTuple,
    Literal,
    Node,
    Number,
    TupleExpression,
    Variable,
)
from astralint.source.diagnostic import Label
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.language.language import table
from astralint.terraform.validation.expressions import nodes_of
from astralint.terraform.validation.report import Findings
from astralint.terraform.validation.shapes import Shape, shape_of, shapes

_IDENTIFIER = re.compile(r"[^\W\d][\w-]*")
NAMED = {
    "variable": ("name",),
    "output": ("name",),
    "module": ("name",),
    "check": ("name",),
    "provider": ("name",),
    "resource": ("type", "name"),
    "data": ("type", "name"),
    "ephemeral": ("type", "name"),
    "action": ("type", "name"),
}
CONDITIONS = frozenset({"precondition", "postcondition", "assert"})
RESERVED_VARIABLES = frozenset(
    {"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"}
)


@cache
def watched_arguments(path: str, type_: str) -> frozenset[str]:
    """Return the arguments of a block that have to be looked at: reserved ones, late ones, those that take no expression."""
    shape = shape_of(path, type_)
    if shape is None:
        return frozenset()
    late = {key.rpartition(".")[2] for key in table().arguments if key.rpartition(".")[0] == path}
    return frozenset({*shape.reserved, *late, *(name for name, kind in shape.arguments.items() if kind != "any")})


def check_blocks(source: SourceFile, findings: Findings, *, is_override: bool) -> None:
    """Check all blocks of a file."""
    for block in source.file.body.blocks:
        if block.type in shapes() and not _too_early(block.type, source, block, findings):
            _check_names(source, block, findings)
            type_ = block.labels[0] if block.labels and block.type in ("resource", "data") else ""
            _check(block.type, type_, source, block, findings, is_override=is_override)


def _too_early(path: str, source: SourceFile, block: Block, findings: Findings) -> bool:
    since = table().blocks.get(path)
    return since is not None and not findings.knows(f"a `{block.type}` block here", since, source.header(block))


def _check_names(source: SourceFile, block: Block, findings: Findings) -> None:
    for what, label in zip(NAMED.get(block.type, ()), block.labels, strict=False):
        if not _IDENTIFIER.fullmatch(label):
            message = f"`{label}` can't be the {what} of a `{block.type}` block"
            help_ = "a name begins with a letter or an underscore; letters, digits, underscores and dashes may follow"
            findings.at_header(message, source, block, help=help_)
    if block.type == "variable" and block.labels and block.labels[0] in RESERVED_VARIABLES:
        message = f"`{block.labels[0]}` can't be a variable's name: in a module call it is a meta-argument"
        findings.at_header(message, source, block)


def _check(path: str, type_: str, source: SourceFile, block: Block, findings: Findings, *, is_override: bool) -> None:
    shape = shape_of(path, type_)
    if shape is None:
        return
    given = set()
    watched = watched_arguments(path, type_)
    for attribute in block.body.attributes:
        given.add(attribute.name)
        if attribute.name in watched or not (shape.open or attribute.name in shape.arguments):
            _check_argument(path, shape, source, block, attribute, findings)
    for name in shape.required:
        if name not in given and not is_override:
            findings.at_header(f"a `{block.type}` block needs the argument `{name}`", source, block)
    if block.type in CONDITIONS:
        _check_condition(source, block, findings)
    first: dict[str, Block] = {}
    for nested in block.body.blocks:
        _check_block(path, type_, shape, source, block, nested, findings, is_override=is_override)
        before = first.setdefault(nested.type, nested)
        if before is not nested and nested.type in shape.single:
            labels = (Label(source.header(before), "the first one is here"),)
            message = f"a `{block.type}` block may have one `{nested.type}` block"
            findings.add(message, source.header(nested), labels=labels)


def _check_condition(source: SourceFile, block: Block, findings: Findings) -> None:
    for attribute in block.body.attributes:
        if attribute.name == "condition" and not any(
            isinstance(node, Variable) for node in nodes_of(attribute.expression)
        ):
            findings.at("a condition has to look at something", source, attribute.expression)


def _check_argument(
    path: str, shape: Shape, source: SourceFile, block: Block, attribute: Attribute, findings: Findings
) -> None:
    name = attribute.name
    if not shape.takes_argument(name):
        if name in shape.reserved:
            message = f"the name `{name}` is reserved in a `{block.type}` block"
            findings.at_name(message, source, attribute)
            return
        message = f"an argument named `{name}` is not expected in a `{block.type}` block"
        findings.at_name(message, source, attribute, help=_hint(name, shape.arguments))
        return
    since = table().arguments.get(f"{path}.{name}")
    span = source.span(attribute.start, attribute.name_end) if since is not None else None
    if span is not None and not findings.knows(f"the argument `{name}` here", since, span):
        return
    kind = shape.arguments.get(name, "any")
    if kind != "any":
        _check_kind(kind, source, attribute, findings)


def _hint(name: str, names: Sequence[str] | dict[str, str]) -> str | None:
    close = get_close_matches(name, list(names), 1)
    return f"did you mean `{close[0]}`?" if close else None


def _check_block(
    path: str,
    type_: str,
    shape: Shape,
    source: SourceFile,
    block: Block,
    nested: Block,
    findings: Findings,
    *,
    is_override: bool,
) -> None:
    if nested.type == "dynamic":
        return
    if not shape.takes_block(nested.type) or "*" in shape.reserved:
        message = f"blocks of type `{nested.type}` are not expected in a `{block.type}` block"
        findings.at_header(message, source, nested, help=_hint(nested.type, shape.blocks))
        return
    inner = f"{path}.{nested.type}"
    if type_ and f"{path}:{type_}.{nested.type}" in shapes():
        inner = f"{path}:{type_}.{nested.type}"
    if _too_early(inner, source, nested, findings):
        return
    expected = shapes().get(inner)
    if expected is not None:
        if len(nested.labels) != len(expected.labels):
            words = ", ".join(expected.labels) or "none"
            message = f"a `{nested.type}` block here has the labels: {words}"
            findings.at_header(message, source, nested)
        _check(inner, "", source, nested, findings, is_override=is_override)


# --- what arguments take --------------------------------------------------------------------------------


def _check_kind(kind: str, source: SourceFile, attribute: Attribute, findings: Findings) -> None:
    expression = attribute.expression
    name = attribute.name
    if kind == "protection":
        kind = "any" if findings.language.has("dynamic-prevent-destroy") else "bool"
    if kind in ("constant", "bool", "text"):
        at_fault = not_constant(expression)
        if at_fault is not None:
            what = "functions can't be called" if isinstance(at_fault, Call) else "nothing can be referred to"
            findings.at(f"`{name}` is a constant: {what} here", source, at_fault)
        elif kind == "bool" and not _is_bool(expression):
            findings.at(f"`{name}` is `true` or `false`", source, expression)
        elif kind == "text" and isinstance(expression, TupleExpression):
            findings.at(f"`{name}` is a text", source, expression)
    elif kind == "type" and isinstance(expression, Literal) and not findings.language.has("quoted-types"):
        if isinstance(expression.value, str):
            help_ = f"write `{expression.value}` without quotes"
            findings.at("a type is not put in quotes", source, expression, help=help_)
    elif kind == "references" and not isinstance(expression, TupleExpression):
        findings.at(f"`{name}` is a list of references, written in brackets", source, expression)


def _is_bool(expression: Expression) -> bool:
    if isinstance(expression, Literal):
        return expression.value is None or isinstance(expression.value, bool) or expression.value in ("true", "false")
    return not isinstance(expression, Number | TupleExpression)


def not_constant(expression: Node) -> Node | None:
    """Return the first reference or call in an expression; None where it is a constant."""
    if isinstance(expression, Literal | Number):
        return None
    nodes = list(nodes_of(expression))
    bound = {name for node in nodes if isinstance(node, ForTuple | ForObject) for name in (node.key, node.value)}
    at_fault = (
        node for node in nodes if isinstance(node, Call) or (isinstance(node, Variable) and node.name not in bound)
    )
    return next(at_fault, None)
