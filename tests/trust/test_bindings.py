"""Who gets a role without any identity policy: through services, Identity Center, or as the organization's manager."""

from __future__ import annotations

from pathlib import Path

import pytest

from astralint.platform.platform import Platform
from tests.trust.tiny import NUMBERS, edges, role, statement, tiny

POD = statement('["sts:AssumeRole", "sts:TagSession"]', '{ Service = "pods.eks.amazonaws.com" }')
ROLE = "resource:production/aws_iam_role.app"
ASSOCIATION = """
resource "aws_eks_pod_identity_association" "app" {
  cluster_name    = "main"
  namespace       = "shop"
  service_account = "api"
  role_arn        = aws_iam_role.app.arn
}
"""


def test_a_service_account_gets_the_role_of_its_association(tmp_path: Path) -> None:
    platform = tiny(tmp_path, production=role("app", POD) + ASSOCIATION)
    assert edges(platform)["principal:kubernetes/main/shop/api", ROLE] == "allowed"
    data = platform.graph.get_edge_data("principal:kubernetes/main/shop/api", ROLE)["can-assume"]
    assert [(item["side"], item["line"]) for item in data["evidence"]] == [("binding", 14), ("trust", 7)]
    assert [str(step.target) for step in platform.why("main/shop/api", "app").ways[0].steps] == ["app"]


@pytest.mark.parametrize(
    ("trust", "verdict", "missing"),
    [
        (statement("sts:AssumeRole", '{ Service = "pods.eks.amazonaws.com" }'), "denied", "trust"),
        (statement('["sts:AssumeRole", "sts:TagSession"]', '{ Service = "ec2.amazonaws.com" }'), "denied", "trust"),
        (
            statement(
                '["sts:AssumeRole", "sts:TagSession"]',
                '{ Service = "pods.eks.amazonaws.com" }',
                f'{{ StringEquals = {{ "aws:SourceAccount" = "{NUMBERS["production"]}" }} }}',
            ),
            "allowed",
            "",
        ),
        (
            statement(
                '["sts:AssumeRole", "sts:TagSession"]',
                '{ Service = "pods.eks.amazonaws.com" }',
                f'{{ StringEquals = {{ "aws:SourceAccount" = "{NUMBERS["staging"]}" }} }}',
            ),
            "denied",
            "trust",
        ),
    ],
    ids=["no tags", "another service", "its account", "another account"],
)
def test_the_trust_policy_has_to_let_the_service_in(trust: str, verdict: str, missing: str, tmp_path: Path) -> None:
    platform = tiny(tmp_path, production=role("app", trust) + ASSOCIATION)
    data = platform.graph.get_edge_data("principal:kubernetes/main/shop/api", ROLE)["can-assume"]
    assert (data["verdict"], data["missing"]) == (verdict, missing)


def test_certificates_nodes_and_devices(tmp_path: Path) -> None:
    anywhere = statement(
        '["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]', '{ Service = "rolesanywhere.amazonaws.com" }'
    )
    content = role("app", anywhere) + role("node", '{ Service = "ssm.amazonaws.com" }')
    content += role("device", '{ Service = "credentials.iot.amazonaws.com" }')
    content += """
resource "aws_rolesanywhere_profile" "ci" {
  name      = "ci"
  role_arns = [aws_iam_role.app.arn]
}
resource "aws_ssm_activation" "edge" {
  name     = "edge"
  iam_role = aws_iam_role.node.id
}
resource "aws_iot_role_alias" "meter" {
  alias    = "meter"
  role_arn = aws_iam_role.device.arn
}
"""
    found = edges(tiny(tmp_path, production=content))
    assert found["principal:certificate/ci", ROLE] == "allowed"
    assert found["principal:managed-node/edge", "resource:production/aws_iam_role.node"] == "allowed"
    assert found["principal:certificate/meter", "resource:production/aws_iam_role.device"] == "allowed"


def test_an_identity_pool_lets_in_whom_its_roles_take(tmp_path: Path) -> None:
    def trust(amr: str) -> str:
        return statement(
            "sts:AssumeRoleWithWebIdentity",
            '{ Federated = "cognito-identity.amazonaws.com" }',
            '{ StringEquals = { "cognito-identity.amazonaws.com:aud" = "eu-west-1:pool" },'
            f' "ForAnyValue:StringLike" = {{ "cognito-identity.amazonaws.com:amr" = "{amr}" }} }}',
        )

    content = role("app", trust("authenticated")) + role("guest", trust("unauthenticated"))
    content += """
resource "aws_cognito_identity_pool_roles_attachment" "pool" {
  identity_pool_id = "eu-west-1:pool"
  roles = {
    authenticated   = aws_iam_role.app.arn
    unauthenticated = aws_iam_role.app.arn
  }
}
"""
    found = edges(tiny(tmp_path, production=content))
    assert found["principal:identity-pool/eu-west-1:pool/authenticated", ROLE] == "allowed"
    assert found["principal:identity-pool/eu-west-1:pool/unauthenticated", ROLE] == "denied"


