"""Cases of assuming a role: what the simulator is asked, and the request that it stands for."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from astralint.aws.context import ABSENT, Context, Unknown
from astralint.aws.decision import AssumeRoleRequest
from astralint.aws.policy_parser import parse_policy
from astralint.aws.principals import Principal

Case = dict[str, Any]

ACCOUNTS = ("111111111111", "222222222222", "333333333333")
ROLES = ("role/target", "role/team/target", "role/target-prod")
WEB, SAML = "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"

_STRINGS = {
    "sts:ExternalId": ("abc", "abcd", "xyz"),
    "sts:RoleSessionName": ("abc", "xyz"),
    "aws:PrincipalTag/team": ("red", "Red", "blue"),
    "aws:RequestTag/env": ("prod", "dev"),
    "aws:PrincipalOrgID": ("o-aaaaaaaaaa", "o-bbbbbbbbbb"),
    "aws:PrincipalAccount": ACCOUNTS,
}
_FEDERATED_STRINGS = {
    "aws:RequestTag/env": ("prod", "dev"),
    "accounts.google.com:sub": ("repo:org/one:ref", "repo:org/two:ref", "repo:orgevil/one:ref"),
    "accounts.google.com:aud": ("sts.amazonaws.com", "other"),
}
_SAML_STRINGS = {"saml:aud": ("https://signin.aws.amazon.com/saml", "other"), "aws:RequestTag/env": ("prod", "dev")}
_NUMBERS = {"aws:MultiFactorAuthAge": ("300", "3600", "7200")}
_BOOLS = {"aws:MultiFactorAuthPresent": ("true", "false"), "aws:SecureTransport": ("true", "false")}
_DATES = {"aws:CurrentTime": ("2025-01-01T00:00:00Z", "2026-06-01T12:00:00Z", "2030-01-01T00:00:00Z")}
_ADDRESSES = {"aws:SourceIp": ("10.1.2.3", "192.0.2.7", "2001:db8::7")}
_NETWORKS = ("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32", "192.0.2.0/24")
_LISTS = {"aws:TagKeys": ("a", "b", "c"), "aws:PrincipalOrgPaths": ("o-a/r-1/ou-1/", "o-a/r-1/ou-2/")}

_STRING_OPERATORS = (
    *("StringEquals", "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase"),
    *("StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"),
)
_ORDERS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")


def to_request(case: Case) -> AssumeRoleRequest:
    """Return the request that a case stands for."""
    principal = Principal.parse(case["principal"])
    assert principal is not None
    states = {**case["known"], **dict.fromkeys(case["absent"], ABSENT)}
    levels = {
        side: tuple(tuple(parse_policy(policy, kind=side) for policy in level) for level in case[f"{side}s"])
        for side in ("scp", "rcp")
    }
    return AssumeRoleRequest(
        principal,
        case["role"],
        parse_policy(case["trust"], kind="trust"),
        action=case["action"],
        identity=tuple(parse_policy(policy) for policy in case["identity"]),
        boundary=parse_policy(case["boundary"], kind="boundary") if case["boundary"] else None,
        session=parse_policy(case["session"], kind="session") if case["session"] else None,
        scps=levels["scp"],
        rcps=levels["rcp"],
        context=Context(states, Unknown("not known in this case")),
    )


# --- the parts of a case -------------------------------------------------------------


def _arn(account: str, resource: str) -> str:
    return f"arn:aws:iam::{account}:{resource}"


def _fitting(principal: str) -> list[Any]:
    """Return the ways to name a principal."""
    if principal.endswith(".amazonaws.com"):
        return [{"Service": principal}, {"Service": ["lambda.amazonaws.com", principal]}, "*"]
    if "-provider/" in principal:
        return [{"Federated": principal}, {"Federated": [principal, "cognito-identity.amazonaws.com"]}]
    account = principal.split(":")[4]
    found: list[Any] = [
        *(
            {"AWS": account},
            {"AWS": _arn(account, "root")},
            {"AWS": [_arn(account, "root"), _arn("999999999999", "root")]},
        ),
        *(
            {"AWS": principal},
            {"AWS": [principal]},
            {"AWS": principal, "Service": "ec2.amazonaws.com"},
            "*",
            {"AWS": "*"},
        ),
    ]
    if principal.startswith("arn:aws:iam") and ":role/" in principal:
        found.append({"AWS": f"arn:aws:sts::{account}:assumed-role/source/session"})
    if ":assumed-role/" in principal:
        found += [{"AWS": _arn(account, "role/source")}, {"AWS": _arn(account, "role/team/source")}] * 2
    return found


def _unfit(principal: str) -> list[Any]:
    """Return ways not to name it."""
    account = principal.split(":")[4] if principal.startswith("arn:") else ACCOUNTS[0]
    return [
        {"AWS": _arn(account, "role/*")},
        {"AWS": _arn(account, "user/*")},
        {"AWS": _arn(account, "user/nobody")},
        {"AWS": _arn(account, "role/nobody")},
        {"AWS": f"arn:aws:sts::{account}:assumed-role/nobody/session"},
        {"AWS": "999999999999"},
        {"AWS": "AROAABCDEFGHIJKLMNOPQ"},
        {"Service": "batch.amazonaws.com"},
        {"Federated": _arn(account, "saml-provider/nobody")},
    ]


@st.composite
def _conditions(draw: st.DrawFn, case: Case, count: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for _ in range(count):
        operator, key, values = draw(_condition(case))
        found.setdefault(operator, {})[key] = values
    return found


@st.composite
def _condition(draw: st.DrawFn, case: Case) -> tuple[str, str, Any]:
    strings = _strings(case)
    key = draw(
        st.sampled_from([*strings, *strings, *_NUMBERS, *_BOOLS, *_DATES, *_ADDRESSES, *_LISTS, "aws:PrincipalArn"])
    )
    known = case["known"].get(key)
    if draw(st.integers(0, 9)) == 0 and (known is not None or key in case["absent"]):
        return "Null", key, draw(st.sampled_from(("true", "false")))
    suffix = draw(st.sampled_from(("", "", "", "IfExists")))
    if key in _LISTS:
        values = draw(st.lists(st.sampled_from(_LISTS[key]), min_size=1, max_size=2, unique=True))
        quantifier = draw(st.sampled_from(("ForAllValues", "ForAnyValue")))
        operator = draw(st.sampled_from(("StringEquals", "StringNotEquals", "StringLike")))
        if known is None and key not in case["absent"]:
            quantifier = "ForAnyValue"
        return f"{quantifier}:{operator}", key, values
    if key == "aws:PrincipalArn":
        operator = draw(st.sampled_from(("ArnLike", "ArnEquals", "ArnNotLike", "StringLike", "StringEquals")))
        owner = case["principal"] if case["principal"].startswith("arn:") else _arn(ACCOUNTS[0], "role/source")
        account = owner.split(":")[4]
        value = draw(
            st.sampled_from((owner, f"arn:aws:*::{account}:*", "arn:aws:iam::*:role/*", _arn(account, "user/x")))
        )
        return operator + suffix, key, value
    if key in _BOOLS:
        return "Bool" + suffix, key, draw(st.sampled_from(("true", "false")))
    if key in _ADDRESSES:
        values = draw(st.lists(st.sampled_from(_NETWORKS), min_size=1, max_size=2, unique=True))
        return draw(st.sampled_from(("IpAddress", "NotIpAddress"))) + suffix, key, values
    if key in _NUMBERS or key in _DATES:
        table, kind = (_NUMBERS, "Numeric") if key in _NUMBERS else (_DATES, "Date")
        return kind + draw(st.sampled_from(_ORDERS)) + suffix, key, draw(st.sampled_from(table[key]))
    return draw(_string_condition(strings[key], key, suffix))


@st.composite
def _string_condition(draw: st.DrawFn, choices: tuple[str, ...], key: str, suffix: str) -> tuple[str, str, Any]:
    operator = draw(st.sampled_from(_STRING_OPERATORS))
    values = draw(st.lists(st.sampled_from(choices), min_size=1, max_size=2, unique=True))
    if "Like" in operator:
        values = [
            draw(st.sampled_from((value, value[:3] + "*", "?" + value[1:], "*", "*" + value[-2:]))) for value in values
        ]
    if draw(st.booleans()):
        key = key.lower() if key.startswith(("sts:", "aws:P")) else key
    return operator + suffix, key, values if len(values) > 1 else draw(st.sampled_from((values, values[0])))


def _strings(case: Case) -> dict[str, tuple[str, ...]]:
    if case["action"] == WEB:
        return _FEDERATED_STRINGS
    return _SAML_STRINGS if case["action"] == SAML else _STRINGS


@st.composite
def _context(draw: st.DrawFn, case: Case, unknown: int) -> None:
    """Choose the state of each key; the higher `unknown`, the more of them are not known."""
    tables = {**_strings(case), **_NUMBERS, **_BOOLS, **_DATES, **_ADDRESSES}
    for key, choices in tables.items():
        state = draw(st.integers(0, 9))
        if state < unknown and key != "saml:aud":
            continue
        if state == 9:
            case["absent"].append(key)
        else:
            case["known"][key] = draw(st.sampled_from(choices))
    for key, choices in _LISTS.items():
        state = draw(st.integers(0, 9))
        if state >= unknown:
            case["known"][key] = draw(st.lists(st.sampled_from(choices), min_size=1, max_size=3, unique=True))
    if draw(st.integers(0, 9)) >= unknown and case["principal"].startswith("arn:aws:iam"):
        case["known"]["aws:PrincipalArn"] = case["principal"]


@st.composite
def _actions(draw: st.DrawFn, case: Case, fits: bool) -> Any:
    action = case["action"]
    if not fits:
        return draw(st.sampled_from(("sts:TagSession", "sts:GetCallerIdentity", "iam:*", ["iam:PassRole"])))
    return draw(
        st.sampled_from(
            (action, action, [action, "sts:TagSession"], "sts:*", action.lower(), "sts:Assume*", action[:-1] + "?")
        )
    )


@st.composite
def _permission(draw: st.DrawFn, case: Case, fits: bool, effect: str = "Allow") -> Case:
    """Return a statement that speaks of the role, or does not."""
    role = case["role"]
    account, resource = role.split(":")[4], role.split(":", 5)[5]
    statement: Case = {"Effect": effect}
    broken = "" if fits else draw(st.sampled_from(("action", "resource")))
    if draw(st.integers(0, 7)) == 0:
        statement["NotAction"] = (
            ["sts:*"] if broken == "action" else draw(st.sampled_from((["iam:*"], "organizations:*")))
        )
    else:
        statement["Action"] = draw(_actions(case, broken != "action"))
    wrong = (_arn(account, "role/other"), "arn:aws:s3:::bucket", _arn("444444444444", "role/*"), f"arn:aws:*{resource}")
    right = (
        "*",
        role,
        [role],
        _arn("*", resource),
        _arn(account, "role/*"),
        _arn(account, "role/*target*"),
        "arn:aws:iam*",
    )
    if draw(st.integers(0, 9)) == 0:
        statement["NotResource"] = role if broken == "resource" else _arn(account, "role/other")
    else:
        statement["Resource"] = draw(st.sampled_from(wrong if broken == "resource" else right))
    return statement


def _document(statements: list[Case]) -> Case:
    return {"Version": "2012-10-17", "Statement": statements if len(statements) != 1 else statements[0]}


_OTHER = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


@st.composite
def _grants(draw: st.DrawFn, case: Case, fits: bool, conditions: int) -> Case:
    """Return a policy that allows assuming the role, or does not."""
    statement = draw(_permission(case, fits))
    if conditions:
        statement["Condition"] = draw(_conditions(case, conditions))
    others = draw(st.lists(_permission(case, fits=False), max_size=1))
    return _document(draw(st.permutations([statement, *others, _OTHER])))


@st.composite
def _principals(draw: st.DrawFn, role_account: str) -> tuple[str, str]:
    kind = draw(
        st.sampled_from(
            ("user", "user", "role", "role", "session", "session", "root", "federated-user", "service", "web", "saml")
        )
    )
    account = draw(st.sampled_from((role_account, ACCOUNTS[1], ACCOUNTS[0])))
    action = "sts:AssumeRole"
    if kind == "service":
        return draw(st.sampled_from(("ec2.amazonaws.com", "codebuild.amazonaws.com"))), action
    if kind in ("web", "saml") and draw(st.integers(0, 4)):
        account = role_account
    if kind == "web":
        return _arn(account, "oidc-provider/accounts.google.com"), WEB
    if kind == "saml":
        return _arn(account, "saml-provider/okta"), SAML
    names = {
        "user": _arn(account, draw(st.sampled_from(("user/source", "user/team/source")))),
        "role": _arn(account, draw(st.sampled_from(("role/source", "role/team/source")))),
        "session": f"arn:aws:sts::{account}:assumed-role/source/session",
        "root": _arn(account, "root"),
        "federated-user": f"arn:aws:sts::{account}:federated-user/source",
    }
    return names[kind], action


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return a case; about a third each is meant to be allowed, conditional and denied."""
    wish = draw(st.sampled_from(("allowed", "allowed", "conditional", "conditional", "denied")))
    role_account = draw(st.sampled_from(ACCOUNTS[:2]))
    principal, action = draw(_principals(role_account))
    case: Case = {
        "principal": principal,
        "role": _arn(role_account, draw(st.sampled_from(ROLES))),
        "action": action,
        "identity": [],
        "boundary": None,
        "session": None,
        "scps": [],
        "rcps": [],
        "known": {},
        "absent": [],
    }
    draw(_context(case, {"allowed": 2, "conditional": 7, "denied": 3}[wish]))
    broken = ""
    if wish == "denied":
        broken = draw(st.sampled_from(("trust", "action", "identity", "scp", "boundary", "deny", "session")))
    amount = {"allowed": st.sampled_from((0, 0, 0, 1)), "conditional": st.integers(1, 2), "denied": st.integers(0, 1)}[
        wish
    ]
    _trust(draw, case, broken, amount)
    if principal.startswith("arn:") and "-provider/" not in principal:
        _caller_policies(draw, case, broken, amount)
    if broken == "deny" or draw(st.integers(0, 7)) == 0:
        _refusal(draw, case, certain=broken == "deny")
    return case


