"""Facts about AWS that depend on nothing in an account: global types, known accounts, static data sources."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from astralint.aws.managed_policies import is_managed_policy, managed_policy_path
from astralint.aws.partitions import Partition, partition_of, partitions
from astralint.aws.plain import Plain, Text, Unknown, as_text, simplify
from astralint.aws.policy_document import render
from astralint.source.partial import Hole, PartialText

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DATA = Path(__file__).parent / "data"


class KnownAccount(msgspec.Struct, frozen=True):
    """An account that AWS or a vendor made public as its own."""

    id: str
    name: str
    owner: Literal["aws", "vendor"]


class _KnownAccounts(msgspec.Struct):
    accounts: list[KnownAccount]


class _GlobalTypes(msgspec.Struct):
    prefixes: tuple[str, ...]
    regional_prefixes: tuple[str, ...]
    managed: frozenset[str]
    data: frozenset[str]
    either: frozenset[str]
    other_region: dict[str, frozenset[str]]


@cache
def _global_types() -> _GlobalTypes:
    return msgspec.json.decode((_DATA / "global_types.json").read_bytes(), type=_GlobalTypes)


@cache
def _regional() -> dict[str, dict[str, dict[str, Any]]]:
    return msgspec.json.decode((_DATA / "regional.json").read_bytes(), type=dict[str, dict[str, dict[str, Any]]])


@cache
def _known_accounts() -> dict[str, KnownAccount]:
    found = msgspec.json.decode((_DATA / "known_accounts.json").read_bytes(), type=_KnownAccounts)
    return {account.id: account for account in found.accounts}


@cache
def _service_accounts() -> dict[str, KnownAccount]:
    """Return the accounts from which AWS's services deliver logs, of the recorded regional tables."""
    found: dict[str, KnownAccount] = {}
    for table, name in (
        ("aws_elb_service_account", "Elastic Load Balancing"),
        ("aws_cloudtrail_service_account", "AWS CloudTrail"),
        ("aws_redshift_service_account", "Amazon Redshift"),
    ):
        for region, values in _regional()[table].items():
            found.setdefault(values["id"], KnownAccount(values["id"], f"{name} ({region})", "aws"))
    return found


def known_account(number: str) -> KnownAccount | None:
    """Return what is publicly known of an account number: AWS's own, or a vendor's."""
    return _known_accounts().get(number) or _service_accounts().get(number)


def is_global(type: str, mode: Literal["managed", "data"] = "managed") -> bool:
    """Whether resources of a type belong to no region."""
    table = _global_types()
    if type in (table.managed if mode == "managed" else table.data):
        return True
    return type.startswith(table.prefixes) and not type.startswith(table.regional_prefixes)


def has_region(type: str, mode: str = "managed") -> bool:
    """Whether `region` on a resource or data source is the region that it is in (version 6 of the provider).

    Global types have no such argument, except some that got one in later versions; of a few types an older argument of
    that name means something else.
    """
    table = _global_types()
    if not type.startswith("aws_") or type in table.other_region.get(mode, ()):
        return False
    return type in table.either or not is_global(type, "data" if mode == "data" else "managed")


# Data sources


class _Place:
    """Where a data source is read."""

    def __init__(self, account: Text, region: Text, partition: Text, default_tags: Mapping[str, Plain]) -> None:
        self.account = account
        self.region = region
        self.partition = partition
        self.default_tags = default_tags

    def region_of(self, config: Mapping[str, Plain], name: str = "region") -> Text:
        """Return the region that an argument names, or else the provider's."""
        configured = as_text(config.get(name))
        return configured or self.region

    def known_partition(self, region: Text) -> Partition | None:
        if isinstance(region, str):
            return partition_of(region)
        return partitions().get(self.partition) if isinstance(self.partition, str) else None


def data_source(
    type: str,
    config: Mapping[str, Plain],
    account: Text,
    region: Text,
    partition: Text = "aws",
    *,
    default_tags: Mapping[str, Plain] | None = None,
) -> dict[str, Plain] | None:
    """Return the attributes of a data source that depends on AWS's rules alone; None for all others.

    The result holds what is computed, not what is configured. What is not known is Unknown, or text with holes;
    a region that a table lacks makes the whole answer None.
    """
    answer = _DATA_SOURCES.get(type)
    if answer is None:
        return None
    found = answer(config, _Place(account, region, partition, default_tags or {}))
    return found and {name: value for name, value in found.items() if config.get(name) is None}


