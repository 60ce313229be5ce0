"""The conditions of generated cases, and the context that they are judged in.

Left out is what the simulator answers otherwise: see differences.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.oracle.iam.choices import Choices

Case = dict[str, Any]
Values = tuple[str, ...]

ACCOUNTS = ("111111111111", "222222222222", "333333333333")
WEB, SAML = "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"

# By kind of value: the keys, and the values that they have in requests.
_STRINGS: dict[str, Values] = {
    "sts:ExternalId": ("abc", "abcd", "xyz"),
    "sts:RoleSessionName": ("abc", "xyz"),
    "aws:PrincipalTag/team": ("red", "Red", "blue", "r*d", "b?ue"),
    "aws:RequestTag/env": ("prod", "dev"),
    "aws:PrincipalOrgID": ("o-aaaaaaaaaa", "o-bbbbbbbbbb"),
    "aws:PrincipalAccount": ACCOUNTS,
}
_ACCESS_STRINGS = {
    key: _STRINGS[key] for key in ("aws:PrincipalTag/team", "aws:PrincipalOrgID", "aws:PrincipalAccount")
}
_FEDERATED_STRINGS: dict[str, Values] = {
    "aws:RequestTag/env": ("prod", "dev"),
    "accounts.google.com:sub": ("repo:org/one:ref", "repo:org/two:ref", "repo:orgevil/one:ref"),
    "accounts.google.com:aud": ("sts.amazonaws.com", "other"),
}
_SAML_STRINGS: dict[str, Values] = {
    "saml:aud": ("https://signin.aws.amazon.com/saml", "other"),
    "aws:RequestTag/env": ("prod", "dev"),
}
_NUMBERS: dict[str, Values] = {
    "aws:MultiFactorAuthAge": ("300", "3600", "7200"),
    "aws:PrincipalTag/level": ("-1", "2.5", "10", "10.0"),
}
_BOOLS: dict[str, Values] = {
    "aws:MultiFactorAuthPresent": ("true", "false"),
    "aws:SecureTransport": ("true", "false"),
}
_DATES: dict[str, Values] = {
    "aws:CurrentTime": ("2025-01-01T00:00:00Z", "2026-06-01T12:00:00Z", "2030-01-01T00:00:00Z"),
}
_ADDRESSES: dict[str, Values] = {"aws:SourceIp": ("10.1.2.3", "192.0.2.7", "2001:db8::7")}
_BINARIES: dict[str, Values] = {"aws:PrincipalTag/blob": ("QUJD", "QUJE")}
_LISTS: dict[str, Values] = {
    "aws:TagKeys": ("a", "b", "c"),
    "aws:PrincipalOrgPaths": ("o-a/r-1/ou-1/", "o-a/r-1/ou-2/"),
}
# What a policy variable may be put for.
ROLE_TAG = "aws:PrincipalTag/role"
_ROLE_TAGS = {ROLE_TAG: ("target", "team/target", "other", "*")}

_NETWORKS = ("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32", "192.0.2.0/24")
_MOMENTS = (*_DATES["aws:CurrentTime"], "2026-01-01", "2026-06-01T14:00:00+02:00")
_STRING_OPERATORS = (
    *("StringEquals", "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase"),
    *("StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"),
)
_ARN_OPERATORS = ("ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals")
_ORDERS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
PRINCIPAL_ARN = "aws:PrincipalArn"


def strings_of(case: Case) -> Mapping[str, Values]:
    """Return the keys with strings that requests of this action have."""
    if not case["action"].startswith("sts:"):
        return _ACCESS_STRINGS
    if case["action"] == WEB:
        return _FEDERATED_STRINGS
    return _SAML_STRINGS if case["action"] == SAML else _STRINGS


def contexts(draw: Choices, case: Case, unknown: int) -> None:
    """Choose the state of each key; the higher `unknown`, the more of them are not known."""
    tables = {**strings_of(case), **_NUMBERS, **_BOOLS, **_DATES, **_ADDRESSES, **_BINARIES, **_ROLE_TAGS}
    for key, choices in tables.items():
        state = draw.number(0, 9)
        if state < unknown and key not in ("saml:aud", ROLE_TAG):
            continue
        if state == 9:
            case["absent"].append(key)
        else:
            case["known"][key] = draw.pick(choices)
    for key, choices in _LISTS.items():
        state = draw.number(0, 9)
        if state == 9:
            case["absent"].append(key)
        elif state >= unknown:
            case["known"][key] = draw.some(choices, 3)
    if draw.number(0, 9) >= unknown and case["principal"].startswith("arn:aws:iam"):
        case["known"][PRINCIPAL_ARN] = case["principal"]


def condition_blocks(draw: Choices, case: Case, count: int) -> dict[str, dict[str, Any]]:
    """Return the `Condition` of a statement with at most `count` conditions."""
    found: dict[str, dict[str, Any]] = {}
    for _ in range(count):
        operator, key, values = _conditions(draw, case)
        found.setdefault(operator, {})[key] = values
    return found


def _conditions(draw: Choices, case: Case) -> tuple[str, str, Any]:
    strings = strings_of(case)
    others = [*_NUMBERS, *_BOOLS, *_DATES, *_ADDRESSES, *_BINARIES, *_LISTS, PRINCIPAL_ARN]
    key = draw.pick([*strings, *strings, *others])
    is_known, is_absent = key in case["known"], key in case["absent"]
    if draw.number(0, 9) == 0 and (is_known or is_absent):
        return "Null", key, draw.pick(("true", "false"))
    operator, values = _comparisons(draw, case, key)
    if key in _LISTS or draw.number(0, 7) == 0:
        quantifiers = ("ForAllValues", "ForAnyValue") if is_known or is_absent else ("ForAnyValue",)
        operator = f"{draw.pick(quantifiers)}:{operator}"
    operator += draw.pick(("", "", "", "IfExists"))
    if draw.number(0, 4) == 0:
        operator = operator.lower() if draw.number(0, 1) else operator
        key = draw.pick((key.lower(), key.upper())) if key.startswith(("sts:", "aws:")) else key
    return operator, key, values if len(values) > 1 else draw.pick((values, values[0]))


def _comparisons(draw: Choices, case: Case, key: str) -> tuple[str, list[str]]:
    """Return an operator that fits a key, and the policy's values."""
    if key == PRINCIPAL_ARN:
        return _arn_comparisons(draw, case)
    if key in _BOOLS:
        return "Bool", [draw.pick(("true", "false", "True"))]
    if key in _BINARIES:
        return "BinaryEquals", draw.some(_BINARIES[key], 2)
    if key in _ADDRESSES:
        return draw.pick(("IpAddress", "NotIpAddress")), draw.some(_NETWORKS, 2)
    if key in _NUMBERS:
        return "Numeric" + draw.pick(_ORDERS), draw.some(_NUMBERS[key], 2)
    if key in _DATES:
        return "Date" + draw.pick(_ORDERS), draw.some(_MOMENTS, 2)
    operator = draw.pick(_STRING_OPERATORS)
    choices = _LISTS[key] if key in _LISTS else strings_of(case)[key]
    values = draw.some(choices, 2)
    if "Like" in operator:
        values = [draw.pick((value, value[:3] + "*", "?" + value[1:], "*", "*" + value[-2:])) for value in values]
    if key in _STRINGS and draw.number(0, 5) == 0:
        values = [_variables(draw, case, values[0], wildcards="Like" in operator), *values[1:]]
    return operator, values


