"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`.

Source: AWS's IAM User Guide, "IAM policy elements: Variables and tags".
"""

from __future__ import annotations

import re

from astralint.aws.context import Absent, Context, Known
from astralint.aws.text import Text, is_partial, parts
from astralint.aws.wildcard import Gap, Token, literal_tokens, pattern_tokens
from astralint.source.partial import PartialText

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_ESCAPES = ("*", "?", "$")


def has_variables(text: Text) -> bool:
    """Return whether a text may have policy variables."""
    return any(isinstance(part, str) and "${" in part for part in parts(text))


def expanded(text: Text, context: Context, *, wildcards: bool) -> tuple[Token, ...] | None:
    """Return the tokens of a policy's text with its variables replaced; None where a variable has no value.

    With `wildcards`, `*` and `?` of the policy itself are wildcards; those that come from a variable never are.
    """
    found: list[Token] = []
    inside = False
    for part in parts(text):
        if not isinstance(part, str):
            if not inside:
                found.extend(literal_tokens(PartialText((part,))))
            continue
        if inside:
            # The name of the variable went on in a hole.
            _, closed, part = part.partition("}")  # noqa: PLW2901
            inside = not closed
        pieces = _VARIABLE.split(part)
        for index, piece in enumerate(pieces):
            if index % 2 == 0:
                before, opened, _ = piece.partition("${") if is_partial(text) else (piece, "", "")
                found.extend(_tokens(before, wildcards))
                if opened:
                    found.append(Gap(None))
                    inside = True
                continue
            replaced = _replaced(piece, context, wildcards)
            if replaced is None:
                return None
            found.extend(replaced)
    return tuple(found)


def _tokens(text: str, wildcards: bool) -> tuple[Token, ...]:
    return pattern_tokens(text) if wildcards else literal_tokens(text)


def _replaced(inner: str, context: Context, wildcards: bool) -> tuple[Token, ...] | None:
    if inner in _ESCAPES:
        # Where no character is a wildcard, AWS does not say whether there is something to escape.
        return (inner,) if wildcards else (Gap(None),)
    key, comma, default = inner.partition(", ")
    if "," in key or (comma and not (len(default) > 1 and default[0] == default[-1] == "'")):
        # AWS's own form of a default is `${key, 'default'}`.
        return (Gap(None),)
    state = context.get(key.strip())
    if isinstance(state, Absent) or (isinstance(state, Known) and not state.values):
        return literal_tokens(default[1:-1]) if comma else None
    if isinstance(state, Known) and len(state.values) == 1:
        return literal_tokens(state.values[0])
    return (Gap(None),)
