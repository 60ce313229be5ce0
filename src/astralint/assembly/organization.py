"""What the platform knows of its own organization: what its resources compute, and the `aws_organizations_*` reads.

Neither the organization's root nor its units have ids in the code; they are known by the way to them:
`organization:root/production` is the unit `production` in the root. Lists are in the order of addresses (AWS promises
none), and known only where nothing that could be in them is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from os.path import commonprefix

from astralint.config.settings import Settings
from astralint.estate.account_names import AccountNames, account_value, place_text
from astralint.estate.organization import organization_id
from astralint.source.partial import Hole, PartialText, Text, same
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.knowledge import Ask, ProviderContext
from astralint.terraform.requests import Answer, OrganizationRequest
from astralint.terraform.results import ResourceInstance, WorkspaceResult
from astralint.terraform.values.candidates import with_others
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import (
    Candidate,
    Origin,
    Reason,
    Unknown,
    Value,
    object_of,
    string,
    symbolic,
    tuple_of,
    unknown,
)
from astralint.terraform.workspace import WorkspaceSpec

ROOT_SYMBOL = "organization:root"
ACCOUNT_TOPIC = "account"

ORGANIZATION = "aws_organizations_organization"
UNIT = "aws_organizations_organizational_unit"
ACCOUNT = "aws_organizations_account"

ENTRY = ("arn", "email", "id", "name", "status")
UNIT_ENTRY = ("arn", "id", "name")

Found = tuple[WorkspaceResult, ResourceInstance]


# --- resources -----------------------------------------------------------------------


def computed_of_organization(
    type_: str, values: Mapping[str, Value], provider: ProviderContext, settings: Settings, ask: Ask
) -> dict[str, Value]:
    """Return what is predictable of an organization, of its units and of its accounts."""
    if type_ == ORGANIZATION:
        return _organization(settings, provider.account)
    name, parent = _text(values, "name"), _text(values, "parent_id")
    identifier: Value | None = None
    if type_ == ACCOUNT and isinstance(name, str):
        identifier = ask(OrganizationRequest(ACCOUNT_TOPIC, criteria=(("name", name),))).value
    elif type_ == UNIT and isinstance(name, str) and parent is not None and (way := _way(parent)):
        identifier = symbolic(f"{way}/{name}", Reason("known-after-apply", f"the id of unit `{name}` is AWS's choice"))
    if identifier is None:
        return {}
    kind = "account" if type_ == ACCOUNT else "ou"
    return {"id": identifier, "arn": _arn(settings, provider.account, kind, identifier)}


def _organization(settings: Settings, management: Value) -> dict[str, Value]:
    root = symbolic(ROOT_SYMBOL, Reason("known-after-apply", "the id of the organization's root is AWS's choice"))
    types = unknown(Reason("known-after-apply", "the policy types of the root are read from AWS"))
    # An organization has one root, and nobody can rename it.
    attributes = {
        "id": root,
        "arn": _arn(settings, management, "root", root),
        "name": string("Root"),
        "policy_types": types,
    }
    return {
        "id": organization_id(settings),
        "arn": _arn(settings, management, "organization"),
        "master_account_id": management,
        "master_account_arn": _arn(settings, management, "account", management),
        "roots": tuple_of((object_of(attributes),)),
    }


def _arn(settings: Settings, management: Value, kind: str, identifier: Value | None = None) -> Value:
    organization = organization_id(settings)
    values = [management, organization, *([identifier] if identifier is not None else [])]
    parts: list[str | PartialText] = [f"arn:{settings.platform.partition}:organizations::", place_text(management)]
    parts += [f":{kind}/", place_text(organization)]
    if identifier is not None:
        parts += ["/", place_text(identifier)]
    text = PartialText.of(*parts)
    if text.known is not None:
        return string(text.known)
    reasons = [reason for value in values if isinstance(value.raw, Unknown) for reason in value.raw.reasons]
    origins = frozenset[Origin]().union(*(value.origins for value in values))
    return unknown(tuple(dict.fromkeys(reasons))[:8], STRING, text=text, not_null=True, origins=origins)


def _text(values: Mapping[str, Value], name: str) -> Text | None:
    value = values.get(name)
    return text_of(value) if value is not None and value.raw is not None else None


def _way(parent: Text) -> str:
    """Return the way to a root or unit; "" where it is not known."""
    if isinstance(parent, str):
        return f"organization:{parent}"
    only = parent.parts[0] if len(parent.parts) == 1 else None
    symbol = only.symbol if isinstance(only, Hole) else None
    return symbol if symbol is not None and symbol.startswith("organization:") else ""


def _same_unit(left: Text, right: Text) -> bool | None:
    """Say whether two ids are of one unit: from the root, there is one way to each."""
    first, second = (_way(text) if not isinstance(text, str) else "" for text in (left, right))
    if all(way == ROOT_SYMBOL or way.startswith(f"{ROOT_SYMBOL}/") for way in (first, second)):
        return first == second
    return same(left, right)


# --- data sources --------------------------------------------------------------------


def organization_request(type_: str, values: Mapping[str, Value], provider: ProviderContext) -> OrganizationRequest:
    """Return the request for a data source's configuration."""
    criteria = {name: text for name in ("parent_id", "name") if (text := _text(values, name)) is not None}
    return OrganizationRequest(type_, place_text(provider.account), tuple(sorted(criteria.items())))


