"""Functions of dates and times."""

from __future__ import annotations

import re
from collections.abc import Callable

from astralint.terraform.functions import timestamps
from astralint.terraform.functions.registry import implements
from astralint.terraform.functions.support import FunctionError, text
from astralint.terraform.functions.timestamps import Timestamp
from astralint.terraform.values.numbers import Rounded
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import Reason, Value, number, unknown

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_TOKEN = re.compile(r"''|'((?:[^']|'')*)'|'|([a-zA-Z])\2*|[^a-zA-Z']+")


@implements("timestamp", "plantimestamp")
def _now(_: list[Value]) -> Value:
    return unknown(
        Reason("impure-function", "the current time is known only when Terraform runs"), STRING, not_null=True
    )


@implements("formatdate")
def _formatdate(arguments: list[Value]) -> Value:
    timestamp = _timestamp(arguments[1], 1)
    pieces: list[str] = []
    for match in _TOKEN.finditer(arguments[0].raw):
        written = match[0]
        if written == "'":
            raise FunctionError("unterminated literal '", 0)
        if written == "''":
            pieces.append("'")
        elif match[1] is not None:
            pieces.append(match[1].replace("''", "'"))
        elif match[2] is not None:
            pieces.append(_verb(written, timestamp))
        else:
            pieces.append(written)
    return text("".join(pieces))


def _timestamp(value: Value, argument: int | None) -> Timestamp:
    parsed = timestamps.parse(value.raw)
    if parsed is None:
        raise FunctionError(f'not a valid RFC3339 timestamp: cannot use "{value.raw[:80]}"', argument)
    return parsed


_Printer = Callable[[Timestamp], str]


def _plain(position: int) -> dict[int, _Printer]:
    return {1: lambda time: str(time.civil()[position]), 2: lambda time: f"{time.civil()[position]:02d}"}


def _twelve(time: Timestamp) -> int:
    return time.civil()[3] % 12 or 12


_VERBS: dict[str, tuple[str, dict[int, _Printer]]] = {
    "Y": (
        'year must either be "YY" or "YYYY"',
        {2: lambda time: f"{time.civil()[0] % 100:02d}", 4: lambda time: f"{time.civil()[0]:04d}"},
    ),
    "M": (
        'month must be "M", "MM", "MMM", or "MMMM"',
        {
            **_plain(1),
            3: lambda time: _MONTHS[time.civil()[1] - 1][:3],
            4: lambda time: _MONTHS[time.civil()[1] - 1],
        },
    ),
    "D": ('day of month must either be "D" or "DD"', _plain(2)),
    "E": (
        'day of week must either be "EEE" or "EEEE"',
        {3: lambda time: _WEEKDAYS[time.weekday][:3], 4: lambda time: _WEEKDAYS[time.weekday]},
    ),
    "h": ('24-hour must either be "h" or "hh"', _plain(3)),
    "H": (
        '12-hour must either be "H" or "HH"',
        {1: lambda time: str(_twelve(time)), 2: lambda time: f"{_twelve(time):02d}"},
    ),
    "A": ('must be "AA"', {2: lambda time: "PM" if time.civil()[3] >= 12 else "AM"}),
    "a": ('must be "aa"', {2: lambda time: "pm" if time.civil()[3] >= 12 else "am"}),
    "m": ('minute must either be "m" or "mm"', _plain(4)),
    "s": ('second must either be "s" or "ss"', _plain(5)),
    "Z": (
        "timezone must be Z, ZZZZ, or ZZZZZ",
        {
            1: lambda time: time.zone() if time.offset else "Z",
            3: lambda time: time.zone(colon=False) if time.offset else "UTC",
            4: lambda time: time.zone(colon=False),
            5: lambda time: time.zone(),
        },
    ),
}


def _verb(token: str, timestamp: Timestamp) -> str:
    known = _VERBS.get(token[0])
    shown = token if len(token) <= 20 else token[:20] + "…"
    if known is None:
        raise FunctionError(f'invalid date format verb "{shown}"', 0)
    printer = known[1].get(len(token))
    if printer is None:
        raise FunctionError(f'invalid date format verb "{shown}": {known[0]}', 0)
    return printer(timestamp)


@implements("timeadd")
def _timeadd(arguments: list[Value]) -> Value:
    timestamp = _timestamp(arguments[0], 0)
    duration = timestamps.parse_duration(arguments[1].raw)
    if duration is None:
        raise FunctionError(f'time: invalid duration "{arguments[1].raw[:80]}"')
    return text(timestamp.add(duration).rfc3339())


@implements("timecmp")
def _timecmp(arguments: list[Value]) -> Value:
    first, second = _timestamp(arguments[0], 0).instant, _timestamp(arguments[1], 1).instant
    return number(Rounded((first > second) - (first < second)))