def _arn_comparisons(draw: Choices, case: Case) -> tuple[str, list[str]]:
    operator = draw.pick((*_ARN_OPERATORS, *_ARN_OPERATORS, "StringLike", "StringEquals", "StringNotLike"))
    owner = case["principal"] if case["principal"].startswith("arn:") else f"arn:aws:iam::{ACCOUNTS[0]}:role/source"
    account = owner.split(":")[4]
    choices = (
        *(owner, f"arn:aws:*::{account}:*", "arn:aws:iam::*:role/*", f"arn:aws:iam::{account}:user/x"),
        *(f"arn:aws:iam::{account}:*source", "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*"),
    )
    values = draw.some(choices, 2)
    tag = case["known"].get(ROLE_TAG)
    if tag is not None and draw.number(0, 7) == 0:
        values = [f"arn:aws:iam::{account}:*/${{{ROLE_TAG}}}", *values[1:]]
    return operator, values


def _variables(draw: Choices, case: Case, value: str, *, wildcards: bool) -> str:
    """Return a value with a policy variable whose key is known, or surely absent."""
    keys = [key for key in (ROLE_TAG, "aws:PrincipalTag/team", "aws:RequestTag/env") if key in case["known"]]
    keys += [key for key in (ROLE_TAG, "aws:PrincipalTag/team") if key in case["absent"]]
    choices = [f"{value[:1]}${{*}}{value[2:]}", f"{value[:1]}${{?}}{value[2:]}"] if wildcards else [value]
    for key in keys:
        choices += [f"${{{key}}}", f"${{{key}, '{value}'}}"]
        if wildcards:
            choices.append(f"${{{key}}}*")
    return draw.pick(choices)
