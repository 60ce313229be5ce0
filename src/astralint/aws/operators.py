"""The condition operators: how one value of a policy compares with one of the request.

Source: AWS's IAM User Guide, "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import operator
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from astralint.aws.arn import Arn, match_arn_tokens
from astralint.aws.text import Text, known
from astralint.aws.wildcard import Digit, Gap, Hex, Token, Wild, literal_tokens, match_tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from astralint.aws.kleene import Truth

Tokens = tuple[Token, ...]

# The negated operators, and the comparison that they negate.
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
WITH_WILDCARDS = frozenset({"StringLike", "ArnLike", "ArnEquals"})
# In the values of these a star is a star.
LITERAL = frozenset({"StringEquals", "StringEqualsIgnoreCase"})
# AWS replaces variables in the values of no others.
WITH_VARIABLES = frozenset({"StringEquals", "StringEqualsIgnoreCase", *WITH_WILDCARDS})

_DATE = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:T(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,9})?)?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
# Four digits may be a year as well.
_EPOCH = re.compile(r"\d{1,3}|\d{5,12}")
_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?")
_NETWORK = re.compile(r"[0-9a-fA-F.:]{2,45}(/\d{1,3})?")


def compare(name: str, policy: Tokens, request: Text) -> Truth:
    """Return whether a policy's value (its variables replaced) fits one of the request's.

    `name` is a base that is not negated. A value that is none of the operator's kind fits nothing.
    """
    given = literal_tokens(request)
    if name in ("ArnEquals", "ArnLike"):
        return _arn_like(policy, given)
    if name == "StringEqualsIgnoreCase":
        return match_tokens(_lowered(policy), _lowered(given))
    if name in ("StringEquals", "StringLike"):
        return match_tokens(policy, given)
    wanted_text, given_text = _plain(policy), _plain(given)
    if wanted_text is None or given_text is None:
        return None
    parse = _PARSERS[name]
    wanted_value, given_value = parse(wanted_text), parse(given_text)
    if wanted_value is None or given_value is None:
        return False
    return _TESTS[name](given_value, wanted_value)


def is_valid(name: str, value: str) -> bool:
    """Return whether a policy's value is of the kind of an operator that is not negated."""
    parse = _PARSERS.get(name)
    return parse is None or parse(value) is not None


def is_comparable(name: str, value: Text) -> bool:
    """Return whether a value of the request is surely of the kind of an operator that is not negated."""
    if name in ("ArnEquals", "ArnLike"):
        return Arn.parse(value) is not None
    plain = known(value)
    return is_valid(name, plain) if plain is not None else name not in _PARSERS


def _plain(tokens: Tokens) -> str | None:
    if any(isinstance(token, Gap | Digit | Hex | Wild) for token in tokens):
        return None
    return "".join(token for token in tokens if isinstance(token, str))


def _lowered(tokens: Tokens) -> Tokens:
    return tuple(token.lower() if isinstance(token, str) else token for token in tokens)


def _arn_like(policy: Tokens, request: Tokens) -> Truth:
    if policy == (Wild.ANY,):
        # A lone star is no ARN, and AWS does not say what it does with it.
        return None
    return match_arn_tokens(policy, request, complete=False)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _date(text: str) -> datetime | None:
    if _EPOCH.fullmatch(text):
        try:
            return datetime.fromtimestamp(int(text), UTC)
        except (OverflowError, OSError, ValueError):
            return None
    if not _DATE.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _truth(text: str) -> str | None:
    return text.lower() if text.lower() in ("true", "false") else None


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    if not _NETWORK.fullmatch(text):
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _within(given: Any, wanted: Any) -> bool:
    return bool(given.version == wanted.version and given.subnet_of(wanted))


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    **{f"Numeric{name}": test for name, test in _ORDERS.items()},
    **{f"Date{name}": test for name, test in _ORDERS.items()},
    "Bool": operator.eq,
    "BinaryEquals": operator.eq,
    "IpAddress": _within,
}
_PARSERS: dict[str, Callable[[str], Any]] = {
    **{f"Numeric{name}": _number for name in _ORDERS},
    **{f"Date{name}": _date for name in _ORDERS},
    "Bool": _truth,
    "BinaryEquals": _bytes,
    "IpAddress": _network,
}
