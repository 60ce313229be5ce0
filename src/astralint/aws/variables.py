"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`."""

from __future__ import annotations

import re

from astralint.aws.context import Absent, Context, Known
from astralint.aws.text import Text, parts
from astralint.aws.wildcard import Gap, Token, literal_tokens, pattern_tokens
from astralint.source.partial import PartialText

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_DEFAULT = re.compile(r"\s*(?P<key>[^,]*?)\s*(?:,\s*'(?P<default>[^']*)'\s*)?")
_ESCAPES = ("*", "?", "$")


def has_variables(text: Text) -> bool:
    """Return whether a text may have policy variables."""
    return any(isinstance(part, str) and "${" in part for part in parts(text))


def expanded(text: Text, context: Context, *, wildcards: bool) -> tuple[Token, ...] | None:
    """Return the tokens of a policy's text with its variables replaced; None where a variable has no value.

    With `wildcards`, `*` and `?` of the policy itself are wildcards; those that come from a variable never are.
    """
    found: list[Token] = []
    for part in parts(text):
        if not isinstance(part, str):
            found.extend(literal_tokens(PartialText((part,))))
            continue
        pieces = _VARIABLE.split(part)
        for index, piece in enumerate(pieces):
            if index % 2:
                replaced = _replaced(piece, context)
                if replaced is None:
                    return None
                found.extend(replaced)
            elif "${" in piece and not isinstance(text, str):
                # The variable's name goes on in a hole.
                before, _, _ = piece.partition("${")
                found.extend(_tokens(before, wildcards))
                found.append(Gap(None))
            else:
                found.extend(_tokens(piece, wildcards))
    return tuple(found)


def _tokens(text: str, wildcards: bool) -> tuple[Token, ...]:
    return pattern_tokens(text) if wildcards else literal_tokens(text)


def _replaced(inner: str, context: Context) -> tuple[Token, ...] | None:
    if inner in _ESCAPES:
        return (inner,)
    found = _DEFAULT.fullmatch(inner)
    if found is None:
        return (Gap(None),)
    state = context.get(found["key"])
    if isinstance(state, Absent) or (isinstance(state, Known) and not state.values):
        default = found["default"]
        return None if default is None else literal_tokens(default)
    if isinstance(state, Known) and len(state.values) == 1:
        return literal_tokens(state.values[0])
    return (Gap(None),)