def data_source_types() -> tuple[str, ...]:
    """Return the data sources that `data_source` answers, sorted."""
    return tuple(sorted(_DATA_SOURCES))


def _caller_identity(_: Mapping[str, Plain], place: _Place) -> dict[str, Plain]:
    who = Hole("it depends on who runs Terraform")
    arn = PartialText.of("arn:", place.partition, ":", who, "::", place.account, ":", who)
    return {"account_id": place.account, "id": place.account, "arn": arn, "user_id": Unknown(who.reason)}


def _partition(_: Mapping[str, Plain], place: _Place) -> dict[str, Plain]:
    known = partitions().get(place.partition) if isinstance(place.partition, str) else None
    reason = Unknown("the partition is not known")
    return {
        "id": place.partition,
        "partition": place.partition,
        "dns_suffix": known.dns_suffix if known else reason,
        "reverse_dns_prefix": known.reverse_dns_prefix if known else reason,
    }


def _region(config: Mapping[str, Plain], place: _Place) -> dict[str, Plain]:
    # Version 6 of the provider calls the argument `region`.
    region = place.region_of(config, "name" if as_text(config.get("name")) else "region")
    endpoint = as_text(config.get("endpoint"))
    if isinstance(endpoint, str) and endpoint.startswith("ec2."):
        region = endpoint.split(".")[1]
    elif isinstance(endpoint, PartialText):
        region = PartialText.of(Hole(f"it depends on {endpoint}"))
    partition = place.known_partition(region)
    known = partition.regions.get(region) if partition and isinstance(region, str) else None
    suffix = partition.dns_suffix if partition else PartialText.of(Hole("the partition is not known"))
    return {
        "id": region,
        "name": region,
        "endpoint": simplify(PartialText.of("ec2.", region, ".", suffix)),
        "description": known.description if known else Unknown("the region is not known"),
    }


def _regions(_: Mapping[str, Plain], place: _Place) -> dict[str, Plain]:
    return {"id": place.partition, "names": Unknown("which regions there are depends on the account")}


_ARN_FIELDS = ("partition", "service", "region", "account", "resource")


def _arn(config: Mapping[str, Plain], _: _Place) -> dict[str, Plain] | None:
    text = as_text(config.get("arn"))
    if text is None:
        return None
    fields: list[list[str | Hole]] = [[]]
    certain: int | None = None
    for part in (text,) if isinstance(text, str) else text.parts:
        if isinstance(part, Hole):
            # A hole with a symbol is an account; any other may hold colons.
            if part.symbol is None and len(fields) <= 5 and certain is None:
                certain = len(fields) - 1
            fields[-1].append(part)
            continue
        pieces = part.split(":", 6 - len(fields))
        fields[-1].append(pieces[0])
        fields.extend([piece] for piece in pieces[1:])
    if certain is None and (len(fields) != 6 or fields[0] != ["arn"]):
        return None
    answer: dict[str, Plain] = {"id": text}
    for number, name in enumerate(_ARN_FIELDS, start=1):
        if certain is not None and number >= certain:
            answer[name] = Unknown("the ARN is known only in part")
        else:
            answer[name] = simplify(PartialText.of(*fields[number]))
    return answer


# Services whose principals end in the partition's own suffix; everywhere else it is amazonaws.com.
_OWN_SUFFIX = {
    "aws-iso": frozenset({"cloudhsm", "config", "logs", "workspaces"}),
    "aws-iso-b": frozenset({"dms", "logs"}),
    "aws-cn": frozenset({"codedeploy", "elasticmapreduce", "logs"}),
}


def _service_principal(config: Mapping[str, Plain], place: _Place) -> dict[str, Plain] | None:
    service = as_text(config.get("service_name"))
    if service is None:
        return None
    region = place.region_of(config)
    partition = place.known_partition(region)
    suffix: Text = "amazonaws.com"
    if partition is None:
        suffix = PartialText.of(Hole("the partition is not known"))
    elif service in _OWN_SUFFIX.get(partition.name, ()):
        suffix = partition.dns_suffix
    return {
        "id": simplify(PartialText.of(service, ".", region, ".", suffix)),
        "name": simplify(PartialText.of(service, ".", suffix)),
        "suffix": suffix,
        "region": region,
    }


