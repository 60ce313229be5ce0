"""Pairs of policies, made at random: an old one, and what a hurried person makes of it."""

from __future__ import annotations

import copy
import random
from typing import Any

OWNER, OTHER = "111111111111", "222222222222"
ACTIONS = (
    *("s3:GetObject", "s3:Get*", "s3:PutObject", "S3:put*", "s3:*", "s3:?etObject", "s3:*Object", "s3:DeleteObject"),
    *("iam:PassRole", "iam:*", "iam:Create*", "iam:CreateUser", "*", "ec2:RunInstances", "s3:*Acl", "s3:Get*Acl"),
)
RESOURCES = (
    *("*", "arn:aws:s3:::a/*", "arn:aws:s3:::b/*", "arn:aws:s3:::a/x/*", "arn:aws:s3:::*", "arn:aws:s3:::?/*"),
    *("arn:aws:s3:::a", "arn:aws:s3:::a*", "arn:aws:iam::*:role/*", "arn:aws:iam::111111111111:role/app-*"),
    *("arn:aws:iam::111111111111:role/app-x", "arn:aws:iam::*:role/app-*", "arn:aws:*", "arn:*:s3:::a/*"),
    *("arn:aws:s3:::*/x", "arn:aws:iam::111111111111:*"),
)
AWS = (
    *("*", f"arn:aws:iam::{OWNER}:root", OTHER, f"arn:aws:iam::{OTHER}:root", f"arn:aws:iam::{OTHER}:role/ci"),
    *(f"arn:aws:iam::{OWNER}:role/ci", f"arn:aws:iam::{OWNER}:role/app", f"arn:aws:iam::{OTHER}:user/eve"),
)
SERVICES = ("lambda.amazonaws.com", "ec2.amazonaws.com")
TEXTS = ("red", "blue", "re*", "*e*", "b?ue", "Red", "*", "redder")
NETWORKS = ("10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9", "0.0.0.0/0", "192.168.1.1", "2001:db8::/32")
NUMBERS = ("1", "10", "10.0", "3600", "-5", "2.5")
ARNS = (
    *(f"arn:aws:iam::{OTHER}:role/*", f"arn:aws:iam::{OTHER}:role/ci", f"arn:aws:iam::{OWNER}:role/app"),
    *(f"arn:aws:iam::{OTHER}:user/*", "arn:aws:iam::*:role/ci"),
)
TEXT_OPERATORS = (
    *("StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "StringEqualsIgnoreCase"),
    *("StringEqualsIfExists", "StringLikeIfExists", "StringNotEqualsIfExists"),
)
SET_OPERATORS = (
    "ForAnyValue:StringEquals",
    "ForAllValues:StringEquals",
    "ForAllValues:StringLike",
    "ForAnyValue:StringLike",
)


def pair(seed: int) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return the kind of two policies, the old one and the new one."""
    maker = _Maker(random.Random(seed))
    kind = ("identity", "resource", "trust", "identity")[seed % 4]
    old = [maker.statement(kind) for _ in range(maker.random.randint(1, 3))]
    new = copy.deepcopy(old)
    for _ in range(maker.random.randint(1, 3)):
        new = maker.changed(new, kind)
    if maker.random.random() < 0.4:
        old, new = new, old
    return kind, {"Version": "2012-10-17", "Statement": old}, {"Version": "2012-10-17", "Statement": new}


class _Maker:
    def __init__(self, source: random.Random) -> None:
        self.random = source

    def some(self, pool: tuple[str, ...], most: int = 3) -> list[str]:
        return self.random.sample(pool, self.random.randint(1, most))

    def statement(self, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = {"Effect": self.random.choices(["Allow", "Deny"], [3, 1])[0]}
        if kind == "trust":
            found["Action"] = self.random.choice((["sts:AssumeRole"], ["sts:*"], ["sts:AssumeRole", "sts:TagSession"]))
        else:
            found[self.random.choices(["Action", "NotAction"], [6, 1])[0]] = self.some(ACTIONS)
            found[self.random.choices(["Resource", "NotResource"], [6, 1])[0]] = self.some(RESOURCES, 2)
        if kind != "identity":
            found["Principal"] = self.principal()
        if self.random.random() < 0.5:
            found["Condition"] = self.condition(kind)
        return found

    def principal(self) -> Any:
        found = {"AWS": self.some(AWS, 2)}
        return {"Service": self.some(SERVICES, 1)} if self.random.random() < 0.2 else found

    def condition(self, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(self.random.randint(1, 2)):
            operator, key, values = self.comparison(kind)
            found.setdefault(operator, {})[key] = values
        return found

    def comparison(self, kind: str) -> tuple[str, str, list[str]]:
        which = self.random.randrange(7 if kind == "identity" else 8)
        if which <= 1:
            return (
                self.random.choice(TEXT_OPERATORS),
                self.random.choice(("aws:PrincipalTag/x", "aws:principaltag/X")),
                self.some(TEXTS),
            )
        if which == 2:
            return self.random.choice(("IpAddress", "NotIpAddress")), "aws:SourceIp", self.some(NETWORKS, 2)
        if which == 3:
            operators = (
                "NumericLessThan",
                "NumericGreaterThanEquals",
                "NumericEquals",
                "NumericNotEquals",
                "NumericLessThanIfExists",
            )
            return self.random.choice(operators), "aws:MultiFactorAuthAge", self.some(NUMBERS, 2)
        if which == 4:
            return (
                self.random.choice(("Bool", "BoolIfExists")),
                "aws:MultiFactorAuthPresent",
                self.some(("true", "false"), 1),
            )
        if which == 5:
            return self.random.choice(SET_OPERATORS), "aws:TagKeys", self.some(TEXTS)
        if which == 6:
            return (
                "Null",
                self.random.choice(("aws:PrincipalTag/x", "aws:TagKeys", "aws:SourceIp")),
                self.some(("true", "false"), 1),
            )
        return self.random.choice(("ArnLike", "ArnEquals", "ArnNotLike")), "aws:PrincipalArn", self.some(ARNS, 2)

    def changed(self, statements: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
        """Return statements with one change: often one that means nothing, or that narrows."""
        found = copy.deepcopy(statements)
        place = self.random.randrange(len(found))
        one = found[place]
        which = self.random.randrange(9)
        if which == 0 and len(found) > 1:
            del found[place]
        elif which == 1:
            found.append(self.statement(kind))
        elif which == 2:
            one.pop("Condition", None)
        elif which == 3:
            one["Condition"] = self.condition(kind)
        elif which == 4:
            self._split(found, one)
        elif which == 5:
            one["Effect"] = "Deny" if one["Effect"] == "Allow" else "Allow"
        else:
            self._with_other_entries(one, kind)
        self.random.shuffle(found)
        return found

    def _split(self, found: list[dict[str, Any]], one: dict[str, Any]) -> None:
        """Make two statements of one."""
        name = self.random.choice([name for name in ("Action", "Resource") if name in one] or ["Effect"])
        if len(one[name]) > 1 and name != "Effect":
            other = copy.deepcopy(one)
            other[name] = one[name][1:]
            one[name] = one[name][:1]
            found.append(other)

    def _with_other_entries(self, one: dict[str, Any], kind: str) -> None:
        names = [name for name in ("Action", "NotAction", "Resource", "NotResource") if name in one and kind != "trust"]
        if not names or ("Principal" in one and self.random.random() < 0.4):
            if "Principal" in one:
                one["Principal"] = self.principal()
            return
        name = self.random.choice(names)
        pool = ACTIONS if name.endswith("Action") else RESOURCES
        if self.random.random() < 0.5 and len(one[name]) > 1:
            one[name] = one[name][:-1]
        else:
            one[name] = [*one[name], self.random.choice(pool)]
