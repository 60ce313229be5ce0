"""One test for each row of the decision table, each trap, and each known wrong answer of other tools."""

from __future__ import annotations

from typing import Any

import pytest

from astralint.aws.arn import permission_set, permission_set_role
from astralint.aws.condition_keys import Facts, context_for
from astralint.aws.decision import (
    ASSUME_ROOT,
    WITH_WEB_IDENTITY,
    AssumeRoleRequest,
    decide,
)
from astralint.aws.policy import Policy, Unknowable
from astralint.aws.policy_parser import parse_policy
from astralint.aws.principals import Grade, Principal, trust_principals
from astralint.source.partial import Hole, PartialText

from .asking import (
    ADMINISTRATOR,
    AWAY,
    CALLER,
    FOREIGN,
    GITHUB,
    GRANT,
    HOME,
    NOTHING,
    ROLE,
    SESSION,
    USER,
    ask,
    policy,
    statement,
    trust,
)

# --- rows of the table -----------------------------------------------------------------


@pytest.mark.parametrize("side", ["trust", "identity", "scp", "rcp", "boundary", "session"])
def test_a_deny_anywhere_denies(side: str) -> None:
    refusal = policy("sts:*", effect="Deny")
    both = parse_policy(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": "sts:*", "Resource": "*"},
            ],
        }
    )
    statements = [statement({"AWS": CALLER})]
    identity = [GRANT]
    more: dict[str, Any] = {}
    if side == "trust":
        statements.append(statement("*", "sts:*", "Deny"))
    elif side == "identity":
        identity.append(refusal)
    elif side in ("scp", "rcp"):
        more[f"{side}s"] = ((both,),)
    else:
        more[side] = both
    decision = ask(CALLER, trust(*statements), *identity, **more)
    assert decision.verdict == "denied"
    assert decision.refused is True
    assert [source.side for source in decision.deciding] == [side]
    assert f"denied by {side}" in decision.explanation


def test_different_partitions_are_denied() -> None:
    caller = f"arn:aws-cn:iam::{AWAY}:role/caller"
    decision = ask(caller, trust(statement({"AWS": caller})), GRANT)
    assert decision.verdict == "denied"
    assert "different partitions" in decision.explanation


def test_without_trust_even_an_administrator_of_the_account_is_denied() -> None:
    decision = ask(USER, trust(statement({"AWS": f"arn:aws:iam::{HOME}:user/bob"})), ADMINISTRATOR)
    assert (decision.verdict, decision.trust, decision.grade) == ("denied", False, Grade.NONE)
    assert "trust policy does not allow" in decision.explanation


@pytest.mark.parametrize("principal", [USER, CALLER, SESSION])
def test_same_account_named_needs_no_identity_policy(principal: str) -> None:
    decision = ask(principal, trust(statement({"AWS": principal})))
    assert (decision.verdict, decision.grade, decision.unverified) == ("allowed", Grade.NAMED, False)


def test_same_account_named_still_needs_the_service_control_policies() -> None:
    assert ask(USER, trust(statement({"AWS": USER})), scps=((ADMINISTRATOR,), (NOTHING,))).verdict == "denied"
    assert ask(USER, trust(statement({"AWS": USER})), scps=((ADMINISTRATOR,), (GRANT,))).verdict == "allowed"


@pytest.mark.parametrize("name", [HOME, f"arn:aws:iam::{HOME}:root"])
def test_same_account_by_its_account_needs_an_identity_policy(name: str) -> None:
    trusted = trust(statement({"AWS": name}))
    decision = ask(USER, trusted)
    assert (decision.verdict, decision.trust, decision.identity) == ("denied", True, False)
    assert "no identity policy" in decision.explanation
    allowed = ask(USER, trusted, GRANT)
    assert (allowed.verdict, allowed.grade) == ("allowed", Grade.ACCOUNT)
    assert [source.side for source in allowed.deciding] == ["trust", "identity"]


@pytest.mark.parametrize("name", ["*", {"AWS": "*"}])
def test_same_account_star_without_identity_policy_is_allowed_but_unverified(name: Any) -> None:
    decision = ask(USER, trust(statement(name)))
    assert (decision.verdict, decision.unverified) == ("allowed", True)
    assert not ask(USER, trust(statement(name)), GRANT).unverified