def _trust(draw: st.DrawFn, case: Case, broken: str, amount: st.SearchStrategy[int]) -> None:
    principal = case["principal"]
    statements: list[Case] = []
    for index in range(draw(st.sampled_from((1, 1, 1, 2)))):
        names = _unfit(principal) if broken == "trust" or index else _fitting(principal)
        statement: Case = {"Effect": "Allow", "Principal": draw(st.sampled_from(names))}
        statement["Action"] = draw(_actions(case, broken != "action"))
        conditions = draw(amount)
        if conditions:
            statement["Condition"] = draw(_conditions(case, conditions))
        statements.append(statement)
    case["trust"] = _document(draw(st.permutations(statements)))


def _caller_policies(draw: st.DrawFn, case: Case, broken: str, amount: st.SearchStrategy[int]) -> None:
    principal = case["principal"]
    if draw(st.integers(0, 5)):
        conditions = draw(st.sampled_from((0, 0, 1))) and draw(amount)
        case["identity"].append(draw(_grants(case, broken != "identity", conditions)))
    if draw(st.integers(0, 3)) == 0 or broken == "scp":
        for level in range(draw(st.integers(1, 2))):
            case["scps"].append([draw(_grants(case, broken != "scp" or level > 0, draw(st.sampled_from((0, 0, 1)))))])
    if (
        (draw(st.integers(0, 4)) == 0 or broken == "boundary")
        and ":root" not in principal
        and ":federated-user/" not in principal
    ):
        case["boundary"] = draw(_grants(case, broken != "boundary", 0))
    if ("role/" in principal) and (draw(st.integers(0, 5)) == 0 or broken == "session"):
        case["session"] = draw(_grants(case, broken != "session", 0))


