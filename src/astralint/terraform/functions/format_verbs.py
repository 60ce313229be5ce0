"""The verbs of `format`: reading a format text, and Go's way to print numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from astralint.terraform.functions.support import MAX_TEXT, FunctionError, limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gmpy2 import mpfr

# Go stops reading a width or precision where it is greater than this before its last digit.
_MAX_WIDTH = 1_000_000
# Beyond, the decimal digits of a number are too many to be computed.
_MAX_BITS = 4_000_000

_VERB = re.compile(
    r"%(?P<flags>[ +\-0#]*)(?P<width>[1-9][0-9]*)?(?P<precision>\.[0-9]*)?(?:\[(?P<index>[0-9]+)\])?(?P<mode>.)",
    re.DOTALL,
)


class Verb(NamedTuple):
    """One formatting sequence; `argument` is the index of its argument, from 0."""

    written: str
    offset: int
    mode: str
    argument: int
    flags: str
    width: int | None
    precision: int | None

    @property
    def zero(self) -> bool:
        """True where numbers are padded with zeros."""
        return "0" in self.flags and "-" not in self.flags

    @property
    def is_lost(self) -> bool:
        """True where Go gives up over a width or precision before it comes to the verb."""
        return max(self.width or 0, self.precision or 0) // 10 > _MAX_WIDTH

    def fail(self, message: str) -> FunctionError:
        """Return the failure of printing a value with this verb."""
        return FunctionError(f'unsupported value for "{self.written}" at {self.offset}: {message}')


def parse(content: str, arguments: int) -> Iterator[str | Verb]:
    """Yield the literal pieces and the verbs of a format text; raise where it is wrong."""
    position = 0
    following = 0
    used = 0
    while True:
        start = content.find("%", position)
        if start < 0:
            break
        if start > position:
            yield content[position:start]
        if content.startswith("%%", start):
            yield "%"
            position = start + 2
            continue
        verb = _verb(content, start, following)
        if verb.argument >= arguments:
            raise FunctionError(
                f'not enough arguments for "{verb.written}" at {verb.offset}: need index {verb.argument + 1} but have '
                f"{arguments} total"
            )
        following = verb.argument + 1
        used = max(used, following)
        yield verb
        position = start + len(verb.written)
    if position < len(content):
        yield content[position:]
    if used < arguments:
        why = f"only {used} used by format string" if used else "no verbs in format string"
        raise FunctionError(f"too many arguments; {why}", used + 1)


def _verb(content: str, start: int, following: int) -> Verb:
    match = _VERB.match(content, start)
    if match is None:
        raise FunctionError(f"unterminated format sequence at offset {start}")
    written = match[0]
    if match["mode"] not in "vtbdoxXeEfgGsq":
        raise FunctionError(f'unsupported format verb "{match["mode"]}" in "{written}" at offset {start}')
    index = following
    if match["index"] is not None:
        index = _bounded(match["index"]) - 1
        if index < 0:
            raise FunctionError(f'unrecognized format character "0" in "{written}" at offset {start}')
    width = _bounded(match["width"]) if match["width"] else None
    precision = _bounded(match["precision"][1:] or "0") if match["precision"] else None
    return Verb(written, start, match["mode"], index, match["flags"], width, precision)


def _bounded(digits: str) -> int:
    return int(digits) if len(digits) < 20 else 10**19


def lost(kind: str, shown: str) -> str:
    """Return what Go prints for a number whose verb it did not come to."""
    return f"%!(NOVERB)%!(EXTRA *big.{kind}={shown})"


def integer(verb: Verb, value: int) -> str:
    """Return a whole number as Go prints it with %b, %d, %o, %x or %X."""
    import gmpy2

    base = {"b": 2, "d": 10, "o": 8, "x": 16, "X": 16}[verb.mode]
    _check_bits(value.bit_length())
    if verb.is_lost:
        return lost("Int", gmpy2.mpz(value).digits())
    digits: str = gmpy2.mpz(abs(value)).digits(base)
    if verb.mode == "X":
        digits = digits.upper()
    prefix = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}.get(verb.mode, "") if "#" in verb.flags else ""
    sign = _sign(verb, value < 0)
    if verb.precision is not None:
        if digits == "0" and verb.precision == 0:
            digits = ""
        digits = digits.rjust(verb.precision, "0")
    missing = (verb.width or 0) - len(sign) - len(prefix) - len(digits)
    if missing <= 0:
        return sign + prefix + digits
    if "-" in verb.flags:
        return sign + prefix + digits + " " * missing
    if verb.zero and verb.precision is None:
        return sign + prefix + "0" * missing + digits
    return " " * missing + sign + prefix + digits


def _sign(verb: Verb, negative: bool) -> str:
    if negative:
        return "-"
    return "+" if "+" in verb.flags else " " if " " in verb.flags else ""


def floating(verb: Verb, raw: int | mpfr, shortest: str) -> str:
    """Return a number as Go prints it with %e, %E, %f, %g or %G.

    `shortest` is the number in the fewest decimal digits that tell it from others.
    """
    negative = shortest.startswith("-")
    if verb.is_lost:
        magnitude = shortest.removeprefix("-")
        return lost("Float", shortest if shortest.endswith("Inf") else "-" * negative + general(magnitude))
    if shortest.endswith("Inf"):
        return shortest.rjust(verb.width or 0)
    mode = verb.mode.lower()
    if mode == "g" and verb.precision is None:
        body = general(shortest.removeprefix("-"))
    else:
        body = _rounded(mode, 6 if verb.precision is None else verb.precision, raw)
    if verb.mode in "EG":
        body = body.upper()
    sign = _sign(verb, negative)
    missing = (verb.width or 0) - len(sign) - len(body)
    if missing <= 0:
        return sign + body
    if verb.zero:
        return sign + "0" * missing + body
    return sign + body + " " * missing if "-" in verb.flags else " " * missing + sign + body


def general(shortest: str) -> str:
    """Return a number without sign, given in its shortest digits, as Go prints it with %g."""
    whole, _, fraction = shortest.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if not digits:
        return "0"
    if point - 1 < -4 or point - 1 >= 6:
        return _scientific(digits, point, len(digits) - 1)
    return shortest


def _rounded(mode: str, precision: int, raw: int | mpfr) -> str:
    digits, point = _decimal(raw)
    if mode == "f":
        digits, point = _round(digits, point, point + precision)
        return _fixed(digits, point, precision)
    if mode == "e":
        digits, point = _round(digits, point, precision + 1)
        return _scientific(digits, point, precision)
    wanted = precision or 1
    digits, point = _round(digits, point, wanted)
    digits = digits.rstrip("0")
    threshold = wanted
    if threshold > len(digits) >= point:
        threshold = len(digits)
    if digits and (point - 1 < -4 or point - 1 >= threshold):
        return _scientific(digits, point, min(wanted, len(digits)) - 1)
    return _fixed(digits, point, max(len(digits) - point, 0))


def _decimal(raw: Any) -> tuple[str, int]:
    """Return the exact decimal digits of a number's magnitude, and where their point stands."""
    import gmpy2

    if isinstance(raw, int):
        _check_bits(raw.bit_length())
        digits = gmpy2.mpz(abs(int(raw))).digits()
        return ("", 0) if digits == "0" else (digits, len(digits))
    mantissa, exponent = raw.as_mantissa_exp()
    _check_bits(abs(int(exponent)))
    mantissa = abs(mantissa)
    if exponent >= 0:
        digits = (mantissa << int(exponent)).digits()
        return digits, len(digits)
    digits = (mantissa * gmpy2.mpz(5) ** int(-exponent)).digits()
    return digits, len(digits) + int(exponent)