@pytest.mark.parametrize("name", [FOREIGN, AWAY, f"arn:aws:iam::{AWAY}:root", "*"])
def test_another_account_needs_both_sides(name: str) -> None:
    trusted = trust(statement({"AWS": name}))
    assert ask(FOREIGN, trusted).verdict == "denied"
    assert ask(FOREIGN, trusted, GRANT).verdict == "allowed"
    assert ask(FOREIGN, trusted, GRANT, boundary=NOTHING).verdict == "denied"
    assert ask(FOREIGN, trusted, GRANT, session=NOTHING).verdict == "denied"
    assert ask(FOREIGN, trusted, GRANT, scps=((NOTHING,),)).verdict == "denied"


def test_a_boundary_stops_a_trust_that_names_the_role_not_one_that_names_the_user() -> None:
    assert ask(CALLER, trust(statement({"AWS": CALLER})), GRANT, boundary=NOTHING).verdict == "denied"
    assert ask(USER, trust(statement({"AWS": USER})), GRANT, boundary=NOTHING).verdict == "allowed"
    assert ask(USER, trust(statement({"AWS": HOME})), GRANT, boundary=NOTHING).verdict == "denied"


def test_a_service_needs_the_trust_only() -> None:
    trusted = trust(statement({"Service": "ec2.amazonaws.com"}))
    decision = ask("ec2.amazonaws.com", trusted, scps=((NOTHING,),))
    assert (decision.verdict, decision.grade) == ("allowed", Grade.SERVICE)
    assert ask("lambda.amazonaws.com", trusted).verdict == "denied"
    refusal = policy("sts:*", effect="Deny", Condition={"Bool": {"aws:PrincipalIsAWSService": "true"}})
    assert ask("ec2.amazonaws.com", trusted, rcps=((refusal,),)).verdict == "denied"


