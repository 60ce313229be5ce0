"""The sources that moto does not serve, and refusals, by a server whose answers botocore's own shapes check."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from astralint.inventory.model import Live
from tests.inventory.shaped_server import TARGETS, Answers, shaped_server

pytest.importorskip("boto3", reason="boto3 is not installed")
pytestmark = pytest.mark.oracle

ACCOUNT, REGION = "111122223333", "eu-west-1"
VIEW = f"arn:aws:resource-explorer-2:{REGION}:{ACCOUNT}:view/all/0"


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answers], Any]:
    @contextmanager
    def serve(answers: Answers) -> Iterator[Any]:
        from astralint.inventory.collect import access

        targets = {**TARGETS, "ResourceGroupsTaggingAPI_20170126": "resourcegroupstaggingapi"}
        with shaped_server(answers, targets) as address:
            monkeypatch.setenv("AWS_ENDPOINT_URL", address)
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
            monkeypatch.setattr(access, "ATTEMPTS", 2)
            yield access.own_access(REGION, None, 2)

    return serve


def listed(access: Any, *types: str, known: Mapping[str, tuple[Live, ...]] | None = None) -> Any:
    from astralint.inventory.collect.listing import Lister

    return Lister(access, ACCOUNT, REGION, "aws", REGION).list(types, known or {}, "key", lambda: False)


def test_the_aggregator_shows_what_its_last_transfer_had(serving: Callable[[Answers], Any]) -> None:
    from astralint.inventory.collect.central import ask_config
    from astralint.inventory.collect.plan import Aggregator

    def row(account: str, region: str, name: str) -> str:
        told = {"accountId": account, "awsRegion": region, "resourceId": f"{account}-{name}", "resourceName": name}
        return json.dumps({**told, "tags": [{"key": "Team", "value": "data"}]})

    def answers(operation: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if operation == "SelectAggregateResourceConfig":
            if "'AWS::Lambda::Function'" not in arguments["Expression"]:
                return {"Results": []}
            if "NextToken" not in arguments:
                return {"Results": [row(ACCOUNT, REGION, "first")], "NextToken": "more"}
            return {"Results": [row(ACCOUNT, REGION, "second"), row("444455556666", REGION, "stale")]}
        statuses = [
            {"SourceId": ACCOUNT, "SourceType": "ACCOUNT", "AwsRegion": REGION, "LastUpdateStatus": "SUCCEEDED"},
            {"SourceId": "444455556666", "SourceType": "ACCOUNT", "AwsRegion": REGION, "LastUpdateStatus": "FAILED"},
        ]
        return {"AggregatedSourceStatusList": statuses}

    with serving(answers) as access:
        found = ask_config(access, Aggregator(ACCOUNT, REGION, "all"), ("aws_lambda_function", "aws_sns_topic"))
    assert list(found) == [(ACCOUNT, REGION, "aws_lambda_function")]
    first, second = found[ACCOUNT, REGION, "aws_lambda_function"]
    assert (first.id, second.id, first.tags) == ("first", "second", {"Team": "data"})


def test_what_the_aggregator_shows_is_not_listed_again(serving: Callable[[Answers], Any]) -> None:
    asked: list[str] = []

    def answers(operation: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(operation)
        return {"ResourceTagMappingList": []}

    known = Live(ACCOUNT, REGION, "aws_codecommit_repository", "code")
    with serving(answers) as access:
        part = listed(access, "aws_codecommit_repository", known={"aws_codecommit_repository": (known,)})
    assert asked == ["GetResources"]
    assert part.resources == (known,)
    assert [(one.type, one.source) for one in part.coverage] == [("aws_codecommit_repository", "config"), ("tags", "")]


def test_resource_explorer_tells_by_arn(serving: Callable[[Answers], Any]) -> None:
    from astralint.inventory.collect.central import ask_explorer

    arns = [
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders",
        f"arn:aws:iam::{ACCOUNT}:role/service/task",
        "arn:aws:new:::thing",
    ]

    def answers(operation: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        assert arguments["ViewArn"] == VIEW
        if "NextToken" not in arguments:
            return {"Resources": [{"Arn": arns[0], "OwningAccountId": ACCOUNT, "Region": REGION}], "NextToken": "more"}
        return {"Resources": [{"Arn": arn, "OwningAccountId": ACCOUNT, "Region": "global"} for arn in arns[1:]]}

    with serving(answers) as access:
        found = list(ask_explorer(access, VIEW))
    assert [(one.region, one.type, one.id) for one in found] == [
        (REGION, "aws_sqs_queue", "orders"),
        ("global", "aws_iam_role", "task"),
    ]


def test_cloud_control_lists_what_has_no_call_of_its_own(serving: Callable[[Answers], Any]) -> None:
    def answers(operation: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if operation == "GetResources":
            tagged = {
                "ResourceARN": f"arn:aws:transfer:{REGION}:{ACCOUNT}:server/s-1",
                "Tags": [{"Key": "a", "Value": "b"}],
            }
            return {"ResourceTagMappingList": [tagged]}
        properties = json.dumps({"ServerId": "s-1"})
        return {
            "TypeName": arguments["TypeName"],
            "ResourceDescriptions": [{"Identifier": "x", "Properties": properties}],
        }

    with serving(answers) as access:
        part = listed(access, "aws_transfer_server")
    (live,) = part.resources
    assert (live.id, live.tags) == ("s-1", {"a": "b"})
    assert part.coverage[0].source == "cloud-control"


@pytest.mark.parametrize(
    ("code", "status", "complete", "message"),
    [
        ("AccessDeniedException", "denied", True, "AccessDeniedException"),
        ("ThrottlingException", "failed", False, "throttled, however often it was tried"),
        ("OptInRequired", "off", True, "OptInRequired"),
        ("UnrecognizedClientException", "failed", False, "AWS does not know these credentials here"),
        ("InternalFailure", "failed", False, "InternalFailure"),
    ],
)
def test_what_is_refused_is_said_and_never_empty(
    serving: Callable[[Answers], Any], code: str, status: str, complete: bool, message: str
) -> None:
    def answers(operation: str, arguments: Mapping[str, Any]) -> Mapping[str, Any] | tuple[int, str]:
        if operation == "GetResources":
            arn = f"arn:aws:codecommit:{REGION}:{ACCOUNT}:code"
            return {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": [{"Key": "a", "Value": "b"}]}]}
        return 400, code

    with serving(answers) as access:
        part = listed(access, "aws_codecommit_repository")
    assert part.coverage[0].status == status
    assert message in part.coverage[0].message
    # One that is denied stays so: calling once more tells nothing else.
    assert part.complete is complete
    shown = ["code"] if status in ("denied", "failed") else []
    assert [live.id for live in part.resources] == shown


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ExpiredTokenException", "the credentials have expired: log in again"),
        ("InvalidSignatureException", "does this machine's clock agree?"),
    ],
)
def test_credentials_that_can_do_nothing_end_it(serving: Callable[[Answers], Any], code: str, message: str) -> None:
    from astralint.inventory.collect.failures import ExpiredError

    with serving(lambda *_: (400, code)) as access, pytest.raises(ExpiredError) as raised:
        listed(access, "aws_codecommit_repository")
    assert message in raised.value.message


def test_tags_that_were_not_seen_are_said(serving: Callable[[Answers], Any]) -> None:
    def answers(operation: str, arguments: Mapping[str, Any]) -> Mapping[str, Any] | tuple[int, str]:
        return (400, "AccessDeniedException") if operation == "GetResources" else {"repositories": []}

    with serving(answers) as access:
        part = listed(access, "aws_codecommit_repository")
    assert [(one.type, one.status) for one in part.coverage] == [
        ("aws_codecommit_repository", "complete"),
        ("tags", "denied"),
    ]


def test_every_call_of_the_table_is_one_of_aws() -> None:
    import botocore.session
    import jmespath

    from astralint.inventory.tables import collected_types, skeletons

    session = botocore.session.Session()
    for name, row in collected_types().items():
        names = {operation.lower() for operation in session.get_service_model(row.service).operation_names}
        for call in [row.call, *([row.detail.call] if row.detail is not None else [])]:
            assert call.replace("_", "") in names, (name, call)
        jmespath.compile(row.items)
    for skeleton in skeletons().values():
        for path in skeleton.arguments.values():
            assert path.startswith("$") or jmespath.compile(path)
