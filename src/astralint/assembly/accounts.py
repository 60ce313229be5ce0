"""Which account is which: configuration first, then what evaluation shows, then names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from astralint.assembly.inference import InferredAccount
from astralint.config.settings import Settings
from astralint.estate.kinds import kind_of_name
from astralint.estate.model import CONFIGURED, Account
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.results import ResourceInstance, WorkspaceResult
from astralint.terraform.values.value import Unknown
from astralint.terraform.workspace import WorkspaceSpec


def configured_accounts(settings: Settings) -> list[Account]:
    """Return the accounts of the configuration."""
    return [
        Account(
            account.name,
            account.kind,
            account.id,
            account.domain,
            account.external,
            CONFIGURED,
            account.span,
            account.managed_by,
        )
        for account in settings.accounts
    ]


class Assignment(msgspec.Struct, frozen=True):
    """All accounts, and the account's name of each workspace ("" where it is not known).

    `certain` are the workspaces whose account is more than a guess from names.
    """

    accounts: tuple[Account, ...]
    own: dict[str, str]
    certain: frozenset[str]


def assign_accounts(
    settings: Settings,
    specs: Iterable[WorkspaceSpec],
    results: Mapping[str, WorkspaceResult],
    inferred: Mapping[str, InferredAccount],
) -> Assignment:
    """Decide which account each workspace is for, and add the accounts that only the code tells of."""
    builder = _Builder(settings)
    for spec in specs:
        builder.workspace(spec, results[spec.name], inferred.get(spec.name))
    for name in sorted(results):
        for resource in results[name].resources:
            if resource.mode == "managed" and resource.type == "aws_organizations_account" and not resource.uncertain:
                builder.member(resource)
    return Assignment(tuple(builder.accounts.values()), builder.own, frozenset(builder.certain))


class _Builder:
    def __init__(self, settings: Settings) -> None:
        self.accounts = {account.name: account for account in configured_accounts(settings)}
        self.own: dict[str, str] = {}
        self.certain: set[str] = set()
        self._numbers = {account.number: account.name for account in self.accounts.values() if account.number}

    def workspace(self, spec: WorkspaceSpec, result: WorkspaceResult, inferred: InferredAccount | None) -> None:
        if inferred is None and spec.account in self.accounts:
            self.own[spec.name] = spec.account
            self.certain.add(spec.name)
            return
        number = _own_number(result) or spec.account_number
        if number:
            self.certain.add(spec.name)
        if number in self._numbers:
            self.own[spec.name] = self._numbers[number]
        elif inferred is not None and self._fits(inferred.name, number):
            self.own[spec.name] = self._add(inferred.name, inferred.kind, number, inferred.evidence)
        elif number:
            name = f"{inferred.name}-{number}" if inferred is not None else number
            kind = inferred.kind if inferred is not None else ""
            self.own[spec.name] = self._add(name, kind, number, "the provider's configuration")

    def _fits(self, name: str, number: str) -> bool:
        known = self.accounts.get(name)
        return known is None or not number or known.number in ("", number)

    def _add(self, name: str, kind: str, number: str, evidence: str) -> str:
        known = self.accounts.get(name)
        if known is None:
            self.accounts[name] = Account(name, kind, number, evidence=evidence)
        elif number and not known.number:
            self.accounts[name] = msgspec.structs.replace(known, number=number)
        if number:
            self._numbers.setdefault(number, name)
        return name

    def member(self, resource: ResourceInstance) -> None:
        """Add an account that the management workspace makes, unless it is known already."""
        raw = resource.values.raw
        if not isinstance(raw, dict):
            return
        name_value, id_value = raw.get("name"), raw.get("id")
        name = name_value.raw if name_value is not None else None
        if not isinstance(name, str) or not name:
            return
        number = text_of(id_value) if id_value is not None and not isinstance(id_value.raw, Unknown) else ""
        if (isinstance(number, str) and number in self._numbers) or self._known(name):
            return
        self.accounts[name] = Account(
            name,
            kind_of_name(name) or "",
            number if isinstance(number, str) else "",
            external=True,
            evidence=f"`{resource.address}`",
            span=resource.span,
        )

    def _known(self, name: str) -> bool:
        lowered = name.lower()
        return any(known.lower() == lowered or lowered.endswith(f"-{known.lower()}") for known in self.accounts)


def _own_number(result: WorkspaceResult) -> str:
    """Return the account number that the root's provider configurations prove, or "": what is no number is none.

    The default one counts alone where there is one: its aliases may lead elsewhere.
    """
    numbers = {
        provider.address: provider.account.raw
        if isinstance(provider.account.raw, str) and provider.account.raw.isdecimal()
        else ""
        for provider in result.providers
        if provider.address.startswith('provider["aws"]')
    }
    default = numbers.get('provider["aws"]')
    if default is not None:
        return default
    proven = {number for number in numbers.values() if number}
    return proven.pop() if len(proven) == 1 else ""
