"""Condition keys: who decides their value, and what is known of them for a principal."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import msgspec

from astralint.aws.context import ABSENT, Context, KeyState, Known, Unknown
from astralint.aws.session_keys import absent_keys, plain_keys
from astralint.aws.text import Text, join, known
from astralint.aws.wildcard import match
from astralint.source.partial import Hole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from astralint.aws.kleene import Truth
    from astralint.aws.principals import Principal

KeyClass = Literal["computable", "caller", "run-time", "service", "identity-provider", "unknown"]

_DATA = Path(__file__).parent / "data" / "condition_keys.json"
_CLAIMS = (
    ":sub",
    ":aud",
    ":amr",
    ":oaud",
    ":azp",
    ":email",
    ":repository",
    ":environment",
    ":ref",
    ":job_workflow_ref",
)


class Facts(msgspec.Struct, frozen=True):
    """What is known about a principal and the role it asks for, beyond their ARNs.

    None means not known. `organization` is the id of the principal's organization ("" for
    an account that is in none), `organization_paths` the paths to its account;
    `tags` are all tags of the role or user. `mfa` says whether requests are signed with
    credentials that went through multi-factor authentication. `claims` are those that an identity
    provider's token holds, by their whole key. The `resource_…` facts are about the role's side.
    """

    organization: Text | None = None
    organization_paths: tuple[Text, ...] | None = None
    tags: Mapping[str, Text] | None = None
    mfa: Truth = None
    claims: Mapping[str, Text | tuple[Text, ...]] = {}
    resource_account: Text | None = None
    resource_organization: Text | None = None
    resource_tags: Mapping[str, Text] | None = None
    region: Text | None = None


NO_FACTS = Facts()


def key_class(key: Text) -> KeyClass:
    """Return who decides a condition key's value; "unknown" for a key of which nothing is known."""
    name = known(key)
    if name is None:
        return "unknown"
    lowered = name.lower()
    for pattern, found in _patterns():
        if match(pattern, lowered):
            return found
    return "identity-provider" if lowered.endswith(_CLAIMS) else "unknown"


@cache
def _patterns() -> tuple[tuple[str, KeyClass], ...]:
    data = cast("dict[KeyClass, dict[str, object]]", msgspec.json.decode(_DATA.read_bytes()))
    found = [(key.lower(), name) for name, entry in data.items() for key in cast("list[str]", entry["keys"])]
    return tuple(sorted(found, key=lambda item: (item[0].endswith("*"), -len(item[0]))))


def context_for(principal: Principal, facts: Facts = NO_FACTS) -> Context:
    """Return the context of a principal's requests, as far as it can be computed; the rest is unknown."""
    keys: dict[str, KeyState] = {
        **absent_keys(principal),
        **_of_principal(principal, facts),
        **_of_organization(principal, facts),
        **_of_resource(facts),
        **{name: Known(value if isinstance(value, tuple) else (value,)) for name, value in facts.claims.items()},
    }
    if principal.kind != "federated":
        keys.update((pattern, ABSENT) for pattern, found in _patterns() if found == "identity-provider")
    reason = "known only when the request is made"
    plain = {key: Unknown(reason, plain=True) for key in plain_keys()}
    return Context({**plain, **keys}, Unknown(reason))


def _one(value: Text | None, reason: str) -> KeyState:
    return Unknown(reason) if value is None else Known((value,))


def _of_principal(principal: Principal, facts: Facts) -> dict[str, KeyState]:
    keys: dict[str, KeyState] = {}
    if principal.kind == "service":
        keys["aws:PrincipalIsAWSService"] = Known(("true",))
        keys["aws:PrincipalServiceName"] = Known((principal.text,))
        return keys
    keys["aws:PrincipalIsAWSService"] = Known(("false",))
    if principal.kind == "federated":
        return keys
    account = principal.account
    keys["aws:PrincipalAccount"] = _one(account, "the caller's account is not known")
    keys["aws:PrincipalArn"] = _one(_principal_arn(principal), "which principal it is, is not known")
    keys["aws:username"] = _user_name(principal)
    keys.update(_tags("aws:PrincipalTag/", facts.tags))
    if principal.kind in ("user", "role", "session", "federated-user"):
        kinds = {"user": "User", "federated-user": "FederatedUser"}
        keys["aws:PrincipalType"] = Known((kinds.get(principal.kind, "AssumedRole"),))
    if facts.mfa is not None:
        keys["aws:MultiFactorAuthPresent"] = Known(("true",)) if facts.mfa else ABSENT
        if not facts.mfa:
            keys["aws:MultiFactorAuthAge"] = ABSENT
    return keys


def _principal_arn(principal: Principal) -> Text | None:
    if principal.kind in ("user", "role", "federated-user"):
        return principal.text
    arn = principal.arn
    if arn is None:
        return None
    if principal.kind == "account":
        # Whoever in the account: its own ARN is some text that begins so.
        return join(
            "arn:", arn.partition, ":", Hole("the service"), "::", arn.account, ":", Hole("the principal's name")
        )
    if principal.role is not None or principal.kind != "session":
        return principal.role
    path = Hole("the path of a session's role")
    return join("arn:", arn.partition, ":iam::", arn.account, ":role/", path, arn.session_role_name or Hole("its name"))


def _user_name(principal: Principal) -> KeyState:
    arn = principal.arn
    if principal.kind == "user" and arn is not None:
        return Known((arn.name,))
    return ABSENT if principal.kind in ("role", "session", "federated-user") else Unknown("who asks is not known")


def _of_organization(principal: Principal, facts: Facts) -> dict[str, KeyState]:
    if not principal.is_aws:
        return {}
    if facts.organization == "":
        return {"aws:PrincipalOrgID": ABSENT, "aws:PrincipalOrgPaths": ABSENT}
    paths = facts.organization_paths
    return {
        "aws:PrincipalOrgID": _one(facts.organization, "the caller's organization is not known"),
        "aws:PrincipalOrgPaths": Unknown("the caller's organizational unit is not known")
        if paths is None
        else Known(paths),
    }


def _of_resource(facts: Facts) -> dict[str, KeyState]:
    keys: dict[str, KeyState] = {
        "aws:ResourceAccount": _one(facts.resource_account, "the role's account is not known"),
        "aws:RequestedRegion": _one(facts.region, "the region of the request is not known"),
    }
    organization = facts.resource_organization
    keys["aws:ResourceOrgID"] = (
        ABSENT if organization == "" else _one(organization, "the role's organization is not known")
    )
    for prefix in ("aws:ResourceTag/", "iam:ResourceTag/"):
        keys.update(_tags(prefix, facts.resource_tags))
    return keys


def _tags(prefix: str, tags: Mapping[str, Text] | None) -> dict[str, KeyState]:
    if tags is None:
        return {}
    return {f"{prefix}*": ABSENT, **{f"{prefix}{name}": Known((value,)) for name, value in tags.items()}}
