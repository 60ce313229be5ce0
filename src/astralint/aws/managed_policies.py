"""The policies that AWS itself manages, as far as they concern who may become whom."""

from __future__ import annotations

import lzma
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.policy import Policy
from astralint.aws.policy_parser import parse_policy
from astralint.aws.text import Text, known, quoted

_DATA = Path(__file__).parent / "data" / "managed_policies.json"
_TEXTS = _DATA.parent / "managed_policy_texts.xz"


class _Table(msgspec.Struct, frozen=True):
    """What is known of the policies, by path and name.

    `services`: what `statements` and `nothing` speak of; those in `complete` are whole. `nothing`: policies that say nothing of
    these services. `nothing_of_sts`: those of which just this is known, for `sts`.
    """

    services: tuple[str, ...]
    statements: dict[str, list[dict[str, Any]]]
    complete: frozenset[str]
    nothing: frozenset[str]
    nothing_of_sts: frozenset[str]


def is_managed_policy(arn: Text) -> bool:
    """Return whether an ARN is that of a policy which AWS manages."""
    return _path(arn) is not None


@cache
def managed_policy(arn: Text) -> Policy | None:
    """Return the policy of an ARN; None for one that AWS does not manage.

    The policy speaks of the services that it names in `services` only. One that is not known here
    is a policy of which nothing is known.
    """
    path = _path(arn)
    if path is None:
        return None
    table, name = _table(), known(path)
    shown = str(path).rsplit("/", 1)[-1]
    if name is None:
        return Policy.unknown(f"which policy of AWS {quoted(arn)} is, is not known", name=shown)
    if name in table.statements:
        document = {"Version": "2012-10-17", "Statement": table.statements[name]}
        policy = parse_policy(document, name=shown)
        return policy if name in table.complete else msgspec.structs.replace(policy, services=table.services)
    if name in table.nothing:
        return Policy((), name=shown, services=table.services)
    if name in table.nothing_of_sts:
        return Policy((), name=shown, services=("sts",))
    return Policy.unknown(f"what the AWS managed policy {quoted(shown)} says is not known", name=shown)


@cache
def whole_managed_policy(arn: Text) -> Policy | None:
    """Return all that a policy of AWS's says, of every service; None for one that AWS does not manage.

    The texts are larger by far than what trust alone needs, and are read when somebody asks.
    """
    path = _path(arn)
    statements = _texts().get(known(path) or "") if path is not None else None
    if path is None or statements is None:
        return managed_policy(arn)
    document = {"Version": "2012-10-17", "Statement": msgspec.json.decode(statements)}
    return parse_policy(document, name=str(path).rsplit("/", 1)[-1])


def managed_policy_names() -> tuple[str, ...]:
    """Return the names, with their paths, of the policies whose statements are known."""
    return tuple(sorted(_table().statements))


def managed_policy_path(name: str) -> str | None:
    """Return the path and name (`/service-role/AWSLambdaRole`) of the policy of a name that AWS manages, or None."""
    table = _table()
    every = (*table.statements, *table.nothing, *table.nothing_of_sts)
    found = {path for path in every if path.rpartition("/")[2] == name}
    return found.pop() if len(found) == 1 else None


def _path(arn: Text) -> Text | None:
    parsed = Arn.parse(arn)
    if parsed is None or parsed.service != "iam" or parsed.account != "aws" or parsed.resource_type != "policy":
        return None
    return parsed.resource.removeprefix("policy") if isinstance(parsed.resource, str) else parsed.resource


class _Texts(msgspec.Struct, frozen=True):
    """`scripts/record_managed_policies.py` writes them; `source` says where they come from."""

    source: str
    policies: dict[str, msgspec.Raw]


@cache
def _texts() -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(lzma.decompress(_TEXTS.read_bytes()), type=_Texts).policies


@cache
def _table() -> _Table:
    return msgspec.json.decode(_DATA.read_bytes(), type=_Table)
