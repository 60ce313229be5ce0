"""`who-can` and `can` on tiny platforms: which sides decide, for the services that have their own ways."""

from __future__ import annotations

import pytest

from astralint.platform.platform import Platform
from astralint.trust.endpoints import NameProblem
from tests.trust.tiny import NUMBERS, role, tiny

PRODUCTION, STAGING = NUMBERS["production"], NUMBERS["staging"]
USERS = 'resource "aws_iam_user" "{name}" {{\n  name = "{name}"\n}}\nresource "aws_iam_user_policy" "{name}" {{\n  user = aws_iam_user.{name}.name\n  policy = {policy}\n}}\n'


def user(name: str, policy: str) -> str:
    return USERS.format(name=name, policy=policy)


def policy(*statements: str) -> str:
    return f'jsonencode({{ Version = "2012-10-17", Statement = [{", ".join(statements)}] }})'


def allow(action: str, resource: str = "*", principal: str = "", more: str = "", effect: str = "Allow") -> str:
    named = f", Principal = {principal}" if principal else ""
    return f'{{ Effect = "{effect}", Action = "{action}", Resource = "{resource}"{named}{more} }}'


def aws(*arns: str) -> str:
    return f"{{ AWS = [{', '.join(chr(34) + arn + chr(34) for arn in arns)}] }}"


PRODUCTION_CODE = "".join(
    (
        user("reader", policy(allow("s3:GetObject", "arn:aws:s3:::data/*"))),
        user("painter", policy(allow("s3:Get*", "arn:aws:s3:::data/public/*"), allow("s3:ListAllMyBuckets"))),
        user("barred", policy(allow("s3:*"), allow("s3:GetObject", "arn:aws:s3:::data/*", effect="Deny"))),
        user("keys", policy(allow("kms:Decrypt"))),
        user("sender", policy(allow("sqs:SendMessage"), allow("sqs:DeleteQueue"))),
        'resource "aws_s3_bucket" "data" {\n  bucket = "data"\n}\n',
        'resource "aws_s3_bucket_policy" "data" {\n  bucket = aws_s3_bucket.data.id\n  policy = '
        + policy(
            allow("s3:GetObject", "arn:aws:s3:::data/*", aws(f"arn:aws:iam::{STAGING}:role/visitor", "999999999999")),
            allow(
                "s3:GetObject",
                "arn:aws:s3:::data/*",
                '"*"',
                ', Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-zzzzzzzzzz" } }',
            ),
        )
        + "\n}\n",
        'resource "aws_kms_key" "closed" {\n  policy = '
        + policy(allow("kms:*", "*", aws(f"arn:aws:iam::{PRODUCTION}:user/reader")))
        + "\n}\n",
        'resource "aws_kms_key" "open" {\n  policy = '
        + policy(allow("kms:*", "*", aws(f"arn:aws:iam::{PRODUCTION}:root", f"arn:aws:iam::{STAGING}:root")))
        + "\n}\n",
        'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
        'resource "aws_sqs_queue_policy" "q" {\n  queue_url = aws_sqs_queue.q.id\n  policy = '
        + policy(allow("sqs:*", "*", aws(f"arn:aws:iam::{STAGING}:role/visitor")))
        + "\n}\n",
        'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
        'resource "aws_sns_topic_policy" "t" {\n  arn = aws_sns_topic.t.arn\n  policy = '
        + policy(allow("sns:Publish", "*", '{ Service = "events.amazonaws.com" }'))
        + "\n}\n",
        (
            ""
            'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = "x"\n}\n'
            'resource "aws_lambda_permission" "f" {\n  function_name = aws_lambda_function.f.function_name\n'
            '  action = "lambda:InvokeFunction"\n  principal = "s3.amazonaws.com"\n  source_arn = aws_s3_bucket.data.arn\n}\n'
        ),
        'resource "aws_secretsmanager_secret" "s" {\n  name = "s"\n}\n'
        'resource "aws_secretsmanager_secret_policy" "s" {\n  secret_arn = aws_secretsmanager_secret.s.arn\n  policy = '
        + policy(allow("secretsmanager:GetSecretValue", "*", aws(f"arn:aws:iam::{PRODUCTION}:user/sender")))
        + "\n}\n",
        (
            'resource "aws_ecr_repository" "r" {\n  name = "r"\n}\n'
            'resource "aws_ecr_repository_policy" "r" {\n  repository = aws_ecr_repository.r.name\n  policy = '
            'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ecr:BatchGetImage", '
            f"Principal = {aws(f'arn:aws:iam::{STAGING}:root')} }}] }})"
            "\n}\n"
        ),
        *(
            f'resource "aws_secretsmanager_secret" "{name}" {{\n  name = "{name}"\n  kms_key_id = {key}\n}}\n'
            for name, key in (
                ("sealed", "aws_kms_key.closed.arn"),
                ("shared", "aws_kms_alias.open.target_key_arn"),
                ("usual", '"alias/aws/secretsmanager"'),
                ("foreign", f'"arn:aws:kms:eu-west-1:{STAGING}:key/x"'),
            )
        ),
        'resource "aws_kms_alias" "open" {\n  name = "alias/open"\n  target_key_id = aws_kms_key.open.key_id\n}\n',
        user("auditor", policy(allow("secretsmanager:GetSecretValue"))),
        user("operator", policy(allow("secretsmanager:GetSecretValue"), allow("kms:Decrypt"))),
        role("pusher", aws(f"arn:aws:iam::{PRODUCTION}:user/reader")),
        'resource "aws_iam_role_policy" "pusher" {\n  role = aws_iam_role.pusher.name\n  policy = '
        + policy(allow("ecr:BatchGetImage"), allow("dynamodb:*", "arn:aws:dynamodb:*:*:table/t"))
        + "\n}\n",
    )
)
STAGING_CODE = "".join(
    (
        role("visitor"),
        'resource "aws_iam_role_policy" "visitor" {\n  role = aws_iam_role.visitor.name\n  policy = '
        + policy(
            allow("s3:GetObject"),
            allow("sqs:*"),
            allow("kms:Decrypt"),
            allow("ecr:BatchGetImage"),
            allow("s3:PutObject"),
        )
        + "\n}\n",
    )
)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return tiny(tmp_path_factory.mktemp("who"), production=PRODUCTION_CODE, staging=STAGING_CODE)


