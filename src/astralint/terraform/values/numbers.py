"""Terraform's numbers: big floats of 512 bits, rounded to nearest even, as go-cty keeps them.

Whole numbers that fit into 512 bits are Python ints, everything else is `gmpy2.mpfr`
(imported only where a fraction turns up).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from astralint.terraform.values.value import EvaluationError

if TYPE_CHECKING:
    from gmpy2 import mpfr

PRECISION = 512
DIGITS = 156
"""Decimal digits that tell any two 512-bit floats apart."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,150}\Z")
_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]*)(?:\.(?P<fraction>[0-9]*))?(?:[eE](?P<exponent>[+-]?[0-9]+))?\Z")
MAXIMUM_EXPONENT = 100_000
MAXIMUM_TEXT = 10_000


def _context() -> Any:
    import gmpy2

    return gmpy2.context(precision=PRECISION)


def normal(value: Any) -> int | mpfr:
    """Bring a number into the form that values hold: an int where it is whole and has at most 512 bits."""
    if isinstance(value, int):
        if value.bit_length() <= PRECISION:
            return value
        import gmpy2

        with _context():
            return gmpy2.mpfr(value)
    if value.is_integer():
        whole = int(value)
        if whole.bit_length() <= PRECISION:
            return whole
    return value


def parse_number(text: str) -> int | mpfr | None:
    """Return the number that a decimal text stands for, or None.

    Raises EvaluationError with the code `limit` where its exponent is beyond all use.
    """
    if _INTEGER.match(text):
        return int(text)
    match = _NUMBER.match(text)
    if match is None or not (match["whole"] or match["fraction"]):
        return None
    if len(text) > MAXIMUM_TEXT or (match["exponent"] and abs(int(match["exponent"][:8])) > MAXIMUM_EXPONENT):
        raise EvaluationError("this number is too large to be computed here", code="limit")
    import gmpy2

    with _context():
        return normal(gmpy2.mpfr(text))


def format_number(value: int | mpfr) -> str:
    """Return the shortest decimal text that gives the number back, without exponent."""
    if isinstance(value, int):
        return str(value)
    import gmpy2

    if gmpy2.is_infinite(value):
        return "-Inf" if value < 0 else "+Inf"
    low, high = 1, DIGITS
    with _context():
        while low < high:
            middle = (low + high) // 2
            if gmpy2.mpfr(_digits(value, middle)) == value:
                high = middle
            else:
                low = middle + 1
    return _digits(value, low)


def _digits(value: Any, count: int) -> str:
    # mpfr wants at least two digits where they are asked for.
    digits: tuple[str, int, int] = value.digits(10, max(count, 2))
    mantissa, exponent, _ = digits
    sign = "-" if mantissa.startswith("-") else ""
    mantissa = mantissa.lstrip("-").rstrip("0") or "0"
    if exponent <= 0:
        return f"{sign}0.{'0' * -exponent}{mantissa}"
    if exponent >= len(mantissa):
        return sign + mantissa + "0" * (exponent - len(mantissa))
    return f"{sign}{mantissa[:exponent]}.{mantissa[exponent:]}"


def add(left: Any, right: Any) -> int | mpfr:
    """Return the sum."""
    if isinstance(left, int) and isinstance(right, int):
        return normal(left + right)
    with _context():
        return normal(left + right)


def subtract(left: Any, right: Any) -> int | mpfr:
    """Return the difference."""
    if isinstance(left, int) and isinstance(right, int):
        return normal(left - right)
    with _context():
        return normal(left - right)


def multiply(left: Any, right: Any) -> int | mpfr:
    """Return the product."""
    if isinstance(left, int) and isinstance(right, int):
        return normal(left * right)
    with _context():
        return normal(left * right)


def divide(left: Any, right: Any) -> int | mpfr:
    """Return the quotient; raises EvaluationError for a division by zero."""
    if right == 0:
        raise EvaluationError("division by zero")
    if isinstance(left, int) and isinstance(right, int) and left % right == 0:
        return normal(left // right)
    import gmpy2

    with _context():
        return normal(gmpy2.mpfr(left) / gmpy2.mpfr(right))


def modulo(left: Any, right: Any) -> int | mpfr:
    """Return what is left over, with the sign of the dividend; raises EvaluationError for a division by zero."""
    if right == 0:
        raise EvaluationError("division by zero")
    if isinstance(left, int) and isinstance(right, int):
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    import gmpy2

    with _context():
        # go-cty: a - trunc(a / b) * b, rounded at each step.
        quotient = gmpy2.trunc(gmpy2.mpfr(left) / gmpy2.mpfr(right))
        return normal(gmpy2.mpfr(left) - quotient * gmpy2.mpfr(right))


def negate(value: Any) -> int | mpfr:
    """Return the number with the other sign."""
    if isinstance(value, int):
        return -value
    with _context():
        return normal(-value)
