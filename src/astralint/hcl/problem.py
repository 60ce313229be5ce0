"""What parsing returns: a tree, or what is wrong with the text."""

from __future__ import annotations

import msgspec

from astralint.hcl.syntax import Expression, File


class SyntaxProblem(msgspec.Struct, frozen=True, array_like=True):
    """One error in a text; `start` and `end` are offsets in code points."""

    message: str
    start: int
    end: int
    help: str | None = None


class Parsed(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was parsed. Where there are errors, `file` may be None or lack what could not be read."""

    file: File | None
    errors: tuple[SyntaxProblem, ...] = ()


class ParsedExpression(msgspec.Struct, frozen=True, array_like=True):
    """An expression as it was parsed; None where there are errors."""

    expression: Expression | None
    errors: tuple[SyntaxProblem, ...] = ()


class NotParsedError(Exception):
    """Ends parsing within this package; never leaves it."""

    def __init__(self, message: str, start: int, end: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.problem = SyntaxProblem(message, start, end, hint)


def redefined(name: str, start: int, end: int) -> SyntaxProblem:
    """Return the problem of an argument that a body sets twice."""
    return SyntaxProblem(
        f"the argument `{name}` is already set in this body", start, end, "each argument may be set only once"
    )
