"""Record what the provider answers to data sources that depend on AWS's rules alone.

Usage: `python scripts/record_data_sources.py` from the project's root, with a terraform that can install the provider.
Writes tests/aws_facts/golden/data_sources.json.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.oracle.aws.terraform_run import OFFLINE_PROVIDER, Root

GOLDEN = Path(__file__).parents[1] / "tests" / "aws_facts" / "golden" / "data_sources.json"
REGIONS = ("us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1")
ARNS = (
    "arn:aws:iam::111111111111:role/a/b",
    "arn:aws:s3:::bucket/key:with:colons",
    "arn:aws:logs:eu-west-1:111111111111:log-group:/x:*",
)
COMMON: list[tuple[str, dict[str, Any]]] = [
    ("aws_partition", {}),
    ("aws_region", {}),
    ("aws_region", {"name": "eu-central-1"}),
    ("aws_region", {"endpoint": "ec2.ap-south-1.amazonaws.com"}),
    ("aws_billing_service_account", {}),
    ("aws_default_tags", {}),
    ("aws_lb_hosted_zone_id", {}),
    ("aws_elb_hosted_zone_id", {}),
    ("aws_elb_hosted_zone_id", {"region": "eu-north-1"}),
    ("aws_cloudfront_log_delivery_canonical_user_id", {}),
    ("aws_cloudfront_log_delivery_canonical_user_id", {"region": "cn-north-1"}),
    *(("aws_arn", {"arn": arn}) for arn in ARNS),
    *(("aws_service_principal", {"service_name": name}) for name in ("s3", "logs", "codedeploy", "config")),
    ("aws_service_principal", {"service_name": "logs", "region": "cn-north-1"}),
]


def main() -> None:
    recorded = []
    tags = {"team": "platform"}
    for region in REGIONS:
        questions = [
            (kind, arguments)
            for kind, arguments in COMMON
            if not (region.startswith("us-iso") and "_hosted_zone" in kind and "region" not in arguments)
        ]
        body: dict[str, Any] = {}
        for number, (kind, arguments) in enumerate(questions):
            body.setdefault(kind, {})[f"q{number}"] = arguments
        with tempfile.TemporaryDirectory() as directory:
            root = Root(Path(directory))
            root.write({"data": body}, {**OFFLINE_PROVIDER, "region": region, "default_tags": [{"tags": tags}]})
            plan = root.plan()
        for item in plan["prior_state"]["values"]["root_module"]["resources"]:
            kind, arguments = questions[int(item["name"][1:])]
            values = {name: value for name, value in sorted(item["values"].items()) if name not in arguments}
            recorded.append({"type": kind, "region": region, "config": arguments, "values": values})
    GOLDEN.write_text("[\n" + ",\n".join(json.dumps(item) for item in recorded) + "\n]\n")
    print(len(recorded), "answers")


if __name__ == "__main__":
    main()
