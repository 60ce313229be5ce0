"""What the sessions of a caller carry decides as well: tags, source identities, second factors, names of reserved roles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.tiny import NUMBERS, edges, role, statement, tiny

CALLER, TARGET = "resource:identity/aws_iam_role.caller", "resource:production/aws_iam_role.target"
BOTH = '["sts:AssumeRole", "sts:TagSession"]'
WITH_IDENTITY = '["sts:AssumeRole", "sts:SetSourceIdentity"]'
NAMED = f'{{ AWS = "arn:aws:iam::{NUMBERS["identity"]}:role/caller" }}'
PODS, ANYWHERE = '{ Service = "pods.eks.amazonaws.com" }', '{ Service = "rolesanywhere.amazonaws.com" }'
ORGANIZATION = 'platform {\n  organization_id = "o-abcdefghij"\n}\n'


def verdict(directory: Path, caller: str, may: str, target: str, extra: str = "") -> str | None:
    """Return the verdict on a caller with a trust and a permission, for a target's trust."""
    policy = f'resource "aws_iam_role_policy" "may" {{\n  role = aws_iam_role.caller.id\n  policy = {may}\n}}\n'
    platform = tiny(directory, extra, identity=role("caller", caller) + policy, production=role("target", target))
    return edges(platform).get((CALLER, TARGET))


LAMBDA = '{ Service = "lambda.amazonaws.com" }'
ANY = statement("sts:AssumeRole", resource='"*"')


@pytest.mark.parametrize("resource", ['"*"', f'"arn:aws:iam::{NUMBERS["production"]}:role/*"'], ids=["any", "pattern"])
def test_a_trust_in_everybody_lets_in_whoever_may_assume_it(resource: str, tmp_path: Path) -> None:
    condition = '{ StringEquals = { "aws:PrincipalOrgID" = "o-abcdefghij" } }'
    target = statement("sts:AssumeRole", '{ AWS = "*" }', condition)
    assert verdict(tmp_path, LAMBDA, statement("sts:AssumeRole", resource=resource), target, ORGANIZATION) == "allowed"


def test_below_a_unit_that_is_not_known(tmp_path: Path) -> None:
    condition = (
        '{ "ForAnyValue:StringLike" = { "aws:PrincipalOrgPaths" = ["o-abcdefghij/r-ab12/ou-ab12-11111111/*"] } }'
    )
    assert verdict(tmp_path, LAMBDA, ANY, statement("sts:AssumeRole", '{ AWS = "*" }', condition)) == "conditional"


def test_another_organization_is_no_way(tmp_path: Path) -> None:
    target = statement(
        "sts:AssumeRole", '{ AWS = "*" }', '{ StringEquals = { "aws:PrincipalOrgID" = "o-other00000" } }'
    )
    assert verdict(tmp_path, LAMBDA, ANY, target, ORGANIZATION) is None


@pytest.mark.parametrize(
    ("may", "trusted", "expected"),
    [
        ('"sts:AssumeRole"', WITH_IDENTITY, "denied"),
        (WITH_IDENTITY, '"sts:AssumeRole"', "denied"),
        (WITH_IDENTITY, WITH_IDENTITY, "conditional"),
        ('"sts:*"', '"sts:*"', "conditional"),
    ],
    ids=["not of the caller", "not of the role", "of both", "of both by a star"],
)
def test_a_source_identity_that_is_asked_for_takes_leave_on_both_sides(
    may: str, trusted: str, expected: str, tmp_path: Path
) -> None:
    target = statement(trusted.strip('"'), NAMED, '{ StringLike = { "sts:SourceIdentity" = "*" } }')
    found = verdict(tmp_path, LAMBDA, statement(may.strip('"'), resource='"*"'), target)
    assert (found or "denied") == expected


@pytest.mark.parametrize("key", ["aws:RequestTag/team", "sts:TransitiveTagKeys"])
def test_tags_that_are_asked_for_take_leave_on_both_sides(key: str, tmp_path: Path) -> None:
    quantifier = "ForAnyValue:" if key.startswith("sts:") else ""
    target = statement(BOTH, NAMED, f'{{ "{quantifier}StringEquals" = {{ "{key}" = "a" }} }}')
    assert (verdict(tmp_path / "a", LAMBDA, ANY, target) or "denied") == "denied"
    assert verdict(tmp_path / "b", LAMBDA, statement(BOTH, resource='"*"'), target) == "conditional"


