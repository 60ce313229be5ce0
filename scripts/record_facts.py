"""Record AWS's static facts.

Usage: `python scripts/record_facts.py` from the project's root, with botocore and a terraform that can install the
provider. Writes, in src/astralint/aws/data:

- partitions.json: partitions and regions, from botocore's endpoint data; which regions need no opt-in is a list of
  AWS's documentation ("Enable or disable AWS Regions in your account");
- regional.json: what the provider's static data sources answer for each region, asked of the provider itself.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import botocore

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.oracle.aws.terraform_run import Root, TerraformError

DATA = Path(__file__).parents[1] / "src" / "astralint" / "aws" / "data"

ENABLED_BY_DEFAULT = frozenset(
    [
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    ]
)

# Data sources with an argument `region` that answer from a table: further arguments, and a name for the table.
STATIC: list[tuple[str, str, dict[str, Any]]] = [
    ("aws_elb_hosted_zone_id", "aws_elb_hosted_zone_id", {}),
    ("aws_elb_service_account", "aws_elb_service_account", {}),
    ("aws_cloudtrail_service_account", "aws_cloudtrail_service_account", {}),
    ("aws_redshift_service_account", "aws_redshift_service_account", {}),
    ("aws_elastic_beanstalk_hosted_zone", "aws_elastic_beanstalk_hosted_zone", {}),
    ("aws_cloudfront_log_delivery_canonical_user_id", "aws_cloudfront_log_delivery_canonical_user_id", {}),
    ("aws_lb_hosted_zone_id.application", "aws_lb_hosted_zone_id", {"load_balancer_type": "application"}),
    ("aws_lb_hosted_zone_id.network", "aws_lb_hosted_zone_id", {"load_balancer_type": "network"}),
]


def partitions() -> list[dict[str, Any]]:
    source = Path(botocore.__file__).parent / "data" / "partitions.json"
    found = []
    for partition in json.loads(source.read_text())["partitions"]:
        regions = {
            name: {"description": region["description"]}
            | ({"opt_in": True} if partition["id"] == "aws" and name not in ENABLED_BY_DEFAULT else {})
            for name, region in sorted(partition["regions"].items())
            if not name.endswith("-global")
        }
        found.append(
            {
                "name": partition["id"],
                "description": partition["id"],
                "dns_suffix": partition["outputs"]["dnsSuffix"],
                "region_pattern": partition["regionRegex"].strip("^$").replace("\\-", "-"),
                "global_region": partition["outputs"]["implicitGlobalRegion"],
                "regions": regions,
            }
        )
    return found


def ask(root: Root, questions: dict[str, tuple[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Return what the provider answers to data sources; those that it refuses are left out."""
    left = dict(questions)
    while left:
        body: dict[str, Any] = {}
        for name, (kind, arguments) in left.items():
            body.setdefault(kind, {})[name] = arguments
        root.write({"data": body})
        try:
            plan = root.plan()
        except TerraformError as error:
            names = {item["address"].rpartition(".")[2] for item in error.diagnostics if item.get("address")}
            if not names:
                raise
            left = {name: question for name, question in left.items() if name not in names}
            continue
        return {item["name"]: item["values"] for item in plan["prior_state"]["values"]["root_module"]["resources"]}
    return {}


def main() -> None:
    found = partitions()
    with tempfile.TemporaryDirectory() as directory:
        root = Root(Path(directory))
        names = [region for partition in found for region in partition["regions"]]
        regions = ask(root, {f"r{number}": ("aws_region", {"name": name}) for number, name in enumerate(names)})
        described = {values["name"]: values["description"] for values in regions.values()}
        questions = {
            f"q{table}_{number}": (kind, {**arguments, "region": region})
            for table, (_, kind, arguments) in enumerate(STATIC)
            for number, region in enumerate(names)
        }
        answers = ask(root, questions)
    for partition in found:
        for name, region in partition["regions"].items():
            region["description"] = described.get(name, region["description"])
    (DATA / "partitions.json").write_text(json.dumps(found, indent=1) + "\n")
    tables: dict[str, dict[str, dict[str, Any]]] = {name: {} for name, _, _ in STATIC}
    for key, values in answers.items():
        table, number = key[1:].split("_")
        name, _, arguments = STATIC[int(table)]
        tables[name][names[int(number)]] = {
            attribute: value
            for attribute, value in sorted(values.items())
            if value is not None and attribute != "region" and attribute not in arguments
        }
    lines = [f' "{name}": {json.dumps(dict(sorted(table.items())))}' for name, table in sorted(tables.items())]
    (DATA / "regional.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print({name: len(table) for name, table in tables.items()})


if __name__ == "__main__":
    main()
