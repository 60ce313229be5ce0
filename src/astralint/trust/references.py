"""Which other accounts a resource is joined with: peerings, aggregations, and the policies of VPC endpoints."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.policy import Policy, Statement
from astralint.aws.principals import trust_principals
from astralint.aws.text import known
from astralint.estate.estate import Estate
from astralint.estate.model import Account, Resource
from astralint.estate.nodes import account_node, named_node, resource_node
from astralint.estate.origins import resources_behind
from astralint.estate.paths import Place, values_at
from astralint.estate.views import text
from astralint.source.evidence import Evidence
from astralint.source.partial import Text
from astralint.trust.documents import document

_DATA = Path(__file__).parent / "data" / "access.toml"
_NUMBER = re.compile(r"[0-9]{12}")
_KEYS = frozenset({"aws:principalaccount", "aws:resourceaccount", "aws:sourceaccount"})


class AccountReference(msgspec.Struct, frozen=True, eq=False):
    """A resource is joined with another account; `account` is ours, or None."""

    resource: Resource
    target: str
    name: str
    account: Account | None
    evidence: Evidence


class _Reference(msgspec.Struct, frozen=True):
    """An entry of `data/access.toml`, which says what the fields are."""

    resource: str
    accounts: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()


@cache
def _table() -> tuple[_Reference, ...]:
    return msgspec.convert(tomllib.loads(_DATA.read_text("utf-8"))["reference"], tuple[_Reference, ...])


def account_references(estate: Estate) -> Iterator[AccountReference]:
    """Yield which accounts resources are joined with, each once, in stable order."""
    for entry in _table():
        for resource in estate.resources(entry.resource):
            seen: set[str] = set()
            for told, place in _accounts(estate, resource, entry):
                found = _reference(estate, resource, told, place)
                is_other = found.account is None or found.account is not resource.account_or_none
                if is_other and found.target not in seen:
                    seen.add(found.target)
                    yield found


def _reference(estate: Estate, resource: Resource, told: Text | Account, place: Evidence) -> AccountReference:
    account = told if isinstance(told, Account) else estate.account_of(told)
    if account is not None:
        return AccountReference(resource, account_node(account.name), account.name, account, place)
    assert not isinstance(told, Account)
    where = resource_node(resource.workspace.name, resource.address)
    return AccountReference(resource, named_node("root", told, where), str(told), None, place)


def _accounts(estate: Estate, resource: Resource, entry: _Reference) -> Iterator[tuple[Text | Account, Evidence]]:
    for path in entry.accounts:
        for place, value in values_at(resource, path):
            told = text(value)
            arn = Arn.parse(told) if told is not None else None
            own = arn.account if arn is not None else told
            if own is not None and (arn is not None or _may_be_account(estate, own)):
                yield own, _evidence(resource, own, place)
    for path in entry.of:
        for place, value in values_at(resource, path):
            for target in resources_behind(estate, value):
                account = target.account_or_none
                if account is not None:
                    yield account, _evidence(resource, account.name, place)
                break
    for path in entry.policies:
        parsed = document(estate, resource, resource.value(path), (path,), "resource")
        if parsed is not None and path in resource.arguments:
            for told, json_path in _named(parsed.policy):
                if _may_be_account(estate, told):
                    yield told, parsed.evidence(f"`{resource}` refers to `{told}`", json_path)


def _evidence(resource: Resource, told: Text, place: Place) -> Evidence:
    return resource.evidence(f"`{resource}` refers to `{told}`", *place)


def _may_be_account(estate: Estate, told: Text) -> bool:
    whole = known(told)
    return estate.account_of(told) is not None or (whole is not None and _NUMBER.fullmatch(whole) is not None)


def _named(policy: Policy) -> Iterator[tuple[Text, tuple[str | int, ...]]]:
    """Yield the accounts that the `Allow` statements of a policy name: principals, resources, conditions."""
    for principal in trust_principals(policy):
        if principal.account is not None:
            yield principal.account, principal.entry.path
    for statement in policy.statements:
        if statement.effect != "Deny":
            yield from _of_statement(statement)


def _of_statement(statement: Statement) -> Iterator[tuple[Text, tuple[str | int, ...]]]:
    for entry in statement.resource.entries if statement.resource is not None else ():
        arn = Arn.parse(entry.text)
        if arn is not None:
            yield arn.account, entry.path
    for condition in statement.conditions:
        if (known(condition.key) or "").lower() in _KEYS:
            for value in condition.values:
                yield value.text, condition.path