# --- Identity Center -----------------------------------------------------------------------

CENTER = f"""
resource "aws_identitystore_group" "admins" {{
  identity_store_id = "d-1"
  display_name      = "Admins"
}}
resource "aws_identitystore_user" "ann" {{
  identity_store_id = "d-1"
  display_name      = "Ann"
  user_name         = "ann"
  name {{
    given_name  = "Ann"
    family_name = "A"
  }}
}}
resource "aws_identitystore_group_membership" "ann" {{
  identity_store_id = "d-1"
  group_id          = aws_identitystore_group.admins.group_id
  member_id         = aws_identitystore_user.ann.user_id
}}
resource "aws_ssoadmin_permission_set" "admin" {{
  name         = "Admin"
  instance_arn = "arn:aws:sso:::instance/ssoins-1"
}}
resource "aws_ssoadmin_account_assignment" "admin" {{
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.admin.arn
  principal_id       = aws_identitystore_group.admins.group_id
  principal_type     = "GROUP"
  target_id          = "{NUMBERS["production"]}"
  target_type        = "AWS_ACCOUNT"
}}
"""
GROUP = "resource:identity/aws_identitystore_group.admins"
ADMIN = "principal:permission-set/production/Admin"
DEPLOY = role("deploy", f'{{ AWS = "arn:aws:iam::{NUMBERS["production"]}:root" }}')


def center(directory: Path, extra: str = "", production: str = "") -> Platform:
    return tiny(directory, identity=CENTER + extra, production=DEPLOY + production)


def of_permission_set(resource: str, arguments: str) -> str:
    return f"""
resource "aws_ssoadmin_{resource}" "it" {{
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.admin.arn
{arguments}
}}
"""


INLINE = of_permission_set(
    "permission_set_inline_policy", f"  inline_policy = {statement('*', resource=chr(34) + '*' + chr(34))}"
)


def test_members_of_a_group_get_what_it_is_assigned(tmp_path: Path) -> None:
    platform = center(tmp_path, INLINE)
    assert edges(platform)[GROUP, ADMIN] == "allowed"
    assert edges(platform, "member-of") == {("resource:identity/aws_identitystore_user.ann", GROUP): "allowed"}
    assert edges(platform)[ADMIN, "resource:production/aws_iam_role.deploy"] == "allowed"
    for source in ("ann", "Admins"):
        way = platform.why(source, "production/deploy").ways[0]
        assert [str(step.target) for step in way.steps][-2:] == ["Admin", "deploy"]
    assert platform.why("identity", "production").ways


def test_a_group_that_is_looked_up_has_the_name_that_it_is_looked_up_by(tmp_path: Path) -> None:
    content = (
        CENTER.replace(
            "principal_id       = aws_identitystore_group.admins.group_id",
            "principal_id = data.aws_identitystore_group.x.group_id",
        )
        + """
data "aws_identitystore_group" "x" {
  identity_store_id = "d-1"
  alternate_identifier {
    unique_attribute {
      attribute_path  = "DisplayName"
      attribute_value = "Auditors"
    }
  }
}
"""
    )
    found = edges(tiny(tmp_path, identity=content, production=DEPLOY))
    assert found["principal:sso-group/Auditors", ADMIN] == "allowed"


@pytest.mark.parametrize(
    ("extra", "production", "verdict"),
    [
        ("", "", None),
        (INLINE, "", "allowed"),
        (
            of_permission_set(
                "managed_policy_attachment", '  managed_policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"'
            ),
            "",
            "allowed",
        ),
        (
            of_permission_set(
                "customer_managed_policy_attachment", '  customer_managed_policy_reference {\n    name = "assume"\n  }'
            ),
            f'resource "aws_iam_policy" "p" {{\n  name = "assume"\n  policy = {statement("sts:*", resource=chr(34) + "*" + chr(34))}\n}}\n',
            "allowed",
        ),
        (
            of_permission_set(
                "customer_managed_policy_attachment",
                '  customer_managed_policy_reference {\n    name = "elsewhere"\n  }',
            ),
            "",
            "conditional",
        ),
        (
            INLINE
            + of_permission_set(
                "permissions_boundary_attachment",
                '  permissions_boundary {\n    managed_policy_arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"\n  }',
            ),
            "",
            None,
        ),
        (
            INLINE
            + of_permission_set(
                "permissions_boundary_attachment",
                '  permissions_boundary {\n    customer_managed_policy_reference {\n      name = "limit"\n    }\n  }',
            ),
            f'resource "aws_iam_policy" "p" {{\n  name = "limit"\n  policy = {statement("s3:*", resource=chr(34) + "*" + chr(34))}\n}}\n',
            None,
        ),
    ],
    ids=[
        "nothing",
        "inline",
        "of AWS",
        "of the account",
        "not in the code",
        "boundary of AWS",
        "boundary of the account",
    ],
)
def test_what_a_permission_set_may_do(extra: str, production: str, verdict: str | None, tmp_path: Path) -> None:
    found = edges(center(tmp_path, extra, production))
    assert found.get((ADMIN, "resource:production/aws_iam_role.deploy")) == verdict


