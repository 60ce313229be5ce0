"""Each path of the table by two holders: one that is allowed all it needs, and one that lacks the last of it.

All of them are in one account, and are scanned once.
"""

from __future__ import annotations

import pytest

from astralint.platform.platform import Platform
from astralint.trust.escalation.table import ENTERING, Path_, paths
from tests.trust.tiny import role, tiny

FINDERS = (
    "passed",
    "users",
    "roles",
    "group-members",
    "groups",
    "holders",
    "created",
    "thing-roles",
    "passed-to-thing",
)
OUTSIDER = 'Principal = { AWS = "arn:aws:iam::100000000008:role/outsider" }'
TYPES = {
    "function": 'resource "aws_lambda_function" "it" {\n  function_name = "it"\n  role = aws_iam_role.target.arn\n}\n'
    'resource "aws_lambda_function_url" "it" {\n  function_name = aws_lambda_function.it.function_name\n  authorization_type = "NONE"\n}\n',
    "instance": 'resource "aws_instance" "it" {\n  iam_instance_profile = aws_iam_instance_profile.it.name\n}\n',
    "project": 'resource "aws_codebuild_project" "it" {\n  name = "it"\n  service_role = aws_iam_role.target.arn\n}\n',
    "stack": 'resource "aws_cloudformation_stack" "it" {\n  name = "it"\n  iam_role_arn = aws_iam_role.target.arn\n}\n',
    "glue-endpoint": 'resource "aws_glue_dev_endpoint" "it" {\n  name = "it"\n  role_arn = aws_iam_role.target.arn\n}\n',
    "glue-job": 'resource "aws_glue_job" "it" {\n  name = "it"\n  role_arn = aws_iam_role.target.arn\n}\n',
    "notebook": 'resource "aws_sagemaker_notebook_instance" "it" {\n  name = "it"\n  role_arn = aws_iam_role.target.arn\n}\n',
    "state-machine": 'resource "aws_sfn_state_machine" "it" {\n  name = "it"\n  role_arn = aws_iam_role.target.arn\n}\n',
    "task-definition": 'resource "aws_ecs_task_definition" "it" {\n  family = "it"\n  task_role_arn = aws_iam_role.target.arn\n}\n',
    "eks-cluster": 'resource "aws_eks_cluster" "it" {\n  name = "it"\n  role_arn = aws_iam_role.target.arn\n}\n',
}
"""What is changed, by the kind of thing."""
ROUND = """
resource "aws_iam_instance_profile" "it" {
  name = "profile"
  role = aws_iam_role.target.name
}
resource "aws_iam_user" "plain" {
  name = "plain"
}
resource "aws_iam_user" "keyed" {
  name = "keyed"
}
resource "aws_iam_access_key" "keyed" {
  count = 2
  user  = aws_iam_user.keyed.name
}
resource "aws_iam_group" "team" {
  name = "team"
}
resource "aws_iam_group_policy" "team" {
  group  = aws_iam_group.team.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
resource "aws_iam_group_membership" "team" {
  name  = "team"
  group = aws_iam_group.team.name
  users = [aws_iam_user.plain.name]
}
resource "aws_iam_policy" "held" {
  name   = "held"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "held" {
  role       = aws_iam_role.target.name
  policy_arn = aws_iam_policy.held.arn
}
resource "aws_iam_role_policy" "target" {
  role   = aws_iam_role.target.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["ssmmessages:*", "ec2messages:*", "sqs:ReceiveMessage"], Resource = "*" }] })
}
"""


STAGING = (
    role("outsider")
    + """
resource "aws_iam_role_policy" "outsider" {
  role   = aws_iam_role.outsider.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "*" }] })
}
"""
)
"""Somebody of another account, whom all holders trust."""


def is_tried(path: Path_) -> bool:
    return path.finds in FINDERS and (not path.things or path.things[0] in TYPES) and "has-role" not in path.demands


TRIED = [path for path in paths() if is_tried(path)]


def holder(label: str, path: Path_, last: str) -> str:
    """Return a role that is allowed what a path needs, the last action of it on `last`."""
    statements = []
    for need in path.needs:
        resource = last if need[0].action == path.needs[-1][0].action else "*"
        statements.append(f'{{ Effect = "Allow", Action = "{need[0].action}", Resource = "{resource}" }}')
    trust = f'jsonencode({{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", {OUTSIDER} }}] }})'
    document = f"jsonencode({{ Statement = [{', '.join(statements)}] }})"
    given = (
        f'resource "aws_iam_role_policy" "{label}" {{\n  role = aws_iam_role.{label}.name\n  policy = {document}\n}}\n'
    )
    return role(label, trust) + given


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    services = sorted({service for path in TRIED for service in path.service})
    trusted = ", ".join(f'"{service}"' for service in services)
    texts = [role("target", f"{{ Service = [{trusted}] }}"), ROUND, *TYPES.values()]
    for path in TRIED:
        label = path.id.replace("-", "_")
        texts += [holder(f"can_{label}", path, "*"), holder(f"lacks_{label}", path, "arn:aws:none:::nothing")]
    return tiny(tmp_path_factory.mktemp("table"), production="".join(texts), staging=STAGING)


def found(platform: Platform, label: str) -> set[str]:
    node = f"resource:production/aws_iam_role.{label}"
    return {route.path for edge in platform.escalations.of(node) for route in edge.routes}


@pytest.mark.parametrize("path", TRIED, ids=lambda path: path.id)
def test_who_may_all_of_it_escalates_and_who_lacks_one_does_not(platform: Platform, path: Path_) -> None:
    label = path.id.replace("-", "_")
    assert path.id in found(platform, f"can_{label}")
    assert path.id not in found(platform, f"lacks_{label}")


def test_most_of_the_table_is_tried() -> None:
    assert len(TRIED) >= 70


def test_the_same_ways_lead_across_accounts(platform: Platform) -> None:
    ways = platform.why("staging/outsider", "production/target").escalations
    through = {str(way.steps[0].target): way.steps[-1].path for way in ways if len(way.steps) == 2}
    entering = {f"can_{path.id.replace('-', '_')}" for path in TRIED if path.how in ENTERING}
    assert len(through) >= 40
    assert set(through) <= entering
    administrators = platform.why("staging/outsider", "production/administrator").escalations
    assert {way.steps[-1].path for way in administrators} >= {"iam-attach-role-policy", "iam-put-role-policy"}