def _policy_document(config: Mapping[str, Plain], _: _Place) -> dict[str, Plain]:
    rendered = render(config)
    return {"json": rendered.json, "minified_json": rendered.minified_json, "id": rendered.id}


def _managed_policy(config: Mapping[str, Plain], place: _Place) -> dict[str, Plain] | None:
    """Return what the ARN or the name of a policy that AWS manages says; None for any other policy."""
    arn, name = config.get("arn"), config.get("name")
    path: str | None = None
    if isinstance(arn, str) and is_managed_policy(arn):
        path = arn.partition(":policy")[2]
    elif arn is None and isinstance(name, str):
        path = managed_policy_path(name)
    if path is None:
        return None
    full = simplify(PartialText.of("arn:", place.partition, ":iam::aws:policy", path))
    way, slash, last = path.rpartition("/")
    return {"arn": full, "id": full, "name": last, "path": way + slash}


def _session_context(config: Mapping[str, Plain], _: _Place) -> dict[str, Plain] | None:
    """Return whom an ARN is of: a session's role, or the principal itself."""
    arn = config.get("arn")
    fields = arn.split(":", 5) if isinstance(arn, str) else []
    if len(fields) != 6:
        return None
    if fields[2] != "sts" or not re.fullmatch("assumed-role/[^/]+/.+", fields[5]):
        return {"id": arn, "issuer_arn": arn, "issuer_id": "", "issuer_name": "", "session_name": ""}
    role, session = fields[5].removeprefix("assumed-role/").split("/", 1)
    path = Hole("a session does not tell the path of its role")
    issuer = PartialText.of("arn:", fields[1], ":iam::", fields[4], ":role/", path, role)
    return {"id": arn, "issuer_arn": issuer, "issuer_name": role, "session_name": session}


def _billing(_: Mapping[str, Plain], place: _Place) -> dict[str, Plain]:
    account = "386209384616"
    return {"id": account, "arn": simplify(PartialText.of("arn:", place.partition, f":iam::{account}:root"))}


def _default_tags(_: Mapping[str, Plain], place: _Place) -> dict[str, Plain]:
    return {"id": place.partition, "tags": dict(place.default_tags)}


def _table(name: str) -> Callable[[Mapping[str, Plain], _Place], dict[str, Plain] | None]:
    def answer(config: Mapping[str, Plain], place: _Place) -> dict[str, Plain] | None:
        table = name
        defaults: dict[str, Plain] = {}
        if name == "aws_lb_hosted_zone_id":
            kind = as_text(config.get("load_balancer_type")) or "application"
            if not isinstance(kind, str):
                return {"id": Unknown("the type of the load balancer is not known")}
            table = f"{name}.{kind}"
            defaults = {"load_balancer_type": kind}
        region = place.region_of(config)
        regions = _regional().get(table, {})
        if isinstance(region, str):
            found = regions.get(region)
            return {**found, **defaults} if found else None
        return {attribute: Unknown("the region is not known") for attribute in next(iter(regions.values()), {})}

    return answer


_DATA_SOURCES: dict[str, Callable[[Mapping[str, Plain], _Place], dict[str, Plain] | None]] = {
    "aws_arn": _arn,
    "aws_billing_service_account": _billing,
    "aws_caller_identity": _caller_identity,
    "aws_default_tags": _default_tags,
    "aws_iam_policy": _managed_policy,
    "aws_iam_policy_document": _policy_document,
    "aws_iam_session_context": _session_context,
    "aws_partition": _partition,
    "aws_region": _region,
    "aws_regions": _regions,
    "aws_service_principal": _service_principal,
    **{
        name: _table(name)
        for name in (
            "aws_cloudfront_log_delivery_canonical_user_id",
            "aws_cloudtrail_service_account",
            "aws_elastic_beanstalk_hosted_zone",
            "aws_elb_hosted_zone_id",
            "aws_elb_service_account",
            "aws_lb_hosted_zone_id",
            "aws_redshift_service_account",
        )
    },
}
