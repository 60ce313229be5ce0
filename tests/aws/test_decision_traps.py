"""Unknowns, and each known wrong answer of other tools."""

from __future__ import annotations

import pytest

from astralint.aws.condition_keys import Facts, context_for
from astralint.aws.context import ABSENT, Context
from astralint.aws.decision import (
    WITH_WEB_IDENTITY,
)
from astralint.aws.policy_parser import parse_policy
from astralint.aws.principals import Grade, Principal, principal_grade, trust_principals
from astralint.source.partial import Hole, PartialText

from .asking import (
    ADMINISTRATOR,
    AWAY,
    CALLER,
    FOREIGN,
    GITHUB,
    GRANT,
    HOME,
    ROLE,
    SUB,
    USER,
    ask,
    policy,
    statement,
    trust,
)

# --- accounts without a number, holes ----------------------------------------------------------


def symbolic(name: str, resource: str) -> PartialText:
    return PartialText.of("arn:aws:iam::", Hole("no number", f"account:{name}"), f":{resource}")


def test_accounts_are_equal_by_their_symbol() -> None:
    caller, role = symbolic("ci", "role/caller"), symbolic("production", "role/target")
    trusted = trust(statement({"AWS": caller}))
    principal = Principal("role", caller)
    assert ask(principal, trusted, GRANT, role=role).verdict == "allowed"
    assert ask(principal, trusted, role=role).verdict == "denied"
    assert ask(principal, trusted, role=symbolic("ci", "role/target")).verdict == "allowed"
    assert ask(principal, trust(statement({"AWS": symbolic("ci", "root")})), GRANT, role=role).verdict == "allowed"
    assert ask(principal, trust(statement({"AWS": symbolic("dev", "root")})), GRANT, role=role).verdict == "denied"


def test_a_symbol_against_a_number_is_unknown() -> None:
    principal = Principal("role", symbolic("ci", "role/caller"))
    decision = ask(principal, trust(statement({"AWS": f"arn:aws:iam::{HOME}:root"})), GRANT, role=ROLE)
    assert decision.verdict == "conditional"
    assert "{ci}" in decision.explanation
    assert ask(principal, trust(statement({"AWS": f"arn:aws:iam::{HOME}:user/caller"})), GRANT).verdict == "denied"


def test_whether_it_is_one_account_matters_only_where_the_answers_differ() -> None:
    principal = Principal("role", symbolic("ci", "role/caller"))
    trusted = trust(statement({"AWS": symbolic("ci", "role/caller")}))
    assert ask(principal, trusted, GRANT).verdict == "allowed"
    decision = ask(principal, trusted)
    assert decision.verdict == "conditional"
    assert "same account" in decision.explanation


def test_a_hole_in_the_trust_leaves_it_open_where_it_may_fit() -> None:
    hole = Hole("variable `account` has no value")
    trusted = trust(statement({"AWS": PartialText.of("arn:aws:iam::", hole, ":role/deploy")}))
    assert ask(f"arn:aws:iam::{AWAY}:role/deploy", trusted, GRANT).verdict == "conditional"
    assert ask(f"arn:aws:iam::{AWAY}:role/other", trusted, ADMINISTRATOR).verdict == "denied"
    assert ask(f"arn:aws:iam::{AWAY}:user/deploy", trusted, ADMINISTRATOR).verdict == "denied"


# --- traps ------------------------------------------------------------------------------------


def test_bool_if_exists_does_not_enforce_mfa() -> None:
    trusted = trust(statement({"AWS": CALLER}, Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}))
    principal = Principal("role", CALLER)
    assert ask(principal, trusted, context=context_for(principal, Facts(mfa=False))).verdict == "allowed"


