"""Patterns of policies as rows of tokens, each with what its wildcards may cross."""

from __future__ import annotations

from typing import Literal

import msgspec

from astralint.aws.context import Context, KeyState, Known
from astralint.aws.operators import WITH_WILDCARDS
from astralint.aws.text import Text, known
from astralint.aws.variables import expanded, has_variables
from astralint.aws.wildcard import Gap, Token, Wild, literal_tokens, pattern_tokens
from astralint.source.partial import Hole, PartialText

Reach = Literal["field", "text"]
"""Whether a wildcard within one of an ARN's first five fields stays in it, or matches colons as well.

AWS's reference says both ("can expand to match beyond the colon boundaries"), so an answer has to hold for either.
"""
_FIELDS = 6
_COLON = ":"
_DEFAULT = ", "


class Pattern(msgspec.Struct, frozen=True):
    """A pattern: no two stars side by side.

    Wildcards before the token `limit` match no colon. `fold` leaves case aside. `sure` False: what it
    matches for sure is not known, so nothing.
    """

    tokens: tuple[Token, ...]
    fold: bool = False
    limit: int = 0
    sure: bool = True

    @property
    def is_everything(self) -> bool:
        """Whether it matches any text."""
        return self.sure and not self.limit and self.tokens == (Wild.ANY,)

    @property
    def is_literal(self) -> bool:
        """Whether it matches one text only."""
        return self.sure and not self.fold and not any(isinstance(token, Wild) for token in self.tokens)


class _Variables(Context):
    """A context in which each key's value is not known, and the same wherever it is asked for."""

    __slots__ = ()

    def get(self, key: Text) -> KeyState:
        name = (known(key) or "").lower()
        return Known((PartialText((Hole(f"the request's `{name}`", f"request:{name}"),)),))


VARIABLES = _Variables()


def tokens_of(text: Text, *, wildcards: bool, variables: bool, owner: str) -> tuple[tuple[Token, ...], bool]:
    """Return the tokens of a text, and whether it is sure what they are.

    A variable is a hole that is the same in all statements. A hole that has no name gets one that begins with `owner`.
    """
    sure = True
    if variables and has_variables(text):
        sure = known(text) is not None and _DEFAULT not in str(text)
        tokens = expanded(text, VARIABLES, wildcards=wildcards) or ()
    else:
        tokens = pattern_tokens(text) if wildcards else literal_tokens(text)
    found: list[Token] = []
    for number, token in enumerate(tokens):
        if token is Wild.ANY and found and found[-1] is Wild.ANY:
            continue
        named = isinstance(token, Gap) and token.symbol is None
        found.append(Gap(f"{owner}#{number}") if named else token)
    return tuple(found), sure


def resource_pattern(text: Text, reach: Reach, variables: bool, owner: str) -> Pattern:
    """Return a pattern of `Resource`: fields that it lacks match anything."""
    tokens, sure = tokens_of(text, wildcards=True, variables=variables, owner=owner)
    if reach == "text" or text == "*":
        return Pattern(tokens, sure=sure)
    places = _separators(tokens)
    if isinstance(tokens[0] if tokens else None, Gap):
        return Pattern(tokens, sure=sure)  # A whole ARN, and what stands behind it.
    if len(places) < _FIELDS - 1:
        return Pattern((*tokens, ":", Wild.ANY), limit=len(tokens), sure=sure)
    return Pattern(tokens, limit=places[_FIELDS - 2], sure=sure)


def value_pattern(operator: str, text: Text, variables: bool, owner: str) -> Pattern:
    """Return a pattern of a condition's value under an operator of texts that is not negated."""
    wildcards = operator in WITH_WILDCARDS
    tokens, sure = tokens_of(text, wildcards=wildcards, variables=variables, owner=owner)
    if operator in ("ArnEquals", "ArnLike"):
        places = _separators(tokens)
        if len(places) < _FIELDS - 1:
            # No ARN, or one of which too little is known: AWS does not say what a lone star matches.
            return Pattern(tokens, sure=False)
        return Pattern(tokens, limit=places[_FIELDS - 2], sure=sure)
    return Pattern(tokens, fold=operator in ("StringEqualsIgnoreCase", "Bool"), sure=sure)


def crosses(text: Text) -> bool:
    """Say whether it makes a difference if a wildcard of `Resource` stays in its field."""
    return text != "*" and any(isinstance(token, Wild) for token in pattern_tokens(text)[:-1])


def literal(text: str) -> Pattern:
    """Return the pattern that matches one text."""
    return Pattern(literal_tokens(text))


def glob(text: str) -> Pattern:
    """Return a pattern whose wildcards match anything."""
    return Pattern(pattern_tokens(text))


def _separators(tokens: tuple[Token, ...]) -> list[int]:
    return [index for index, token in enumerate(tokens) if token == _COLON][: _FIELDS - 1]
