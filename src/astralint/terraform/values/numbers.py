"""Terraform's numbers: big floats of 512 bits, rounded to nearest even, as go-cty keeps them.

Whole numbers that fit into 512 bits are Python ints, everything else is `gmpy2.mpfr`
(imported only where a fraction turns up): fractions, greater numbers, infinities,
and the negative zero. An mpfr keeps its own precision, as Go's floats do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from astralint.terraform.values.value import EvaluationError

if TYPE_CHECKING:
    from gmpy2 import mpfr

PRECISION = 512
MAXIMUM_EXPONENT = 100_000
MAXIMUM_TEXT = 10_000

_INTEGER = re.compile(r"[+-]?[0-9]{1,150}\Z", re.ASCII)
_NUMBER = re.compile(
    r"(?P<mantissa>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:(?P<kind>[eEp])(?P<exponent>[+-]?[0-9]+))?\Z", re.ASCII
)
_INFINITY = re.compile(r"(?P<sign>[+-]?)[Ii]nf\Z")
_LIMIT: int = 2**PRECISION
_EXACT = 2**256


def _context(precision: int = PRECISION) -> Any:
    import gmpy2

    return gmpy2.context(precision=precision, emax=gmpy2.get_emax_max(), emin=gmpy2.get_emin_min())


def _float(value: Any) -> Any:
    import gmpy2

    return gmpy2.mpfr(value, PRECISION) if isinstance(value, int) else value


def _precision(left: Any, right: Any) -> int:
    """Return the precision of a result: the greater one, that of whole numbers being 512."""
    if isinstance(left, int) or isinstance(right, int):
        return PRECISION
    return int(max(left.precision, right.precision))


def negative_zero() -> mpfr:
    """Return -0, which Terraform prints as `-0`."""
    import gmpy2

    return gmpy2.mpfr("-0", PRECISION)


def normal(value: Any) -> int | mpfr:
    """Bring a number into the form that values hold: an int where it is whole and has at most 512 bits."""
    if isinstance(value, int):
        if -_LIMIT < value < _LIMIT:
            return value
        with _context():
            import gmpy2

            return gmpy2.mpfr(value)
    if -_LIMIT < value < _LIMIT and value.is_integer() and not (value == 0 and value.is_signed()):
        return int(value)
    return value


def parse_number(text: str) -> int | mpfr | None:
    """Return the number that a decimal text stands for, or None; never the negative zero.

    Raises EvaluationError with the code `limit` where it is too long, or its exponent beyond all use.
    """
    if _INTEGER.match(text):
        return int(text)
    if infinity := _INFINITY.match(text):
        return _infinity(negative=infinity["sign"] == "-")
    match = _NUMBER.match(text)
    if match is None:
        return None
    exponent = match["exponent"]
    if len(text) > MAXIMUM_TEXT or (exponent and abs(int(exponent)) > MAXIMUM_EXPONENT):
        raise EvaluationError("this number is too large to be computed here", code="limit")
    import gmpy2

    with _context() as context:
        if match["kind"] == "p":
            return normal(context.mul_2exp(gmpy2.mpfr(match["mantissa"]), int(exponent)))
        return normal(gmpy2.mpfr(text))


def _infinity(*, negative: bool) -> mpfr:
    import gmpy2

    return gmpy2.inf(-1 if negative else 1)


def is_infinite(value: Any) -> bool:
    """Say whether a number is infinite: what a division by zero gives."""
    if isinstance(value, int):
        return False
    import gmpy2

    return bool(gmpy2.is_infinite(value))


def format_number(value: int | mpfr) -> str:
    """Return the shortest decimal text that gives the number back, without exponent.

    Raises EvaluationError with the code `limit` where that text is too long.
    """
    if isinstance(value, int):
        return str(value)
    import gmpy2

    if gmpy2.is_infinite(value):
        return "-Inf" if value < 0 else "+Inf"
    if value == 0:
        return "-0" if value.is_signed() else "0"
    precision = value.precision
    with _context(precision):
        # Some more than the digits that tell any two floats of this precision apart.
        low, high = 1, precision * 30103 // 100000 + 3
        while low < high:
            middle = (low + high) // 2
            if gmpy2.mpfr(_scientific(value, middle)) == value:
                high = middle
            else:
                low = middle + 1
        return _plain(value, low)


def _digits(value: Any, count: int) -> tuple[str, str, int]:
    # mpfr wants at least two digits where they are asked for.
    mantissa, exponent, _ = value.digits(10, max(count, 2))
    sign = "-" if mantissa.startswith("-") else ""
    mantissa = mantissa.lstrip("-")
    if count == 1 and mantissa[1:] != "0":
        # Rounding to one digit by way of two is no rounding to nearest: such texts don't give the number back.
        mantissa = mantissa[0] + "0"
    return sign, mantissa.rstrip("0") or "0", exponent


def _scientific(value: Any, count: int) -> str:
    sign, mantissa, exponent = _digits(value, count)
    return f"{sign}0.{mantissa}e{exponent}"


def _plain(value: Any, count: int) -> str:
    sign, mantissa, exponent = _digits(value, count)
    if abs(exponent) > 4 * MAXIMUM_EXPONENT:
        raise EvaluationError("this number is too large to be written here", code="limit")
    if exponent <= 0:
        return f"{sign}0.{'0' * -exponent}{mantissa}"
    if exponent >= len(mantissa):
        return sign + mantissa + "0" * (exponent - len(mantissa))
    return f"{sign}{mantissa[:exponent]}.{mantissa[exponent:]}"


def add(left: Any, right: Any) -> int | mpfr:
    """Return the sum; raises EvaluationError for the sum of opposing infinities."""
    if isinstance(left, int) and isinstance(right, int):
        return normal(left + right)
    if is_infinite(left) and is_infinite(right) and left != right:
        raise EvaluationError("can't compute sum of opposing infinities")
    with _context(_precision(left, right)):
        return normal(_float(left) + _float(right))


def subtract(left: Any, right: Any) -> int | mpfr:
    """Return the difference; raises EvaluationError for an infinity minus itself."""
    if isinstance(left, int) and isinstance(right, int):
        return normal(left - right)
    if is_infinite(left) and is_infinite(right) and left == right:
        raise EvaluationError("can't subtract infinity from itself")
    with _context(_precision(left, right)):
        return normal(_float(left) - _float(right))


def multiply(left: Any, right: Any) -> int | mpfr:
    """Return the product; raises EvaluationError for zero times infinity."""
    if isinstance(left, int) and isinstance(right, int):
        product = left * right
        return negative_zero() if not product and (left < 0 or right < 0) else normal(product)
    if (is_infinite(left) and right == 0) or (is_infinite(right) and left == 0):
        raise EvaluationError("can't multiply zero by infinity")
    with _context(_precision(left, right)):
        return normal(_float(left) * _float(right))


def divide(left: Any, right: Any) -> int | mpfr:
    """Return the quotient, an infinity for a division by zero; raises EvaluationError for 0/0."""
    if isinstance(left, int) and isinstance(right, int) and right and left and left % right == 0:
        return normal(left // right)
    if (left == 0 and right == 0) or (is_infinite(left) and is_infinite(right)):
        raise EvaluationError("can't divide zero by zero or infinity by infinity")
    if right == 0:
        zero_is_negative = not isinstance(right, int) and right.is_signed()
        return _infinity(negative=(left < 0) != zero_is_negative)
    with _context(_precision(left, right)):
        return normal(_float(left) / _float(right))


def modulo(left: Any, right: Any) -> int | mpfr:
    """Return what is left over, with the sign of the dividend; the dividend where the divisor is zero.

    Raises EvaluationError for infinities.
    """
    if right == 0:
        return left
    if isinstance(left, int) and isinstance(right, int) and -_EXACT < left < _EXACT and -_EXACT < right < _EXACT:
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    if is_infinite(left) or is_infinite(right):
        raise EvaluationError("can't use modulo with zero and infinity")
    import gmpy2

    with _context(_precision(left, right)):
        # As go-cty does, each step is rounded.
        return normal(_float(left) - gmpy2.trunc(_float(left) / _float(right)) * _float(right))


def negate(value: Any) -> int | mpfr:
    """Return the number with the other sign."""
    if isinstance(value, int):
        return -value if value else negative_zero()
    with _context(value.precision):
        return normal(-value)