def test_bool_mfa_never_holds_for_a_pipeline() -> None:
    trusted = trust(statement({"AWS": CALLER}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    principal = Principal("role", CALLER)
    assert ask(principal, trusted, context=context_for(principal, Facts(mfa=False))).verdict == "denied"
    assert ask(principal, trusted).verdict == "conditional"


@pytest.mark.parametrize(
    ("pattern", "subject", "verdict"),
    [
        ("repo:org*", "repo:orgevil/x:ref:refs/heads/main", "allowed"),
        ("repo:org/*", "repo:orgevil/x:ref:refs/heads/main", "denied"),
        ("repo:org/*", "repo:org/x:ref:refs/heads/main", "allowed"),
        ("repo:org/*", "repo:org@1/x@2:ref:refs/heads/main", "denied"),
        ("repo:org@1/*", "repo:org@1/x@2:ref:refs/heads/main", "allowed"),
    ],
)
def test_subjects_of_github(pattern: str, subject: str, verdict: str) -> None:
    trusted = trust(statement({"Federated": GITHUB}, WITH_WEB_IDENTITY, Condition={"StringLike": {SUB: pattern}}))
    principal = Principal("federated", GITHUB)
    assert ask(principal, trusted, context=context_for(principal, Facts(claims={SUB: subject}))).verdict == verdict
    assert ask(principal, trusted).verdict == "conditional"


HCP = f"arn:aws:iam::{HOME}:oidc-provider/app.terraform.io"
EKS = f"arn:aws:iam::{HOME}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1"


@pytest.mark.parametrize(
    ("provider", "pattern", "subject", "verdict"),
    [
        (
            HCP,
            "organization:acme:project:p:workspace:w:run_phase:apply",
            "acme:project:p:workspace:w:run_phase:apply",
            "allowed",
        ),
        (
            HCP,
            "organization:acme:project:p:workspace:w:run_phase:apply",
            "acme:project:p:workspace:w:run_phase:plan",
            "denied",
        ),
        (
            HCP,
            "organization:acme:project:p:workspace:w:run_phase:*",
            "acme:project:p:workspace:w:run_phase:plan",
            "allowed",
        ),
        (HCP, "organization:*:workspace:w:run_phase:apply", "evil:project:p:workspace:w:run_phase:apply", "allowed"),
        (EKS, "system:serviceaccount:prod:app", "prod:app", "allowed"),
        (EKS, "system:serviceaccount:prod:app", "dev:app", "denied"),
        (EKS, "system:serviceaccount:*:app", "dev:app", "allowed"),
    ],
)
def test_subjects_of_other_providers(provider: str, pattern: str, subject: str, verdict: str) -> None:
    key = provider.split("oidc-provider/")[1] + ":sub"
    whole = ("organization:" if provider == HCP else "system:serviceaccount:") + subject
    trusted = trust(statement({"Federated": provider}, WITH_WEB_IDENTITY, Condition={"StringLike": {key: pattern}}))
    principal = Principal("federated", provider)
    assert ask(principal, trusted, context=context_for(principal, Facts(claims={key: whole}))).verdict == verdict
    assert ask(principal, trusted).verdict == "conditional"


def test_no_subject_condition_is_not_by_itself_open() -> None:
    key = "token.actions.githubusercontent.com:repository_id"
    trusted = trust(statement({"Federated": GITHUB}, WITH_WEB_IDENTITY, Condition={"StringEquals": {key: "1"}}))
    principal = Principal("federated", GITHUB)
    assert ask(principal, trusted, context=context_for(principal, Facts(claims={key: "2"}))).verdict == "denied"


def test_an_unknown_identity_provider_is_like_any_other() -> None:
    provider = f"arn:aws:iam::{HOME}:oidc-provider/id.example.org/realm"
    trusted = trust(
        statement(
            {"Federated": provider}, WITH_WEB_IDENTITY, Condition={"StringEquals": {"id.example.org/realm:sub": "x"}}
        )
    )
    decision = ask(provider, trusted)
    assert decision.verdict == "conditional"
    assert str(decision.conditions[0]) == 'id.example.org/realm:sub StringEquals "x"'


def test_a_resource_control_policy_covers_what_its_pattern_covers() -> None:
    refusal = parse_policy(
        {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "arn:aws:iam::*"}}, kind="rcp"
    )
    assert refusal.problems == ()
    assert ask(USER, trust(statement({"AWS": USER})), rcps=((refusal,),)).verdict == "denied"
    assert ask(USER, trust(statement({"AWS": USER})), rcps=((refusal,),), role_in_management=True).verdict == "allowed"


def test_variables_in_resources() -> None:
    own = policy(resource=f"arn:aws:iam::{HOME}:role/${{aws:PrincipalTag/role}}")
    trusted = trust(statement({"AWS": HOME}))
    principal = Principal("user", USER)
    for tags, verdict in (
        ({"role": "target"}, "allowed"),
        ({"role": "*"}, "denied"),
        ({}, "denied"),
        (None, "conditional"),
    ):
        assert ask(principal, trusted, own, context=context_for(principal, Facts(tags=tags))).verdict == verdict
    other_than_own = parse_policy(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "*",
                "NotResource": f"arn:aws:iam::{HOME}:role/${{aws:PrincipalTag/role}}",
            },
        }
    )
    context = context_for(principal, Facts(tags={}))
    assert ask(principal, trusted, other_than_own, context=context).verdict == "conditional"
    old = parse_policy(
        {
            "Version": "2008-10-17",
            "Statement": {"Effect": "Allow", "Action": "*", "Resource": f"arn:aws:iam::{HOME}:role/${{aws:username}}"},
        }
    )
    assert ask(f"arn:aws:iam::{HOME}:user/target", trusted, old).verdict == "denied"