def _check_bits(bits: int) -> None:
    if bits > _MAX_BITS:
        raise limit("the number has more digits than can be printed")


def _round(digits: str, point: int, keep: int) -> tuple[str, int]:
    """Round half to even to the first `keep` digits."""
    if keep < 0:
        return "", 0
    if keep >= len(digits):
        return digits, point
    rest = digits[keep:]
    kept = digits[:keep]
    half = rest[0] == "5" and not rest[1:].strip("0")
    up = (kept[-1:] or "0") in "13579" if half else rest[0] >= "5"
    if not up:
        return kept, point
    stripped = kept.rstrip("9")
    if not stripped:
        return "1" + "0" * max(len(kept) - 1, 0), point + 1
    bumped = stripped[:-1] + str(int(stripped[-1]) + 1)
    return bumped + "0" * (len(kept) - len(stripped)), point


def _fixed(digits: str, point: int, precision: int) -> str:
    if point + precision > MAX_TEXT:
        raise limit("the number has more digits than can be printed")
    whole = digits[:point].ljust(point, "0") if point > 0 else ""
    fraction = ("0" * -point + digits if point <= 0 else digits[point:])[:precision].ljust(precision, "0")
    return (whole or "0") + ("." + fraction if precision else "")


def _scientific(digits: str, point: int, precision: int) -> str:
    exponent = point - 1 if digits else 0
    mantissa = digits.ljust(precision + 1, "0")
    body = mantissa[0] + ("." + mantissa[1 : precision + 1] if precision > 0 else "")
    return f"{body}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