# Whom the bucket's policy lets in as members of an organization of which nothing is known.
IN_ORGANIZATION = dict.fromkeys(("keys", "pusher", "sender", "auditor", "operator"), "conditional")


def verdicts(platform: Platform, action: str, resource: str | None = None) -> dict[str, str]:
    found = platform.who_can(action, resource)
    return {p.name.replace("`", "").partition(" of ")[0]: p.verdict for p in found.permits if p.kind != "root"}


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        # A whole bucket stands for an object of it that is not named.
        (
            "s3:GetObject",
            "production/aws_s3_bucket.data",
            {"reader": "allowed", "painter": "conditional", "visitor": "allowed", "999999999999": "conditional", "anybody": "conditional", **IN_ORGANIZATION},
        ),
        ("s3:getobject", "arn:aws:s3:::data/public/x", {"reader": "allowed", "painter": "allowed", "visitor": "allowed", "999999999999": "conditional", "anybody": "conditional", **IN_ORGANIZATION}),
        # Without a word of the bucket, permission in another account opens nothing.
        ("s3:PutObject", "aws_s3_bucket.data", {"barred": "allowed"}),
        # A key's policy alone decides whether identity policies count.
        ("kms:Decrypt", "aws_kms_key.closed", {"reader": "allowed"}),
        ("kms:Decrypt", "aws_kms_key.open", {"keys": "allowed", "operator": "allowed", "visitor": "allowed", "whoever staging lets": "conditional"}),
        ("sqs:SendMessage", "aws_sqs_queue.q", {"sender": "allowed", "visitor": "allowed"}),
        # No policy opens this to another account.
        ("sqs:DeleteQueue", "aws_sqs_queue.q", {"sender": "allowed"}),
        ("sns:Publish", "aws_sns_topic.t", {"events.amazonaws.com": "allowed"}),
        ("lambda:InvokeFunction", "aws_lambda_function.f", {"s3.amazonaws.com": "conditional"}),
        # Within the account the secret's policy is enough.
        ("secretsmanager:GetSecretValue", "aws_secretsmanager_secret.s", {"sender": "allowed", "auditor": "allowed", "operator": "allowed"}),
        # What is encrypted by a key of one's own takes the right to use that as well.
        ("secretsmanager:GetSecretValue", "aws_secretsmanager_secret.sealed", {}),
        ("secretsmanager:GetSecretValue", "aws_secretsmanager_secret.shared", {"operator": "allowed"}),
        ("secretsmanager:GetSecretValue", "aws_secretsmanager_secret.usual", {"auditor": "allowed", "operator": "allowed"}),
        ("ecr:BatchGetImage", "aws_ecr_repository.r", {"pusher": "allowed", "visitor": "allowed", "whoever staging lets": "conditional"}),
        # Asked for on `*` only.
        ("s3:ListAllMyBuckets", None, {"painter": "allowed", "barred": "allowed"}),
        ("dynamodb:PutItem", None, {"pusher": "allowed"}),
    ],
)  # fmt: skip
def test_who_can(platform: Platform, action: str, resource: str | None, expected: dict[str, str]) -> None:
    assert verdicts(platform, action, resource) == expected


