"""Functions that providers offer: the AWS provider's, and those of `terraform` itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.source.partial import Hole, PartialText
from astralint.terraform.functions.hcl_writer import encode_attributes, encode_expression, is_identifier
from astralint.terraform.functions.registry import contextual, implements
from astralint.terraform.functions.support import FunctionError, is_mapping, is_wholly_known, partial, text, unknown_of
from astralint.terraform.values.types import DYNAMIC, STRING
from astralint.terraform.values.value import Value, object_of

if TYPE_CHECKING:
    from astralint.terraform.functions.context import FunctionContext

_SECTIONS = ("arn", "partition", "service", "region", "account_id", "resource")


def _split(arn: str) -> list[str]:
    sections = arn.split(":", 5)
    if not arn.startswith("arn:"):
        raise FunctionError(f"ARN ({arn[:200]}) cannot be parsed: arn: invalid prefix", 0)
    if len(sections) != 6:
        raise FunctionError(f"ARN ({arn[:200]}) cannot be parsed: arn: not enough sections", 0)
    return sections


@implements("provider::aws::arn_parse", unknowns=True)
def _arn_parse(arguments: list[Value]) -> Value:
    arn = arguments[0]
    if not arn.is_unknown:
        sections = [text(section) for section in _split(arn.raw)]
    else:
        known = _known_sections(partial(arn))
        sections = [
            text(section.known)
            if section is not None and section.known is not None
            else unknown_of(STRING, arguments, partial=section)
            for section in known
        ]
    return object_of(dict(zip(_SECTIONS[1:], sections[1:], strict=True)))


def _known_sections(arn: PartialText) -> list[PartialText | None]:
    """Return the sections of an ARN as far as they are certain: a hole without identity may hold several."""
    sections: list[list[str | Hole]] = [[]]
    certain = 6
    for part in arn.parts:
        if isinstance(part, Hole):
            sections[-1].append(part)
            if part.symbol is None and len(sections) < 6:
                certain = len(sections) - 1
                break
            continue
        pieces = part.split(":", 6 - len(sections))
        sections[-1].append(pieces[0])
        sections.extend([piece] for piece in pieces[1:])
    certain = min(certain, len(sections) if len(sections) == 6 else len(sections) - 1)
    return [PartialText.of(*sections[index]) if index < certain else None for index in range(6)]


@implements("provider::aws::arn_build", unknowns=True)
def _arn_build(arguments: list[Value]) -> Value:
    pieces: list[str | Hole | PartialText] = ["arn"]
    for argument in arguments:
        pieces += [":", partial(argument)]
    joined = PartialText.of(*pieces)
    if joined.known is not None:
        return text(joined.known)
    return unknown_of(STRING, [argument for argument in arguments if argument.is_unknown], partial=joined)


@implements("provider::aws::trim_iam_role_path")
def _trim_iam_role_path(arguments: list[Value]) -> Value:
    sections = _split(arguments[0].raw)
    if sections[2] != "iam":
        raise FunctionError(f'service must be "iam", got "{sections[2][:80]}"', 0)
    if sections[3]:
        raise FunctionError("region must be empty", 0)
    if not sections[5].startswith("role/"):
        raise FunctionError('resource must begin with "role/"', 0)
    sections[5] = "role/" + sections[5].rpartition("/")[2]
    return text(":".join(sections))


# --- provider::terraform ------------------------------------------------------------------


@implements("provider::terraform::encode_expr", unknowns=True)
def _encode_expr(arguments: list[Value]) -> Value:
    value = arguments[0]
    if value.is_null:
        raise FunctionError("argument must not be null", 0)
    if not is_wholly_known(value):
        return unknown_of(STRING, arguments)
    return text(encode_expression(value))


@implements("provider::terraform::encode_tfvars", unknowns=True)
def _encode_tfvars(arguments: list[Value]) -> Value:
    value = arguments[0]
    if value.type == DYNAMIC and value.is_unknown:
        return unknown_of(STRING, arguments)
    if value.is_null or not is_mapping(value.type):
        raise FunctionError(
            "invalid value to encode: must be an object whose attribute names will become the encoded variable names", 0
        )
    if not is_wholly_known(value):
        return unknown_of(STRING, arguments)
    for name in value.raw:
        if not is_identifier(name):
            raise FunctionError(
                f'invalid variable name "{name[:80]}": must be a valid identifier, per Terraform\'s rules for input variable declarations',
                0,
            )
    return text(encode_attributes(value.raw))


@contextual("provider::terraform::decode_tfvars")
def _decode_tfvars(arguments: list[Value], context: FunctionContext) -> Value:
    from astralint.hcl import parse

    source: str = arguments[0].raw
    parsed = parse(source)
    if parsed.errors or parsed.file is None:
        detail = f": {parsed.errors[0].message}" if parsed.errors else ""
        raise FunctionError(f"invalid tfvars syntax{detail}", 0)
    if parsed.file.body.blocks:
        raise FunctionError("invalid tfvars syntax: blocks are not allowed here", 0)
    attributes: dict[str, Value] = {}
    for attribute in parsed.file.body.attributes:
        if attribute.name in attributes:
            raise FunctionError(f'invalid tfvars syntax: the argument "{attribute.name}" was already set', 0)
        expression = attribute.expression
        if calls_functions(expression):
            raise FunctionError("invalid expression in tfvars: function calls are not allowed here", 0)
        # A template that is nothing but one interpolation has that expression's own value.
        template = "${" + source[expression.start : expression.end] + "\n}"
        attributes[attribute.name] = context.render_template(template, "<decode_tfvars argument>", {}, 1)
    return object_of(attributes)


def calls_functions(node: object) -> bool:
    """Return whether there is a call of a function anywhere in a syntax tree."""
    from astralint.hcl.syntax import Call, Node

    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, Call):
            return True
        if isinstance(item, tuple):
            stack.extend(item)
        elif isinstance(item, Node):
            stack.extend(getattr(item, name) for name in item.__struct_fields__)
    return False
