"""The measured defaults."""

from __future__ import annotations

from astralint.aws.defaults import Defaults, defaults, measured_types
from astralint.aws.schema import RawBlock, resource_schema


def test_defaults_of_well_known_types() -> None:
    role = defaults("aws_iam_role")
    assert role is not None
    assert role.attributes["path"] == "/"
    assert role.attributes["max_session_duration"] == 3600
    assert role.attributes["force_detach_policies"] is False
    bucket = defaults("aws_s3_bucket")
    assert bucket is not None
    assert bucket.attributes["force_destroy"] is False
    queue = defaults("aws_sqs_queue")
    assert queue is not None
    assert queue.attributes["visibility_timeout_seconds"] == 30


def test_types_without_defaults_and_types_that_are_not_known() -> None:
    group = defaults("aws_iam_group")
    assert group is not None
    assert group.attributes == {"path": "/"}
    assert defaults("aws_no_such_thing") is None


def test_enough_types_are_measured() -> None:
    assert len(measured_types()) >= 300


def _check(node: Defaults, block: RawBlock, place: str) -> None:
    for name in node.attributes:
        assert block.attributes[name].optional, f"{place}.{name}"
    for name, inner in node.blocks.items():
        _check(inner, block.blocks[name].block, f"{place}.{name}")


def test_only_optional_arguments_have_defaults() -> None:
    for kind in measured_types():
        block = resource_schema("managed", kind)
        assert block is not None
        node = defaults(kind)
        assert node is not None
        _check(node, block, kind)
