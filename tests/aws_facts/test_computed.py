"""Predicted attributes, compared with what the provider computed after an apply against a simulated AWS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.aws.computed import computed, merged_tags, predictable_attributes, predictable_types
from astralint.aws.plain import Plain, Unknown
from astralint.aws.schema import resource_schema
from astralint.source.partial import Hole, PartialText

GOLDEN: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "golden" / "computed.json").read_text(encoding="utf-8")
)
PRODUCTION = PartialText.of(Hole("the account has no number in the code", "account:production"))


def fits(predicted: Plain, actual: Any) -> bool:
    """Whether a text that may have holes can be the actual one."""
    if not isinstance(predicted, PartialText):
        return bool(predicted == actual)
    position = 0
    rest = str(actual)
    for part in predicted.parts:
        if isinstance(part, str):
            position = rest.find(part, position)
            if position < 0:
                return False
            position += len(part)
    return not isinstance(predicted.parts[0], str) or rest.startswith(predicted.parts[0])


@pytest.mark.parametrize("kind", sorted(GOLDEN))
def test_predictions_are_what_the_provider_computes(kind: str) -> None:
    case = GOLDEN[kind]
    answers = computed(kind, case["config"], "123456789012", "eu-west-1", default_tags={"team": "platform"})
    for name, predicted in answers.items():
        if name in case["values"]:
            assert fits(predicted, case["values"][name]), (name, predicted, case["values"][name])


def test_every_type_is_proven_or_says_what_it_relies_on() -> None:
    relies = set(json.loads((Path(__file__).parent / "golden" / "documented.json").read_text(encoding="utf-8")))
    assert set(predictable_types()) == relies | set(GOLDEN)
    assert not relies & set(GOLDEN)
    assert len(predictable_types()) >= 150
    assert sum(bool(set(case["values"]) & set(predictable_attributes(kind))) for kind, case in GOLDEN.items()) >= 150


def test_every_attribute_is_computed_by_the_schema() -> None:
    for kind in predictable_types():
        block = resource_schema("managed", kind)
        assert block is not None, kind
        for name in predictable_attributes(kind):
            assert block.attributes[name].computed, (kind, name)


def test_the_account_keeps_its_symbol() -> None:
    answer = computed(
        "aws_iam_role", {"name": "deploy", "path": "/a/", "arn": Unknown("later")}, PRODUCTION, "eu-west-1"
    )
    assert answer["arn"] == PartialText.of("arn:aws:iam::", PRODUCTION, ":role/a/deploy")
    assert answer["id"] == "deploy"


def test_generated_names() -> None:
    generated = computed("aws_iam_role", {}, "1" * 12, "eu-west-1")
    assert str(generated["arn"]) == "arn:aws:iam::111111111111:role/terraform-{?}"
    assert "arn" not in computed("aws_s3_bucket", {}, "1" * 12, "eu-west-1")
    prefixed = computed("aws_iam_role", {"name_prefix": "deploy-", "name": Unknown("later")}, "1" * 12, "eu-west-1")
    assert str(prefixed["name"]) == "deploy-{?}"
    assert str(prefixed["arn"]) == "arn:aws:iam::111111111111:role/deploy-{?}"
    bucket = computed("aws_s3_bucket", {"bucket_prefix": "logs-"}, "1" * 12, "eu-west-1")
    assert str(bucket["arn"]) == "arn:aws:s3:::logs-{?}"


def test_configured_attributes_are_not_answered() -> None:
    assert "name" not in computed("aws_iam_role", {"name": "deploy"}, "1" * 12, "eu-west-1")
    given_owner = computed(
        "aws_codeartifact_repository",
        {"domain": "d", "repository": "r", "domain_owner": "222222222222"},
        "1" * 12,
        "eu-west-1",
    )
    assert given_owner["arn"] == "arn:aws:codeartifact:eu-west-1:222222222222:repository/d/r"
    assert "domain_owner" not in given_owner


def test_other_partitions() -> None:
    queue = computed("aws_sqs_queue", {"name": "q"}, "1" * 12, "cn-north-1", "aws-cn")
    assert queue["url"] == "https://sqs.cn-north-1.amazonaws.com.cn/111111111111/q"
    assert queue["arn"] == "arn:aws-cn:sqs:cn-north-1:111111111111:q"


@pytest.mark.parametrize(
    ("kind", "attributes", "name", "expected"),
    [
        ("aws_iam_openid_connect_provider", {"url": "https://a.b/c"}, "arn", "arn:aws:iam::1:oidc-provider/a.b/c"),
        ("aws_imagebuilder_image_recipe", {"name": "A b_c", "version": "1.0.0"}, "arn", "arn:aws:imagebuilder:r-1:1:image-recipe/a-b-c/1.0.0"),
        ("aws_ssm_parameter", {"name": "/a/b"}, "arn", "arn:aws:ssm:r-1:1:parameter/a/b"),
        ("aws_ssm_parameter", {"name": "a"}, "arn", "arn:aws:ssm:r-1:1:parameter/a"),
        ("aws_ecs_service", {"name": "s", "cluster": "arn:aws:ecs:r-1:1:cluster/c"}, "id", "arn:aws:ecs:r-1:1:service/c/s"),
        ("aws_ecs_service", {"name": "s"}, "id", "arn:aws:ecs:r-1:1:service/default/s"),
        ("aws_cloudwatch_event_rule", {"name": "r", "event_bus_name": "default"}, "arn", "arn:aws:events:r-1:1:rule/r"),
        ("aws_cloudwatch_event_rule", {"name": "r", "event_bus_name": "b"}, "arn", "arn:aws:events:r-1:1:rule/b/r"),
        ("aws_lb", {"name": "l", "load_balancer_type": "network"}, "arn", "arn:aws:elasticloadbalancing:r-1:1:loadbalancer/net/l/{?}"),
        ("aws_lb", {"name": "l"}, "arn", "arn:aws:elasticloadbalancing:r-1:1:loadbalancer/app/l/{?}"),
    ],
)  # fmt: skip
def test_templates(kind: str, attributes: dict[str, Plain], name: str, expected: str) -> None:
    assert str(computed(kind, attributes, "1", "r-1")[name]) == expected


def test_tags() -> None:
    assert merged_tags({"a": "1", "b": None}, {"a": "0", "c": "2"}) == {"a": "1", "c": "2"}
    assert merged_tags(None, None) == {}
    assert isinstance(merged_tags(Unknown("no value"), {}), Unknown)
    assert "tags_all" not in computed("aws_iam_group", {"name": "g"}, "1" * 12, "eu-west-1")


@settings(max_examples=40, deadline=None)
@given(kind=st.sampled_from(predictable_types()))
def test_unknown_inputs_never_give_known_answers(kind: str) -> None:
    """With everything unknown, what is answered has a hole, or depends on no input."""
    block = resource_schema("managed", kind)
    assert block is not None
    unknown: dict[str, Plain] = dict.fromkeys(block.attributes, Unknown("no value"))
    first = computed(kind, unknown, PRODUCTION, PartialText.of(Hole("region")))
    for name, answer in first.items():
        if isinstance(answer, str):
            assert answer == computed(kind, {}, "2" * 12, "us-east-1").get(name, answer)
