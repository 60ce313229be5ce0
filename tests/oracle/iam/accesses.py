"""Cases of access to resources with policies of their own: what the simulator is asked, and the request that it stands for.

A case is one of `cases.py`, of which `role` is any resource, `trust` its policy (None: it has none) and `account`
the resource's account.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from tests.oracle.iam.cases import _document, _fitting, _unfit
from tests.oracle.iam.choices import Choices, RandomChoices
from tests.oracle.iam.conditions import ACCOUNTS, Case, condition_blocks, contexts

from astralint.aws.authorization import AccessRequest
from astralint.aws.context import ABSENT, Context, Unknown
from astralint.aws.policy_parser import parse_policy
from astralint.aws.principals import Principal

if TYPE_CHECKING:
    from collections.abc import Iterator

# Actions, the resource that they are about (`{}`: its account), and whether such resources have policies.
TARGETS: tuple[tuple[str, tuple[str, ...], str, bool], ...] = (
    ("s3", ("GetObject", "PutObject", "DeleteObject"), "arn:aws:s3:::astra-data/reports/2026.csv", True),
    ("s3", ("ListBucket", "GetBucketPolicy"), "arn:aws:s3:::astra-data", True),
    ("sqs", ("SendMessage", "ReceiveMessage"), "arn:aws:sqs:eu-west-1:{}:work", True),
    ("sns", ("Publish", "Subscribe"), "arn:aws:sns:eu-west-1:{}:alarms", True),
    (
        "kms",
        ("Decrypt", "GenerateDataKey", "PutKeyPolicy"),
        "arn:aws:kms:eu-west-1:{}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        True,
    ),
    ("lambda", ("InvokeFunction", "GetFunction"), "arn:aws:lambda:eu-west-1:{}:function:report", True),
    ("secretsmanager", ("GetSecretValue",), "arn:aws:secretsmanager:eu-west-1:{}:secret:database-AbCdEf", True),
    ("ecr", ("BatchGetImage", "PutImage"), "arn:aws:ecr:eu-west-1:{}:repository/api", True),
    ("dynamodb", ("GetItem", "Query"), "arn:aws:dynamodb:eu-west-1:{}:table/orders", False),
    ("ec2", ("StopInstances",), "arn:aws:ec2:eu-west-1:{}:instance/i-0123456789abcdef0", False),
    ("ec2", ("DescribeInstances",), "*", False),
    ("s3", ("ListAllMyBuckets",), "*", False),
)


def to_access(case: Case) -> AccessRequest:
    """Return the request that a case stands for."""
    principal = Principal.parse(case["principal"])
    assert principal is not None
    states = {**case["known"], **dict.fromkeys(case["absent"], ABSENT)}
    levels = {
        side: tuple(tuple(parse_policy(policy, kind=side) for policy in level) for level in case[f"{side}s"])
        for side in ("scp", "rcp")
    }
    return AccessRequest(
        principal,
        case["action"],
        case["role"],
        parse_policy(case["trust"], kind="resource") if case["trust"] else None,
        case["account"],
        tuple(parse_policy(policy) for policy in case["identity"]),
        parse_policy(case["boundary"], kind="boundary") if case["boundary"] else None,
        parse_policy(case["session"], kind="session") if case["session"] else None,
        levels["scp"],
        levels["rcp"],
        context=Context(states, Unknown("not known in this case")),
    )


def random_accesses(seed: int, count: int) -> Iterator[Case]:
    """Yield independent cases, the same ones for the same seed."""
    choices = RandomChoices(random.Random(seed))
    for _ in range(count):
        yield generate_access(choices)


def generate_access(draw: Choices) -> Case:
    """Return a case; about a third each is meant to be allowed, conditional and denied."""
    wish = draw.pick((*["allowed"] * 4, *["conditional"] * 3, "denied"))
    service, names, pattern, has_policy = draw.pick(TARGETS)
    account = draw.pick(ACCOUNTS[:2])
    case: Case = {
        "principal": _caller(draw, account),
        "role": pattern.format(account),
        "account": account,
        "action": f"{service}:{draw.pick(names)}",
        "trust": None,
        "identity": [],
        "boundary": None,
        "session": None,
        "scps": [],
        "rcps": [],
        "known": {},
        "absent": [],
    }
    if case["role"] == "*":
        case["account"] = case["principal"].split(":")[4] if case["principal"].startswith("arn:") else account
    contexts(draw, case, {"allowed": 2, "conditional": 7, "denied": 3}[wish])
    broken = draw.pick(("resource", "identity", "scp", "boundary", "deny", "both")) if wish == "denied" else ""
    amounts = {"allowed": (0, 0, 0, 1), "conditional": (1, 2), "denied": (0, 1)}[wish]
    if has_policy and (draw.number(0, 3) or service == "kms"):
        _resource_policy(draw, case, broken in ("resource", "both"), amounts)
    if case["principal"].startswith("arn:"):
        _own_policies(draw, case, broken, amounts)
    for _ in range(draw.pick((0, 0, 0, 0, 1)) + (broken == "deny")):
        _refusal(draw, case, certain=broken == "deny")
    return case


def _caller(draw: Choices, owner: str) -> str:
    account = draw.pick((owner, owner, ACCOUNTS[0], ACCOUNTS[1]))
    return draw.pick(
        (
            *(f"arn:aws:iam::{account}:user/source", f"arn:aws:iam::{account}:user/team/source"),
            *(f"arn:aws:iam::{account}:role/source", f"arn:aws:iam::{account}:role/team/source"),
            *(f"arn:aws:sts::{account}:assumed-role/source/session", f"arn:aws:iam::{account}:root"),
            "lambda.amazonaws.com",
        )
    )


def _statement(draw: Choices, case: Case, fits: bool, effect: str = "Allow") -> Case:
    """Return a statement that speaks of the action on the resource, or does not."""
    service, name = case["action"].split(":")
    whole = case["role"]
    broken = "" if fits else draw.pick(("action", "resource"))
    found: Case = {"Effect": effect}
    if draw.number(0, 7) == 0:
        found["NotAction"] = [f"{service}:*"] if broken == "action" else draw.pick((["iam:*"], "organizations:*"))
    elif broken == "action":
        found["Action"] = draw.pick((f"{service}:Nothing*", "iam:*", ["iam:PassRole", "cloudtrail:*"]))
    else:
        right = (
            case["action"],
            f"{service}:*",
            f"{service}:{name[:3]}*",
            case["action"].lower(),
            "*",
            f"{service}:{name[:-1]}?",
        )
        found["Action"] = draw.pick((*right, [case["action"], "iam:PassRole"]))
    if draw.number(0, 9) == 0:
        found["NotResource"] = whole if broken == "resource" else "arn:aws:iam::123456789012:role/other"
        return found
    patterns: tuple[Any, ...] = (
        ("*",) if whole == "*" else ("*", whole, [whole, f"{whole}-2"], whole[:-3] + "*", whole[:-1] + "?")
    )
    foreign = ("arn:aws:iam::123456789012:role/other", f"{whole}-2", "arn:aws:s3:::elsewhere/*")
    found["Resource"] = draw.pick(foreign if broken == "resource" else patterns)
    return found


def _resource_policy(draw: Choices, case: Case, is_broken: bool, amounts: tuple[int, ...]) -> None:
    statements = []
    for number in range(draw.pick((1, 1, 2))):
        fits = not is_broken and number == 0
        statement = _statement(draw, case, fits=fits or draw.number(0, 1) == 1)
        names = [one for one in (_fitting if fits else _unfit)(case["principal"]) if _is_taken(one)]
        statement["Principal"] = draw.pick(names)
        amount = draw.pick(amounts)
        if amount:
            statement["Condition"] = condition_blocks(draw, case, amount)
        statements.append(statement)
    case["trust"] = _document(draw.shuffled(statements))


def _is_taken(principal: Any) -> bool:
    """Say whether services take such a principal in a resource's policy."""
    return principal == "*" or "Federated" not in principal


