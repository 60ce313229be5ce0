"""The conditions of generated cases, and the context that they are judged in.

Left out is what the simulator answers otherwise: see differences.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    if case["action"] == WEB:
        return _FEDERATED_STRINGS
    return _SAML_STRINGS if case["action"] == SAML else _STRINGS


@st.composite
def contexts(draw: st.DrawFn, case: Case, unknown: int) -> None:
    """Choose the state of each key; the higher `unknown`, the more of them are not known."""
    tables = {**strings_of(case), **_NUMBERS, **_BOOLS, **_DATES, **_ADDRESSES, **_BINARIES, **_ROLE_TAGS}
    for key, choices in tables.items():
        state = draw(st.integers(0, 9))
        if state < unknown and key not in ("saml:aud", ROLE_TAG):
            continue
        if state == 9:
            case["absent"].append(key)
        else:
            case["known"][key] = draw(st.sampled_from(choices))
    for key, choices in _LISTS.items():
        state = draw(st.integers(0, 9))
        if state == 9:
            case["absent"].append(key)
        elif state >= unknown:
            case["known"][key] = draw(st.lists(st.sampled_from(choices), min_size=1, max_size=3, unique=True))
    if draw(st.integers(0, 9)) >= unknown and case["principal"].startswith("arn:aws:iam"):
        case["known"][PRINCIPAL_ARN] = case["principal"]


@st.composite
def condition_blocks(draw: st.DrawFn, case: Case, count: int) -> dict[str, dict[str, Any]]:
    """Return the `Condition` of a statement with at most `count` conditions."""
    found: dict[str, dict[str, Any]] = {}
    for _ in range(count):
        operator, key, values = draw(_conditions(case))
        found.setdefault(operator, {})[key] = values
    return found


@st.composite
def _conditions(draw: st.DrawFn, case: Case) -> tuple[str, str, Any]:
    strings = strings_of(case)
    others = [*_NUMBERS, *_BOOLS, *_DATES, *_ADDRESSES, *_BINARIES, *_LISTS, PRINCIPAL_ARN]
    key = draw(st.sampled_from([*strings, *strings, *others]))
    is_known, is_absent = key in case["known"], key in case["absent"]
    if draw(st.integers(0, 9)) == 0 and (is_known or is_absent):
        return "Null", key, draw(st.sampled_from(("true", "false")))
    operator, values = draw(_comparisons(case, key))
    if key in _LISTS or draw(st.integers(0, 7)) == 0:
        quantifiers = ("ForAllValues", "ForAnyValue") if is_known or is_absent else ("ForAnyValue",)
        operator = f"{draw(st.sampled_from(quantifiers))}:{operator}"
    operator += draw(st.sampled_from(("", "", "", "IfExists")))
    if draw(st.integers(0, 4)) == 0:
        operator = operator.lower() if draw(st.booleans()) else operator
        key = draw(st.sampled_from((key.lower(), key.upper()))) if key.startswith(("sts:", "aws:")) else key
    return operator, key, values if len(values) > 1 else draw(st.sampled_from((values, values[0])))


@st.composite
def _comparisons(draw: st.DrawFn, case: Case, key: str) -> tuple[str, list[str]]:
    """Return an operator that fits a key, and the policy's values."""
    if key == PRINCIPAL_ARN:
        return draw(_arn_comparisons(case))
    if key in _BOOLS:
        return "Bool", [draw(st.sampled_from(("true", "false", "True")))]
    if key in _BINARIES:
        return "BinaryEquals", draw(_some(_BINARIES[key]))
    if key in _ADDRESSES:
        return draw(st.sampled_from(("IpAddress", "NotIpAddress"))), draw(_some(_NETWORKS))
    if key in _NUMBERS:
        return "Numeric" + draw(st.sampled_from(_ORDERS)), draw(_some(_NUMBERS[key]))
    if key in _DATES:
        return "Date" + draw(st.sampled_from(_ORDERS)), draw(_some(_MOMENTS))
    operator = draw(st.sampled_from(_STRING_OPERATORS))
    choices = _LISTS[key] if key in _LISTS else strings_of(case)[key]
    values = draw(_some(choices))
    if "Like" in operator:
        values = [
            draw(st.sampled_from((value, value[:3] + "*", "?" + value[1:], "*", "*" + value[-2:]))) for value in values
        ]
    if key in _STRINGS and draw(st.integers(0, 5)) == 0:
        values = [draw(_variables(case, values[0], wildcards="Like" in operator)), *values[1:]]
    return operator, values


@st.composite
def _arn_comparisons(draw: st.DrawFn, case: Case) -> tuple[str, list[str]]:
    operator = draw(st.sampled_from((*_ARN_OPERATORS, *_ARN_OPERATORS, "StringLike", "StringEquals", "StringNotLike")))
    owner = case["principal"] if case["principal"].startswith("arn:") else f"arn:aws:iam::{ACCOUNTS[0]}:role/source"
    account = owner.split(":")[4]
    choices = (
        *(owner, f"arn:aws:*::{account}:*", "arn:aws:iam::*:role/*", f"arn:aws:iam::{account}:user/x"),
        *(f"arn:aws:iam::{account}:*source", "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*"),
    )
    values = draw(_some(choices))
    tag = case["known"].get(ROLE_TAG)
    if tag is not None and draw(st.integers(0, 7)) == 0:
        values = [f"arn:aws:iam::{account}:*/${{{ROLE_TAG}}}", *values[1:]]
    return operator, values


@st.composite
def _variables(draw: st.DrawFn, case: Case, value: str, *, wildcards: bool) -> str:
    """Return a value with a policy variable whose key is known, or surely absent."""
    keys = [key for key in (ROLE_TAG, "aws:PrincipalTag/team", "aws:RequestTag/env") if key in case["known"]]
    keys += [key for key in (ROLE_TAG, "aws:PrincipalTag/team") if key in case["absent"]]
    choices = [f"{value[:1]}${{*}}{value[2:]}", f"{value[:1]}${{?}}{value[2:]}"]
    for key in keys:
        choices += [f"${{{key}}}", f"${{{key}, '{value}'}}"]
        if wildcards:
            choices.append(f"${{{key}}}*")
    return draw(st.sampled_from(choices))


def _some(choices: Values) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(choices), min_size=1, max_size=2, unique=True)
