"""RFC 3339 timestamps and durations as Go reads and writes them, for any year."""

from __future__ import annotations

import re
from typing import NamedTuple

_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))\Z"
)
_DURATION_PART = re.compile(r"([0-9]*)(?:(\.)([0-9]*))?([^0-9.]+)")
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_SECOND = 1_000_000_000
_DAY = 86_400


class Timestamp(NamedTuple):
    """An instant: seconds since 1970 in UTC, nanoseconds, and the offset in which it is shown, in seconds."""

    seconds: int
    nanoseconds: int
    offset: int

    @property
    def instant(self) -> tuple[int, int]:
        """Return what timestamps are compared by."""
        return self.seconds, self.nanoseconds

    def civil(self) -> tuple[int, int, int, int, int, int]:
        """Return year, month, day, hour, minute and second in the offset."""
        days, rest = divmod(self.seconds + self.offset, _DAY)
        year, month, day = _date(days)
        return year, month, day, rest // 3600, rest // 60 % 60, rest % 60

    @property
    def weekday(self) -> int:
        """Return the day of the week, Sunday being 0."""
        return ((self.seconds + self.offset) // _DAY + 4) % 7

    def zone(self, *, colon: bool = True) -> str:
        """Return the offset, as `+07:00`."""
        sign = "-" if self.offset < 0 else "+"
        minutes = abs(self.offset) // 60
        return f"{sign}{minutes // 60:02d}{':' if colon else ''}{minutes % 60:02d}"

    def rfc3339(self) -> str:
        """Return the timestamp as Terraform prints it, to the second."""
        year, month, day, hour, minute, second = self.civil()
        shown = f"{year:04d}" if year >= 0 else f"-{-year:04d}"
        zone = self.zone() if self.offset else "Z"
        return f"{shown}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{zone}"

    def add(self, nanoseconds: int) -> Timestamp:
        """Return the instant that is later by so many nanoseconds."""
        carry, rest = divmod(self.nanoseconds + nanoseconds, _SECOND)
        return Timestamp(self.seconds + carry, rest, self.offset)


def parse(content: str) -> Timestamp | None:
    """Return the timestamp that a text in RFC 3339 syntax is, else None."""
    match = _TIMESTAMP.match(content)
    if match is None or not content.isascii():
        return None
    offset = 0
    if match[8] is None:
        hours, minutes = int(match[10]), int(match[11])
        if hours > 23 or minutes > 59:
            return None
        offset = (hours * 3600 + minutes * 60) * (-1 if match[9] == "-" else 1)
    civil = (int(match[1]), int(match[2]), int(match[3]), int(match[4]), int(match[5]), int(match[6]))
    return of_civil(civil, match[7] or "", offset)


def of_civil(civil: tuple[int, int, int, int, int, int], fraction: str = "", offset: int = 0) -> Timestamp | None:
    """Return the timestamp of a year, month, day, hour, minute and second; None where there is no such time."""
    year, month, day, hour, minute, second = civil
    if not 1 <= month <= 12 or not 1 <= day <= _days_in(year, month) or hour > 23 or minute > 59 or second > 59:
        return None
    nanoseconds = int((fraction[:9] or "0").ljust(9, "0"))
    return Timestamp(_days(year, month, day) * _DAY + hour * 3600 + minute * 60 + second - offset, nanoseconds, offset)


def parse_duration(content: str) -> int | None:
    """Return the nanoseconds of a Go duration (`1h30m`, `-1.5s`), None where it is none."""
    negative = content.startswith("-")
    rest = content[1:] if content[:1] in {"+", "-"} else content
    if rest == "0":
        return 0
    if not rest or len(rest) > 1000:
        return None
    total = 0
    position = 0
    while position < len(rest):
        match = _DURATION_PART.match(rest, position)
        if match is None or not (match[1] or match[3]) or match[4] not in _UNITS:
            return None
        unit = _UNITS[match[4]]
        fraction = (match[3] or "")[:18]
        total += int(match[1] or "0") * unit + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)
        position = match.end()
    if total > 2**63 - (0 if negative else 1):
        return None
    return -total if negative else total


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in(year: int, month: int) -> int:
    if month == 2:
        return 29 if _leap(year) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def _days(year: int, month: int, day: int) -> int:
    """Return the days since 1970-01-01 in the proleptic Gregorian calendar."""
    # Years that begin in March put the leap day at their end.
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def _date(days: int) -> tuple[int, int, int]:
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_index = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_index + 2) // 5 + 1
    month = month_index + 3 if month_index < 10 else month_index - 9
    return year_of_era + era * 400 + (month <= 2), month, day
