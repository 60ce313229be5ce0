"""From what a person calls somebody to the nodes of the trust graph."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.principals import Principal
from astralint.aws.text import known
from astralint.estate.model import Account
from astralint.estate.nodes import account_node, principal_node, workspace_node
from astralint.trust.assumption import Assumption
from astralint.trust.identity import Identity
from astralint.trust.index import TrustIndex

_DATA = Path(__file__).parent / "data" / "subjects.toml"
_NUMBER = re.compile(r"[0-9]{12}")
_SERVICE = re.compile(r"[a-z0-9_.-]+\.amazonaws\.com(\.cn)?")
SHOWN = 8

EndpointKind = Literal["account", "identity", "service", "subject", "principal", "anyone", "administrator"]


class NameProblem(Exception):  # noqa: N818 - a question, not a failure
    """A name that stands for nothing, or for several things; `help` says what it could be."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class Endpoint(msgspec.Struct, frozen=True, eq=False):
    """Somebody a way begins or ends with.

    `nodes` are those of the trust graph that stand for it, `identities` the roles and
    users among them. For an identity provider's subject, `name` is the subject.
    """

    kind: EndpointKind
    name: str
    nodes: frozenset[str]
    identities: tuple[Identity, ...] = ()
    account: Account | None = None

    def __str__(self) -> str:
        return self.name


def endpoint(index: TrustIndex, given: str) -> Endpoint:
    """Return whom a name stands for; raises NameProblem.

    An account by name, number or a kind that only one has; a role or user by ARN, address,
    `workspace/address` or `account/name`; a permission set by `account/name`; a service;
    a subject of an identity provider; a user or group of Identity Center, a service account
    or whoever else gets a role through a service; `*` for anybody.
    """
    if given == "*":
        return Endpoint("anyone", "*", frozenset({principal_node("wildcard", "*")}))
    account = _account(index, given)
    if account is not None:
        return _whole_account(index, account)
    found = list(_identities(index, given))
    if len(found) == 1:
        return _one(found[0])
    if found:
        names = ", ".join(f"`{_qualified(identity)}`" for identity in found[:SHOWN])
        raise NameProblem(f"`{given}` is the name of {len(found)} roles and users", f"name one of {names}")
    bound = {edge.source: edge for edge in index.bindings if given in _names_of(edge)}
    if bound:
        return Endpoint("principal", given, frozenset(bound))
    if given.startswith("arn:"):
        return _arn(given)
    if _SERVICE.fullmatch(given):
        return Endpoint("service", given, frozenset({principal_node("service", given)}))
    if ":" in given and not given.startswith(("module.", "aws_")):
        return Endpoint("subject", given, frozenset())
    raise _not_found(index, given)


def administrators(index: TrustIndex, given: str) -> Endpoint | None:
    """Return the administrators of an account by `ACCOUNT/administrator`; None where it is not called so."""
    name, _, rest = given.rpartition("/")
    account = index.estate.accounts.get(name)
    if rest != "administrator" or account is None or any(given == _qualified(one) for one in index.identities):
        return None
    return Endpoint("administrator", given, frozenset({principal_node("administrator", name)}), (), account)


def _names_of(edge: Assumption) -> tuple[str, ...]:
    """Return what one may call somebody who gets a role through a service or Identity Center."""
    if edge.identity is not None:
        return ()
    return edge.name, edge.source.partition(":")[2]


def issuers_of(subject: str) -> tuple[str, ...]:
    """Return patterns of the issuers whose subjects look so; none where it could be anybody's."""
    return next((tuple(issuers) for prefix, issuers in _subjects() if subject.startswith(prefix)), ())


def is_issuer_of(issuer: str, subject: str) -> bool:
    """Say whether an issuer may have made a subject."""
    patterns = issuers_of(subject)
    return not patterns or any(fnmatchcase(issuer.lower(), pattern) for pattern in patterns)


@cache
def _subjects() -> tuple[tuple[str, list[str]], ...]:
    table = tomllib.loads(_DATA.read_text("utf-8"))["subjects"]
    return tuple((entry["prefix"], entry["issuers"]) for entry in table)


def _account(index: TrustIndex, given: str) -> Account | None:
    if given in index.estate.accounts:
        return index.estate.accounts[given]
    arn = Arn.parse(given)
    number = str(arn.account) if arn is not None and arn.is_root else given
    if _NUMBER.fullmatch(number):
        return index.estate.account_of(number)
    of_kind = index.estate.of_kind(given) if given else ()
    if len(of_kind) > 1:
        names = ", ".join(f"`{account}`" for account in of_kind[:SHOWN])
        raise NameProblem(f"{len(of_kind)} accounts are of the kind `{given}`", f"name one of {names}")
    return of_kind[0] if of_kind else None


def _whole_account(index: TrustIndex, account: Account) -> Endpoint:
    roots = {edge.role.node: edge.role for edge in index.bindings if edge.kind == "can-assume-root"}
    identities = tuple(i for i in (*index.identities, *roots.values()) if i.account is account)
    nodes = {account_node(account.name), *(identity.node for identity in identities)}
    nodes |= {edge.source for edge in index.bindings if edge.account is account}
    nodes |= {workspace_node(workspace.name) for workspace in index.estate.workspaces_of(account)}
    return Endpoint("account", account.name, frozenset(nodes), identities, account)


def _one(identity: Identity) -> Endpoint:
    return Endpoint("identity", _qualified(identity), frozenset({identity.node}), (identity,), identity.account)


def _qualified(identity: Identity) -> str:
    if identity.account is None or known(identity.name) is None:
        return f"{identity.resource.workspace}/{identity.resource.address}"
    return f"{identity.account}/{identity.name}"


def _identities(index: TrustIndex, given: str) -> Iterator[Identity]:
    by_arn = index.find(given) if given.startswith("arn:") else None
    if by_arn is not None:
        yield by_arn
        return
    for identity in index.identities:
        address = identity.resource.address
        names = {_qualified(identity), str(identity.name)}
        if identity.kind != "permission-set":
            names |= {address, f"{identity.resource.workspace}/{address}", str(identity.arn)}
        if given in names:
            yield identity


def _arn(given: str) -> Endpoint:
    principal = Principal.parse(given)
    if principal is None:
        raise NameProblem(
            f"`{given}` is no principal", "name a role, a user, an account's root or an identity provider"
        )
    if principal.kind == "account":
        return Endpoint("principal", given, frozenset({principal_node("root", str(principal.account)), given}))
    kinds = {"user": "user", "federated-user": "user", "federated": "federated"}
    return Endpoint("principal", given, frozenset({principal_node(kinds.get(principal.kind, "role"), given)}))


def _not_found(index: TrustIndex, given: str) -> NameProblem:
    from difflib import get_close_matches

    names = [*index.estate.accounts, *(_qualified(identity) for identity in index.identities)]
    names += [str(identity.name) for identity in index.identities]
    close = list(dict.fromkeys(get_close_matches(given, names, 3)))
    if close:
        help_ = "did you mean " + " or ".join(f"`{name}`" for name in close) + "?"
    else:
        shown = ", ".join(f"`{name}`" for name in list(index.estate.accounts)[:SHOWN])
        help_ = f"the accounts are {shown}; a role is named `account/name`, a service `lambda.amazonaws.com`"
    return NameProblem(f"there is no account, role, user or permission set `{given}`", help_)
