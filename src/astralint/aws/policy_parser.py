"""From JSON, or from structures that hold the same, to policies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

from astralint.aws.policy import (
    Condition,
    Effect,
    Element,
    Entry,
    JsonPath,
    Policy,
    PolicyKind,
    PolicyProblem,
    PrincipalElement,
    PrincipalEntry,
    PrincipalKind,
    Quantifier,
    Statement,
    Unknowable,
)
from astralint.aws.policy_json import JsonError, Reader, as_scalar, as_text, members
from astralint.aws.text import Text, known, quoted, reasons
from astralint.source.partial import Hole, PartialText

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERATORS = (
    *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    *("StringLike", "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan"),
    *("NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals"),
    *("DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"),
    *("Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals"),
    *("ArnNotLike", "Null"),
)
_OPERATORS = {name.lower(): name for name in OPERATORS}
_QUANTIFIERS: dict[str, Quantifier] = {"forallvalues": "ForAllValues", "foranyvalue": "ForAnyValue"}
_STATEMENT_ELEMENTS = (
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"),
)
_PRINCIPAL_KINDS: tuple[PrincipalKind, ...] = get_args(PrincipalKind)
_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
_CURRENT_VERSION = "2012-10-17"
_VERSIONS = (_CURRENT_VERSION, "2008-10-17")


def parse_policy(document: Any, *, kind: PolicyKind = "identity", name: str = "") -> Policy:
    """Return the policy that a document says.

    `document` is JSON text (`str` or `PartialText`) or the structure that it stands for:
    mappings, lists, scalars, `PartialText` for strings, `Unknowable` for what is not known.
    Never raises for what is in it: see `Policy.problems`.
    """
    return _Parser(kind, name).policy(document)


class _Parser:
    def __init__(self, kind: PolicyKind, name: str) -> None:
        self.kind = kind
        self.name = name
        self.problems: list[PolicyProblem] = []
        self.reader: Reader | None = None

    # --- helpers -----------------------------------------------------------------

    def problem(self, message: str, path: JsonPath) -> str:
        self.problems.append(PolicyProblem(message, path))
        return message

    def shown(self, value: Any) -> Any:
        return self.reader.shown(value) if self.reader else value

    def listed(self, value: Any, path: JsonPath) -> Iterator[tuple[Any, JsonPath]]:
        """Give the items of a list, or the one value that stands in its place."""
        if isinstance(value, list | tuple):
            for index, item in enumerate(value):
                yield self.shown(item), (*path, index)
        else:
            yield self.shown(value), path

    def elements(
        self, value: Any, names: tuple[str, ...], path: JsonPath, what: str
    ) -> tuple[dict[str, tuple[Any, JsonPath]], tuple[str, ...]]:
        """Return an object's members by their proper names, and why there may be others."""
        found: dict[str, tuple[Any, JsonPath]] = {}
        unknown: list[str] = []
        proper = {name.lower(): name for name in names}
        for raw_key, member in members(value) or ():
            key = self.shown(raw_key)
            text = as_text(key)
            plain = known(text) if text is not None else None
            place = (*path, str(key))
            if plain is None:
                unknown.append(_why(key) or self.problem(f"a name in {what} is no text", path))
                continue
            element = plain if plain in names else proper.get(plain.lower())
            if element is None:
                unknown.append(self.problem(f"{what} has no element {quoted(plain)}", place))
                continue
            if element != plain:
                self.problem(f"{quoted(plain)} is written `{element}`", place)
            if element in found:
                message = self.problem(f"{what} has `{element}` more than once", place)
                found[element] = (Unknowable(message), place)
                continue
            found[element] = (self.shown(member), place)
        return found, tuple(unknown)

    def unknown_policy(self, reason: str) -> Policy:
        statement = Statement((), unknown=(reason,))
        return Policy((statement,), tuple(self.problems), self.name, self.kind)

    # --- the document --------------------------------------------------------------

    def policy(self, document: Any) -> Policy:
        if isinstance(document, Unknowable):
            return self.unknown_policy(document.reason)
        if isinstance(document, Hole):
            return self.unknown_policy(document.reason)
        if isinstance(document, str | PartialText):
            try:
                self.reader = Reader(document)
                loaded = self.reader.load()
            except JsonError as error:
                if isinstance(document, PartialText) and document.known is None:
                    return self.unknown_policy("; ".join(reasons(document)))
                return self.unknown_policy(self.problem(f"the policy is no JSON: {error}", ()))
            document = self.shown(loaded)
            if isinstance(document, Unknowable):
                return self.unknown_policy(document.reason)
        if members(document) is None:
            return self.unknown_policy(self.problem("the policy is no JSON object", ()))
        return self.document(document)

    def document(self, document: Any) -> Policy:
        found, unknown = self.elements(document, ("Version", "Id", "Statement"), (), "the policy")
        version, version_path = found.get("Version", ("2008-10-17", ()))
        plain_version = known(text) if (text := as_text(version)) is not None else None
        if plain_version is None:
            # Whether variables are replaced hangs on it.
            unknown += (_why(version) or self.problem("the policy's `Version` is no text", version_path),)
        elif plain_version not in _VERSIONS:
            unknown += (self.problem(f"there is no policy version {quoted(plain_version)}", version_path),)
        statements: list[Statement] = []
        if "Statement" not in found:
            unknown += (self.problem("the policy has no `Statement`", ()),)
        else:
            value, path = found["Statement"]
            statements.extend(self.statement(item, place) for item, place in self.listed(value, path))
        if unknown:
            statements.append(Statement((), unknown=unknown))
        return Policy(
            tuple(statements), tuple(self.problems), self.name, self.kind, variables=plain_version != "2008-10-17"
        )

    def statement(self, value: Any, path: JsonPath) -> Statement:
        if reason := _why(value):
            return Statement(path, unknown=(reason,))
        if members(value) is None:
            return Statement(path, unknown=(self.problem("a statement is an object", path),))
        found, unknown = self.elements(value, _STATEMENT_ELEMENTS, path, "the statement")
        sid = as_text(found["Sid"][0]) if "Sid" in found else None
        principal = self.principal(found, path)
        if principal is not None and self.kind not in ("trust", "resource"):
            unknown += principal.unknown
        return Statement(
            path,
            self.effect(found, path),
            sid,
            principal,
            self.texts(found, "Action", path),
            self.resource(found, path),
            tuple(self.conditions(*found["Condition"])) if "Condition" in found else (),
            unknown,
        )

    def effect(self, found: dict[str, tuple[Any, JsonPath]], path: JsonPath) -> Effect | None:
        value, place = found.get("Effect", (None, path))
        if value == "Allow":
            return "Allow"
        if value == "Deny":
            return "Deny"
        if not _why(value):
            self.problem("the statement has no `Effect` that is `Allow` or `Deny`", place)
        return None

    def resource(self, found: dict[str, tuple[Any, JsonPath]], path: JsonPath) -> Element | None:
        if self.kind != "trust":
            return self.texts(found, "Resource", path)
        for element in ("Resource", "NotResource"):
            if element in found:
                self.problem(f"a trust policy has no `{element}`: it speaks of its own role", found[element][1])
        return None

    def texts(self, found: dict[str, tuple[Any, JsonPath]], name: str, path: JsonPath) -> Element:
        """Return `Action` or `Resource`, whichever form is there."""
        present = [element for element in (name, f"Not{name}") if element in found]
        if len(present) != 1:
            both = f"both `{name}` and `Not{name}`" if present else f"neither `{name}` nor `Not{name}`"
            return Element((), unknown=(self.problem(f"the statement has {both}", path),))
        value, place = found[present[0]]
        entries: list[Entry] = []
        unknown: list[str] = []
        for item, where in self.listed(value, place):
            text = as_text(item)
            if text is None:
                unknown.append(_why(item) or self.problem(f"`{present[0]}` holds something that is no text", where))
            elif name == "Action" and (plain := known(text)) is not None and not _ACTION.fullmatch(plain):
                unknown.append(self.problem(f'{quoted(plain)} is no action: neither "*" nor "service:name"', where))
            else:
                entries.append(Entry(text, where))
        return Element(tuple(entries), present[0] != name, tuple(unknown))

    # --- principals ------------------------------------------------------------------

    def principal(self, found: dict[str, tuple[Any, JsonPath]], path: JsonPath) -> PrincipalElement | None:
        present = [element for element in ("Principal", "NotPrincipal") if element in found]
        wanted = self.kind in ("trust", "rcp", "resource")
        if not present:
            if not wanted:
                return None
            return PrincipalElement((), unknown=(self.problem("the statement has no `Principal`", path),))
        value, place = found[present[0]]
        if not wanted:
            message = self.problem(f"only policies of resources have a `{present[0]}`", place)
            return PrincipalElement((), unknown=(message,))
        if len(present) > 1:
            message = self.problem("the statement has both `Principal` and `NotPrincipal`", place)
            return PrincipalElement((), unknown=(message,))
        element = self.principals(value, place, negated=present[0] == "NotPrincipal")
        if element.negated and self.kind != "resource":
            message = self.problem("AWS refuses `NotPrincipal` here", place)
            return PrincipalElement(element.entries, negated=True, unknown=(*element.unknown, message))
        if self.kind == "rcp" and [entry.text for entry in element.entries] != ["*"] and not element.unknown:
            message = self.problem('a resource control policy is for `"Principal": "*"`', place)
            return PrincipalElement(element.entries, unknown=(message,))
        return element

    def principals(self, value: Any, path: JsonPath, *, negated: bool) -> PrincipalElement:
        if value == "*":
            return PrincipalElement((PrincipalEntry("AWS", "*", path),), negated)
        if reason := _why(value):
            return PrincipalElement((), negated, (reason,))
        if members(value) is None:
            return PrincipalElement((), negated, (self.problem('a principal is an object or `"*"`', path),))
        entries: list[PrincipalEntry] = []
        found, unknown = self.elements(value, _PRINCIPAL_KINDS, path, "`Principal`")
        reasons_found = list(unknown)
        for kind in _PRINCIPAL_KINDS:
            if kind not in found:
                continue
            for item, where in self.listed(*found[kind]):
                text = as_text(item)
                if text is None:
                    reasons_found.append(_why(item) or self.problem("a principal is a text", where))
                    continue
                entries.append(PrincipalEntry(kind, text, where))
        return PrincipalElement(tuple(entries), negated, tuple(reasons_found))

    # --- conditions ------------------------------------------------------------------

    def conditions(self, value: Any, path: JsonPath) -> Iterator[Condition]:
        for operator, block, place in self.blocks(value, path, "`Condition` is an object of operators"):
            if isinstance(operator, Unknowable):
                yield Condition("", "", (), place, unknown=(operator.reason,))
                continue
            yield from self.under_operator(operator, block, place)

    def under_operator(self, operator: Text, block: Any, path: JsonPath) -> Iterator[Condition]:
        base, quantifier, if_exists = split_operator(operator)
        why: tuple[str, ...] = ()
        if not base:
            why = reasons(operator) or (self.problem(f"there is no condition operator {quoted(operator)}", path),)
        for key, values, place in self.blocks(block, path, "a condition operator has an object of keys"):
            if isinstance(key, Unknowable):
                yield Condition(base, "", (), place, quantifier, if_exists, str(operator), (*why, key.reason))
                continue
            entries: list[Entry] = []
            unknown = [*why, *(f"the condition key is not known: {reason}" for reason in reasons(key))]
            for item, where in self.listed(values, place):
                text = as_scalar(item)
                if text is None:
                    unknown.append(_why(item) or self.problem("a condition's value is a text", where))
                else:
                    entries.append(Entry(text, where))
            yield Condition(base, key, tuple(entries), place, quantifier, if_exists, str(operator), tuple(unknown))

    def blocks(self, value: Any, path: JsonPath, expected: str) -> Iterator[tuple[Text | Unknowable, Any, JsonPath]]:
        if reason := _why(value):
            yield Unknowable(reason), None, path
            return
        pairs = members(value)
        if pairs is None:
            yield Unknowable(self.problem(expected, path)), None, path
            return
        seen: set[Text] = set()
        for raw_key, member in pairs:
            key = self.shown(raw_key)
            text = as_text(key)
            place = (*path, str(key))
            if text is None:
                yield Unknowable(_why(key) or self.problem("a name in a condition is no text", path)), None, path
            elif text in seen:
                message = self.problem(f"{quoted(text)} is there more than once", place)
                yield Unknowable(message), None, place
            else:
                seen.add(text)
                yield text, self.shown(member), place


def split_operator(text: Text) -> tuple[str, Quantifier | None, bool]:
    """Return an operator's base in AWS's spelling ("" for none), its quantifier, and whether it ends with IfExists."""
    plain = known(text)
    if plain is None:
        return "", None, False
    rest = plain.lower()
    quantifier: Quantifier | None = None
    if ":" in rest:
        before, _, rest = rest.partition(":")
        if before not in _QUANTIFIERS:
            return "", None, False
        quantifier = _QUANTIFIERS[before]
    if_exists = rest.endswith("ifexists")
    base = _OPERATORS.get(rest.removesuffix("ifexists"), "")
    if base == "Null" and (if_exists or quantifier):
        return "", None, False
    return base, quantifier, if_exists


def _why(value: Any) -> str | None:
    """Return why a value is not known; None where it is."""
    if isinstance(value, Unknowable):
        return value.reason
    if isinstance(value, Hole):
        return value.reason
    if isinstance(value, PartialText) and value.known is None:
        return "; ".join(reasons(value))
    return None
