"""What is asked once for all accounts: the organization, AWS Config's aggregator, Resource Explorer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from astralint.inventory.collect.access import Access
from astralint.inventory.collect.failures import failure_of
from astralint.inventory.collect.plan import Aggregator, Target
from astralint.inventory.collect.reading import live_of_arn
from astralint.inventory.model import GLOBAL, Live
from astralint.inventory.tables import collected_types, sources

COLUMNS = "resourceId, resourceName, resourceType, arn, accountId, awsRegion, resourceCreationTime, tags"
GONE = ("ResourceDeleted", "ResourceDeletedNotRecorded")

Shown = dict[tuple[str, str, str], list[Live]]
"""What a source shows, by account, region and type."""


class Organization(msgspec.Struct, frozen=True):
    """The organization as AWS tells it; `message` says why it does not."""

    id: str = ""
    management: str = ""
    accounts: tuple[Target, ...] = ()
    message: str = ""


def ask_organization(access: Access) -> Organization:
    """Return the organization of the caller."""
    try:
        client = access.client("organizations")
        told = client.describe_organization()["Organization"]
        accounts = tuple(
            Target(account["Id"], account.get("Name", ""))
            for page in client.get_paginator("list_accounts").paginate()
            for account in page["Accounts"]
            if account.get("Status", "ACTIVE") == "ACTIVE"
        )
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        return Organization(message=failure.message)
    return Organization(told["Id"], told.get("MasterAccountId", ""), accounts)


def ask_config(access: Access, aggregator: Aggregator, types: tuple[str, ...]) -> Shown:
    """Return what AWS Config shows, of accounts and regions whose last transfer succeeded; raises what botocore raises."""
    client = access.client("config", aggregator.region)
    sound = {
        (status.get("SourceId"), status.get("AwsRegion"))
        for page in client.get_paginator("describe_configuration_aggregator_sources_status").paginate(
            ConfigurationAggregatorName=aggregator.name
        )
        for status in page["AggregatedSourceStatusList"]
        if status.get("SourceType") == "ACCOUNT" and status.get("LastUpdateStatus") == "SUCCEEDED"
    }
    whole = {
        status.get("AwsRegion")
        for page in client.get_paginator("describe_configuration_aggregator_sources_status").paginate(
            ConfigurationAggregatorName=aggregator.name
        )
        for status in page["AggregatedSourceStatusList"]
        if status.get("SourceType") == "ORGANIZATION" and status.get("LastUpdateStatus") == "SUCCEEDED"
    }
    found: Shown = {}
    for name in types:
        recorded = sources().config.get(name)
        if recorded is None:
            continue
        query = f"SELECT {COLUMNS} WHERE resourceType = '{recorded.type}'"
        pages = client.get_paginator("select_aggregate_resource_config").paginate(
            Expression=query, ConfigurationAggregatorName=aggregator.name
        )
        for live, region in (one for page in pages for text in page["Results"] for one in _of_config(name, text)):
            if (live.account, region) in sound or region in whole:
                found.setdefault((live.account, live.region, name), []).append(live)
    return found


def _of_config(name: str, text: str) -> Iterator[tuple[Live, str]]:
    row, recorded = collected_types()[name], sources().config[name]
    told: dict[str, Any] = json.loads(text)
    id_ = told.get(recorded.id)
    if not id_:
        return
    region = str(told.get("awsRegion", ""))
    tags = {str(tag.get("key", "")): str(tag.get("value", "")) for tag in told.get("tags") or ()}
    yield (
        Live(
            str(told.get("accountId", "")),
            GLOBAL if row.scope == "global" else region,
            name,
            str(id_),
            str(told.get("arn") or ""),
            str(told.get("resourceName") or ""),
            str(told.get("resourceCreationTime") or ""),
            tags,
        ),
        region,
    )


def ask_explorer(access: Access, view: str) -> Iterator[Live]:
    """Yield what Resource Explorer shows; raises what botocore raises."""
    client = access.client("resource-explorer-2", view.split(":")[3] if view.count(":") >= 5 else "")
    for page in client.get_paginator("list_resources").paginate(ViewArn=view):
        for told in page["Resources"]:
            live = live_of_arn(told["Arn"], _explorer_tags(told))
            if live is not None:
                account = live.account or told.get("OwningAccountId", "")
                region = live.region or told.get("Region", "")
                yield msgspec.structs.replace(live, account=account, region=region)


def _explorer_tags(told: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in told.get("Properties", ()):
        if one.get("Name") == "tags" and isinstance(one.get("Data"), list):
            found |= {str(tag.get("Key")): str(tag.get("Value")) for tag in one["Data"]}
    return found
