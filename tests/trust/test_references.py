"""Which accounts resources are joined with: peerings, aggregations, the policies of VPC endpoints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.tiny import NUMBERS, edges, tiny

OTHER = NUMBERS["staging"]
POLICY = (
    'jsonencode({ Statement = [{ Effect = "Allow", Principal = %s, Action = "s3:*", Resource = %s, Condition = %s }] })'
)
ENDPOINT = 'resource "aws_vpc_endpoint" "x" {\n  vpc_id = "vpc-1"\n  service_name = "s3"\n  policy = %s\n}\n'
ANYONE, ALL, NONE = '"*"', '"*"', "{}"


@pytest.mark.parametrize(
    "content",
    [
        f'resource "aws_vpc_peering_connection" "x" {{\n  vpc_id = "vpc-1"\n  peer_vpc_id = "vpc-2"\n  peer_owner_id = "{OTHER}"\n}}\n',
        f'resource "aws_config_configuration_aggregator" "x" {{\n  name = "a"\n  account_aggregation_source {{\n    account_ids = ["{OTHER}"]\n    all_regions = true\n  }}\n}}\n',
        f'resource "aws_config_aggregate_authorization" "x" {{\n  account_id = "{OTHER}"\n}}\n',
        f'resource "aws_oam_link" "x" {{\n  label_template = "a"\n  resource_types = ["AWS::Logs::LogGroup"]\n  sink_identifier = "arn:aws:oam:eu-west-1:{OTHER}:sink/a"\n}}\n',
        ENDPOINT % (POLICY % (f'{{ AWS = "arn:aws:iam::{OTHER}:root" }}', ALL, NONE)),
        ENDPOINT % (POLICY % (ANYONE, f'"arn:aws:sqs:eu-west-1:{OTHER}:q"', NONE)),
        ENDPOINT % (POLICY % (ANYONE, ALL, f'{{ StringEquals = {{ "aws:ResourceAccount" = ["{OTHER}"] }} }}')),
    ],
    ids=["peering", "aggregator", "authorization", "sink", "principal", "resource", "condition"],
)  # fmt: skip
def test_an_account_that_is_joined(content: str, tmp_path: Path) -> None:
    found = edges(tiny(tmp_path, production=content, staging=""), "refers-to")
    assert {target for _, target in found} == {"account:staging"}


def test_what_is_joined_within_an_account_is_no_reference(tmp_path: Path) -> None:
    own = ENDPOINT % (POLICY % (ANYONE, f'"arn:aws:sqs:eu-west-1:{NUMBERS["production"]}:q"', NONE))
    assert edges(tiny(tmp_path, production=own, staging=""), "refers-to") == {}


def test_an_id_alone_tells_no_account(tmp_path: Path) -> None:
    peering = 'resource "aws_vpc_peering_connection" "x" {\n  vpc_id = "vpc-1"\n  peer_vpc_id = "vpc-2"\n}\n'
    assert edges(tiny(tmp_path, production=peering, staging=""), "refers-to") == {}
