"""Who gets a role through a service: service accounts, certificates, identity pools, users of Identity Center."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec

from astralint.aws.arn import account_root
from astralint.aws.decision import Decision
from astralint.aws.principals import Grade, Principal
from astralint.aws.text import join
from astralint.estate.estate import Estate
from astralint.estate.model import Account, Resource
from astralint.estate.nodes import account_node, named_node, principal_node, resource_node
from astralint.estate.origins import resource_behind
from astralint.estate.paths import Place, values_at
from astralint.estate.views import text
from astralint.source.partial import Hole, PartialText, Text
from astralint.terraform.values.value import Value
from astralint.trust.assumption import Assumption
from astralint.trust.decider import Decider, doubted, principal_of_identity
from astralint.trust.directory import IdentityDirectory
from astralint.trust.identity import Identity
from astralint.trust.policies import account_text, account_text_of, elements

_DATA = Path(__file__).parent / "data" / "role_bindings.toml"
_PLACE = re.compile(r"\{([^{}]+)\}")


class _Binding(msgspec.Struct, frozen=True):
    """An entry of `data/role_bindings.toml`, which says what the fields are."""

    resource: str
    role: str
    principal: str
    name: str
    service: str = ""
    provider: str = ""
    claims: dict[str, str] = {}
    session_tags: bool = False
    transitive_tags: bool = False
    context: dict[str, str] = {}
    source_identity: bool = False


@cache
def _table() -> tuple[_Binding, ...]:
    return msgspec.convert(tomllib.loads(_DATA.read_text("utf-8"))["binding"], tuple[_Binding, ...])


class Bindings:
    """Finds all that is handed out, and decides it as the service would."""

    def __init__(self, estate: Estate, directory: IdentityDirectory, decider: Decider) -> None:
        self._estate = estate
        self._directory = directory
        self._decider = decider

    def all(self) -> Iterator[Assumption]:
        """Yield who gets a role in one of these ways, in stable order."""
        yield from self._of_permission_sets()
        for binding in _table():
            for resource in self._estate.resources(binding.resource):
                yield from self._of_service(binding, resource)
        yield from self._of_roots()

    # --- Identity Center ---------------------------------------------------------------

    def _of_permission_sets(self) -> Iterator[Assumption]:
        sets = self._directory.permission_sets
        for one in sets.assignments:
            decision = doubted(_given(f"`{one.name}` is assigned `{one.role}`"), one.resource)
            account = one.resource.account_or_none
            bindings = (one.evidence,)
            yield Assumption(one.node, None, account, one.role, decision, (), (), name=str(one.name), bindings=bindings)
        for member in sets.memberships:
            group = sets.groups.get(member.group_node)
            if group is None:
                continue
            decision = doubted(_given(f"`{member.user}` is a member of `{member.group}`"), member.resource)
            yield Assumption(
                member.user_node,
                None,
                group.account,
                group,
                decision,
                (),
                (),
                kind="member-of",
                name=str(member.user),
                bindings=(member.evidence,),
            )

    # --- services ----------------------------------------------------------------------

    def _of_service(self, binding: _Binding, resource: Resource) -> Iterator[Assumption]:
        for place, value in values_at(resource, binding.role):
            role = role_of(self._estate, self._directory, value)
            if role is None:
                continue
            context = _context(resource, place)
            name = _filled(binding.name, context)
            claims = {f"{binding.provider}:{key}": _filled(of, context) for key, of in binding.claims.items()}
            claims |= {key: _filled(of, context) for key, of in binding.context.items()}
            if binding.service:
                claims["aws:SourceAccount"] = account_text(resource)
            kind = "federated" if binding.provider else "service"
            principal = Principal("federated" if binding.provider else "service", binding.provider or binding.service)
            decision = self._decider.through(
                principal,
                role,
                claims,
                with_tags=binding.session_tags and not self._is_untagged(resource),
                source_identity=binding.source_identity,
            )
            decision = doubted(decision, resource)
            trusts = self._decider.trusts_in(role, principal_node(kind, str(principal.text)))
            missing = "trust" if decision.verdict == "denied" and not decision.refused else ""
            if decision.verdict == "denied" and not missing:
                continue
            yield Assumption(
                named_node(binding.principal, name, resource_node(resource.workspace.name, resource.address)),
                None,
                resource.account_or_none,
                role,
                decision,
                trusts,
                (),
                missing,
                name=str(name),
                bindings=(resource.evidence(f"`{name}` gets `{role}`", *place),),
            )

    @staticmethod
    def _is_untagged(resource: Resource) -> bool:
        disabled = resource.value("disable_session_tags")
        return disabled is not None and disabled.raw is True

    # --- the roots of member accounts --------------------------------------------------

    def _of_roots(self) -> Iterator[Assumption]:
        for resource in self._estate.resources("aws_iam_organizations_features"):
            manager = resource.account_or_none
            enabled = {text(item) for item in elements(resource.value("enabled_features"))}
            if manager is None or resource.instance.uncertain or "RootSessions" not in enabled:
                continue
            evidence = (resource.evidence("root sessions are managed for all members", "enabled_features"),)
            for account in self._estate.accounts.values():
                if account.kind != "management" and account is not manager:
                    root = root_of(resource, account)
                    for one in (manager, *self._administrators_of_iam(manager)):
                        for edge in self._into_root(root, one) if one is not account else ():
                            yield msgspec.structs.replace(edge, kind="can-assume-root", bindings=evidence)

    def _administrators_of_iam(self, management: Account) -> Iterator[Account]:
        for resource in self._estate.resources("aws_organizations_delegated_administrator"):
            account = self._estate.account_of(resource.value("account_id"))
            is_iam = resource.text("service_principal") == "iam.amazonaws.com" and not resource.instance.uncertain
            if is_iam and account is not None and account is not management:
                yield account

    def _into_root(self, root: Identity, manager: Account) -> Iterator[Assumption]:
        """Yield the account itself, for whoever in it has the permission, and those of its identities that have it."""
        whole = Principal("account", account_root(account_text_of(manager)).text)
        decision = self._decider.as_root(whole, None, root)
        yield Assumption(account_node(manager.name), None, manager, root, decision, (), ())
        for identity in self._directory.identities:
            if identity.is_implied or identity.account is not manager:
                continue
            decision = self._decider.as_root(principal_of_identity(identity), identity, root)
            if decision.verdict != "denied":
                yield Assumption(identity.node, identity, manager, root, decision, (), ())


def root_of(resource: Resource, account: Account) -> Identity:
    """Return the root user of a member account."""
    arn = account_root(account_text_of(account)).text
    return Identity(
        principal_node("account-root", account.name), "root", "root", arn, account, resource, None, (), None
    )


def role_of(estate: Estate, directory: IdentityDirectory, value: Value) -> Identity | None:
    """Return the role that an argument names: by its ARN, or by the role that the value comes from."""
    told = text(value)
    found = directory.find(told) if told is not None else None
    if found is None or found.kind != "role":
        role = resource_behind(estate, value, "aws_iam_role")
        node = resource_node(role.workspace.name, role.address) if role is not None else ""
        found = directory.by_node.get(node)
        # What is only made out of a role's name or ARN is something else.
        if found is not None and told is not None and str(told) not in (str(found.arn), str(found.name)):
            return None
    return found


def _given(explanation: str) -> Decision:
    return Decision(
        "allowed", (), Grade.NAMED, (), explanation, trust=True, identity=True, guardrails=True, refused=False
    )


def _context(resource: Resource, place: Place) -> Mapping[str, Value | str]:
    """Return the attributes around a place, the inner ones first, and the key that it stands under."""
    context: dict[str, Value | str] = {"key": str(place[-1])}
    value: Value | None = resource.instance.values
    for step in ("", *place):
        raw = value.raw if value is not None else None
        if step != "" and isinstance(raw, dict) and isinstance(step, str):
            value = raw.get(step)
        elif step != "" and isinstance(raw, tuple) and isinstance(step, int):
            value = raw[step]
        if value is not None and isinstance(value.raw, dict):
            context.update({name: item for name, item in value.raw.items() if name != "key"})
    return context


def _filled(template: str, context: Mapping[str, Value | str]) -> Text:
    parts: list[str | Hole | PartialText] = []
    position = 0
    for match in _PLACE.finditer(template):
        parts += [template[position : match.start()], _first(match[1].split("|"), context)]
        position = match.end()
    return join(*parts, template[position:])


def _first(names: list[str], context: Mapping[str, Value | str]) -> Text:
    for name in names:
        found = context.get(name)
        told = found if isinstance(found, str) else text(found)
        if told is not None and told != "":
            return told
    return PartialText((Hole(f"`{names[0]}` is not known"),))
