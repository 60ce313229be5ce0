"""Cases of assuming a role: what the simulator is asked, and the request that it stands for."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from tests.oracle.iam.choices import Choices, HypothesisChoices, RandomChoices
from tests.oracle.iam.conditions import ACCOUNTS, ROLE_TAG, SAML, WEB, Case, condition_blocks, contexts

from astralint.aws.context import ABSENT, Context, Unknown
from astralint.aws.decision import AssumeRoleRequest
from astralint.aws.policy_parser import parse_policy
from astralint.aws.principals import Principal

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = ("role/target", "role/team/target", "role/target-prod")


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


_SSO_ROLE = "AWSReservedSSO_Admin_0123456789abcdef"
# A key that is surely absent, for variables with a default.
_NO_TAG = "aws:PrincipalTag/none"
_SSO_PATH = "aws-reserved/sso.amazonaws.com/"


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
        found.append({"AWS": f"arn:aws:sts::{account}:assumed-role/{principal.rsplit('/', 1)[1]}/session"})
    if ":assumed-role/" in principal:
        name = principal.split("/")[1]
        paths = (_SSO_PATH, f"{_SSO_PATH}eu-west-1/") if name == _SSO_ROLE else ("", "team/")
        found += [{"AWS": _arn(account, f"role/{path}{name}")} for path in paths] * 2
    return found


def _unfit(principal: str) -> list[Any]:
    """Return ways not to name it."""
    account = principal.split(":")[4] if principal.startswith("arn:") else ACCOUNTS[0]
    return [
        {"AWS": _arn(account, "role/*")},
        {"AWS": _arn(account, "user/*")},
        *([] if ":federated-user/" in principal else [{"AWS": _arn(account, "user/nobody")}]),
        {"AWS": _arn(account, "role/nobody")},
        {"AWS": f"arn:aws:sts::{account}:assumed-role/nobody/session"},
        {"AWS": "999999999999"},
        {"AWS": "AROAABCDEFGHIJKLMNOPQ"},
        {"Service": "batch.amazonaws.com"},
        {"Federated": _arn(account, "saml-provider/nobody")},
    ]


def _actions(draw: Choices, case: Case, fits: bool) -> Any:
    action = case["action"]
    if not fits:
        return draw.pick(("sts:TagSession", "sts:GetCallerIdentity", "iam:*", ["iam:PassRole"]))
    return draw.pick(
        (action, action, [action, "sts:TagSession"], "sts:*", action.lower(), "sts:Assume*", action[:-1] + "?")
    )


def _permission(draw: Choices, case: Case, fits: bool, effect: str = "Allow") -> Case:
    """Return a statement that speaks of the role, or does not."""
    role = case["role"]
    account, resource = role.split(":")[4], role.split(":", 5)[5]
    statement: Case = {"Effect": effect}
    broken = "" if fits else draw.pick(("action", "resource"))
    if draw.number(0, 7) == 0:
        statement["NotAction"] = ["sts:*"] if broken == "action" else draw.pick((["iam:*"], "organizations:*"))
    else:
        statement["Action"] = _actions(draw, case, broken != "action")
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
    named = case["known"].get(ROLE_TAG)
    if named is not None:
        fitting = named == resource.removeprefix("role/")
        variable = _arn(account, f"role/${{{ROLE_TAG}}}")
        right, wrong = (*right, *([variable] if fitting else [])), (*wrong, *([] if fitting else [variable]))
    right = (*right, _arn(account, f"role/${{{_NO_TAG}, '{resource.removeprefix('role/')}'}}"))
    if draw.number(0, 9) == 0:
        statement["NotResource"] = role if broken == "resource" else _arn(account, "role/other")
    else:
        statement["Resource"] = draw.pick(wrong if broken == "resource" else right)
    return statement


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _document(statements: list[Case]) -> Case:
    return {"Version": "2012-10-17", "Statement": statements if len(statements) != 1 else statements[0]}


_OTHER = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def _grants(draw: Choices, case: Case, fits: bool, conditions: int) -> Case:
    """Return a policy that allows assuming the role, or does not."""
    statement = _permission(draw, case, fits)
    if conditions:
        statement["Condition"] = condition_blocks(draw, case, conditions)
    others = [_permission(draw, case, fits=False) for _ in range(draw.number(0, 1))]
    return _document(draw.shuffled([statement, *others, _OTHER]))


def _principals(draw: Choices, role: str) -> tuple[str, str]:
    role_account = role.split(":")[4]
    kind = draw.pick(
        (
            *("user", "user", "role", "role", "session", "session", "root", "federated-user", "service", "web"),
            *("saml", "sso", "sso-session", "self"),
        )
    )
    account = draw.pick((role_account, ACCOUNTS[1], ACCOUNTS[0]))
    action = "sts:AssumeRole"
    if kind == "service":
        return draw.pick(("ec2.amazonaws.com", "codebuild.amazonaws.com")), action
    if kind in ("web", "saml") and draw.number(0, 4):
        account = role_account
    if kind == "web":
        return _arn(account, "oidc-provider/accounts.google.com"), WEB
    if kind == "saml":
        return _arn(account, "saml-provider/okta"), SAML
    names = {
        "user": _arn(account, draw.pick(("user/source", "user/team/source"))),
        "role": _arn(account, draw.pick(("role/source", "role/team/source"))),
        "session": f"arn:aws:sts::{account}:assumed-role/source/session",
        "root": _arn(account, "root"),
        "federated-user": f"arn:aws:sts::{account}:federated-user/source",
        "sso": _arn(account, f"role/{_SSO_PATH}{draw.pick(('', 'eu-west-1/'))}{_SSO_ROLE}"),
        "sso-session": f"arn:aws:sts::{account}:assumed-role/{_SSO_ROLE}/alice",
        "self": role,
    }
    return names[kind], action


def generate(draw: Choices) -> Case:
    """Return a case; about a third each is meant to be allowed, conditional and denied."""
    wish = draw.pick((*["allowed"] * 4, *["conditional"] * 3, "denied"))
    role = _arn(draw.pick(ACCOUNTS[:2]), draw.pick(ROLES))
    principal, action = _principals(draw, role)
    case: Case = {
        "principal": principal,
        "role": role,
        "action": action,
        "identity": [],
        "boundary": None,
        "session": None,
        "scps": [],
        "rcps": [],
        "known": {},
        "absent": [_NO_TAG],
    }
    contexts(draw, case, {"allowed": 2, "conditional": 7, "denied": 3}[wish])
    broken = ""
    if wish == "denied":
        broken = draw.pick(("trust", "action", "identity", "scp", "boundary", "deny", "session"))
    amounts = {"allowed": (0, 0, 0, 1), "conditional": (1, 2), "denied": (0, 1)}[wish]
    _trust(draw, case, broken, amounts)
    if principal.startswith("arn:") and "-provider/" not in principal:
        _caller_policies(draw, case, broken, amounts)
    for _ in range(draw.pick((0, 0, 0, 0, 0, 1, 2))):
        _refusal(draw, case, certain=False)
    if broken == "deny":
        _refusal(draw, case, certain=True)
    return case


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return what hypothesis generates, and can shrink."""
    return generate(HypothesisChoices(draw))


