"""What is planted in a moto server's accounts, as a person at the console would make it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

Clients = Callable[[str, str], Any]
"""From a service and a region to a client of one account."""

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
DOCUMENT = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
)


def clients_of(server: str, account: str) -> Clients:
    """Return what makes the clients of one account."""
    import boto3

    keys: dict[str, Any] = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "endpoint_url": server}
    told = boto3.client("sts", region_name="us-east-1", **keys).assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/reader", RoleSessionName="test"
    )["Credentials"]
    keys |= {
        "aws_access_key_id": told["AccessKeyId"],
        "aws_secret_access_key": told["SecretAccessKey"],
        "aws_session_token": told["SessionToken"],
    }
    session = boto3.Session()
    return lambda service, region: session.client(service, region_name=region, **keys)


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return None\n")
    return stream.getvalue()


def plant_global(clients: Clients, word: str) -> set[tuple[str, str]]:
    """Make things that belong to no region; returns their types and ids."""
    iam = clients("iam", "us-east-1")
    iam.create_user(UserName=f"{word}-user")
    key = iam.create_access_key(UserName=f"{word}-user")["AccessKey"]["AccessKeyId"]
    iam.create_role(RoleName=f"{word}-role", AssumeRolePolicyDocument=TRUST)
    policy = iam.create_policy(PolicyName=f"{word}-policy", PolicyDocument=DOCUMENT)["Policy"]["Arn"]
    iam.create_group(GroupName=f"{word}-group")
    iam.create_instance_profile(InstanceProfileName=f"{word}-profile")
    provider = iam.create_open_id_connect_provider(Url=f"https://{word}.example.com", ThumbprintList=["0" * 40])
    clients("s3", "us-east-1").create_bucket(Bucket=f"{word}-bucket")
    zone = clients("route53", "us-east-1").create_hosted_zone(Name=f"{word}.example.com", CallerReference=word)
    number = zone["HostedZone"]["Id"].rpartition("/")[2]
    change = {"Name": f"www.{word}.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    clients("route53", "us-east-1").change_resource_record_sets(
        HostedZoneId=number, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": change}]}
    )
    return {
        ("aws_iam_user", f"{word}-user"),
        ("aws_iam_access_key", key),
        ("aws_iam_role", f"{word}-role"),
        ("aws_iam_policy", policy),
        ("aws_iam_group", f"{word}-group"),
        ("aws_iam_instance_profile", f"{word}-profile"),
        ("aws_iam_openid_connect_provider", provider["OpenIDConnectProviderArn"]),
        ("aws_s3_bucket", f"{word}-bucket"),
        ("aws_route53_zone", number),
        ("aws_route53_record", f"{number}_www.{word}.example.com_A"),
    }


def plant_network(clients: Clients, region: str, word: str) -> set[tuple[str, str]]:
    """Make things of EC2."""
    ec2 = clients("ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(VpcId=vpc, GroupName=f"{word}-group", Description="by hand")["GroupId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    volume = ec2.create_volume(Size=1, AvailabilityZone=f"{region}a")["VolumeId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_key_pair(KeyName=f"{word}-key")
    template = ec2.create_launch_template(
        LaunchTemplateName=f"{word}-template", LaunchTemplateData={"InstanceType": "t3.micro"}
    )["LaunchTemplate"]["LaunchTemplateId"]
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    return {
        ("aws_vpc", vpc),
        ("aws_subnet", subnet),
        ("aws_security_group", group),
        ("aws_internet_gateway", gateway),
        ("aws_ebs_volume", volume),
        ("aws_eip", address),
        ("aws_key_pair", f"{word}-key"),
        ("aws_launch_template", template),
        ("aws_ebs_snapshot", snapshot),
    }


def plant_services(clients: Clients, region: str, word: str, account: str) -> set[tuple[str, str]]:
    """Make things of other services."""
    role = f"arn:aws:iam::{account}:role/{word}-role"
    queue = clients("sqs", region).create_queue(QueueName=f"{word}-queue")["QueueUrl"]
    topic = clients("sns", region).create_topic(Name=f"{word}-topic")["TopicArn"]
    clients("dynamodb", region).create_table(
        TableName=f"{word}-table",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    clients("lambda", region).create_function(
        FunctionName=f"{word}-function",
        Runtime="python3.12",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": _zip()},
    )
    clients("ecr", region).create_repository(repositoryName=f"{word}/repository")
    cluster = clients("ecs", region).create_cluster(clusterName=f"{word}-cluster")["cluster"]["clusterArn"]
    clients("kinesis", region).create_stream(StreamName=f"{word}-stream", ShardCount=1)
    key = clients("kms", region).create_key(KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    clients("kms", region).create_alias(AliasName=f"alias/{word}", TargetKeyId=key)
    secret = clients("secretsmanager", region).create_secret(Name=f"{word}-secret", SecretString="planted")["ARN"]
    clients("ssm", region).put_parameter(Name=f"/{word}/parameter", Value="planted", Type="String")
    clients("logs", region).create_log_group(logGroupName=f"/{word}/log")
    clients("events", region).put_rule(Name=f"{word}-rule", ScheduleExpression="rate(1 day)")
    machine = clients("stepfunctions", region).create_state_machine(
        name=f"{word}-machine", definition='{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}', roleArn=role
    )["stateMachineArn"]
    clients("cloudwatch", region).put_metric_alarm(
        AlarmName=f"{word}-alarm",
        MetricName="Errors",
        Namespace="AWS/Lambda",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    certificate = clients("acm", region).request_certificate(DomainName=f"{word}.example.com")["CertificateArn"]
    files = clients("efs", region).create_file_system(CreationToken=word)["FileSystemId"]
    pool = clients("cognito-idp", region).create_user_pool(PoolName=f"{word}-pool")["UserPool"]["Id"]
    api = clients("apigateway", region).create_rest_api(name=f"{word}-api")["id"]
    return {
        ("aws_sqs_queue", queue),
        ("aws_sns_topic", topic),
        ("aws_dynamodb_table", f"{word}-table"),
        ("aws_lambda_function", f"{word}-function"),
        ("aws_ecr_repository", f"{word}/repository"),
        ("aws_ecs_cluster", cluster),
        ("aws_kinesis_stream", f"{word}-stream"),
        ("aws_kms_key", key),
        ("aws_kms_alias", f"alias/{word}"),
        ("aws_secretsmanager_secret", secret),
        ("aws_ssm_parameter", f"/{word}/parameter"),
        ("aws_cloudwatch_log_group", f"/{word}/log"),
        ("aws_cloudwatch_event_rule", f"{word}-rule"),
        ("aws_sfn_state_machine", machine),
        ("aws_cloudwatch_metric_alarm", f"{word}-alarm"),
        ("aws_acm_certificate", certificate),
        ("aws_efs_file_system", files),
        ("aws_cognito_user_pool", pool),
        ("aws_api_gateway_rest_api", api),
    }
