"""The recorded provider schema: what it says, and that looking up stays quick."""

from __future__ import annotations

from itertools import pairwise

import pytest

from astralint.aws import schema
from astralint.aws.schema import RawAttribute, RawBlock, provider_version, resource_schema, resource_types, with_region


def test_it_has_all_types_of_the_recorded_version() -> None:
    assert provider_version() == "5.100.0"
    assert len(resource_types("managed")) == 1526
    assert len(resource_types("data")) == 608
    assert resource_types("provider") == ("aws",)
    for mode in ("managed", "data"):
        assert all(first < second for first, second in pairwise(resource_types(mode)))


def test_attributes_of_a_role() -> None:
    role = resource_schema("managed", "aws_iam_role")
    assert role is not None
    assert role.attributes["assume_role_policy"] == RawAttribute("string", required=True)
    assert role.attributes["arn"] == RawAttribute("string", computed=True)
    assert role.attributes["name"] == RawAttribute("string", optional=True, computed=True)
    assert role.attributes["tags"] == RawAttribute(["map", "string"], optional=True)
    assert role.blocks["inline_policy"].nesting == "set"


def test_nested_blocks_sensitive_and_write_only_attributes() -> None:
    document = resource_schema("data", "aws_iam_policy_document")
    assert document is not None
    statement = document.blocks["statement"]
    assert statement.nesting == "list"
    assert statement.block.blocks["condition"].block.attributes["values"].type == ["list", "string"]
    secret = resource_schema("managed", "aws_secretsmanager_secret_version")
    assert secret is not None
    assert secret.attributes["secret_string"].sensitive
    assert secret.attributes["secret_string_wo"].write_only


def test_provider_block() -> None:
    provider = resource_schema("provider", "aws")
    assert provider is not None
    assert "role_arn" in provider.blocks["assume_role"].block.attributes


def test_unknown_types_have_no_schema() -> None:
    assert resource_schema("managed", "aws_no_such_thing") is None
    assert resource_schema("data", "aws_sqs_queue_policy") is None
    assert resource_schema("provider", "google") is None


def test_every_record_can_be_read() -> None:
    for mode in ("managed", "data", "ephemeral", "provider"):
        for name in resource_types(mode):
            block = resource_schema(mode, name)
            assert block is not None
            assert block.attributes or block.blocks, name


def test_region_of_version_6() -> None:
    queue = resource_schema("managed", "aws_sqs_queue")
    assert queue is not None
    assert "region" not in queue.attributes
    assert with_region(queue).attributes["region"] == RawAttribute("string", optional=True, computed=True)
    bucket = resource_schema("managed", "aws_s3_bucket")
    assert bucket is not None
    assert not bucket.attributes["region"].optional
    assert with_region(bucket).attributes["region"].optional
    own = RawBlock({"region": RawAttribute("string", required=True)}, {})
    assert with_region(own) is own


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format"):
        schema._Store(b"something else")