def random_cases(seed: int, count: int) -> Iterator[Case]:
    """Yield independent cases, the same ones for the same seed."""
    choices = RandomChoices(random.Random(seed))
    for _ in range(count):
        yield generate(choices)


def _trust(draw: Choices, case: Case, broken: str, amounts: tuple[int, ...]) -> None:
    principal = case["principal"]
    statements: list[Case] = []
    for index in range(draw.pick((1, 1, 1, 2))):
        names = _unfit(principal) if broken == "trust" or index else _fitting(principal)
        statement: Case = {"Effect": "Allow", "Principal": draw.pick(names)}
        statement["Action"] = _actions(draw, case, broken != "action")
        conditions = draw.pick(amounts)
        if conditions:
            statement["Condition"] = condition_blocks(draw, case, conditions)
        statements.append(statement)
    case["trust"] = _document(draw.shuffled(statements))


def _caller_policies(draw: Choices, case: Case, broken: str, amounts: tuple[int, ...]) -> None:
    principal = case["principal"]
    if draw.number(0, 5):
        conditions = draw.pick((0, 0, 1)) and draw.pick(amounts)
        case["identity"].append(_grants(draw, case, broken != "identity", conditions))
    if draw.number(0, 3) == 0 or broken == "scp":
        levels = draw.number(1, 3)
        stopping = draw.number(0, levels - 1)
        for level in range(levels):
            fits = broken != "scp" or level != stopping
            policies = [_grants(draw, case, fits, draw.pick((0, 0, 1)))]
            if fits and draw.number(0, 1):
                policies.append(_document([{"Effect": "Allow", "Action": "*", "Resource": "*"}]))
            case["scps"].append(policies)
    if (
        (draw.number(0, 4) == 0 or broken == "boundary")
        and ":root" not in principal
        and ":federated-user/" not in principal
    ):
        # The simulator passes over what a boundary asks of a role of the same account: see differences.md.
        passed_over = "role/" in principal and principal.split(":")[4] == case["role"].split(":")[4]
        conditions = 0 if passed_over else draw.pick((0, 0, 0, 1))
        case["boundary"] = _grants(draw, case, broken != "boundary", conditions)
    if ("role/" in principal) and (draw.number(0, 5) == 0 or broken == "session"):
        case["session"] = _grants(draw, case, broken != "session", draw.pick((0, 0, 0, 1)))


def _refusal(draw: Choices, case: Case, *, certain: bool) -> None:
    places = ["trust", "rcps"]
    if case["identity"]:
        places.append("identity")
    places += [side for side in ("scps", "boundary", "session") if case[side]]
    place = draw.pick(places)
    statement = _permission(draw, case, fits=True, effect="Deny")
    conditions = 0 if certain else draw.number(0, 2)
    if conditions:
        statement["Condition"] = condition_blocks(draw, case, conditions)
    if place == "trust":
        for name in ("Resource", "NotResource", "NotAction"):
            statement.pop(name, None)
        statement["Action"] = "sts:*"
        names = _fitting(case["principal"]) if certain else [*_fitting(case["principal"]), *_unfit(case["principal"])]
        statement["Principal"] = draw.pick(names)
        case["trust"]["Statement"] = [*_listed(case["trust"]["Statement"]), statement]
        return
    if place == "rcps":
        statement.pop("NotAction", None)
        statement |= {"Principal": "*", "Action": "sts:*"}
        if statement.get("Resource") == "arn:aws:iam*":
            statement["Resource"] = "*"  # See differences.md.
        if case["rcps"] and draw.number(0, 1):
            case["rcps"][0].append(_document([statement]))
        else:
            case["rcps"].append([_document([statement])])
    elif place == "identity":
        case["identity"].append(_document([statement]))
    elif place == "scps":
        draw.pick(case["scps"]).append(_document([statement]))
    else:
        case[place]["Statement"] = [*_listed(case[place]["Statement"]), statement]
