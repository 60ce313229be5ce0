"""Accounts by name and by number, as evaluation compares them: before the platform is put together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from astralint.config.settings import Settings
from astralint.source.partial import Hole, PartialText, Text, same
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import NOWHERE, Origin, Reason, Unknown, Value, string, symbolic, unknown
from astralint.terraform.workspace import WorkspaceSpec

SYMBOL = "account:"
OF_WORKSPACE = "generated:account of the workspace "
"""What begins the symbol of an account of which only the workspace is known."""

OF_PROVIDER = "generated:account of the provider "
"""What begins the symbol of the account of a provider configuration that is known by nothing else."""


def account_value(name: str, number: str, origins: frozenset[Origin] = NOWHERE) -> Value:
    """Return an account's number, or the symbol that stands for it where it is not in the code."""
    if number:
        return string(number).with_origins(origins)
    reason = Reason("account-number-not-known", f"the number of account `{name}` is not in the code")
    return symbolic(f"{SYMBOL}{name}", reason, origins=origins)


def may_mean(name: str, accounts: Iterable[str]) -> tuple[str, ...]:
    """Return the accounts that AWS's name for one may mean: the one called so, else those that it ends in.

    `acme-production` may mean `production`: several, or one by its end alone, is no certainty.
    """
    lowered = name.lower()
    known = [(account, account.lower()) for account in accounts]
    exact = tuple(account for account, each in known if each == lowered)
    return exact or tuple(account for account, each in known if lowered.endswith((f"-{each}", f"_{each}")))


def named_in(profile: str, accounts: Iterable[str]) -> str | None:
    """Return the account whose name a profile holds as whole words; None where it holds none, or several."""
    around = f"-{_WORDS.sub('-', profile.lower())}-"
    found = [name for name in accounts if (word := _WORDS.sub("-", name.lower()).strip("-")) and f"-{word}-" in around]
    # `shop-production` says more than `production`; `production` beside `staging` says nothing.
    whole = [name for name in found if all(other.lower() in name.lower() for other in found)]
    return whole[0] if len(whole) == 1 else None


_WORDS = re.compile(r"[^a-z0-9]+")


def unknown_account(value: Value, identity: str) -> Value:
    """Return the account of a provider configuration as one with an identity, where its number is not known.

    `identity` names where it is unknown: an unknown account is the same as itself, and as no other.
    """
    raw = value.raw
    if not isinstance(raw, Unknown) or (raw.text is not None and all(_is_identified(part) for part in raw.text.parts)):
        return value
    message = raw.reasons[0].message if raw.reasons else "it is not known"
    parts = raw.text.parts if raw.text is not None else (Hole(message),)
    named = (
        part if _is_identified(part) else Hole(message, identity + (f"#{number}" if number else ""))
        for number, part in enumerate(parts)
    )
    text = PartialText(tuple(named))
    return unknown(raw.reasons, STRING, text=text, not_null=True, origins=value.origins, marks=value.marks)


def _is_identified(part: str | Hole) -> bool:
    return isinstance(part, str) or part.symbol is not None


class AccountNames:
    """The accounts that the configuration names, and those that workspaces are for."""

    def __init__(self, settings: Settings, specs: Iterable[WorkspaceSpec]) -> None:
        self._numbers = {account.name: account.id for account in settings.accounts}
        for spec in specs:
            if spec.account and not self._numbers.get(spec.account):
                self._numbers[spec.account] = spec.account_number
        self._names = {number: name for name, number in self._numbers.items() if number}
        organization = settings.platform.organization
        self._prefixes = (f"{organization}-", f"{organization}_") if organization else ()

    def value(self, name: str, prefix: str = "") -> Value | None:
        """Return the number, or the symbol, of the account that AWS knows by a name; None where it may be several.

        `prefix` is what the names of all accounts in AWS begin with.
        """
        known = self.known_as(name, prefix)
        if known is None and may_mean(name, self._numbers):
            return None
        return account_value(known or name, self._numbers.get(known or name, ""))

    def known_as(self, name: str, prefix: str = "") -> str | None:
        """Return what an account is called here: `production` for `acme-production`; None where that is not clear."""
        lowered = name.lower()
        wanted = {lowered, *(lowered.removeprefix(each.lower()) for each in (prefix, *self._prefixes))}
        found = [known for known in self._numbers if known.lower() in wanted]
        return found[0] if len(found) == 1 else None

    def same(self, left: Text, right: Text) -> bool | None:
        """Say whether two account numbers, or symbols for them, are of one account; None where that is not known."""
        first, second = self._name(left), self._name(right)
        if first is not None and second is not None:
            return first == second
        return same(left, right)

    def _name(self, text: Text) -> str | None:
        if isinstance(text, str):
            return self._names.get(text)
        only = text.parts[0] if len(text.parts) == 1 else None
        if isinstance(only, Hole) and only.symbol is not None and only.symbol.startswith(SYMBOL):
            return only.symbol.removeprefix(SYMBOL)
        return None


def place_text(value: Value) -> Text:
    """Return an account or a region as text; what is not known is a hole."""
    if isinstance(value.raw, str):
        return value.raw
    if not isinstance(value.raw, Unknown):
        return PartialText((Hole("it is not known"),))
    if value.raw.text is not None:
        return value.raw.text
    message = value.raw.reasons[0].message if value.raw.reasons else "it is not known"
    return PartialText((Hole(message),))
