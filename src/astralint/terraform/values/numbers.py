"""Terraform's numbers: big floats, mostly of 512 bits, rounded to nearest even, as go-cty keeps them.

Whole numbers below 2**512 are Python ints: plain ones where they have 512 bits, `Rounded` where
they have fewer. Everything else is `gmpy2.mpfr` (imported only where a fraction turns up):
fractions, greater numbers, infinities, and the negative zero. A result has the greater
precision of its operands, as in Go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from astralint.terraform.values.value import EvaluationError

if TYPE_CHECKING:
    from gmpy2 import mpfr

PRECISION = 512
MAXIMUM_EXPONENT = 10_000
MAXIMUM_TEXT = 10_000

_INTEGER = re.compile(r"[+-]?[0-9]{1,150}\Z", re.ASCII)
_NUMBER = re.compile(
    r"(?P<mantissa>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:(?P<kind>[eEp])(?P<exponent>[+-]?[0-9]+))?\Z", re.ASCII
)
_INFINITY = re.compile(r"(?P<sign>[+-]?)[Ii]nf\Z")
_LIMIT: int = 2**PRECISION


def _context(precision: int = PRECISION) -> Any:
    import gmpy2

    return gmpy2.context(precision=precision, emax=gmpy2.get_emax_max(), emin=gmpy2.get_emin_min())


class Rounded(int):
    """A whole number that Terraform keeps in fewer bits: 64 where it counts something, 53 where it is a power."""

    precision = 64


def whole_of(value: int, precision: int) -> int:
    """Return a whole number of a precision."""
    if precision == PRECISION:
        return value
    made = Rounded(value)
    if precision != Rounded.precision:
        made.precision = precision
    return made


def precision_of(value: Any) -> int:
    """Return how many bits a number has."""
    return PRECISION if type(value) is int else int(value.precision)


def _float(value: Any) -> Any:
    import gmpy2

    return gmpy2.mpfr(int(value), precision_of(value)) if isinstance(value, int) else value


def _precision(left: Any, right: Any) -> int:
    """Return the precision of a result."""
    return max(precision_of(left), precision_of(right))


def negative_zero(precision: int = PRECISION) -> mpfr:
    """Return -0, which Terraform prints as `-0`."""
    import gmpy2

    return gmpy2.mpfr("-0", precision)


def normal(value: Any) -> int | mpfr:
    """Bring a number into the form that values hold: an int where it is whole and has at most 512 bits."""
    if isinstance(value, int):
        if -_LIMIT < value < _LIMIT:
            return value
        with _context():
            import gmpy2

            return gmpy2.mpfr(value)
    if -_LIMIT < value < _LIMIT and value.is_integer() and not (value == 0 and value.is_signed()):
        return whole_of(int(value), value.precision)
    return value


def _exactly(result: int, left: int, right: int) -> int | None:
    """Return the result of two whole numbers in their precision; None where it does not fit and is to be rounded."""
    precision = _precision(left, right)
    return whole_of(result, precision) if result.bit_length() <= precision else None


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
    if len(text) > MAXIMUM_TEXT or (exponent and _is_enormous(exponent)):
        raise EvaluationError("this number is too large to be computed here", code="limit")
    import gmpy2

    with _context() as context:
        if match["kind"] == "p":
            return normal(context.mul_2exp(gmpy2.mpfr(match["mantissa"]), int(exponent)))
        return normal(gmpy2.mpfr(text))


def _is_enormous(exponent: str) -> bool:
    digits = exponent.lstrip("+-0")
    return len(digits) > 9 or int(digits or "0") > MAXIMUM_EXPONENT


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
        if type(value) is int or value.bit_length() <= precision_of(value):
            return str(int(value))
        value = _float(value)
    import gmpy2

    if gmpy2.is_infinite(value):
        return "-Inf" if value < 0 else "+Inf"
    if value == 0:
        return "-0" if value.is_signed() else "0"
    mantissa, exponent = value.as_mantissa_exp()
    size = (mantissa.bit_length() + exponent) * 30103 // 100000
    if abs(size) > 4 * MAXIMUM_EXPONENT:
        raise EvaluationError("this number is too large to be written here", code="limit")
    digits, point = _shortest(abs(mantissa), exponent, value.precision)
    sign = "-" if value < 0 else ""
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def _decimal(mantissa: Any, exponent: int) -> tuple[str, int]:
    """Return the digits of mantissa * 2**exponent, and after how many of them the point stands."""
    import gmpy2

    if exponent >= 0:
        digits = (mantissa << exponent).digits()
        return digits.rstrip("0"), len(digits)
    digits = (mantissa * gmpy2.mpz(5) ** -exponent).digits()
    return digits.rstrip("0"), len(digits) + exponent


def _shortest(mantissa: Any, exponent: int, precision: int) -> tuple[str, int]:
    """Return the fewest digits that Go takes to tell a number from its neighbours, and where the point stands.

    Go looks half a bit to both sides, also where the number is a power of two, and its lower neighbour nearer.
    """
    digits, point = _decimal(mantissa, exponent)
    shift = precision + 1 - mantissa.bit_length()
    widened = mantissa << shift
    lower = _decimal(widened - 1, exponent - shift)[0]
    upper = _decimal(widened + 1, exponent - shift)[0]
    inclusive = not widened.bit_test(1)
    for count, digit in enumerate(digits, start=1):
        below, above = lower[count - 1 : count] or "0", upper[count - 1 : count] or "0"
        down = below != digit or (inclusive and count == len(lower))
        up = digit != above and (inclusive or int(digit) + 1 < int(above) or count < len(upper))
        if down and up:
            up = _rounds_up(digits, count)
        if up:
            return _rounded_up(digits, point, count)
        if down:
            return digits[:count].rstrip("0"), point
    return digits, point


def _rounds_up(digits: str, count: int) -> bool:
    """Say whether digits are nearer to what is above of their first ones; halves go to the even digit."""
    if digits[count:] == "5":
        return digits[count - 1] in "13579"
    return digits[count : count + 1] >= "5"


def _rounded_up(digits: str, point: int, count: int) -> tuple[str, int]:
    kept = digits[:count].rstrip("9")
    return (kept[:-1] + str(int(kept[-1]) + 1), point) if kept else ("1", point + 1)


def add(left: Any, right: Any) -> int | mpfr:
    """Return the sum; raises EvaluationError for the sum of opposing infinities."""
    if type(left) is int and type(right) is int:
        return normal(left + right)
    if isinstance(left, int) and isinstance(right, int) and (exact := _exactly(left + right, left, right)) is not None:
        return exact
    if is_infinite(left) and is_infinite(right) and left != right:
        raise EvaluationError("can't compute sum of opposing infinities")
    with _context(_precision(left, right)):
        return normal(_float(left) + _float(right))


def subtract(left: Any, right: Any) -> int | mpfr:
    """Return the difference; raises EvaluationError for an infinity minus itself."""
    if type(left) is int and type(right) is int:
        return normal(left - right)
    if isinstance(left, int) and isinstance(right, int) and (exact := _exactly(left - right, left, right)) is not None:
        return exact
    if is_infinite(left) and is_infinite(right) and left == right:
        raise EvaluationError("can't subtract infinity from itself")
    with _context(_precision(left, right)):
        return normal(_float(left) - _float(right))


def multiply(left: Any, right: Any) -> int | mpfr:
    """Return the product; raises EvaluationError for zero times infinity."""
    if isinstance(left, int) and isinstance(right, int):
        product = int(left) * int(right)
        if not product and (left < 0 or right < 0):
            return negative_zero(_precision(left, right))
        if type(left) is int and type(right) is int:
            return normal(product)
        if product.bit_length() <= PRECISION:
            return whole_of(product, max(_precision(left, right), _bits(product)))
    if (is_infinite(left) and right == 0) or (is_infinite(right) and left == 0):
        raise EvaluationError("can't multiply zero by infinity")
    with _context():
        product = _float(left) * _float(right)
    precision = max(_precision(left, right), min(_bits(product), PRECISION))
    with _context(precision):
        return normal(+product)


def _bits(value: Any) -> int:
    """Return how many bits a number needs: those from the first to the last that is set."""
    import gmpy2

    if not gmpy2.is_finite(value) or not value:
        return 0
    mantissa = gmpy2.mpz(value) if isinstance(value, int) else value.as_mantissa_exp()[0]
    return int(mantissa.bit_length() - mantissa.bit_scan1())


def same_number(left: Any, right: Any) -> bool:
    """Say whether numbers are equal: fractions are where they are written alike, whatever their precisions."""
    if isinstance(left, int) or isinstance(right, int) or left.precision == right.precision:
        return bool(left == right)
    return bool(number_identity(left) == number_identity(right))


def number_identity(value: Any) -> Any:
    """Return something hashable that is equal for equal numbers."""
    if isinstance(value, int) or value.is_integer() or value.is_infinite():
        return value
    try:
        return format_number(value)
    except EvaluationError:
        return value


def divide(left: Any, right: Any) -> int | mpfr:
    """Return the quotient, an infinity for a division by zero; raises EvaluationError for 0/0."""
    if isinstance(left, int) and isinstance(right, int) and right and left and left % right == 0:
        quotient = int(left) // int(right)
        if (exact := _exactly(quotient, left, right)) is not None:
            return exact
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
    precision = precision_of(left)
    if isinstance(left, int) and isinstance(right, int):
        exact = 1 << min(precision, precision_of(right)) // 2
        if -exact < left < exact and -exact < right < exact:
            rest = int(abs(left)) % int(abs(right))
            return whole_of(-rest if left < 0 else rest, precision)
    if is_infinite(left) or is_infinite(right):
        raise EvaluationError("can't use modulo with zero and infinity")
    import gmpy2

    with _context(_precision(left, right)):
        quotient = gmpy2.trunc(_float(left) / _float(right))
    with _context(precision):
        # As go-cty does, each step is rounded to the precision of the dividend.
        return normal(_float(left) - gmpy2.mpfr(quotient, precision) * _float(right))


def negate(value: Any) -> int | mpfr:
    """Return the number with the other sign."""
    if isinstance(value, int):
        return whole_of(-int(value), precision_of(value)) if value else negative_zero(precision_of(value))
    with _context(value.precision):
        return normal(-value)
