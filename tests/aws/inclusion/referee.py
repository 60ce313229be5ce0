"""The same question, asked of z3: whether there is a request that the new policy allows and the old one doesn't.

It shares nothing with what it judges but the model of a request: an action and a resource as texts, a
principal, and keys that are absent or have values. That there is no such request, z3 proves; a request that was
found, it confirms, for to find one itself often takes it too long.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any, Literal

import z3

from astralint.aws.inclusion.requests import Request
from tests.aws.inclusion.generated import OWNER, SERVICES

ANY = z3.Star(z3.AllChar(z3.ReSort(z3.StringSort())))
ONE = z3.AllChar(z3.ReSort(z3.StringSort()))
NO_COLON = z3.Intersect(ONE, z3.Complement(z3.Re(":")))
ACTION = z3.Plus(z3.Union(z3.Range("a", "z"), z3.Range("0", "9"), z3.Re("-"), z3.Re(":")))


def glob(pattern: str, *, fold: bool = False, wild: bool = True, stays: int = 0) -> Any:
    """Return a pattern as an expression; wildcards before the place `stays` match no colon."""
    pieces = []
    for place, character in enumerate(pattern):
        one = NO_COLON if place < stays else ONE
        if wild and character == "*":
            pieces.append(z3.Star(one) if place < stays else ANY)
        elif wild and character == "?":
            pieces.append(one)
        elif fold and character.lower() != character.upper():
            pieces.append(z3.Union(z3.Re(character.lower()), z3.Re(character.upper())))
        else:
            pieces.append(z3.Re(character))
    pieces = pieces or [z3.Re("")]
    return pieces[0] if len(pieces) == 1 else z3.Concat(*pieces)


def arn(pattern: str, *, crossing: bool) -> Any:
    """Return a pattern of an ARN, field by field or as one text."""
    if pattern == "*" or crossing:
        return glob(pattern)
    fields = pattern.split(":", 5)
    if len(fields) < 6:
        return z3.Concat(glob(pattern, stays=len(pattern)), z3.Re(":"), ANY)
    return glob(pattern, stays=len(pattern) - len(fields[-1]))


class Unknowns:
    """What is not known of a request: of its principal, that it is of an account, or a service."""

    def __init__(self) -> None:
        self.action, self.resource = z3.String("action"), z3.String("resource")
        self.kind, self.service = z3.Int("kind"), z3.Int("service")
        self.account, self.rest = z3.String("account"), z3.String("rest")
        self.alone = z3.Bool("alone")
        self.tag, self.has_tag = z3.String("tag"), z3.Bool("has_tag")
        self.mfa, self.has_mfa = z3.String("mfa"), z3.Bool("has_mfa")
        self.age, self.has_age = z3.Real("age"), z3.Bool("has_age")
        self.address, self.is_new, self.has_address = z3.BitVec("address", 128), z3.Bool("six"), z3.Bool("has_address")
        self.keys = [z3.String(f"key{number}") for number in range(4)]
        self.count = z3.Int("count")

    def rules(self) -> list[Any]:
        digits = z3.Loop(z3.Range("0", "9"), 12, 12)
        return [
            z3.InRe(self.action, ACTION),
            z3.InRe(self.action, z3.Concat(ONE, ANY, z3.Re(":"), ONE, ANY)),
            z3.Or(
                self.resource == "*",
                z3.InRe(self.resource, glob("arn:?*:?*:*:*:?*")),
            ),
            self.kind >= 0,
            self.kind <= 1,
            self.service >= 0,
            self.service <= 2,
            z3.InRe(self.account, digits),
            z3.InRe(self.rest, z3.Concat(ONE, ANY)),
            # A service sends neither tags nor second factors.
            z3.Implies(self.kind == 1, z3.Not(z3.Or(self.has_tag, self.has_mfa, self.has_age))),
            z3.Implies(self.alone, z3.And(self.kind == 0, self.account == OWNER)),
            self.count >= 0,
            self.count <= 4,
            z3.Implies(z3.Not(self.is_new), z3.Extract(127, 32, self.address) == 0),
        ]


class Judge:
    """Policies as formulas over a request."""

    def __init__(self, *, crossing: bool) -> None:
        self.crossing = crossing
        self.request = Unknowns()

    def allows(self, policy: dict[str, Any]) -> Any:
        statements = policy["Statement"]
        return z3.And(
            z3.Or([self.applies(one) for one in statements if one["Effect"] == "Allow"]), z3.Not(self.denies(policy))
        )

    def denies(self, policy: dict[str, Any]) -> Any:
        return z3.Or([self.applies(one) for one in policy["Statement"] if one["Effect"] == "Deny"])

    def applies(self, one: dict[str, Any]) -> Any:
        request, found = self.request, []
        for name in ("Action", "NotAction"):
            if name in one:
                fits = z3.Or([z3.InRe(request.action, glob(entry.lower())) for entry in one[name]])
                found.append(z3.Not(fits) if name.startswith("Not") else fits)
        for name in ("Resource", "NotResource"):
            if name in one:
                fits = z3.Or([z3.InRe(request.resource, arn(entry, crossing=self.crossing)) for entry in one[name]])
                found.append(z3.Not(fits) if name.startswith("Not") else fits)
        if "Principal" in one:
            found.append(self.principal(one["Principal"], one["Effect"]))
        for operator, block in one.get("Condition", {}).items():
            found.extend(self.condition(operator, key, values) for key, values in block.items())
        return z3.And(found)

    def principal(self, element: dict[str, list[str]], effect: str) -> Any:
        request, found = self.request, []
        for name in element.get("AWS", ()):
            if name == "*":
                found.append(z3.BoolVal(True))
                continue
            account = name if name.isdigit() else name.split(":")[4]
            own = z3.And(request.kind == 0, request.account == account)
            if name.isdigit() or name.endswith(":root"):
                # To be let in as one of an account takes a permission of one's own.
                found.append(z3.And(own, z3.Not(request.alone)) if effect == "Allow" else own)
            else:
                found.append(z3.And(own, request.rest == name.split(":", 5)[5]))
        for name in element.get("Service", ()):
            found.append(z3.And(request.kind == 1, request.service == SERVICES.index(name)))
        return z3.Or(found)

    def condition(self, operator: str, key: str, values: list[str]) -> Any:
        request = self.request
        quantifier, _, base = operator.rpartition(":")
        if_exists = base.endswith("IfExists")
        base = base.removesuffix("IfExists")
        lowered = key.lower()
        if lowered == "aws:tagkeys":
            if base == "Null":
                return self.null(request.count > 0, values)
            return self.of_set(quantifier, base, values)
        present = {
            "aws:principaltag/x": request.has_tag,
            "aws:multifactorauthpresent": request.has_mfa,
            "aws:multifactorauthage": request.has_age,
            "aws:sourceip": request.has_address,
            "aws:principalarn": request.kind == 0,
        }[lowered]
        if base == "Null":
            return self.null(present, values)
        own = z3.Concat("arn:aws:iam::", request.account, ":", request.rest)
        fits = {
            "aws:principaltag/x": lambda: self.texts(request.tag, base, values),
            "aws:multifactorauthpresent": lambda: self.texts(request.mfa, "Bool", values),
            "aws:multifactorauthage": lambda: self.numbers(base, values),
            "aws:sourceip": lambda: self.addresses(values),
            "aws:principalarn": lambda: self.texts(own, "Arn", values),
        }[lowered]()
        if "Not" in base:
            return z3.Or(z3.Not(present), z3.Not(fits))
        return z3.Or(z3.Not(present), fits) if if_exists else z3.And(present, fits)

    @staticmethod
    def null(present: Any, values: list[str]) -> Any:
        return z3.Or([z3.Not(present) if value == "true" else present for value in values])

    @staticmethod
    def texts(value: Any, base: str, values: list[str]) -> Any:
        if base == "Arn":
            return z3.Or([z3.InRe(value, arn(one, crossing=False)) for one in values])
        fold, wild = base in ("Bool", "StringEqualsIgnoreCase"), "Like" in base
        return z3.Or([z3.InRe(value, glob(one, fold=fold, wild=wild)) for one in values])

    def numbers(self, base: str, values: list[str]) -> Any:
        age = self.request.age
        tests = {
            "NumericLessThan": lambda one: age < one,
            "NumericGreaterThanEquals": lambda one: age >= one,
            "NumericEquals": lambda one: age == one,
            "NumericNotEquals": lambda one: age == one,
        }
        return z3.Or([tests[base](z3.RealVal(one)) for one in values])

    def addresses(self, values: list[str]) -> Any:
        found = []
        for value in values:
            network = ipaddress.ip_network(value)
            inside = z3.And(
                z3.UGE(self.request.address, int(network.network_address)),
                z3.ULE(self.request.address, int(network.broadcast_address)),
            )
            found.append(z3.And(self.request.is_new == (network.version == 6), inside))
        return z3.Or(found)

    def of_set(self, quantifier: str, base: str, values: list[str]) -> Any:
        request = self.request
        some = [(request.count > number, self.texts(key, base, values)) for number, key in enumerate(request.keys)]
        if quantifier == "ForAnyValue":
            return z3.Or([z3.And(there, fits) for there, fits in some])
        return z3.And([z3.Implies(there, fits) for there, fits in some])


Goal = Literal["allows", "denies"]


def _goal(judge: Judge, goal: Goal, old: dict[str, Any], new: dict[str, Any]) -> Any:
    if goal == "allows":
        return z3.And(judge.allows(new), z3.Not(judge.allows(old)))
    return z3.And(judge.denies(old), z3.Not(judge.denies(new)))


def _check(judge: Judge, *formulas: Any, milliseconds: int) -> str:
    solver = z3.Solver()
    solver.set("timeout", milliseconds)
    solver.add(*judge.request.rules(), *formulas)
    return str(solver.check())


def prove(kind: str, old: dict[str, Any], new: dict[str, Any], milliseconds: int = 5_000) -> str:
    """Return `unsat` where there is no request that the new policy allows (or denies no more), wherever wildcards end."""
    goals: tuple[Goal, ...] = ("allows",) if kind == "trust" else ("allows", "denies")
    answers = set()
    for crossing in (False, True):
        for goal in goals:
            judge = Judge(crossing=crossing)
            answers.add(_check(judge, _goal(judge, goal, old, new), milliseconds=milliseconds))
            if "sat" in answers:
                return "sat"
    return "unsat" if answers == {"unsat"} else "unknown"


def confirm(
    old: dict[str, Any], new: dict[str, Any], request: Request, *, denial: bool, milliseconds: int = 5_000
) -> str:
    """Return `sat` where a request is one that the new policy allows and the old one doesn't, or denies no more."""
    judge = Judge(crossing=False)
    return _check(
        judge,
        _goal(judge, "denies" if denial else "allows", old, new),
        *_like(judge.request, request),
        milliseconds=milliseconds,
    )


