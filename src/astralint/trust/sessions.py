"""What the sessions of an identity carry: the tags of the role, those of its callers, and what they hand on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

from astralint.aws.decision import TAG_SESSION
from astralint.aws.policy import Policy, Statement
from astralint.aws.principals import trust_principals
from astralint.aws.text import Text, known, lower
from astralint.aws.wildcard import match
from astralint.terraform.evaluation.builtin import text_of
from astralint.trust.identity import Identity

_DATA = Path(__file__).parent / "data" / "role_bindings.toml"
_SIGN_IN = re.compile(
    r"https://([a-z0-9-]+\.)?signin\.(aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn)/saml(/acs/.+)?"
)
SIGN_IN = "https://signin.aws.amazon.com/saml"
_NOT_USERS = ("service", "federated", "role", "session")


class Carried(msgspec.Struct, frozen=True):
    """What every session of an identity carries on to the next role that it assumes."""

    tags: bool = False
    source_identity: bool = False


NOTHING = Carried()


@cache
def _handed_on() -> Mapping[str, Carried]:
    """Return, by service, what its sessions carry on."""
    table = tomllib.loads(_DATA.read_text("utf-8"))["binding"]
    return {
        entry["service"]: Carried(entry.get("transitive_tags", False), entry.get("source_identity", False))
        for entry in table
        if "service" in entry
    }


def carried(identity: Identity, untagged: Iterable[str] = ()) -> Carried:
    """Return what all sessions of an identity carry on, by whoever can open them.

    `untagged` are the nodes of roles that a service opens without its tags. A role that somebody else
    can open as well has sessions without them.
    """
    if identity.trust is None or identity.kind != "role":
        return NOTHING
    found: list[Carried] = []
    for principal in trust_principals(identity.trust.policy):
        service = known(principal.entry.text) if principal.form == "service" else None
        found.append(_handed_on().get(service or "", NOTHING))
    if not found:
        return NOTHING
    tags = all(one.tags for one in found) and identity.node not in untagged
    return Carried(tags, all(one.source_identity for one in found))


def session_tags(identity: Identity) -> Mapping[str, Text] | None:
    """Return the tags that a session of an identity has; None where those that open it may bring their own."""
    if identity.kind == "permission-set" or (identity.trust is not None and may_be_tagged(identity.trust.policy)):
        return None
    value = identity.resource.value("tags_all") or identity.resource.value("tags")
    if value is None or not isinstance(value.raw, dict):
        return {} if value is None or value.raw is None else None
    return {name: told for name, item in value.raw.items() if (told := text_of(item)) is not None}


def may_be_tagged(trust: Policy) -> bool:
    """Say whether those whom a trust policy lets in may bring tags of their own."""
    return any(map(_may_allow_tags, trust.statements))


def _may_allow_tags(statement: Statement) -> bool:
    if statement.effect == "Deny":
        return False
    action = statement.action
    if action is None:
        return bool(statement.unknown)
    fits = [match(lower(entry.text), TAG_SESSION.lower()) for entry in action.entries]
    if action.negated:
        return not any(fits)
    return any(fit is not False for fit in fits) or bool(action.unknown)


def has_no_mfa(identity: Identity) -> bool:
    """Say whether no session of an identity went through multi-factor authentication: users alone bring it."""
    return identity.kind == "role" and identity.trust is not None and lets_no_user_in(identity.trust.policy)


def lets_no_user_in(trust: Policy) -> bool:
    """Say whether a trust policy names nobody who could have gone through multi-factor authentication."""
    return all(principal.form in _NOT_USERS for principal in trust_principals(trust))


def saml_audience(policy: Policy) -> str:
    """Return where an assertion is sent to: the sign-in page that a trust policy asks for, if it is one of AWS's."""
    for statement in policy.statements:
        for condition in statement.conditions:
            if (known(condition.key) or "").lower() == "saml:aud":
                told = [known(entry.text) or "" for entry in condition.values]
                asked = [one for one in told if _SIGN_IN.fullmatch(one)]
                if asked and SIGN_IN not in asked:
                    return asked[0]
    return SIGN_IN
