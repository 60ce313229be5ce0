"""Roles that AWS makes of what the code declares: those that administer a new member, and those of services."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from astralint.aws.arn import account_root, iam_arn
from astralint.aws.managed_policies import managed_policy
from astralint.aws.policy import Policy
from astralint.aws.policy_parser import parse_policy
from astralint.aws.text import join, known
from astralint.estate.account_names import may_mean
from astralint.estate.estate import Estate
from astralint.estate.model import Account, Resource
from astralint.estate.nodes import principal_node, resource_node
from astralint.estate.views import Attributes
from astralint.source.partial import Hole, PartialText, Text
from astralint.trust.documents import Document
from astralint.trust.identity import Identity
from astralint.trust.policies import Attached, account_text, account_text_of, elements

_DATA = Path(__file__).parent / "data" / "implied_roles.toml"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


class _ImpliedRole(msgspec.Struct, frozen=True):
    """An entry of `data/implied_roles.toml`, which says what the fields are."""

    resource: str
    account: str
    default: str
    name: str = ""
    product: str = ""


@cache
def _table() -> tuple[_ImpliedRole, ...]:
    found = tomllib.loads(_DATA.read_text("utf-8"))["role"]
    return msgspec.convert(found, tuple[_ImpliedRole, ...])


def implied_roles(estate: Estate) -> Iterator[Identity]:
    """Yield the roles that AWS makes in accounts which the management account's code makes."""
    for entry in _table():
        for resource in estate.resources(entry.resource):
            if resource.instance.uncertain or (entry.product and resource.text("product_name") != entry.product):
                continue
            account = _account(estate, resource, entry)
            if account is not None and account is not resource.account_or_none:
                yield _role(estate, resource, entry, account)


def service_linked_roles(estate: Estate) -> Iterator[Identity]:
    """Yield the roles that services have by `aws_iam_service_linked_role`: only their service can assume them."""
    for resource in estate.resources("aws_iam_service_linked_role"):
        service = resource.text("aws_service_name")
        if service is None:
            continue
        name = resource.text("name") or PartialText((Hole("the name that the service gives its role"),))
        path = join("/aws-service-role/", service, "/")
        yield Identity(
            resource_node(resource.workspace.name, resource.address),
            "role",
            name,
            iam_arn(account_text(resource), "role", name, path).text,
            resource.account_or_none,
            resource,
            Document(_trust({"Service": service}, str(name)), estate, resource, ("aws_service_name",), None),
            (Attached(Policy.unknown("what the service lets its role do is not in the code"), None, resource),),
            None,
            is_implied=True,
        )


def _trust(principal: dict[str, Text], name: str) -> Policy:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return parse_policy({"Version": "2012-10-17", "Statement": [statement]}, kind="trust", name=name)


def _account(estate: Estate, resource: Resource, entry: _ImpliedRole) -> Account | None:
    if not entry.product:
        return member_account(estate, resource)
    for parameter in map(Attributes, elements(resource.value("provisioning_parameters"))):
        name = known(parameter.text("value") or "") if parameter.text("key") == entry.account else None
        if name:
            return _by_name(estate, name)
    return None


def member_account(estate: Estate, resource: Resource) -> Account | None:
    """Return the account that an `aws_organizations_account` is; None where it is none of ours."""
    found = estate.account_of(resource.value("id"))
    name = resource.text("name")
    return found if found is not None else _by_name(estate, known(name) if name is not None else None)


def _by_name(estate: Estate, name: str | None) -> Account | None:
    if name is None:
        return None
    fits = may_mean(name, estate.accounts)
    return estate.accounts[fits[0]] if len(fits) == 1 else None


def _role(estate: Estate, resource: Resource, entry: _ImpliedRole, account: Account) -> Identity:
    name: Text = (resource.text(entry.name) if entry.name else None) or entry.default
    arn = iam_arn(account_text_of(account), "role", name).text
    trust = _trust({"AWS": account_root(account_text(resource)).text}, str(name))
    administrator = managed_policy(ADMINISTRATOR)
    policies = (Attached(administrator, None, resource, arn=ADMINISTRATOR),) if administrator is not None else ()
    place = (entry.name,) if entry.name in resource.arguments else ()
    return Identity(
        principal_node("role", str(arn)),
        "role",
        name,
        arn,
        account,
        resource,
        Document(trust, estate, resource, place, None),
        policies,
        None,
        is_implied=True,
    )