def _refusal(draw: st.DrawFn, case: Case, *, certain: bool) -> None:
    places = ["trust", "rcps"]
    if case["identity"]:
        places.append("identity")
    if case["scps"]:
        places.append("scps")
    place = draw(st.sampled_from(places))
    statement = draw(_permission(case, fits=True, effect="Deny"))
    conditions = 0 if certain else draw(st.integers(0, 2))
    if conditions:
        statement["Condition"] = draw(_conditions(case, conditions))
    if place == "trust":
        for name in ("Resource", "NotResource", "NotAction"):
            statement.pop(name, None)
        statement["Action"] = "sts:*"
        names = _fitting(case["principal"]) if certain else [*_fitting(case["principal"]), *_unfit(case["principal"])]
        statement["Principal"] = draw(st.sampled_from(names))
        present = case["trust"]["Statement"]
        case["trust"]["Statement"] = [*(present if isinstance(present, list) else [present]), statement]
        return
    if place == "rcps":
        statement.pop("NotAction", None)
        statement |= {"Principal": "*", "Action": "sts:*"}
        if statement.get("Resource") == "arn:aws:iam*":
            statement["Resource"] = "*"  # See differences.md.
        case["rcps"].append([_document([statement])])
    elif place == "identity":
        case["identity"].append(_document([statement]))
    else:
        case["scps"][0].append(_document([statement]))