@pytest.mark.parametrize(
    ("caller", "may", "target", "expected"),
    [
        (statement(BOTH, PODS), "sts:AssumeRole", "sts:AssumeRole", "denied"),
        (statement(BOTH, PODS), "sts:AssumeRole", BOTH, "denied"),
        (statement(BOTH, PODS), BOTH, "sts:AssumeRole", "denied"),
        (statement(BOTH, PODS), BOTH, BOTH, "allowed"),
        (statement(BOTH, '{ Service = ["pods.eks.amazonaws.com", "ec2.amazonaws.com"] }'), "sts:AssumeRole", "sts:AssumeRole", "allowed"),
        (statement('["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]', ANYWHERE), "sts:AssumeRole", "sts:AssumeRole", "denied"),
        (statement('["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]', ANYWHERE), WITH_IDENTITY, WITH_IDENTITY, "allowed"),
    ],
    ids=["neither", "trust alone", "permission alone", "both", "opened without", "source identity", "with leave"],
)  # fmt: skip
def test_what_a_service_sets_is_carried_on(caller: str, may: str, target: str, expected: str, tmp_path: Path) -> None:
    found = verdict(tmp_path, caller, statement(may, resource='"*"'), statement(target, NAMED))
    assert (found or "denied") == expected


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        (statement("sts:AssumeRoleWithSAML", f'{{ Federated = "arn:aws:iam::{NUMBERS["identity"]}:saml-provider/sso" }}'), "denied"),
        (statement('["sts:AssumeRoleWithSAML", "sts:TagSession"]', f'{{ Federated = "arn:aws:iam::{NUMBERS["identity"]}:saml-provider/sso" }}'), "conditional"),
        (statement(BOTH, LAMBDA), "conditional"),
        (statement("sts:*", f'{{ AWS = "arn:aws:iam::{NUMBERS["identity"]}:root" }}'), "conditional"),
    ],
    ids=["no tags", "tags of an assertion", "tags of a service", "tags of whoever"],
)  # fmt: skip
def test_a_tag_that_a_session_may_carry_is_not_absent(caller: str, expected: str, tmp_path: Path) -> None:
    target = statement("sts:AssumeRole", NAMED, '{ StringEquals = { "aws:PrincipalTag/team" = "a" } }')
    assert (verdict(tmp_path, caller, ANY, target) or "denied") == expected


def test_a_second_factor_is_brought_by_users_alone(tmp_path: Path) -> None:
    target = statement("sts:AssumeRole", NAMED, '{ Bool = { "aws:MultiFactorAuthPresent" = "true" } }')
    assert (verdict(tmp_path / "a", LAMBDA, ANY, target) or "denied") == "denied"
    people = f'{{ AWS = "arn:aws:iam::{NUMBERS["identity"]}:root" }}'
    assert verdict(tmp_path / "b", people, ANY, target) == "conditional"


def test_the_subject_of_a_certificate_narrows_roles_anywhere(tmp_path: Path) -> None:
    actions = '["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]'
    trust = statement(actions, ANYWHERE, '{ StringEquals = { "aws:PrincipalTag/x509Subject/CN" = "ci" } }')
    content = role("app", trust)
    content += 'resource "aws_rolesanywhere_profile" "ci" {\n  name = "ci"\n  role_arns = [aws_iam_role.app.arn]\n}\n'
    found = edges(tiny(tmp_path, production=content))
    assert found["principal:certificate/ci", "resource:production/aws_iam_role.app"] == "conditional"


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("https://signin.aws.amazon.com/saml", "allowed"),
        ("https://eu-west-1.signin.aws.amazon.com/saml", "allowed"),
        ("https://example.com/saml", "denied"),
    ],
)
def test_an_assertion_is_sent_to_the_sign_in_page(audience: str, expected: str, tmp_path: Path) -> None:
    provider = f"arn:aws:iam::{NUMBERS['production']}:saml-provider/sso"
    trust = statement(
        "sts:AssumeRoleWithSAML",
        f'{{ Federated = "{provider}" }}',
        f'{{ StringEquals = {{ "SAML:aud" = "{audience}" }} }}',
    )
    found = edges(tiny(tmp_path, production=role("target", trust)))
    assert (found.get((f"principal:federated/{provider}", TARGET)) or "denied") == expected


