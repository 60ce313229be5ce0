"""What holds of every decision, whatever the policies say."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from astralint.aws import AssumeRoleRequest, Context, Policy, Principal, Unknown, decide, parse_policy
from tests.oracle.iam.cases import cases, random_cases, to_request
from tests.oracle.iam.features import EXPECTED, features

if TYPE_CHECKING:
    from tests.oracle.iam.conditions import Case

_QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
_RANK = {"denied": 0, "conditional": 1, "allowed": 2}
_SIDES = ("trust", "identity", "boundary", "session", "scps", "rcps")


def _rank(case: Case) -> int:
    return _RANK[decide(to_request(case)).verdict]


def _added(case: Case, side: str, statement: dict[str, Any]) -> Case | None:
    """Return the case with one statement more in one of its policies; None where there is no such policy."""
    changed = json.loads(json.dumps(case))
    found = changed[side]
    if side in ("scps", "rcps"):
        found = found[0] if found else None
    policy = found[0] if isinstance(found, list) and found else found
    if not policy:
        return None
    present = policy["Statement"]
    policy["Statement"] = [*(present if isinstance(present, list) else [present]), statement]
    return changed  # type: ignore[no-any-return]


def _statement(case: Case, side: str, effect: str, condition: dict[str, Any] | None) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": effect, "Action": "sts:*"}
    if side in ("trust", "rcps"):
        statement["Principal"] = "*"
    if side != "trust":
        statement["Resource"] = case["role"]
    return {**statement, "Condition": condition} if condition else statement


_CONDITIONS = st.sampled_from(
    [
        None,
        {"StringEquals": {"sts:ExternalId": "abc"}},
        {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        {"StringFoo": {"a:b": "c"}},
    ]
)


@_QUICK
@given(cases(), st.sampled_from(_SIDES))
def test_a_deny_that_applies_wins_whatever_else_is_there(case: Case, side: str) -> None:
    changed = _added(case, side, _statement(case, side, "Deny", None))
    if changed is not None:
        assert _rank(changed) == 0


@_QUICK
@given(cases(), st.sampled_from(_SIDES), _CONDITIONS)
def test_a_deny_never_gives(case: Case, side: str, condition: dict[str, Any] | None) -> None:
    changed = _added(case, side, _statement(case, side, "Deny", condition))
    if changed is not None:
        assert _rank(changed) <= _rank(case)


@_QUICK
@given(cases(), st.sampled_from(_SIDES[:-1]), _CONDITIONS)
def test_an_allow_never_takes_away(case: Case, side: str, condition: dict[str, Any] | None) -> None:
    changed = _added(case, side, _statement(case, side, "Allow", condition))
    if changed is not None:
        assert _rank(changed) >= _rank(case)


@_QUICK
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_statements_and_policies_does_not_matter(case: Case, chosen: random.Random) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shuffled(item) for name, item in value.items()}
        return chosen.sample([shuffled(item) for item in value], len(value)) if isinstance(value, list) else value

    # Levels keep their places: which is which does not matter either.
    assert _rank({**case, **{side: shuffled(case[side]) for side in _SIDES if case[side]}}) == _rank(case)


@_QUICK
@given(cases())
def test_a_policy_is_read_back_from_what_it_says(case: Case) -> None:
    for document, kind in ((case["trust"], "trust"), *((policy, "identity") for policy in case["identity"])):
        policy = parse_policy(document, kind=kind)  # type: ignore[arg-type]
        assert policy.problems == ()
        again = parse_policy(json.dumps(_document(policy)), kind=kind)  # type: ignore[arg-type]
        assert _without_paths(again) == _without_paths(policy)


def _document(policy: Policy) -> dict[str, Any]:
    statements = []
    for statement in policy.statements:
        found: dict[str, Any] = {"Effect": statement.effect}
        for name, element in (("Action", statement.action), ("Resource", statement.resource)):
            if element is not None:
                found[f"Not{name}" if element.negated else name] = [entry.text for entry in element.entries]
        if statement.principal is not None:
            for entry in statement.principal.entries:
                found.setdefault("Principal", {}).setdefault(entry.kind, []).append(entry.text)
        for condition in statement.conditions:
            quantifier = f"{condition.quantifier}:" if condition.quantifier else ""
            operator = f"{quantifier}{condition.operator}{'IfExists' if condition.if_exists else ''}"
            values = [entry.text for entry in condition.values]
            found.setdefault("Condition", {}).setdefault(operator, {})[condition.key] = values
        statements.append(found)
    return {"Version": "2012-10-17" if policy.variables else "2008-10-17", "Statement": statements}


def _without_paths(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__ if name not in ("path", "written")}
        return {name: _without_paths(item) for name, item in fields.items()}
    if isinstance(value, tuple):
        items = [_without_paths(item) for item in value]
        # Keys under an operator that is written in two ways are put together.
        return sorted(items, key=repr)
    return value


@_QUICK
@given(cases())
def test_what_must_be_unknown_can_be_said_of_each_verdict(case: Case) -> None:
    decision = decide(to_request(case))
    assert (decision.verdict == "conditional") == bool(decision.conditions)
    if decision.verdict == "denied" and decision.refused:
        assert all(source.effect == "Deny" for source in decision.deciding)
        assert decision.deciding


def test_generated_cases_have_everything_in_them() -> None:
    seen = set().union(*(features(case) for case in random_cases(7, 3000)))
    assert EXPECTED - seen == set()


# --- much, and strange ----------------------------------------------------------------------------

ROLE = "arn:aws:iam::111111111111:role/target"
USER = Principal("user", "arn:aws:iam::111111111111:user/alice")
MANY = 10_000


def _many(effect: str, condition: Any) -> Policy:
    statements = [
        {
            "Effect": effect,
            "Principal": {"AWS": ["arn:aws:iam::111111111111:root", f"arn:aws:iam::111111111111:user/u{index}"]},
            "Action": ["sts:TagSession", "sts:Assume*"],
            "Condition": condition(index),
        }
        for index in range(MANY)
    ]
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
    return parse_policy(json.dumps({"Version": "2012-10-17", "Statement": [allowed, *statements]}), kind="trust")


@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    ("condition", "refused"),
    [
        pytest.param(
            lambda index: {"StringEquals": {"sts:ExternalId": f"id-{index}"}}, "conditional", id="unknown key"
        ),
        pytest.param(lambda index: {f"StringFoo{index}": {"a:b": "c"}}, "conditional", id="unknown operators"),
        pytest.param(
            lambda index: {"StringLike": {"aws:PrincipalTag/x": f"*a*{index}*?*" + "*a" * 20}}, "allowed", id="hostile"
        ),
        pytest.param(
            lambda index: {"StringEquals": {f"aws:PrincipalTag/{index}": "${aws:PrincipalTag/y, 'z'}"}},
            "conditional",
            id="variables",
        ),
        pytest.param(lambda index: [index], "conditional", id="wrong shape"),
    ],
)
def test_ten_thousand_statements_of_each_kind_end(condition: Any, refused: str) -> None:
    context = Context({"aws:PrincipalTag/x": "a" * 200}, Unknown("not known"))
    for effect, verdict in (("Allow", "allowed"), ("Deny", refused)):
        decision = decide(AssumeRoleRequest(USER, ROLE, _many(effect, condition), context=context))
        assert decision.verdict == verdict
        assert len(decision.explanation) < 10_000


@pytest.mark.timeout(200)
def test_a_statement_with_very_many_values_ends() -> None:
    names = {"AWS": [f"arn:aws:iam::{index:012}:root" for index in range(MANY)] + ["111111111111"]}
    trust = parse_policy({"Statement": {"Effect": "Allow", "Principal": names, "Action": "*"}}, kind="trust")
    resources = [f"arn:aws:iam::{index:012}:role/*{index}*" for index in range(MANY)]
    tags = Context({"aws:TagKeys": tuple(f"k{index}" for index in range(500))})
    condition = {"ForAllValues:StringLike": {"aws:TagKeys": [f"*{index}*" for index in range(500)]}}
    for statement, verdict in (
        ({"Action": "sts:*", "Resource": resources}, "denied"),
        ({"Action": "*", "Resource": "*", "Condition": condition}, "allowed"),
    ):
        identity = parse_policy({"Statement": {"Effect": "Allow", **statement}})
        assert decide(AssumeRoleRequest(USER, ROLE, trust, identity=(identity,), context=tags)).verdict == verdict