def test_without_a_resource_the_patterns_and_our_resources_are_told(platform: Platform) -> None:
    found = {p.name: p for p in platform.who_can("s3:GetObject").permits}
    assert found["`reader` of `production`"].resources == ("arn:aws:s3:::data/*",)
    assert found["`barred` of `production`"].verdict == "allowed"  # of any other bucket
    assert found["`visitor` of `staging`"].resources == ("*", "production/aws_s3_bucket.data")


def test_who_can_become_one_that_can_is_told_with_the_steps(platform: Platform) -> None:
    found = platform.who_can("dynamodb:PutItem")
    assert [(one.name, [str(step.role) for step in one.steps]) for one in found.becoming] == [
        ("`reader` of `production`", ["pusher"])
    ]
    assert found.becoming[0].verdict == "allowed"
    spans = [(e.span.file, e.text) for e in found.permits[0].evidence]
    assert spans == [("production/main.tf", "allows `dynamodb:PutItem`")]


def test_the_root_user_may_do_what_nothing_denies(platform: Platform) -> None:
    names = [p.name for p in platform.who_can("s3:DeleteBucket", "aws_s3_bucket.data").permits if p.kind == "root"]
    assert names == ["the root user of `production`"]
    closed = platform.who_can("kms:ScheduleKeyDeletion", "aws_kms_key.closed").permits
    assert [p.kind for p in closed] == ["user"]


def test_a_pattern_asks_for_all_its_actions(platform: Platform) -> None:
    found = {
        p.name: p
        for p in platform.who_can("dynamodb:??tItem", "arn:aws:dynamodb:eu-west-1:100000000007:table/t").permits
    }
    assert found["`pusher` of `production`"].actions == (
        "dynamodb:GetItem", "dynamodb:PutItem"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("action", "resource", "message", "help"),
    [
        ("s3:GetObjct", None, "AWS has no action `s3:GetObjct`", "`s3:GetObject`"),
        ("s33:GetObject", None, "AWS has no action `s33:GetObject`", "no service is called `s33`; did you mean `s3`"),
        ("GetObject", None, "AWS has no action `GetObject`", "service:Name"),
        ("*", None, "covers", "ask for some of them"),
        ("s3:GetObject", "aws_s3_bucket.dat", "there is no resource `aws_s3_bucket.dat`", "`aws_s3_bucket.data`"),
        ("s3:GetObject", "arn:aws:s3", "is no ARN", "six fields"),
    ],
)
def test_what_is_wrong_is_said(platform: Platform, action: str, resource: str | None, message: str, help: str) -> None:
    with pytest.raises(NameProblem) as caught:
        platform.who_can(action, resource)
    assert message in caught.value.message
    assert help in caught.value.help


def test_what_no_workspace_makes_and_what_is_another_kind_is_noted(platform: Platform) -> None:
    assert platform.who_can("s3:GetObject", "arn:aws:s3:::other/x").notes == (
        "no workspace makes `arn:aws:s3:::other/x`: whom its own policy lets in is not known",
    )
    assert "is not about such a resource" in platform.who_can("sqs:SendMessage", "aws_sns_topic.t").notes[0]


def test_can_counts_by_service_and_level(platform: Platform) -> None:
    found = platform.can("production/painter")
    s3 = next(service for service in found.services if service.name == "s3")
    levels = {level.level: level.allowed for level in s3.levels}
    assert levels["List"] == ("ListAllMyBuckets",)
    assert "GetObject" in levels["Read"]
    assert "GetBucketPolicy" not in levels["Read"]  # of buckets, not of objects
    assert {service.name for service in found.services} == {"s3"}


def test_can_tells_what_resources_and_roles_give(platform: Platform) -> None:
    found = platform.can("production/reader")
    assert found.becomes == ("`pusher` of `production`",)
    assert [(one.resource, "kms:Decrypt" in one.allowed) for one in found.granted] == [
        ("production/aws_kms_key.closed", True)
    ]


@pytest.mark.parametrize(("name", "message"), [("production", "is an account"), ("production/redaer", "there is no")])
def test_can_asks_for_one_principal(platform: Platform, name: str, message: str) -> None:
    with pytest.raises(NameProblem) as caught:
        platform.can(name)
    assert message in caught.value.message


def test_a_key_of_others_is_said(platform: Platform) -> None:
    found = platform.who_can("secretsmanager:GetSecretValue", "aws_secretsmanager_secret.foreign")
    assert any("whom that key lets use it is not known" in note for note in found.notes)


def test_the_lines_of_the_key_are_evidence(platform: Platform) -> None:
    found = platform.who_can("secretsmanager:GetSecretValue", "aws_secretsmanager_secret.shared")
    texts = [item.text for permit in found.permits if permit.kind == "user" for item in permit.evidence]
    assert any("kms:Decrypt" in text for text in texts)
