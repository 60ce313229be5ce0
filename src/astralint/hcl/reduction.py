"""What all that makes nodes has: the text with its tokens, and how deep the tree can have become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from astralint.hcl.depth import DEPTH_MESSAGE, MAXIMUM_DEPTH
from astralint.hcl.problem import NotParsedError, SyntaxProblem

if TYPE_CHECKING:
    from astralint.hcl.tokens import Tokens

Values = list[Any]
"""What a method of a builder gets for the symbols of an alternative."""


class Reduction:
    """What is kept while one text is reduced."""

    def __init__(self, tokens: Tokens) -> None:
        self.text = tokens.text
        self.tokens = tokens
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.problems: list[SyntaxProblem] = []
        self.longest_chain = 2
        self.deepest_stack = 0

    @property
    def may_be_deep(self) -> bool:
        """Whether the tree can be too deep at all: every symbol on the stack adds a chain at most."""
        return self.longest_chain * self.deepest_stack > MAXIMUM_DEPTH

    def _text(self, token: int) -> str:
        return self.text[self.starts[token] : self.ends[token]]

    def _long_chain(self, chain: list[Any]) -> None:
        self.longest_chain = len(chain)
        if len(chain) > 2 * MAXIMUM_DEPTH + 1:
            first = chain[0]
            raise NotParsedError(DEPTH_MESSAGE, first.start, first.end)
