"""HCL source text to a syntax tree with exact places: native and JSON syntax, and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.hcl.problem import Parsed, ParsedExpression, SyntaxProblem

if TYPE_CHECKING:
    from astralint.hcl.parser import NativeParser

__all__ = ["Parsed", "ParsedExpression", "SyntaxProblem", "parse", "parse_expression", "parse_template"]


def _native() -> NativeParser:
    # Texts whose trees are kept need no parser.
    from astralint.hcl.parser import native_parser

    return native_parser()


def parse(text: str, *, json: bool = False, attributes: bool = False) -> Parsed:
    """Return a file's tree, or what is wrong with it; never raises, whatever the text.

    A file of values (`.tfvars`) has `attributes` set: its JSON then holds no blocks and no templates.
    """
    if json:
        from astralint.hcl.json_syntax import parse_json

        return parse_json(text, attributes=attributes)
    return _native().file(text)


def parse_expression(text: str) -> ParsedExpression:
    """Return a text that is one expression as a tree; newlines count for nothing in it."""
    return _native().expression(text)


def parse_template(text: str) -> ParsedExpression:
    """Return a whole text as a template, as `templatefile` reads it: a tree of the same nodes as a string's."""
    return _native().template(text)