class OrganizationDirectory:
    """The organization as the platform's code makes it."""

    def __init__(
        self,
        settings: Settings,
        specs: Mapping[str, WorkspaceSpec],
        results: Sequence[WorkspaceResult],
        names: AccountNames,
    ) -> None:
        self._settings = settings
        self._specs = specs
        self._results = results
        self._names = names
        self._made = {type_: list(_managed(results, type_)) for type_ in (ORGANIZATION, UNIT, ACCOUNT)}

    def answer(self, request: OrganizationRequest) -> Answer:
        """Answer what the code makes known; never raises."""
        criteria = dict(request.criteria)
        name, parent = criteria.get("name"), criteria.get("parent_id")
        if request.topic == ACCOUNT_TOPIC and isinstance(name, str):
            return Answer(
                self._names.value(name, self._prefix),
                Reason("known-after-apply", f"which account `{name}` is, is not clear"),
            )
        if request.topic == ORGANIZATION:
            return self._organization(request.account)
        if request.topic in _BY_PARENT and parent is not None:
            attribute, type_, deep = _BY_PARENT[request.topic]
            listed = self._below(parent, type_, deep=deep)
            if isinstance(listed, Reason):
                return Answer(reason=listed)
            entries = UNIT_ENTRY if type_ == UNIT else ENTRY
            return Answer(object_of({attribute: tuple_of([_entry(found, entries) for found in listed])}))
        return Answer(reason=Reason("data-source", f"`{request.topic}` is read from AWS"))

    @cached_property
    def _prefix(self) -> str:
        """What the names of all accounts begin with, where all of them are known and there are several."""
        names = [_text(_attributes(made), "name") for made in self._made[ACCOUNT]]
        texts = [name for name in names if isinstance(name, str)]
        if len(texts) < 2 or len(texts) < len(names) or self._hidden(ACCOUNT) is not None:
            return ""
        shared = commonprefix(sorted(texts))  # noqa: RUF071 - names, not paths
        return shared[: max(shared.rfind("-"), shared.rfind("_")) + 1]

    @cached_property
    def _management(self) -> Value | None:
        """The management account: the one that organization and accounts are made in, or that is called so."""
        for type_ in (ORGANIZATION, ACCOUNT):
            makers = [made.provider.account for _, made in self._made[type_] if made.provider is not None]
            if makers and all(self._names.same(place_text(makers[0]), place_text(each)) for each in makers):
                return makers[0]
        for account in self._settings.accounts:
            if account.kind == "management":
                return account_value(account.name, account.id)
        return None

    def _organization(self, reader: Text) -> Answer:
        made = self._made[ORGANIZATION]
        nobody = Reason("data-source", "nothing says which account is the management account")
        management = self._management
        attributes = _organization(self._settings, management or unknown(nobody, STRING, not_null=True))
        accounts = self._accounts(reader, management) if management is not None else nobody
        if isinstance(accounts, Reason):
            known = self._known_accounts()
            attributes |= {name: with_others((accounts,), known) for name in ("accounts", "non_master_accounts")}
        else:
            attributes |= accounts
        if len(made) != 1 or made[0][1].uncertain:
            return Answer(object_of(attributes))
        result, resource = made[0]
        # What the code does not set is read, and may be anything.
        found = {name: value for name, value in _attributes(made[0]).items() if value.raw is not None}
        for name, value in attributes.items():
            origin = Origin("resource", f"{resource.address}.{name}", result.name, resource.span, value.origins)
            found[name] = value.with_origins(frozenset((origin,)))
        return Answer(object_of(found), None, result.name, resource.span)

    def _accounts(self, reader: Text, management: Value) -> dict[str, Value] | Reason:
        if self._names.same(reader, place_text(management)) is not True:
            return Reason("data-source", "AWS lists accounts to the management account and to delegated administrators")
        hidden = self._hidden(ACCOUNT)
        if hidden is not None:
            return hidden
        made = self._made[ACCOUNT]
        missing = self._not_made(made)
        if missing:
            return Reason("data-source", f"no code makes account `{missing}`, and so others may be missing")
        others, own = [], None
        for found in made:
            identifier = _attributes(found).get("id")
            if identifier is not None and self._names.same(place_text(identifier), place_text(management)):
                own = _entry(found, ENTRY)
            else:
                others.append(_entry(found, ENTRY))
        if own is None:
            arn = _arn(self._settings, management, "account", management)
            reason = Reason("data-source", "the management account is not made by code")
            own = object_of({name: unknown(reason, STRING) for name in ENTRY} | {"id": management, "arn": arn})
        return {"accounts": tuple_of((own, *others)), "non_master_accounts": tuple_of(others)}

    def _known_accounts(self) -> list[Candidate]:
        """Return the accounts that the code makes or the configuration names: some of those that there are."""
        entries: dict[str, Value] = {}
        for found in self._made[ACCOUNT]:
            name = _text(_attributes(found), "name")
            if isinstance(name, str) and not found[1].uncertain:
                entries[self._names.known_as(name, self._prefix) or name] = _entry(found, ENTRY)
        reason = Reason("data-source", "the configuration says no more of the account")
        for account in self._settings.accounts:
            if account.name not in entries:
                told = {"id": account_value(account.name, account.id), "name": string(account.name)}
                entries[account.name] = object_of({name: unknown(reason, STRING) for name in ENTRY} | told)
        return [Candidate(None, entries[name]) for name in sorted(entries)]

    def _not_made(self, made: list[Found]) -> str:
        """Return a configured account that no resource makes."""
        known = {
            self._names.known_as(name, self._prefix)
            for found in made
            if isinstance(name := _text(_attributes(found), "name"), str)
        }
        for account in self._settings.accounts:
            if account.kind != "management" and not account.external and account.name not in known:
                return account.name
        return "" if self._made[ORGANIZATION] else "management"

    def _below(self, parent: Text, type_: str, *, deep: bool) -> list[Found] | Reason:
        """Return the units or accounts in a unit, and with `deep` those in the units below it."""
        for hidden in (self._hidden(type_), self._hidden(UNIT) if deep else None):
            if hidden is not None:
                return hidden
        parents = [parent]
        found: list[Found] = []
        for each in parents:
            for kind in {type_, UNIT} if deep else {type_}:
                for made in self._made[kind]:
                    attributes = _attributes(made)
                    is_below = _same_unit(_text(attributes, "parent_id") or _HOLE, each)
                    if is_below is None:
                        message = f"the parent of `{made[1].address}` is not known"
                        return Reason("data-source", message, made[1].span)
                    if is_below and kind == type_:
                        found.append(made)
                    identifier = _text(attributes, "id")
                    if is_below and deep and kind == UNIT and identifier is not None and len(parents) < MAXIMUM_UNITS:
                        parents.append(identifier)
        found.sort(key=lambda made: (made[0].name, made[1].address))
        return found

    def _hidden(self, type_: str) -> Reason | None:
        """Return why the platform may not show all resources of a type in the management account."""
        for _, resource in self._made[type_]:
            if resource.uncertain:
                return resource.uncertain[0]
        management = self._management
        if management is None:
            return Reason("data-source", "nothing says which account is the management account")
        for result in self._results:
            spots = [spot for spot in result.blind_spots if spot.type in ("", type_)]
            if spots and self._may_be_in(result, place_text(management)):
                return spots[0].reason
        return None

    def _may_be_in(self, result: WorkspaceResult, account: Text) -> bool:
        spec = self._specs[result.name]
        accounts = [place_text(provider.account) for provider in result.providers if provider.type == "aws"]
        if not accounts:
            accounts = [place_text(account_value(spec.account, spec.account_number)) if spec.account else _HOLE]
        return any(self._names.same(each, account) is not False for each in accounts)


