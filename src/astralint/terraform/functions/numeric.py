"""Functions of numbers, with Terraform's 512-bit floats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from astralint.terraform.functions.registry import implements
from astralint.terraform.functions.support import (
    FunctionError,
    is_mapping,
    is_sequence,
    is_wholly_known,
    unknown_of,
    whole,
)
from astralint.terraform.values.convert import convert, friendly
from astralint.terraform.values.numbers import PRECISION, Rounded, add, negate, normal, precision_of, whole_of
from astralint.terraform.values.types import NUMBER, STRING, AnyType
from astralint.terraform.values.value import EvaluationError, Value, list_of, number

if TYPE_CHECKING:
    from gmpy2 import mpfr

MAX_RANGE = 1024


@implements("abs")
def _abs(arguments: list[Value]) -> Value:
    raw = arguments[0].raw
    # The negative zero is equal to the other one, and loses its sign too.
    return number(negate(raw) if raw < 0 else raw or whole_of(0, precision_of(raw)))


@implements("signum")
def _signum(arguments: list[Value]) -> Value:
    raw = whole(arguments[0], None)
    return number(Rounded((raw > 0) - (raw < 0)))


@implements("ceil")
def _ceil(arguments: list[Value]) -> Value:
    raw = arguments[0].raw
    return number(_as_whole(raw) if _is_whole(raw) else whole_of(_floor_of(raw) + 1, raw.precision))


@implements("floor")
def _floor(arguments: list[Value]) -> Value:
    raw = arguments[0].raw
    return number(_as_whole(raw) if _is_whole(raw) else whole_of(_floor_of(raw), raw.precision))


def _is_whole(raw: Any) -> bool:
    return isinstance(raw, int) or not raw.is_finite() or bool(raw.is_integer())


def _as_whole(raw: Any) -> Any:
    return raw or whole_of(0, precision_of(raw))


def _floor_of(raw: mpfr) -> int:
    if -1 < raw < 1:
        # A tiny number is a ratio of numbers that are too large to be divided.
        return 0 if raw > 0 else -1
    numerator, denominator = raw.as_integer_ratio()
    return int(numerator // denominator)


@implements("max")
def _max(arguments: list[Value]) -> Value:
    if not arguments:
        raise FunctionError("must pass at least one number")
    return number(max(argument.raw for argument in arguments))


@implements("min")
def _min(arguments: list[Value]) -> Value:
    if not arguments:
        raise FunctionError("must pass at least one number")
    return number(min(argument.raw for argument in arguments))


@implements("sum", returns=lambda _: NUMBER, typed=True)
def _sum(arguments: list[Value]) -> Value:
    items = arguments[0]
    if not is_sequence(items.type) and not is_mapping(items.type):
        raise FunctionError("cannot sum noniterable", 0)
    if not items.raw:
        raise FunctionError("cannot sum an empty list", 0)
    if not is_sequence(items.type):
        raise FunctionError(f"argument must be list, set, or tuple. Received {friendly(items.type)}", 0)
    if not is_wholly_known(items):
        return unknown_of(NUMBER, arguments)
    first, *others = items.raw
    total = _summand(first)
    for item in others:
        total = add(total, _summand(item))
    return number(total)


def _summand(item: Value) -> int | mpfr:
    try:
        raw: int | mpfr | None = convert(item, NUMBER).raw
    except EvaluationError:
        raw = None
    if raw is None:
        raise FunctionError("argument must be list, set, or tuple of number values", 0)
    return raw


# --- Go's float64 ---------------------------------------------------------------------


def _double(value: Value, argument: int) -> float:
    raw = value.raw
    try:
        double = float(raw)
    except OverflowError:
        double = math.inf if raw > 0 else -math.inf
    if math.isinf(double) and raw != double:
        raise FunctionError("the number is too large to compute with", argument)
    return double


def _from_double(double: float) -> Value:
    if math.isnan(double):
        raise FunctionError("the result is not a number")
    import gmpy2

    return number(normal(gmpy2.mpfr(double, 53)))


@implements("log")
def _log(arguments: list[Value]) -> Value:
    value, base = _double(arguments[0], 0), _double(arguments[1], 1)
    return _from_double(_divided(_ln(value), _ln(base)))


def _ln(value: float) -> float:
    if value == 0:
        return -math.inf
    return math.nan if value < 0 else math.log(value)


def _divided(dividend: float, divisor: float) -> float:
    if divisor == 0:
        if dividend == 0 or math.isnan(dividend):
            return math.nan
        return math.copysign(math.inf, dividend) * math.copysign(1, divisor)
    return dividend / divisor


@implements("pow")
def _pow(arguments: list[Value]) -> Value:
    value, power = _double(arguments[0], 0), _double(arguments[1], 1)
    return _from_double(_power(value, power))


def _power(value: float, power: float) -> float:
    """Return the power as Go computes it: the last digit is not always that of the C library."""
    if power == 0 or value == 1:
        return 1.0
    if math.isinf(value) or math.isinf(power):
        return math.pow(value, power)
    if value == 0:
        magnitude = 0.0 if power > 0 else math.inf
        return math.copysign(magnitude, value) if power % 2 == 1 else magnitude
    if abs(power) == 0.5:
        root = math.sqrt(value) if value >= 0 else math.nan
        return root if power > 0 else 1 / root
    fraction, whole_power = math.modf(abs(power))
    if fraction and value < 0:
        return math.nan
    if whole_power >= 2**63:
        return _enormous_power(value, power)
    mantissa, exponent = _integer_power(value, int(whole_power + (fraction > 0.5)))
    if fraction:
        mantissa *= math.exp((fraction - (fraction > 0.5)) * math.log(value))
    if power < 0:
        mantissa, exponent = 1 / mantissa, -exponent
    try:
        return math.ldexp(mantissa, exponent)
    except OverflowError:
        return math.copysign(math.inf, mantissa)


def _integer_power(value: float, power: int) -> tuple[float, int]:
    mantissa, exponent = 1.0, 0
    square, doubling = math.frexp(value)
    while power:
        if abs(doubling) > 4096:
            # No further factor changes an overflow.
            return mantissa, exponent + doubling
        if power & 1:
            mantissa *= square
            exponent += doubling
        square *= square
        doubling *= 2
        if square < 0.5:
            square += square
            doubling -= 1
        power >>= 1
    return mantissa, exponent


def _enormous_power(value: float, power: float) -> float:
    if value == -1:
        return 1.0
    return math.inf if (abs(value) < 1) == (power < 0) else 0.0


# --- text and ranges --------------------------------------------------------------------


def _parsed_type(arguments: list[Value]) -> AnyType:
    if arguments[0].type != STRING:
        raise FunctionError("first argument must be a string, not " + friendly(arguments[0].type), 0)
    return NUMBER


@implements("parseint", returns=_parsed_type, typed=True)
def _parseint(arguments: list[Value]) -> Value:
    _parsed_type(arguments)
    given, base = arguments[0], whole(arguments[1], 1)
    if not 2 <= base <= 62:
        raise FunctionError("base must be a whole number between 2 and 62 inclusive", 1)
    content: str = given.raw
    digits = content[1:] if content[:1] in {"+", "-"} else content
    if not digits or len(digits) > 100_000:
        raise FunctionError(_not_a_number(content, base), 0)
    if base <= 36:
        digits = digits.lower()
    if not set(digits) <= set(_DIGITS[:base]):
        raise FunctionError(_not_a_number(content, base), 0)
    import gmpy2

    # Its digits beyond base 36 are the upper-case letters first.
    result = int(gmpy2.mpz(digits if base <= 36 else digits.swapcase(), base))
    signed = -result if content[0] == "-" else result
    precision = max(64, signed.bit_length())
    if precision < PRECISION:
        return number(whole_of(signed, precision))
    return number(normal(gmpy2.mpfr(signed, precision)))


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _not_a_number(content: str, base: int) -> str:
    shown = content if len(content) <= 80 else content[:80] + "…"
    return f'cannot parse "{shown}" as a base {base} integer'


@implements("range")
def _range(arguments: list[Value]) -> Value:
    numbers = [argument.raw for argument in arguments]
    start: int | mpfr = Rounded(0)
    step: int | mpfr
    if len(numbers) == 1:
        end = numbers[0]
        step = Rounded(1 if end >= 0 else -1)
    elif len(numbers) == 2:
        start, end = numbers
        step = Rounded(1 if start <= end else -1)
    elif len(numbers) == 3:
        start, end, step = numbers
    else:
        raise FunctionError("must have one, two, or three arguments")
    if step == 0 and start != end:
        raise FunctionError("step must not be zero", 2)
    if end > start and step < 0:
        raise FunctionError("end must be less than start when step is negative", 2)
    if end < start and step > 0:
        raise FunctionError("end must be greater than start when step is positive", 2)
    items: list[Value] = []
    current = start
    while current < end if step > 0 else current > end:
        if len(items) >= MAX_RANGE:
            raise FunctionError(
                "more than 1024 values were generated; either decrease the difference between start and end or use a smaller step"
            )
        items.append(number(current))
        current = add(current, step)
    return list_of(NUMBER, items)
