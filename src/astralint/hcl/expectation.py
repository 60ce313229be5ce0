"""What is said where a token does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from astralint.hcl.grammar import Table
    from astralint.hcl.lexer import Tokens, Vocabulary


def problem_at(
    vocabulary: Vocabulary, tokens: Tokens, index: int, states: list[int], table: Table
) -> tuple[str, int, int, str | None]:
    start, end = tokens.starts[index], tokens.ends[index]
    if tokens.kinds[index] < 0:
        return tokens.error[0], start, end, tokens.error[1]
    expected = sorted(vocabulary.names[kind] for kind in table.actions[states[-1]])
    return f"unexpected {vocabulary.names[tokens.kinds[index]]}, expected {expected}", start, end, None