def _allowing(draw: Choices, case: Case, fits: bool, amount: int) -> Case:
    statement = _statement(draw, case, fits)
    if amount:
        statement["Condition"] = condition_blocks(draw, case, amount)
    return _document(draw.shuffled([statement, {"Effect": "Allow", "Action": "glue:GetTable", "Resource": "*"}]))


def _own_policies(draw: Choices, case: Case, broken: str, amounts: tuple[int, ...]) -> None:
    if draw.number(0, 5) or ":root" in case["principal"]:
        amount = draw.pick((0, 0, 1)) and draw.pick(amounts)
        case["identity"].append(_allowing(draw, case, broken not in ("identity", "both"), amount))
    if draw.number(0, 4) == 0 or broken == "scp":
        case["scps"].append([_allowing(draw, case, broken != "scp", draw.pick((0, 0, 1)))])
    bounded = ":role/" in case["principal"] or ":user/" in case["principal"]
    if bounded and (draw.number(0, 4) == 0 or broken == "boundary"):
        # The simulator passes over what a boundary asks of a role of the same account: see differences.md.
        passed_over = ":role/" in case["principal"] and case["principal"].split(":")[4] == case["account"]
        case["boundary"] = _allowing(draw, case, broken != "boundary", 0 if passed_over else draw.pick((0, 0, 0, 1)))
    if "role/" in case["principal"] and draw.number(0, 5) == 0:
        case["session"] = _allowing(draw, case, draw.number(0, 3) > 0, draw.pick((0, 0, 0, 1)))


def _refusal(draw: Choices, case: Case, *, certain: bool) -> None:
    statement = _statement(draw, case, fits=True, effect="Deny")
    amount = 0 if certain else draw.number(0, 2)
    if amount:
        statement["Condition"] = condition_blocks(draw, case, amount)
    places = [place for place in ("trust", "boundary", "session") if case[place]]
    places += ["identity"] if case["principal"].startswith("arn:") else []
    place = draw.pick(places or ["rcps"])
    if place == "rcps":
        statement.pop("NotAction", None)
        service = case["action"].split(":")[0]
        case["rcps"].append([_document([{**statement, "Principal": "*", "Action": f"{service}:*"}])])
    elif place == "identity":
        case["identity"].append(_document([statement]))
    else:
        if place == "trust":
            statement["Principal"] = draw.pick([one for one in _fitting(case["principal"]) if _is_taken(one)])
        held = case[place]["Statement"]
        case[place]["Statement"] = [*(held if isinstance(held, list) else [held]), statement]