def test_a_resource_control_policy_that_exempts_services() -> None:
    perimeter = policy(
        "sts:*",
        effect="Deny",
        Condition={
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-ours"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    )
    assert (
        ask("ec2.amazonaws.com", trust(statement({"Service": "ec2.amazonaws.com"})), rcps=((perimeter,),)).verdict
        == "allowed"
    )
    principal = Principal("role", FOREIGN)
    trusted = trust(statement({"AWS": AWAY}))
    for organization, verdict in (("o-ours", "allowed"), ("o-other", "denied"), (None, "conditional")):
        context = context_for(principal, Facts(organization=organization))
        assert ask(principal, trusted, GRANT, rcps=((perimeter,),), context=context).verdict == verdict


def test_an_identity_provider_needs_its_own_action() -> None:
    trusted = trust(statement({"Federated": GITHUB}, WITH_WEB_IDENTITY))
    decision = ask(GITHUB, trusted, scps=((NOTHING,),))
    assert (decision.verdict, decision.grade) == ("allowed", Grade.FEDERATED)
    assert ask(GITHUB, trust(statement({"Federated": GITHUB}))).verdict == "denied"
    plain = ask(GITHUB, trust(statement({"Federated": GITHUB}, "sts:*")), action="sts:AssumeRole")
    assert plain.verdict == "denied"
    assert "do not use sts:AssumeRole" in plain.explanation
    saml = f"arn:aws:iam::{HOME}:saml-provider/okta"
    assert ask(saml, trust(statement({"Federated": saml}, "sts:AssumeRoleWithSAML"))).verdict == "allowed"
    assert ask(saml, trust(statement({"Federated": saml}, WITH_WEB_IDENTITY))).verdict == "denied"


def test_an_identity_provider_of_another_account_is_of_no_use() -> None:
    provider = f"arn:aws:iam::{AWAY}:oidc-provider/token.actions.githubusercontent.com"
    decision = ask(provider, trust(statement({"Federated": provider}, WITH_WEB_IDENTITY)))
    assert decision.verdict == "denied"
    assert "another account" in decision.explanation


def test_a_user_has_no_web_identity() -> None:
    decision = ask(USER, trust(statement({"AWS": USER}, "sts:*")), ADMINISTRATOR, action=WITH_WEB_IDENTITY)
    assert decision.verdict == "denied"


def test_a_well_known_provider_needs_none_of_ones_own() -> None:
    assert (
        ask("accounts.google.com", trust(statement({"Federated": "accounts.google.com"}, WITH_WEB_IDENTITY))).verdict
        == "allowed"
    )
    cognito = "cognito-identity.amazonaws.com"
    assert ask(cognito, trust(statement({"Federated": cognito}, WITH_WEB_IDENTITY))).verdict == "allowed"


def test_a_role_assumes_itself_only_where_it_trusts_itself() -> None:
    assert ask(ROLE, trust(statement({"AWS": CALLER})), ADMINISTRATOR).verdict == "denied"
    assert ask(ROLE, trust(statement({"AWS": ROLE}))).verdict == "allowed"


def test_session_tags_and_source_identity_are_wanted_on_both_sides() -> None:
    full = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    wanted: dict[str, Any] = {"session_tags": True, "source_identity": True}
    assert ask(FOREIGN, trust(statement({"AWS": AWAY}, full)), policy(full), **wanted).verdict == "allowed"
    assert ask(FOREIGN, trust(statement({"AWS": AWAY}, full[:2])), policy(full), **wanted).verdict == "denied"
    decision = ask(FOREIGN, trust(statement({"AWS": AWAY}, full)), policy(full[:2]), **wanted)
    assert decision.verdict == "denied"
    assert "sts:SetSourceIdentity" in decision.explanation


def test_session_tags_of_an_identity_provider() -> None:
    tagged = [WITH_WEB_IDENTITY, "sts:TagSession"]
    assert ask(GITHUB, trust(statement({"Federated": GITHUB}, tagged)), session_tags=True).verdict == "allowed"
    decision = ask(GITHUB, trust(statement({"Federated": GITHUB}, WITH_WEB_IDENTITY)), session_tags=True)
    assert decision.verdict == "denied"
    assert "sts:TagSession" in decision.explanation


def test_service_linked_roles_are_beyond_the_organizations_policies() -> None:
    linked = f"arn:aws:iam::{HOME}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
    trusted = trust(statement({"AWS": linked}))
    refusing = policy("*", effect="Deny")
    assert ask(linked, trusted, scps=((NOTHING,),), rcps=((refusing,),)).verdict == "allowed"
    assert ask(CALLER, trust(statement({"AWS": CALLER})), rcps=((refusing,),)).verdict == "denied"


def test_every_level_of_service_control_policies_must_allow() -> None:
    trusted = trust(statement({"AWS": USER}))
    levels = [(ADMINISTRATOR,), (NOTHING, GRANT), (ADMINISTRATOR,)]
    assert ask(USER, trusted, scps=tuple(levels)).verdict == "allowed"
    for index in range(3):
        stopped = [*levels[:index], (NOTHING,), *levels[index + 1 :]]
        assert ask(USER, trusted, scps=tuple(stopped)).verdict == "denied"


@pytest.mark.parametrize("principal", [CALLER, SESSION])
def test_a_condition_of_a_boundary_is_not_passed_over(principal: str) -> None:
    boundary = policy("*", Condition={"StringNotEquals": {"aws:RequestTag/env": "prod"}})
    decision = ask(principal, trust(statement({"AWS": CALLER})), boundary=boundary)
    assert decision.verdict == "conditional"
    assert str(decision.conditions[0]) == 'aws:RequestTag/env StringNotEquals "prod"'


def test_a_boundary_does_not_stop_a_trust_that_names_the_session_or_anybody() -> None:
    assert ask(SESSION, trust(statement({"AWS": SESSION})), boundary=NOTHING).verdict == "allowed"
    assert ask(SESSION, trust(statement({"AWS": CALLER})), boundary=NOTHING).verdict == "denied"
    assert ask(CALLER, trust(statement("*")), boundary=NOTHING).verdict == "allowed"
    assert ask(SESSION, trust(statement({"AWS": CALLER})), session=NOTHING).verdict == "denied"


def test_root_sessions() -> None:
    root = f"arn:aws:iam::{AWAY}:root"
    empty = trust()
    allowed = policy("sts:AssumeRoot")
    assert ask(CALLER, empty, allowed, role=root, action=ASSUME_ROOT, root_access=True).verdict == "allowed"
    assert ask(CALLER, empty, allowed, role=root, action=ASSUME_ROOT, root_access=False).verdict == "denied"
    assert ask(CALLER, empty, GRANT, role=root, action=ASSUME_ROOT, root_access=True).verdict == "denied"
    assert ask(CALLER, empty, allowed, role=root, action=ASSUME_ROOT).verdict == "conditional"
    refusal = policy("sts:AssumeRoot", effect="Deny")
    for refused in ({"scps": ((NOTHING,),)}, {"scps": ((ADMINISTRATOR, refusal),)}, {"boundary": NOTHING}):
        more: dict[str, Any] = {**refused, "role": root, "action": ASSUME_ROOT, "root_access": True}
        assert ask(CALLER, empty, allowed, **more).verdict == "denied"
    narrow = policy("sts:AssumeRoot", f"arn:aws:iam::{HOME}:root")
    assert ask(CALLER, empty, narrow, role=root, action=ASSUME_ROOT, root_access=True).verdict == "denied"


def test_what_is_unknown_makes_a_conditional_verdict() -> None:
    condition = {"StringEquals": {"sts:ExternalId": "abc"}}
    decision = ask(FOREIGN, trust(statement({"AWS": AWAY}, Condition=condition)), GRANT)
    assert decision.verdict == "conditional"
    assert [str(left) for left in decision.conditions] == ['sts:ExternalId StringEquals "abc"']


def test_identity_policies_that_are_not_known_leave_it_open() -> None:
    principal = Principal("account", f"arn:aws:iam::{AWAY}:root")
    request = AssumeRoleRequest(principal, ROLE, trust(statement({"AWS": AWAY})), identity=None)
    decision = decide(request)
    assert decision.verdict == "conditional"
    assert "identity policy" in str(decision.conditions[0])


def test_unknown_identity_policies_may_deny_what_the_trust_allows() -> None:
    decision = decide(AssumeRoleRequest(Principal("user", USER), ROLE, trust(statement({"AWS": USER})), identity=None))
    assert decision.verdict == "conditional"
    assert str(decision.conditions[0]).startswith("not (an identity policy of")


def test_a_trust_policy_of_which_nothing_is_known() -> None:
    unknown = Policy.unknown("known after apply", kind="trust")
    decision = ask(USER, unknown, GRANT)
    assert decision.verdict == "conditional"
    assert [str(left) for left in decision.conditions] == [f"the trust policy lets {USER} in (known after apply)"]
    partly = parse_policy({"Statement": [statement({"AWS": USER}), Unknowable("known after apply")]}, kind="trust")
    decision = ask(USER, partly)
    assert decision.verdict == "conditional"
    assert [str(left) for left in decision.conditions] == [f"not (the trust policy refuses {USER} (known after apply))"]


def test_a_principal_that_may_be_a_star_is_not_stopped_by_a_boundary() -> None:
    trusted = trust(statement({"AWS": PartialText.of(Hole("variable `who` has no value"))}))
    assert ask(CALLER, trusted, GRANT, boundary=NOTHING).verdict == "conditional"
    assert ask(CALLER, trusted, GRANT, scps=((NOTHING,),)).verdict == "denied"


def test_the_management_account_is_exempt_from_service_control_policies() -> None:
    trusted = trust(statement({"AWS": USER}))
    refusing = ((policy("*", effect="Deny"),),)
    assert ask(USER, trusted, scps=refusing, caller_in_management=True).verdict == "allowed"
    assert ask(USER, trusted, scps=refusing, caller_in_management=False).verdict == "denied"
    assert ask(USER, trusted, scps=refusing, caller_in_management=None).verdict == "conditional"


def test_the_management_account_is_exempt_from_resource_control_policies() -> None:
    trusted = trust(statement({"Service": "ec2.amazonaws.com"}))
    refusing = ((policy("*", effect="Deny"),),)
    for exempt, verdict in ((True, "allowed"), (False, "denied"), (None, "conditional")):
        assert ask("ec2.amazonaws.com", trusted, rcps=refusing, role_in_management=exempt).verdict == verdict


def test_an_unknown_state_of_service_control_policies_is_said() -> None:
    trusted = trust(statement({"AWS": USER}))
    unstated = ask(USER, trusted, scps=None, rcps=None)
    assert unstated.verdict == "allowed"
    assert len(unstated.assumptions) == 2
    decision = ask(USER, trusted, scps=Unknowable("they are not in the code"))
    assert decision.verdict == "conditional"
    assert "not in the code" in decision.explanation


# --- how a principal matches ---------------------------------------------------------------


def test_a_wildcard_within_a_principal_never_matches() -> None:
    trusted = trust(statement({"AWS": f"arn:aws:iam::{HOME}:role/*"}))
    assert ask(CALLER, trusted, ADMINISTRATOR).verdict == "denied"
    assert "wildcard" in trust_principals(trusted)[0].never_matches


def test_the_same_wildcard_in_a_condition_crosses_the_path() -> None:
    condition = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:role/*"}}
    trusted = trust(statement({"AWS": HOME}, Condition=condition))
    assert ask(CALLER, trusted, GRANT).verdict == "allowed"
    assert ask(USER, trusted, GRANT).verdict == "denied"


def test_a_federated_user_has_not_the_name_of_its_user() -> None:
    session = f"arn:aws:sts::{HOME}:federated-user/alice"
    assert ask(session, trust(statement({"AWS": session}))).verdict == "allowed"
    assert ask(session, trust(statement({"AWS": USER}))).verdict == "conditional"
    assert ask(session, trust(statement({"AWS": f"arn:aws:iam::{AWAY}:user/alice"})), GRANT).verdict == "denied"
    assert ask(session, trust(statement({"AWS": f"arn:aws:iam::{HOME}:user/*"})), GRANT).verdict == "denied"


def test_a_session_has_no_path() -> None:
    assert ask(SESSION, trust(statement({"AWS": CALLER}))).verdict == "allowed"
    assert ask(SESSION, trust(statement({"AWS": f"arn:aws:iam::{HOME}:role/other"}))).verdict == "denied"
    known = Principal("session", SESSION, role=f"arn:aws:iam::{HOME}:role/elsewhere/caller")
    assert ask(known, trust(statement({"AWS": CALLER}))).verdict == "denied"


def test_a_role_chooses_the_name_of_its_session() -> None:
    decision = ask(CALLER, trust(statement({"AWS": SESSION})))
    assert decision.verdict == "conditional"
    assert str(decision.conditions[0]) == 'the session is named "run"'
    refused = trust(statement({"AWS": CALLER}), statement({"AWS": SESSION}, effect="Deny"))
    assert ask(CALLER, refused).verdict == "allowed"
    assert ask(SESSION, refused).verdict == "denied"


def test_not_principal_is_reported_and_leaves_it_open() -> None:
    trusted = trust({"Effect": "Allow", "NotPrincipal": {"AWS": AWAY}, "Action": "sts:AssumeRole"})
    assert [problem.path for problem in trusted.problems] == [("Statement", 0, "NotPrincipal")]
    assert ask(USER, trusted, ADMINISTRATOR).verdict == "conditional"


@pytest.mark.parametrize("unique_id", ["AROAABCDEFGHIJKLMNOPQ", "AIDAABCDEFGHIJKLMNOPQ"])
def test_a_deleted_principal_is_reported(unique_id: str) -> None:
    trusted = trust(statement({"AWS": unique_id}))
    (found,) = trust_principals(trusted)
    assert (found.form, "deleted" in found.never_matches) == ("deleted", True)
    assert ask(CALLER, trusted, ADMINISTRATOR).verdict == "denied"


def test_identity_center_roles_match_whatever_their_hash() -> None:
    role = permission_set_role(HOME, "Administrator_Access", "home/Administrator_Access")
    assert permission_set(role) == "Administrator_Access"
    path = "role/aws-reserved/sso.amazonaws.com/eu-west-1"
    named = f"arn:aws:iam::{HOME}:{path}/AWSReservedSSO_Administrator_Access_0123456789abcdef"
    principal = Principal("role", role.text)
    assert ask(principal, trust(statement({"AWS": named}))).verdict == "allowed"
    other = f"arn:aws:iam::{HOME}:{path}/AWSReservedSSO_ReadOnly_0123456789abcdef"
    assert ask(principal, trust(statement({"AWS": other}))).verdict == "denied"
    pattern = "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Administrator_Access_*"
    trusted = trust(statement({"AWS": HOME}, Condition={"ArnLike": {"aws:PrincipalArn": pattern}}))
    assert ask(principal, trusted, GRANT).verdict == "allowed"
