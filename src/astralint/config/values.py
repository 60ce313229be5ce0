"""Arguments to plain Python, each with the message that says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from astralint.config.entries import Argument
from astralint.config.problems import Problems
from astralint.config.suggest import did_you_mean
from astralint.source.span import Span
from astralint.terraform.values.types import NUMBER, Primitive
from astralint.terraform.values.value import Unknown, Value

ACCOUNT_ID = re.compile(r"[0-9]{12}")
ORGANIZATION_ID = re.compile(r"o-[a-z0-9]{10,32}")
DOMAIN = re.compile(r"(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?")
SEVERITIES = ("off", "note", "warning", "error")
MAXIMUM_DEPTH = 100


class InvalidError(Exception):
    """An argument that is not what it has to be; the problem has been noted."""


def describe(value: Value) -> str:
    """Return what a value is, with its article."""
    if value.raw is None:
        return "null"
    if isinstance(value.type, Primitive):
        return f"a {value.type.name}"
    return "an object" if isinstance(value.raw, dict) else "a list"


class Converter:
    """Turns arguments into plain values; raises InvalidError, with the problem noted, where they don't fit."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def fail(self, code: str, message: str, span: Span, help_: str | None = None) -> InvalidError:
        """Note a problem and return the exception to raise."""
        self._problems.error(code, message, span, help_)
        return InvalidError(message)

    def known(self, argument: Argument, value: Value, *steps: str | int) -> Any:
        """Return a value's raw form, which is not unknown."""
        if isinstance(value.raw, Unknown):
            reasons = value.raw.reasons
            because = f": {reasons[0].message}" if reasons else ""
            raise self.fail(
                "unknown-value", f"`{argument.title}` must be known, but it is not{because}", argument.span(*steps)
            )
        return value.raw

    def _refuse(self, argument: Argument, wanted: str, value: Value, *steps: str | int) -> InvalidError:
        where = f"element {steps[-1]} of `{argument.title}`" if steps else f"`{argument.title}`"
        message = f"{where} must be {wanted}, but it is {describe(value)}"
        return self.fail("invalid-type", message, argument.span(*steps))

    def string(self, argument: Argument) -> str:
        """Return a string."""
        raw = self.known(argument, argument.value)
        if not isinstance(raw, str):
            raise self._refuse(argument, "a string", argument.value)
        return raw

    def boolean(self, argument: Argument) -> bool:
        """Return a bool."""
        raw = self.known(argument, argument.value)
        if not isinstance(raw, bool):
            raise self._refuse(argument, "a bool", argument.value)
        return raw

    def strings(self, argument: Argument) -> tuple[str, ...]:
        """Return a list of strings."""
        return tuple(part for part, _ in self.elements(argument))

    def elements(self, argument: Argument) -> list[tuple[str, Span]]:
        """Return the elements of a list of strings with their places."""
        raw = self.known(argument, argument.value)
        if not isinstance(raw, tuple):
            raise self._refuse(argument, "a list of strings", argument.value)
        found: list[tuple[str, Span]] = []
        for index, item in enumerate(raw):
            text = self.known(argument, item, index)
            if not isinstance(text, str):
                raise self._refuse(argument, "a string", item, index)
            found.append((text, argument.span(index)))
        return found

    def mapping(self, argument: Argument) -> dict[str, Value]:
        """Return an object's attributes."""
        raw = self.known(argument, argument.value)
        if not isinstance(raw, dict):
            raise self._refuse(argument, "an object", argument.value)
        return raw

    def texts(self, argument: Argument) -> dict[str, str]:
        """Return an object whose attributes are all strings."""
        found = self.mapping(argument)
        for name, value in found.items():
            if not isinstance(self.known(argument, value, name), str):
                raise self._refuse(argument, "a string", value, name)
        return {name: value.raw for name, value in found.items()}

    def plain(self, argument: Argument) -> Any:
        """Return any value as plain Python: lists, dicts, strings, numbers, bools, None."""
        return self._plain(argument, argument.value, ())

    def _plain(self, argument: Argument, value: Value, steps: tuple[str | int, ...]) -> Any:
        if len(steps) > MAXIMUM_DEPTH:
            raise self.fail(
                "limit", f"`{argument.title}` is nested more than {MAXIMUM_DEPTH} levels deep", argument.span()
            )
        raw = self.known(argument, value, *steps)
        if isinstance(raw, dict):
            return {name: self._plain(argument, item, (*steps, name)) for name, item in raw.items()}
        if isinstance(raw, tuple):
            return [self._plain(argument, item, (*steps, index)) for index, item in enumerate(raw)]
        if value.type == NUMBER and raw is not None:
            return int(raw) if isinstance(raw, int) else float(raw)
        return raw

    def wholly_known(self, argument: Argument, value: Value, *steps: str | int) -> None:
        """Refuse a value that is unknown, or holds something unknown."""
        pending = [value]
        while pending:
            raw = self.known(argument, pending.pop(), *steps)
            pending.extend(raw.values() if isinstance(raw, dict) else raw if isinstance(raw, tuple) else ())

    # --- texts with a form of their own ------------------------------------------------------------

    def account_id(self, argument: Argument) -> str:
        """Return an account id."""
        raw = self.known(argument, argument.value)
        if argument.value.type == NUMBER:
            help_ = "write it in quotes: as a number it loses its leading zeros"
            message = f"`{argument.title}` must be a string of 12 digits, but it is a number"
            raise self.fail("invalid-type", message, argument.span(), help_)
        if not isinstance(raw, str):
            raise self._refuse(argument, "a string of 12 digits", argument.value)
        return self._account_id(raw, argument.span())

    def account_ids(self, argument: Argument) -> list[tuple[str, Span]]:
        """Return a list of account ids with their places."""
        raw = self.known(argument, argument.value)
        if not isinstance(raw, tuple):
            raise self._refuse(argument, "a list of account ids", argument.value)
        elements = (argument.at(index, item) for index, item in enumerate(raw))
        return [(self.account_id(element), element.span()) for element in elements]

    def _account_id(self, text: str, span: Span) -> str:
        if ACCOUNT_ID.fullmatch(text):
            return text
        digits = re.sub(r"[\s-]", "", text)
        help_ = None
        if re.fullmatch(r"[0-9]{12}", digits):
            help_ = f'write `"{digits}"`'
        elif re.fullmatch(r"[0-9]{9,11}", digits):
            help_ = f'if leading zeros were lost, write `"{digits.zfill(12)}"`'
        raise self.fail("invalid-account-id", f"`{text}` is no account id: it must have 12 digits", span, help_)

    def organization_id(self, argument: Argument) -> str:
        """Return an organization's id."""
        text = self.string(argument)
        if not ORGANIZATION_ID.fullmatch(text):
            message = f"`{text}` is no organization id: it must be `o-` and 10 to 32 lower-case letters or digits"
            raise self.fail("invalid-value", message, argument.span())
        return text

    def one_of(self, argument: Argument, what: str, allowed: Iterable[str]) -> str:
        """Return a string that is one of those allowed."""
        text = self.string(argument)
        names = list(allowed)
        if text not in names:
            raise self.fail("invalid-value", f"`{text}` is no {what}", argument.span(), did_you_mean(text, names))
        return text

    def severity(self, argument: Argument) -> str:
        """Return a severity or `off`."""
        return self.one_of(argument, "severity", SEVERITIES)

    def domain(self, argument: Argument) -> str:
        """Return a domain name."""
        return self._domain(self.string(argument), argument.span())

    def domains(self, argument: Argument) -> tuple[str, ...]:
        """Return domain names."""
        return tuple(self._domain(text, span) for text, span in self.elements(argument))

    def _domain(self, text: str, span: Span) -> str:
        if not DOMAIN.fullmatch(text):
            raise self.fail("invalid-value", f"`{text}` is no domain name", span)
        return text

    def partition(self, argument: Argument) -> str:
        """Return the name of a partition."""
        from astralint.aws.partitions import partitions

        return self.one_of(argument, "partition of AWS", partitions())

    def region(self, argument: Argument) -> str:
        """Return the name of a region."""
        return self._region(self.string(argument), argument.span())

    def regions(self, argument: Argument) -> tuple[str, ...]:
        """Return names of regions."""
        return tuple(self._region(text, span) for text, span in self.elements(argument))

    def _region(self, text: str, span: Span) -> str:
        from astralint.aws.partitions import partition_of, partitions

        if partition_of(text) is None:
            known = [region for partition in partitions().values() for region in partition.regions]
            help_ = did_you_mean(text, known)
            close = help_ if help_ is not None and help_.startswith("did") else None
            raise self.fail("invalid-value", f"`{text}` is no region of AWS", span, close)
        return text

    def date(self, argument: Argument) -> str:
        """Return a date of the form YYYY-MM-DD."""
        text = self.string(argument)
        try:
            valid = date.fromisoformat(text).isoformat() == text
        except ValueError:
            valid = False
        if not valid:
            raise self.fail("invalid-value", f"`{text}` is no date of the form YYYY-MM-DD", argument.span())
        return text