def test_a_role_becomes_itself_through_its_account(tmp_path: Path) -> None:
    own = f'{{ AWS = "arn:aws:iam::{NUMBERS["identity"]}:root" }}'
    policy = f'resource "aws_iam_role_policy" "may" {{\n  role = aws_iam_role.caller.id\n  policy = {ANY}\n}}\n'
    assert edges(tiny(tmp_path / "a", identity=role("caller", own) + policy))[CALLER, CALLER] == "allowed"
    assert (CALLER, CALLER) not in edges(tiny(tmp_path / "b", identity=role("caller", LAMBDA) + policy))


RESERVED = f"arn:aws:iam::{NUMBERS['identity']}:role/aws-reserved/sso.amazonaws.com/"
SETS = (
    'data "aws_ssoadmin_instances" "i" {}\n'
    'resource "aws_ssoadmin_permission_set" "admin" {\n  name = "Admin"\n'
    "  instance_arn = tolist(data.aws_ssoadmin_instances.i.arns)[0]\n}\n"
    'resource "aws_ssoadmin_permission_set_inline_policy" "admin" {\n'
    "  instance_arn = tolist(data.aws_ssoadmin_instances.i.arns)[0]\n"
    f"  permission_set_arn = aws_ssoadmin_permission_set.admin.arn\n  inline_policy = {ANY}\n}}\n"
    'resource "aws_ssoadmin_account_assignment" "admin" {\n'
    "  instance_arn = tolist(data.aws_ssoadmin_instances.i.arns)[0]\n"
    '  permission_set_arn = aws_ssoadmin_permission_set.admin.arn\n  principal_id = "g"\n  principal_type = "GROUP"\n'
    f'  target_id = "{NUMBERS["identity"]}"\n  target_type = "AWS_ACCOUNT"\n}}\n'
)


@pytest.mark.parametrize(
    ("operator", "pattern", "expected"),
    [
        ("ArnLike", "*AWSReservedSSO_Admin_*", "allowed"),
        ("ArnLike", "*AWSReservedSSO_ReadOnly_*", "denied"),
        ("ArnLike", "*/AWSReservedSSO_Admin_????????????????", "conditional"),
        ("ArnLike", "*AWSReservedSSO_Admin_0123456789abcdef", "conditional"),
        ("ArnLike", "*AWSReservedSSO_Admin_0123456789abcdeg", "denied"),
        ("ArnLike", "*AWSReservedSSO_Admin_0123", "denied"),
        ("StringEquals", "eu-west-1/AWSReservedSSO_Admin_*", "denied"),
        ("StringLike", "eu-west-1/AWSReservedSSO_Admin_*", "conditional"),
    ],
)
def test_the_hash_of_a_reserved_role_is_made_of_hexadecimal_digits(
    operator: str, pattern: str, expected: str, tmp_path: Path
) -> None:
    condition = f'{{ {operator} = {{ "aws:PrincipalArn" = "{RESERVED}{pattern}" }} }}'
    trust = statement("sts:AssumeRole", f'{{ AWS = "arn:aws:iam::{NUMBERS["identity"]}:root" }}', condition)
    found = edges(tiny(tmp_path, identity=SETS, production=role("target", trust)))
    assert (found.get(("principal:permission-set/identity/Admin", TARGET)) or "denied") == expected


def test_a_star_in_an_exact_comparison_is_met_by_nobody(tmp_path: Path) -> None:
    provider = f"arn:aws:iam::{NUMBERS['production']}:oidc-provider/token.actions.githubusercontent.com"
    for operator, expected in (("StringEquals", None), ("StringLike", "conditional")):
        trust = statement(
            "sts:AssumeRoleWithWebIdentity",
            f'{{ Federated = "{provider}" }}',
            f'{{ {operator} = {{ "token.actions.githubusercontent.com:sub" = "repo:acme/*" }} }}',
        )
        found = edges(tiny(tmp_path / operator, production=role("target", trust)))
        assert found.get((f"principal:federated/{provider}", TARGET)) == expected
