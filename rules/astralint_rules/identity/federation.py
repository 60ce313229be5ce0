"""Identity providers: whose tokens a statement takes, and which of them."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

import msgspec

from astralint.rules.api import Severity
from astralint.rules.api.aws import Arn
from astralint.rules.api.text import Text, known, lower, match, split
from astralint.rules.api.trust import Condition, Statement, Trust

WEB_IDENTITY = "sts:assumerolewithwebidentity"


class Shape(msgspec.Struct, frozen=True):
    """What a subject has to match; one that does not admits more than it should."""

    pattern: str
    severity: Severity
    admits: str


class Issuer(msgspec.Struct, frozen=True):
    """A well-known issuer of tokens; see `data/oidc.toml`."""

    issuer: str
    name: str
    open: str
    claims: tuple[str, ...] = ()
    subject: tuple[Shape, ...] = ()

    def breadth(self, subject: str) -> Shape | None:
        """Return how a subject is too broad; None where it is not."""
        if not subject.strip("*?"):
            return Shape("", "error", self.open or "every subject")
        return next((shape for shape in self.subject if not re.fullmatch(shape.pattern, subject, re.DOTALL)), None)


@cache
def issuers() -> tuple[Issuer, ...]:
    """Return the issuers that are known."""
    text = files("astralint_rules").joinpath("data/oidc.toml").read_text("utf-8")
    return tuple(msgspec.convert(tomllib.loads(text)["issuers"], list[Issuer]))


def issuer_of(trust: Trust) -> Text | None:
    """Return the issuer, without its scheme, whose tokens a trust takes; None for SAML and for other principals."""
    if trust.principal.form != "federated":
        return None
    arn = Arn.parse(trust.principal.entry.text)
    if arn is None:
        return trust.principal.entry.text
    if known(arn.resource_type) != "oidc-provider":
        return None
    return split(arn.resource, "/", 1)[1]


def known_issuer(issuer: Text) -> Issuer | None:
    """Return what is known of an issuer; None for one that is not well known."""
    name = known(issuer)
    return next((i for i in issuers() if name is not None and fnmatchcase(name.lower(), i.issuer)), None)


def takes_tokens(statement: Statement) -> bool:
    """Say whether a statement is about AssumeRoleWithWebIdentity for sure."""
    action = statement.action
    if statement.unknown or statement.effect != "Allow" or action is None or action.negated:
        return False
    return any(match(lower(entry.text), WEB_IDENTITY) for entry in action.entries)


def claim(condition: Condition, issuer: Text) -> str | None:
    """Return which claim of an issuer's tokens a condition is about ("sub"); None for any other key."""
    before, _, name = str(lower(condition.key)).rpartition(":")
    return name if before and before == str(lower(issuer)) else None
