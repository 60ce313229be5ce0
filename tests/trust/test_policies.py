"""Which policies an identity has, in all the ways in which Terraform gives and takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.tiny import NUMBERS, edges, role, statement, tiny

SOURCE, TARGET = "resource:artifact/aws_iam_role.build", "resource:production/aws_iam_role.deploy"
TRUST = role("deploy", f'{{ AWS = "arn:aws:iam::{NUMBERS["artifact"]}:root" }}')
POLICY = statement("sts:AssumeRole", resource=f'"arn:aws:iam::{NUMBERS["production"]}:role/deploy"')
MANAGED = f'resource "aws_iam_policy" "p" {{\n  name = "p"\n  policy = {POLICY}\n}}\n'


def inline(name: str = "assume") -> str:
    return f'resource "aws_iam_role_policy" "p" {{\n  name = "{name}"\n  role = aws_iam_role.build.name\n  policy = {POLICY}\n}}\n'


def attachment(resource: str, arguments: str) -> str:
    return f'resource "{resource}" "a" {{\n{arguments}\n}}\n'


GIVEN = {
    "inline": role("build") + inline(),
    "inline block": role("build").replace(
        "\n}\n", f'\n  inline_policy {{\n    name = "x"\n    policy = {POLICY}\n  }}\n}}\n'
    ),
    "listed": role("build", managed_policy_arns="[aws_iam_policy.p.arn]") + MANAGED,
    "attached": role("build")
    + MANAGED
    + attachment(
        "aws_iam_role_policy_attachment", "  role = aws_iam_role.build.name\n  policy_arn = aws_iam_policy.p.arn"
    ),
    "attached by literal": role("build")
    + MANAGED
    + attachment(
        "aws_iam_role_policy_attachment",
        f'  role = "build"\n  policy_arn = "arn:aws:iam::{NUMBERS["artifact"]}:policy/p"',
    ),
    "attached to many": role("build")
    + MANAGED
    + attachment(
        "aws_iam_policy_attachment",
        '  name = "a"\n  roles = [aws_iam_role.build.name]\n  policy_arn = aws_iam_policy.p.arn',
    ),
    "attached exclusively": role("build")
    + MANAGED
    + attachment(
        "aws_iam_role_policy_attachments_exclusive",
        "  role_name = aws_iam_role.build.name\n  policy_arns = [aws_iam_policy.p.arn]",
    ),
    "kept by an exclusive one": role("build")
    + inline()
    + attachment(
        "aws_iam_role_policies_exclusive", '  role_name = aws_iam_role.build.name\n  policy_names = ["assume"]'
    ),
    "a role whose name the provider makes up": role("build", name="", name_prefix='"build-"')
    + inline().replace("aws_iam_role.build.name", "aws_iam_role.build.id"),
    "a policy whose name the provider makes up": role("build")
    + MANAGED.replace('name = "p"', 'name_prefix = "p-"')
    + attachment(
        "aws_iam_role_policy_attachment", "  role = aws_iam_role.build.name\n  policy_arn = aws_iam_policy.p.arn"
    ),
    "AdministratorAccess": role("build")
    + attachment(
        "aws_iam_role_policy_attachment",
        '  role = aws_iam_role.build.name\n  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"',
    ),
}
TAKEN = {
    "nothing": role("build"),
    "removed by an exclusive one": role("build")
    + inline()
    + attachment("aws_iam_role_policies_exclusive", "  role_name = aws_iam_role.build.name\n  policy_names = []"),
    "detached by an exclusive one": GIVEN["attached"]
    + attachment(
        "aws_iam_role_policy_attachments_exclusive",
        '  role_name = aws_iam_role.build.name\n  policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]',
    ),
    "beyond the boundary": role("build", permissions_boundary='"arn:aws:iam::aws:policy/AmazonSQSFullAccess"')
    + inline(),
    "another role's": role("build") + role("other") + inline().replace("aws_iam_role.build", "aws_iam_role.other"),
    "another role's of the same prefix": role("build", name="", name_prefix='"build-"')
    + role("other", name="", name_prefix='"build-"')
    + inline().replace("aws_iam_role.build.name", "aws_iam_role.other.id"),
}


@pytest.mark.parametrize("case", GIVEN)
def test_it_has_the_policy(case: str, tmp_path: Path) -> None:
    found = edges(tiny(tmp_path, artifact=GIVEN[case], production=TRUST))
    assert found[SOURCE, TARGET] == "allowed"


@pytest.mark.parametrize("case", TAKEN)
def test_it_does_not_have_the_policy(case: str, tmp_path: Path) -> None:
    found = edges(tiny(tmp_path, artifact=TAKEN[case], production=TRUST))
    assert (SOURCE, TARGET) not in found


def test_an_exclusive_one_that_is_not_known_takes_nothing_away(tmp_path: Path) -> None:
    content = GIVEN["inline"] + 'variable "names" {}\n'
    content += attachment(
        "aws_iam_role_policies_exclusive", "  role_name = aws_iam_role.build.name\n  policy_names = var.names"
    )
    assert edges(tiny(tmp_path, artifact=content, production=TRUST))[SOURCE, TARGET] == "allowed"


UNCERTAIN = {
    "a policy": role("build") + 'variable "n" {}\n' + inline().replace("{\n  name", "{\n  count = var.n\n  name", 1),
    "a role": role("build", count="var.n")
    + 'variable "n" {}\n'
    + inline().replace("aws_iam_role.build.name", '"build"'),
}


@pytest.mark.parametrize("case", UNCERTAIN)
def test_what_may_not_exist_leaves_it_open(case: str, tmp_path: Path) -> None:
    platform = tiny(tmp_path, artifact=UNCERTAIN[case], production=TRUST)
    found = {target: verdict for (source, target), verdict in edges(platform).items() if source.startswith(SOURCE)}
    assert found == {TARGET: "conditional"}
    conditions = [
        d.get("conditions") for s, t, d in platform.graph.edges(data=True) if s.startswith(SOURCE) and t == TARGET
    ]
    assert "variable `n` has no value" in str(conditions)


def test_a_boundary_that_is_not_in_the_code_leaves_it_open(tmp_path: Path) -> None:
    boundary = f'"arn:aws:iam::{NUMBERS["artifact"]}:policy/landing-zone"'
    content = role("build", permissions_boundary=boundary) + inline()
    assert edges(tiny(tmp_path, artifact=content, production=TRUST))[SOURCE, TARGET] == "conditional"


def test_a_users_groups_count(tmp_path: Path) -> None:
    content = f"""
