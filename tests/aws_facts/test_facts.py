"""Static facts, compared with what the provider answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from astralint.aws.facts import data_source, data_source_types, is_global, known_account
from astralint.aws.partitions import dns_suffix, partition_of, partitions
from astralint.aws.plain import Unknown
from astralint.aws.schema import resource_schema, resource_types
from astralint.source.partial import Hole, PartialText

GOLDEN: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "golden" / "data_sources.json").read_text(encoding="utf-8")
)
PRODUCTION = PartialText.of(Hole("the account has no number in the code", "account:production"))


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: f"{case['type']}-{case['region']}-{case['config']}")
def test_data_sources_answer_as_the_provider_does(case: dict[str, Any]) -> None:
    partition = partition_of(case["region"])
    assert partition is not None
    answer = data_source(
        case["type"], case["config"], "1" * 12, case["region"], partition.name, default_tags={"team": "platform"}
    )
    assert answer is not None
    assert answer == {name: value for name, value in case["values"].items() if value is not None}


def test_golden_data_are_enough() -> None:
    assert len(GOLDEN) > 80
    asked = {case["type"] for case in GOLDEN}
    assert len(asked) >= 9


def test_every_data_source_is_in_the_schema() -> None:
    for name in data_source_types():
        assert resource_schema("data", name) is not None


def test_caller_identity_keeps_the_symbol_of_the_account() -> None:
    answer = data_source("aws_caller_identity", {}, PRODUCTION, "eu-west-1")
    assert answer is not None
    assert answer["account_id"] == PRODUCTION
    assert str(answer["arn"]) == "arn:aws:{?}::{production}:{?}"
    assert isinstance(answer["user_id"], Unknown)


def test_other_data_sources_are_not_answered() -> None:
    for name in ("aws_canonical_user_id", "aws_availability_zones", "aws_vpc", "aws_ami"):
        assert data_source(name, {}, "1" * 12, "eu-west-1") is None
    assert data_source("aws_elb_service_account", {"region": "mars-1"}, "1" * 12, "eu-west-1") is None


def test_unknown_inputs() -> None:
    region = PartialText.of(Hole("the region is not known"))
    answer = data_source("aws_elb_service_account", {}, "1" * 12, region)
    assert answer is not None
    assert isinstance(answer["arn"], Unknown)
    named = data_source("aws_region", {}, "1" * 12, region)
    assert named is not None
    assert named["name"] == region
    principal = data_source("aws_service_principal", {"service_name": Unknown("no value")}, "1" * 12, "eu-west-1")
    assert principal is not None
    assert str(principal["name"]) == "{?}.amazonaws.com"
    balancer = data_source("aws_lb_hosted_zone_id", {"load_balancer_type": Unknown("x")}, "1" * 12, "eu-west-1")
    assert balancer is not None
    assert isinstance(balancer["id"], Unknown)


def test_arns_known_in_part() -> None:
    answer = data_source("aws_arn", {"arn": PartialText.of("arn:aws:iam::", PRODUCTION, ":role/x")}, "1", "eu-west-1")
    assert answer is not None
    assert (answer["service"], answer["region"], answer["account"]) == ("iam", "", PRODUCTION)
    assert answer["resource"] == "role/x"
    unsafe = data_source("aws_arn", {"arn": PartialText.of("arn:aws:iam::", Hole("?"), ":role/x")}, "1", "eu-west-1")
    assert unsafe is not None
    assert (unsafe["partition"], unsafe["service"], unsafe["region"]) == ("aws", "iam", "")
    assert isinstance(unsafe["account"], Unknown)
    assert isinstance(unsafe["resource"], Unknown)
    assert data_source("aws_arn", {"arn": "no arn"}, "1", "eu-west-1") is None
    assert data_source("aws_arn", {"arn": None}, "1", "eu-west-1") is None


def test_partitions() -> None:
    assert [partitions()[name].dns_suffix for name in ("aws", "aws-cn", "aws-us-gov")] == [
        "amazonaws.com",
        "amazonaws.com.cn",
        "amazonaws.com",
    ]
    for region, name in (("eu-west-1", "aws"), ("us-gov-east-1", "aws-us-gov"), ("eu-nowhere-9", "aws")):
        partition = partition_of(region)
        assert partition is not None
        assert partition.name == name
    assert partition_of("nowhere") is None
    assert partitions()["aws"].regions["me-south-1"].opt_in
    assert not partitions()["aws"].regions["eu-central-1"].opt_in
    assert isinstance(dns_suffix(PRODUCTION), PartialText)


def test_global_types() -> None:
    for name in ("aws_iam_role", "aws_organizations_account", "aws_route53_zone", "aws_cloudfront_distribution"):
        assert is_global(name)
    for name in ("aws_s3_bucket", "aws_route53_resolver_rule", "aws_wafv2_web_acl", "aws_wafregional_rule", "aws_vpc"):
        assert not is_global(name)
    assert is_global("aws_caller_identity", "data")
    assert not is_global("aws_region", "data")
    assert 150 < sum(is_global(name) for name in resource_types("managed")) < 350


def test_known_accounts() -> None:
    datadog = known_account("464622532012")
    assert datadog is not None
    assert (datadog.name, datadog.owner) == ("Datadog", "vendor")
    balancer = known_account("127311923021")
    assert balancer is not None
    assert balancer.owner == "aws"
    assert known_account("111111111111") is None
