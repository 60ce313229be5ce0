"""Matching with `*` and `?`, three-valued where either side has holes.

True: it matches whatever the holes stand for. False: it matches for nothing they
could stand for. None: neither is certain. Two texts without holes never give None.

Text is taken as a row of tokens: characters, the twelve digits of an account that has
only a name, and holes. A matcher is run with all positions that it may have reached
as the bits of one integer, so that no pattern, however hostile, costs more than
its length times that of the text.

Two account symbols of different names are two accounts: whoever names accounts gives
each of them one name.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import msgspec

from astralint.aws.text import HASH_SYMBOL, REGION_SYMBOL, Text, is_account_symbol, parts, simplified

if TYPE_CHECKING:
    from astralint.aws.kleene import Truth

ACCOUNT_DIGITS = 12
_DIGITS = frozenset("0123456789")


class Wild(enum.Enum):
    """The wildcards: any text, or any one character."""

    ANY = "*"
    ONE = "?"


class Digit(msgspec.Struct, frozen=True):
    """One digit of the number of an account that has only a name."""

    symbol: str
    index: int


class Hex(msgspec.Struct, frozen=True):
    """One digit of the hash in the name of a permission set's role."""

    symbol: str
    index: int


class Gap(msgspec.Struct, frozen=True):
    """A hole: any text of the alphabet ("": of any characters).

    Two of one symbol are the same text; without a symbol nothing is known of it.
    """

    symbol: str | None
    alphabet: str = ""


Token = str | Digit | Hex | Gap | Wild
HASH_DIGITS = 16
_HEXADECIMAL = frozenset("0123456789abcdef")
_OF_REGIONS = "abcdefghijklmnopqrstuvwxyz0123456789-/"
_WILDCARDS: dict[str, Wild] = {"*": Wild.ANY, "?": Wild.ONE}


def literal_tokens(text: Text) -> tuple[Token, ...]:
    """Return the tokens of a text in which no character is a wildcard."""
    found: list[Token] = []
    for part in parts(text):
        if isinstance(part, str):
            found.extend(part)
        elif is_account_symbol(part) and part.symbol is not None:
            found.extend(Digit(part.symbol, index) for index in range(ACCOUNT_DIGITS))
        elif part.symbol is not None and part.symbol.startswith(HASH_SYMBOL):
            found.extend(Hex(part.symbol, index) for index in range(HASH_DIGITS))
        else:
            found.append(Gap(part.symbol, _OF_REGIONS if part.symbol == REGION_SYMBOL else ""))
    return tuple(found)


def pattern_tokens(text: Text) -> tuple[Token, ...]:
    """Return the tokens of a pattern."""
    return tuple(_WILDCARDS.get(token, token) if isinstance(token, str) else token for token in literal_tokens(text))


def match(pattern: Text, value: Text) -> Truth:
    """Return whether a pattern with wildcards matches a value."""
    pattern, value = simplified(pattern), simplified(value)
    if isinstance(pattern, str):
        if pattern == "*":
            return True
        if isinstance(value, str) and "?" not in pattern:
            return _match_known(pattern, value)
    return match_tokens(pattern_tokens(pattern), literal_tokens(value))


def equal(first: Text, second: Text) -> Truth:
    """Return whether two texts are the same; account symbols of one name are."""
    first, second = simplified(first), simplified(second)
    if isinstance(first, str) and isinstance(second, str):
        return first == second
    return match_tokens(literal_tokens(first), literal_tokens(second))


def has_wildcards(text: Text) -> bool:
    """Return whether a known piece holds `*` or `?`."""
    return any(isinstance(part, str) and ("*" in part or "?" in part) for part in parts(text))


def match_tokens(pattern: tuple[Token, ...], value: tuple[Token, ...]) -> Truth:
    """Return whether tokens of a pattern match those of a value."""
    positions = _Positions(value)
    if positions.reached(pattern, certain=True):
        return True
    if not positions.holes and not positions.digits and not any(isinstance(t, Gap | Digit | Hex) for t in pattern):
        return False
    return None if positions.reached(pattern, certain=False) else False


def _match_known(pattern: str, value: str) -> bool:
    if "*" not in pattern:
        return pattern == value
    first, *middle, last = pattern.split("*")
    if len(first) + len(last) > len(value) or not (value.startswith(first) and value.endswith(last)):
        return False
    position, end = len(first), len(value) - len(last)
    for piece in middle:
        found = value.find(piece, position, end)
        if found < 0:
            return False
        position = found + len(piece)
    return True


class _Positions:
    """The positions of a value, and which of them a token can pass."""

    def __init__(self, value: tuple[Token, ...]) -> None:
        self.value = value
        self.all = (1 << (len(value) + 1)) - 1
        self.holes = self._where(Gap)
        self.digits = self._where(Digit) | self._where(Hex)
        self._known: dict[tuple[Token, bool], int] = {}
        self._limited = [(i, other) for i, other in enumerate(value) if isinstance(other, Gap) and other.alphabet]

    def _where(self, kind: type[Gap] | type[Digit] | type[Hex]) -> int:
        bits = 0
        for index, token in enumerate(self.value):
            if isinstance(token, kind):
                bits |= 1 << index
        return bits

    def passed(self, token: Token, certain: bool) -> int:
        """Return the positions whose token is matched by this one of the pattern."""
        key = (token, certain)
        bits = self._known.get(key)
        if bits is None:
            bits = 0
            for index, other in enumerate(self.value):
                if is_equal(token, other) or (not certain and may_be_equal(token, other)):
                    bits |= 1 << index
            self._known[key] = bits
        return bits

    def _closed_to(self, token: Token) -> int:
        """Return the holes that a character can't be in."""
        bits = 0
        if isinstance(token, str):
            for index, other in self._limited:
                if token not in other.alphabet:
                    bits |= 1 << index
        return bits

    def reached(self, pattern: tuple[Token, ...], certain: bool) -> bool:
        """Return whether the pattern can get to the end of the value: surely, or perhaps."""
        holes = 0 if certain else self.holes
        singles = self.all >> 1 & ~self.holes
        state = self._over_holes(1, holes)
        for token in pattern:
            if token is Wild.ANY or (not certain and isinstance(token, Gap)):
                state = self.all & ~((state & -state) - 1)
                continue
            passed = singles if token is Wild.ONE else self.passed(token, certain)
            state = self._over_holes(((state & passed) << 1) | (state & holes & ~self._closed_to(token)), holes)
            if not state:
                return False
        return bool(state >> len(self.value))

    def _over_holes(self, state: int, holes: int) -> int:
        while holes:
            further = state | ((state & holes) << 1)
            if further == state:
                break
            state = further
        return state


def is_equal(first: Token, second: Token) -> bool:
    """Return whether two tokens are the same for sure."""
    return first == second and not (isinstance(first, Gap) and first.symbol is None)


def may_be_equal(first: Token, second: Token) -> bool:
    """Return whether two different tokens, no holes, may be the same character."""
    if isinstance(first, Digit) and isinstance(second, Digit):
        return first.symbol == second.symbol or first.index != second.index
    if isinstance(first, Digit | Hex) and isinstance(second, Digit | Hex):
        return first.symbol != second.symbol or first.index != second.index
    own, other = _digits(first), _digits(second)
    return (own is not None and second in own) or (other is not None and first in other)


def _digits(token: Token) -> frozenset[str] | None:
    """Return the characters that a digit may be; None for any other token."""
    if isinstance(token, Digit):
        return _DIGITS
    return _HEXADECIMAL if isinstance(token, Hex) else None