resource "aws_iam_user" "ann" {{
  name = "ann"
}}
resource "aws_iam_group" "g" {{
  name = "g"
}}
resource "aws_iam_group_policy" "p" {{
  group  = aws_iam_group.g.name
  policy = {POLICY}
}}
resource "aws_iam_user_group_membership" "m" {{
  user   = aws_iam_user.ann.name
  groups = [aws_iam_group.g.name]
}}
"""
    found = edges(tiny(tmp_path, artifact=content, production=TRUST))
    assert found["resource:artifact/aws_iam_user.ann", TARGET] == "allowed"


def test_a_trust_in_a_role_whose_name_is_made_up_is_a_trust_in_that_role(tmp_path: Path) -> None:
    made = role("build", name="", name_prefix='"build-"') + role("other", name="", name_prefix='"build-"')
    content = made + role("deploy", "{ AWS = aws_iam_role.build.arn }")
    platform = tiny(tmp_path, artifact=content)
    trust = next(t for t in platform.trust.trusts if str(t.role) == "deploy")
    assert trust.identity is not None
    assert trust.identity.resource.address == "aws_iam_role.build"
    assert edges(platform)["resource:artifact/aws_iam_role.build", "resource:artifact/aws_iam_role.deploy"] == "allowed"
    assert ("resource:artifact/aws_iam_role.other", "resource:artifact/aws_iam_role.deploy") not in edges(platform)


GROUP = (
    'resource "aws_iam_group" "audit" {\n  name = "audit"\n}\n'
    'resource "aws_iam_group_policy" "audit" {\n  group = aws_iam_group.audit.name\n'
    f"  policy = {statement('sts:AssumeRole', resource=chr(34) + '*' + chr(34))}\n}}\n"
)
ANN = 'resource "aws_iam_user" "ann" {\n  name = "ann"\n}\n'
MEMBERS = {
    "unknown users": (
        (
            'variable "people" {}\nresource "aws_iam_user_group_membership" "audit" {\n  for_each = var.people\n'
            "  user = each.key\n  groups = [aws_iam_group.audit.name]\n}\n"
        ),
        {"aws_iam_group.audit"},
    ),
    "an unknown list": (
        (
            'variable "people" {}\nresource "aws_iam_group_membership" "audit" {\n  name = "m"\n'
            "  users = var.people\n  group = aws_iam_group.audit.name\n}\n"
        ),
        {"aws_iam_group.audit"},
    ),
    "some of them": (
        ANN + 'variable "bob" {}\nresource "aws_iam_group_membership" "audit" {\n  name = "m"\n'
        "  users = [aws_iam_user.ann.name, var.bob]\n  group = aws_iam_group.audit.name\n}\n",
        {"aws_iam_group.audit", "aws_iam_user.ann"},
    ),
    "nobody says": ("", {"aws_iam_group.audit"}),
    "all of them": (
        ANN + 'resource "aws_iam_group_membership" "audit" {\n  name = "m"\n'
        "  users = [aws_iam_user.ann.name]\n  group = aws_iam_group.audit.name\n}\n",
        {"aws_iam_user.ann"},
    ),
}


@pytest.mark.parametrize("form", MEMBERS)
def test_what_a_group_may_stays_with_it_where_its_members_are_not_known(form: str, tmp_path: Path) -> None:
    members, expected = MEMBERS[form]
    trust = f'{{ AWS = "arn:aws:iam::{NUMBERS["identity"]}:root" }}'
    platform = tiny(tmp_path, identity=GROUP + members, production=role("target", trust))
    found = {source for source, target in edges(platform) if target.endswith("aws_iam_role.target")}
    assert {node.rpartition("/")[2] for node in found if node.startswith("resource:")} == expected