MAXIMUM_UNITS = 10_000
_HOLE = PartialText((Hole("it is not known"),))
_BY_PARENT = {
    "aws_organizations_organizational_units": ("children", UNIT, False),
    "aws_organizations_organizational_unit_descendant_organizational_units": ("children", UNIT, True),
    "aws_organizations_organizational_unit_child_accounts": ("accounts", ACCOUNT, False),
    "aws_organizations_organizational_unit_descendant_accounts": ("accounts", ACCOUNT, True),
}
"""Data sources that list what is in a unit: their attribute, what they list, and whether from units below too."""


def _managed(results: Iterable[WorkspaceResult], type_: str) -> Iterator[Found]:
    for result in results:
        for resource in result.resources:
            if resource.mode == "managed" and resource.type == type_:
                yield result, resource


def _attributes(found: Found) -> Mapping[str, Value]:
    result, resource = found
    raw = resource.values.raw
    attributes = {}
    for name, value in raw.items() if isinstance(raw, dict) else ():
        origin = Origin("resource", f"{resource.address}.{name}", result.name, resource.span, value.origins)
        attributes[name] = value.with_origins(frozenset((origin,)))
    return attributes


def _entry(found: Found, names: Sequence[str]) -> Value:
    attributes = _attributes(found)
    reason = Reason("data-source", f"`{found[1].address}` does not say it")
    return object_of({name: attributes.get(name) or unknown(reason, STRING) for name in names})