# --- the organization ----------------------------------------------------------------------

MEMBERS = """
resource "aws_organizations_account" "production" {
  name  = "production"
  email = "p@example.com"
}
resource "aws_organizations_account" "staging" {
  name      = "staging"
  email     = "s@example.com"
  role_name = "Admin"
}
"""


def test_a_new_member_has_a_role_that_trusts_management(tmp_path: Path) -> None:
    platform = tiny(tmp_path, management=MEMBERS, production="", staging="")
    into = {
        str(target).rpartition(":")[2]: verdict
        for (source, target), verdict in edges(platform).items()
        if source == "account:management"
    }
    assert into == {"role/OrganizationAccountAccessRole": "conditional", "role/Admin": "conditional"}
    assert not platform.why("staging", "production").ways


def test_who_may_assume_it_is_an_administrator_of_the_member(tmp_path: Path) -> None:
    admin = role("admin") + (
        'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.admin.id\n'
        f"  policy = {statement('sts:AssumeRole', resource=chr(34) + 'arn:aws:iam::*:role/OrganizationAccountAccessRole' + chr(34))}\n}}\n"
    )
    platform = tiny(tmp_path, management=MEMBERS + admin, production="", staging="")
    way = platform.why("management/admin", "production").ways[0]
    assert way.verdict == "allowed"
    assert str(way.steps[-1].target) == "OrganizationAccountAccessRole"


def test_a_role_that_the_member_itself_makes_is_the_one(tmp_path: Path) -> None:
    made = role("OrganizationAccountAccessRole", '{ Service = "lambda.amazonaws.com" }')
    platform = tiny(tmp_path, management=MEMBERS, production=made, staging="")
    targets = {target for source, target in edges(platform) if source == "account:management"}
    assert not any("OrganizationAccountAccessRole" in target for target in targets)


def test_accounts_of_control_towers_account_factory(tmp_path: Path) -> None:
    content = """
resource "aws_servicecatalog_provisioned_product" "production" {
  name                       = "production"
  product_name               = "AWS Control Tower Account Factory"
  provisioning_artifact_name = "v1"
  provisioning_parameters {
    key   = "AccountName"
    value = "production"
  }
}
"""
    found = edges(tiny(tmp_path, management=content, production=""))
    target = f"principal:role/arn:aws:iam::{NUMBERS['production']}:role/AWSControlTowerExecution"
    assert found["account:management", target] == "conditional"


def test_roots_of_members(tmp_path: Path) -> None:
    features = 'resource "aws_iam_organizations_features" "f" {\n  enabled_features = ["RootSessions"]\n}\n'
    delegated = (
        'resource "aws_organizations_delegated_administrator" "iam" {\n'
        f'  account_id = "{NUMBERS["security"]}"\n  service_principal = "iam.amazonaws.com"\n}}\n'
    )
    responder = role("responder") + (
        'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.responder.id\n'
        f"  policy = {statement('sts:AssumeRoot', resource=chr(34) + '*' + chr(34))}\n}}\n"
    )
    platform = tiny(tmp_path, management=features + delegated, security=responder, production=responder)
    found = edges(platform, "can-assume-root")
    assert found["account:management", "principal:account-root/production"] == "conditional"
    assert found["account:management", "principal:account-root/security"] == "conditional"
    assert found["resource:security/aws_iam_role.responder", "principal:account-root/production"] == "allowed"
    # Neither a member without the delegation nor anybody into the management account.
    assert not any(source.startswith("resource:production") for source, _ in found)
    assert not any(target.endswith("/management") for _, target in found)
    assert platform.why("security", "production").ways[0].steps[0].kind == "can-assume-root"


def test_without_root_sessions_nobody_becomes_root(tmp_path: Path) -> None:
    features = (
        'resource "aws_iam_organizations_features" "f" {\n  enabled_features = ["RootCredentialsManagement"]\n}\n'
    )
    assert not edges(tiny(tmp_path, management=features, production=""), "can-assume-root")


def test_a_service_has_its_linked_role(tmp_path: Path) -> None:
    content = 'resource "aws_iam_service_linked_role" "es" {\n  aws_service_name = "es.amazonaws.com"\n}\n'
    found = edges(tiny(tmp_path, production=content))
    assert found == {
        ("principal:service/es.amazonaws.com", "resource:production/aws_iam_service_linked_role.es"): "allowed"
    }


def test_what_is_handed_out_if_it_exists_is_conditional(tmp_path: Path) -> None:
    association = ASSOCIATION.replace('"app" {', '"app" {\n  count = var.on ? 1 : 0')
    platform = tiny(tmp_path, production='variable "on" {}\n' + role("app", POD) + association)
    assert edges(platform)["principal:kubernetes/main/shop/api", ROLE] == "conditional"