def _like(unknowns: Unknowns, request: Request) -> Iterator[Any]:
    """Yield what makes the unknowns that request; of "anybody else" and "any other" nothing but that."""
    yield unknowns.action == request.action.lower()
    if request.resource is not None:
        yield unknowns.resource == request.resource
    yield unknowns.alone == request.alone
    who = request.principal or ""
    if who.startswith("arn:"):
        yield unknowns.kind == 0
        yield unknowns.account == who.split(":")[4]
        if not who.endswith("/example"):
            yield unknowns.rest == who.split(":", 5)[5]
    elif who in SERVICES:
        yield unknowns.kind == 1
        yield unknowns.service == SERVICES.index(who)
    for name, values in request.keys:
        key, first = name.lower(), values[0] if values else ""
        if key == "aws:tagkeys":
            yield unknowns.count == len(values)
            yield from (own == value for own, value in zip(unknowns.keys, values, strict=False))
        elif key == "aws:principalarn":
            if values:
                yield unknowns.rest == first.split(":", 5)[5]
                yield unknowns.account == first.split(":")[4]
        else:
            yield from _like_key(unknowns, key, first, bool(values))


def _like_key(unknowns: Unknowns, key: str, value: str, there: bool) -> Iterator[Any]:
    present, own = {
        "aws:principaltag/x": (unknowns.has_tag, unknowns.tag),
        "aws:multifactorauthpresent": (unknowns.has_mfa, unknowns.mfa),
        "aws:multifactorauthage": (unknowns.has_age, unknowns.age),
        "aws:sourceip": (unknowns.has_address, unknowns.address),
    }[key]
    yield present == there
    if not there or (value == "example" and key in ("aws:sourceip", "aws:multifactorauthage")):
        return  # Any value.
    if key == "aws:sourceip":
        address = ipaddress.ip_address(value)
        yield own == int(address)
        yield unknowns.is_new == (address.version == 6)
    else:
        yield own == (z3.RealVal(value) if key == "aws:multifactorauthage" else z3.StringVal(value))