# --- known wrong answers of other tools ----------------------------------------------------------


def test_a_deny_makes_no_trust_edge() -> None:
    assert trust_principals(trust(statement({"AWS": AWAY}, effect="Deny"))) == ()


def test_root_in_a_name_is_no_account() -> None:
    name = f"arn:aws:iam::{AWAY}:role/root"
    trusted = trust(statement({"AWS": name}))
    assert trust_principals(trusted)[0].form == "role"
    assert ask(FOREIGN, trusted, ADMINISTRATOR).verdict == "denied"
    assert principal_grade(trusted.statements[0], Principal("role", name)).grade is Grade.NAMED


def test_conditions_are_not_dropped() -> None:
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-ours"}}
    principal = Principal("role", FOREIGN)
    trusted = trust(statement("*", Condition=condition))
    assert (
        ask(principal, trusted, GRANT, context=context_for(principal, Facts(organization="o-other"))).verdict
        == "denied"
    )
    assert ask(principal, trusted, GRANT, context=context_for(principal, Facts(organization=""))).verdict == "denied"


def test_no_external_id_is_needed_where_none_is_asked_for() -> None:
    assert (
        ask(FOREIGN, trust(statement({"AWS": AWAY})), GRANT, context=Context({"sts:ExternalId": ABSENT})).verdict
        == "allowed"
    )


def test_principals_are_compared_whole() -> None:
    trusted = trust(statement({"AWS": f"{FOREIGN}-admin"}))
    assert ask(FOREIGN, trusted, ADMINISTRATOR).verdict == "denied"
    assert ask(f"{FOREIGN}-admin", trust(statement({"AWS": FOREIGN})), ADMINISTRATOR).verdict == "denied"


def test_anybody_needs_a_star() -> None:
    anyone = Principal("anyone", "*")
    assert ask(anyone, trust(statement({"AWS": "*"}))).verdict == "allowed"
    assert ask(anyone, trust(statement({"AWS": AWAY}))).verdict == "denied"
    condition = {"StringEquals": {"sts:ExternalId": "guess"}}
    assert ask(anyone, trust(statement("*", Condition=condition))).verdict == "conditional"
