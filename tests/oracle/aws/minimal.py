"""Minimal configurations of resource types, made up from the provider's schema and corrected by its complaints."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

ACCOUNT = "123456789012"
ARN = f"arn:aws:iam::{ACCOUNT}:role/example"

# Where complaints don't lead to what the provider wants.
KNOWN: dict[str, dict[str, Any]] = {
    "aws_account_alternate_contact": {"phone_number": "+1234567890"},
    "aws_account_primary_contact": {"phone_number": "+1234567890"},
    "aws_codepipeline": {
        "stage": [
            {
                "name": name,
                "action": [{"name": "a", "category": category, "owner": "AWS", "provider": provider, "version": "1"}],
            }
            for name, category, provider in (("Source", "Source", "S3"), ("Build", "Build", "CodeBuild"))
        ],
    },
    "aws_dms_replication_subnet_group": {"subnet_ids": ["subnet-0", "subnet-1"]},
    "aws_ecs_task_definition": {"container_definitions": "[]"},
    "aws_iam_saml_provider": {"saml_metadata_document": "a" * 1000},
    "aws_iam_service_linked_role": {"aws_service_name": "elasticbeanstalk.amazonaws.com"},
    "aws_instance": {"ami": "ami-0123456789abcdef0", "instance_type": "t3.micro"},
    "aws_mwaa_environment": {
        "network_configuration": [{"security_group_ids": ["sg-0"], "subnet_ids": ["subnet-0", "subnet-1"]}]
    },
    "aws_network_acl_rule": {"protocol": "tcp", "cidr_block": "10.0.0.0/16"},
    "aws_organizations_organizational_unit": {"parent_id": "r-abcd"},
    "aws_route53_resolver_endpoint": {"ip_address": [{"subnet_id": "subnet-0"}, {"subnet_id": "subnet-1"}]},
    "aws_security_group_rule": {"protocol": "tcp", "cidr_blocks": ["10.0.0.0/16"], "type": "ingress"},
    "aws_ssoadmin_account_assignment": {"principal_id": "01234567-89ab-cdef-0123-456789abcdef"},
    "aws_transfer_ssh_key": {"server_id": "s-0123456789abcdef0"},
    "aws_transfer_user": {"server_id": "s-0123456789abcdef0"},
}

_BALANCING = f"arn:aws:elasticloadbalancing:eu-west-1:{ACCOUNT}"
_FORWARD = {"type": "forward", "target_group_arn": f"{_BALANCING}:targetgroup/example/0123456789abcdef"}
_BUILDER = f"arn:aws:imagebuilder:eu-west-1:{ACCOUNT}"
KNOWN |= {
    "aws_lb_target_group": {"name": "example", "port": 80, "protocol": "HTTP", "vpc_id": "vpc-0123456789abcdef0"},
    "aws_lb_listener": {
        "load_balancer_arn": f"{_BALANCING}:loadbalancer/app/example/0123456789abcdef",
        "port": 80,
        "default_action": [_FORWARD],
    },
    "aws_lb_listener_rule": {
        "listener_arn": f"{_BALANCING}:listener/app/example/0123456789abcdef/0123456789abcdef",
        "action": [_FORWARD],
        "condition": [{"path_pattern": [{"values": ["/x"]}]}],
    },
    "aws_codebuild_project": {
        "name": "example",
        "service_role": ARN,
        "artifacts": [{"type": "NO_ARTIFACTS"}],
        "environment": [
            {"compute_type": "BUILD_GENERAL1_SMALL", "image": "aws/codebuild/standard:7.0", "type": "LINUX_CONTAINER"}
        ],
        "source": [{"type": "NO_SOURCE", "buildspec": "version: 0.2"}],
    },
    "aws_dynamodb_table": {
        "name": "example",
        "hash_key": "id",
        "read_capacity": 1,
        "write_capacity": 1,
        "attribute": [{"name": "id", "type": "S"}],
    },
    "aws_kinesis_stream": {"name": "example", "shard_count": 1},
    "aws_kinesis_firehose_delivery_stream": {
        "name": "example",
        "destination": "extended_s3",
        "extended_s3_configuration": [{"bucket_arn": "arn:aws:s3:::example", "role_arn": ARN}],
    },
    "aws_lambda_function": {
        "function_name": "example",
        "role": ARN,
        "handler": "a.b",
        "runtime": "python3.12",
        "s3_bucket": "example",
        "s3_key": "a.zip",
    },
    "aws_sfn_state_machine": {
        "name": "example",
        "role_arn": ARN,
        "definition": '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}',
    },
    "aws_api_gateway_authorizer": {
        "name": "example",
        "rest_api_id": "example",
        "type": "COGNITO_USER_POOLS",
        "provider_arns": [f"arn:aws:cognito-idp:eu-west-1:{ACCOUNT}:userpool/eu-west-1_abcdefghi"],
    },
    "aws_imagebuilder_image_pipeline": {
        "name": "example",
        "image_recipe_arn": f"{_BUILDER}:image-recipe/example/1.0.0",
        "infrastructure_configuration_arn": f"{_BUILDER}:infrastructure-configuration/example",
    },
}
KNOWN |= {f"aws_alb{kind}": KNOWN[f"aws_lb{kind}"] for kind in ("_target_group", "_listener", "_listener_rule")}

# What makes a resource that can be planned one that can also be created.
_TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
_POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
APPLIED: dict[str, dict[str, Any]] = {
    "aws_iam_role": {"name": "example", "assume_role_policy": _TRUST, "path": "/a/b/"},
    "aws_iam_user": {"path": "/people/"},
    "aws_iam_policy": {"name": "example", "policy": _POLICY},
    "aws_iam_instance_profile": {"name": "example"},
    "aws_iam_role_policy": {"name": "inline", "policy": _POLICY, "role": "example"},
    "aws_iam_user_policy": {"name": "inline", "policy": _POLICY, "user": "example"},
    "aws_iam_group_policy": {"name": "inline", "policy": _POLICY, "group": "example"},
    "aws_iam_openid_connect_provider": {
        "url": "https://token.actions.githubusercontent.com",
        "client_id_list": ["sts.amazonaws.com"],
        "thumbprint_list": ["a" * 40],
    },
    "aws_s3_bucket": {"bucket": "example-bucket"},
    "aws_sqs_queue": {"name": "example.fifo", "fifo_queue": True},
    "aws_sns_topic": {"name": "example"},
    "aws_cloudwatch_log_group": {"name": "/example/a"},
    "aws_kms_alias": {"name": "alias/example"},
    "aws_dynamodb_table": {
        "hash_key": "id",
        "billing_mode": "PAY_PER_REQUEST",
        "attribute": [{"name": "id", "type": "S"}],
    },
    "aws_cloudwatch_event_rule": {"name": "example", "event_pattern": '{"source":["aws.ec2"]}'},
    "aws_ssm_parameter": {"name": "/a/b", "value": "c", "type": "String"},
    "aws_secretsmanager_secret": {"name": "example"},
    "aws_kinesis_stream": {"shard_count": 1},
    "aws_sfn_state_machine": {
        "name": "example",
        "definition": '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}',
    },
    "aws_iam_group_membership": {"group": "example", "users": ["example"]},
    "aws_iam_policy_attachment": {"users": ["example"], "policy_arn": f"arn:aws:iam::{ACCOUNT}:policy/example"},
    "aws_iam_account_alias": {"account_alias": "example"},
    "aws_launch_configuration": {"name": "example", "instance_type": "t3.micro"},
}

# By the end of the attribute's name; the first that fits counts.
BY_NAME: list[tuple[str, Any]] = [
    ("maintenance_window", "sun:05:00-sun:06:00"),
    ("role_arn", ARN),
    ("arn", ARN),
    ("arns", ARN),
    ("policy", "{}"),
    ("policy_document", "{}"),
    ("json", "{}"),
    ("definition", "{}"),
    ("cidr", "10.0.0.0/16"),
    ("cidr_block", "10.0.0.0/16"),
    ("ip_address", "10.0.0.1"),
    ("account_id", ACCOUNT),
    ("account", ACCOUNT),
    ("email", "a@example.com"),
    ("email_address", "a@example.com"),
    ("domain", "example.com"),
    ("domain_name", "example.com"),
    ("zone_id", "Z0123456789ABCDEFGHIJ"),
    ("vpc_id", "vpc-0123456789abcdef0"),
    ("subnet_id", "subnet-0123456789abcdef0"),
    ("subnet_ids", "subnet-0123456789abcdef0"),
    ("instance_id", "i-0123456789abcdef0"),
    ("url", "https://example.com/x"),
    ("uri", "https://example.com/x"),
    ("bucket", "example-bucket"),
    ("bucket_name", "example-bucket"),
    ("region", "eu-west-1"),
    ("availability_zone", "eu-west-1a"),
    ("time", "2030-01-01T00:00:00Z"),
    ("date", "2030-01-01T00:00:00Z"),
    ("engine_version", "1.0"),
    ("password", "Example-password-1"),
    ("username", "example"),
    ("port", 80),
    ("protocol", "HTTP"),
]


def sample(name: str, cty: Any) -> Any:
    """Return a plausible value of a type for an attribute of a name."""
    if isinstance(cty, list):
        kind, inner = cty[0], cty[1]
        if kind in {"list", "set"}:
            return [sample(name, inner)]
        if kind == "map":
            return {"key": sample("", inner)}
        return {field: sample(field, kind_of) for field, kind_of in inner.items()}
    if cty == "bool":
        return True
    for ending, value in BY_NAME:
        if name.endswith(ending):
            if cty == "number":
                return value if isinstance(value, int) else 1
            return str(value)
    return 1 if cty == "number" else "example"


def minimal(block: dict[str, Any]) -> dict[str, Any]:
    """Return the least that the schema (as Terraform writes it in JSON) asks for."""
    body: dict[str, Any] = {}
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("required"):
            body[name] = sample(name, attribute["type"])
    for name, nested in block.get("block_types", {}).items():
        if nested.get("min_items", 0):
            body[name] = [minimal(nested["block"]) for _ in range(nested["min_items"])]
    return body


class Minimal:
    """The configuration of one resource, as it is corrected; `also` is a nested block that is wanted besides."""

    def __init__(self, block: dict[str, Any], also: str | None = None, start: Any = None) -> None:
        self.block = block
        self.body: dict[str, Any] = minimal(block) if start is None else copy.deepcopy(start)
        if also is not None:
            self.body[also] = [minimal(block["block_types"][also]["block"])]

    def _place(self, path: str) -> tuple[dict[str, Any], str, dict[str, Any]] | None:
        """Return where an attribute (`rule.0.action`, or only its last name) stands: body, name, schema."""
        steps = [step for step in re.split(r"[.\[\]\"]+", path) if step and not step.isdigit()]
        body, block = self.body, self.block
        for step in steps[:-1]:
            nested = block.get("block_types", {}).get(step)
            if nested is None:
                break
            if step not in body:
                body[step] = [minimal(nested["block"])]
            body, block = body[step][0], nested["block"]
        if not steps:
            return None
        return self._find(body, block, steps[-1]) or self._find(self.body, self.block, steps[-1])

    def _find(
        self, body: dict[str, Any], block: dict[str, Any], name: str
    ) -> tuple[dict[str, Any], str, dict[str, Any]] | None:
        if name in block.get("attributes", {}) or name in block.get("block_types", {}):
            return body, name, block
        for inner_name, nested in block.get("block_types", {}).items():
            if inner_name in body:
                found = self._find(body[inner_name][0], nested["block"], name)
                if found:
                    return found
        return None

    def _set(self, path: str, value: Any) -> bool:
        place = self._place(path)
        if place is None:
            return False
        body, name, block = place
        if name in block.get("block_types", {}):
            if name in body:
                return False
            body[name] = [minimal(block["block_types"][name]["block"])]
            return True
        cty = block["attributes"][name]["type"]
        if value is None:
            value = sample(name, cty)
        elif isinstance(cty, list):
            value = [value] if cty[0] in {"list", "set"} else {"key": value}
        elif cty == "number" and not str(value).lstrip("-").isdigit():
            return False
        if body.get(name) == value:
            return False
        body[name] = value
        return True

    def _drop(self, path: str) -> bool:
        place = self._place(path)
        if place is None or place[1] not in place[0]:
            return False
        del place[0][place[1]]
        return True

    def correct_all(self, complaints: list[str]) -> bool:
        """Change the configuration as complaints suggest; False where they suggest nothing."""
        seen: set[str] = set()
        changed = False
        for text in complaints:
            plain = " ".join(text.split())
            # The same alternatives are complained of once for each of them.
            group = re.search(r"one of [`\[]([^`\]]+)|conflicts with ([\w.]+)", plain)
            key = group[0] if group else plain
            if key not in seen:
                seen.add(key)
                changed = self.correct(plain) or changed
        return changed

    def correct(self, text: str) -> bool:
        """Change the configuration as a complaint suggests; False where it suggests nothing."""
        match = re.search(r"but `([^`]+)` were specified", text)
        if match:
            return any(self._drop(name) for name in re.split(r"[,\s]+", match[1])[1:])
        match = re.search(r"conflicts with ([\w.]+)", text)
        if match:
            return self._drop(match[1])
        for pattern, value in COMPLAINTS:
            match = re.search(pattern, text)
            if match:
                names = [name for name in re.split(r"[,\s]+|\.<\.", match[1]) if name and name != "<."]
                wanted = value if value is not GIVEN else match[2].rstrip(",")
                if any(self._set(name, wanted) for name in names):
                    return True
        return False


GIVEN = object()
_P = r"\"?([\w.\[\]\"]+?)\"?"
COMPLAINTS: list[tuple[str, Any]] = [
    (rf'expected {_P} to be one of \["?([^"\] ]+)', GIVEN),
    (rf'Attribute {_P} value must be one of: \["(?:\\")?([^"\\]+)', GIVEN),
    (rf"Path: {_P} Given Value: .*Valid Values: \[(\S+)", GIVEN),
    (r"(?:one of|all of) `([^`]+)`", None),
    (r"(?:one|One) of these attributes must be configured: \[([^\]]+)", None),
    (r"when one \(and only one\) of \[([^\]]+)", None),
    (rf"Block {_P} must have a configuration value", None),
    (rf"configuration value for the {_P} attribute", None),
    (rf"expected {_P} to be (?:in the range|at least|between) \(?(\d+)", GIVEN),
    (rf"Attribute {_P} value must be (?:between|at least) (\d+)", GIVEN),
    (rf"{_P} \([^)]*\) is an invalid ARN", ARN),
    (rf"cannot be parsed as an ARN. Path: {_P} ", ARN),
    (rf"Path: {_P} Given Value: \S+$", "{}"),
    (rf"{_P} (?:contains an invalid JSON|is an empty string)", "{}"),
    (r'The argument "(\w+)" is required', None),
    (r'At least (?:one|1) "?(\w+)"? blocks? (?:is|are) required', None),
    (rf"expected {_P} to contain a valid IP", "10.0.0.1"),
    (rf"expected {_P} to (?:be|contain) a.* CIDR", "10.0.0.0/16"),
    (rf"Attribute {_P} value must be a valid IPv4 CIDR", "10.0.0.0/16"),
    (rf"expected {_P} to be a valid UUID", "01234567-89ab-cdef-0123-456789abcdef"),
    (rf'"{_P}" doesn\'t look like AWS Region', "eu-west-1"),
    (rf'"{_P}" doesn\'t look like AWS Account', ACCOUNT),
    (rf'"{_P}" must be \* or a 12 digit', ACCOUNT),
    (rf'"{_P}" \("\w+"\) must be a (?:32|64)-bit integer', "64512"),
    (rf"invalid value for {_P} \(must begin with s3://", "s3://example/x"),
    (rf"invalid value for {_P} \(.*fully qualified", "example.com"),
    (rf"invalid value for {_P} \(must be a valid action", "lambda:InvokeFunction"),
    (rf"Attribute {_P} (?:must conform to: |)\^dzd", "dzd_0123456789abcd"),
    (rf'"{_P}" must be the region name', "eu-west-1_abcdefghi"),
    (rf"{_P}: cannot parse .* as int", "1"),
    (rf"expected value of {_P} to match regular expression .*LATEST", "1"),
    (rf"invalid value for {_P} ", "example-0123456789"),
    (rf"expected length of {_P} to be in the range \((\d+)", "aaaaaaaaaaaa"),
]
