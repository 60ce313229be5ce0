"""What names stand for in contracts: accounts, by their name, kind, organizational unit or tag.

`staging` is the account of that name, every account of that kind, and every account in
an organizational unit of that name; `account:`, `kind:`, `unit:` and `tag:` in front say
which of them is meant. `*` and `?` stand for any text, for one character.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

import msgspec

from astralint.aws.wildcard import has_wildcards, match
from astralint.config.suggest import did_you_mean
from astralint.estate.kinds import KINDS
from astralint.estate.model import Account
from astralint.estate.views import Undecided
from astralint.platform.platform import Platform
from astralint.rules.contracts.organization import NOT_MADE, Organization
from astralint.terraform.values.value import Reason

By = Literal["account", "kind", "unit", "tag"]
FORMS: tuple[By, ...] = ("account", "kind", "unit", "tag")


class Members(msgspec.Struct, frozen=True, eq=False):
    """The accounts that names stand for, and those that it is not known of, each with the reason."""

    certain: frozenset[str]
    open: Mapping[str, Reason]

    def holds(self, account: Account) -> bool:
        """Say whether an account is one of them; raises Undecided."""
        if account.name in self.certain:
            return True
        reason = self.open.get(account.name)
        if reason is not None:
            raise Undecided(reason)
        return False

    def may_hold(self, account: Account | None) -> bool:
        """Say whether an account is, or may be, one of them."""
        return account is None or account.name in self.certain or account.name in self.open


class Names:
    """The names that contracts may use on a platform."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.organization = Organization(platform)

    def members(self, words: Iterable[str]) -> Members:
        """Return the accounts that names stand for, taken together."""
        certain: set[str] = set()
        open_: dict[str, Reason] = {}
        for word in words:
            found = self._members_of(word)
            certain |= found.certain
            for name, reason in found.open.items():
                open_.setdefault(name, reason)
        return Members(frozenset(certain), {name: reason for name, reason in open_.items() if name not in certain})

    def _members_of(self, word: str) -> Members:
        certain: set[str] = set()
        open_: dict[str, Reason] = {}
        for by, text in self._meanings(word):
            for account in self.platform.accounts.values():
                found = self._is(by, text, account)
                if isinstance(found, Reason):
                    open_.setdefault(account.name, found)
                elif found:
                    certain.add(account.name)
        return Members(frozenset(certain), open_)

    def _meanings(self, word: str) -> list[tuple[By, str]]:
        form, colon, text = word.partition(":")
        named: By | None = next((by for by in FORMS if by == form), None)
        if colon and named is not None:
            return [(named, text)]
        meanings: list[tuple[By, str]] = [("account", word)]
        if any(_fits(word, kind) for kind in self.kinds):
            meanings.append(("kind", word))
        if any(_fits(word, name) for name in self.organization.names):
            meanings.append(("unit", word))
        return meanings

    def _is(self, by: By, text: str, account: Account) -> bool | Reason:
        if by == "account":
            return _fits(text, account.name)
        if by == "kind":
            if not account.kind:
                return Reason("account-kind-not-known", f"the kind of the account `{account}` is not known")
            return _fits(text, account.kind)
        try:
            if by == "unit":
                return any(_fits(text, way) for way in self.organization.ways_of(account))
            key, _, value = text.partition("=")
            found = self.organization.tag_of(account, key)
            return found is not None and _fits(value or "*", found)
        except Undecided as undecided:
            return undecided.reason

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The architecture's kinds, and those that accounts have."""
        own = {account.kind for account in self.platform.accounts.values() if account.kind}
        return tuple(sorted({*KINDS, *own}))

    def problem(self, word: str) -> tuple[str, str | None] | None:
        """Return what is wrong with a name, and what may be meant; None where it stands for something.

        A kind of the architecture may have no account yet.
        """
        found = self._members_of(word)
        form, _, text = word.partition(":")
        # Units and tags are known of the accounts that code makes; of others they stay open.
        of_unmade = form in ("unit", "tag") and all(reason.code == NOT_MADE for reason in found.open.values())
        is_open = bool(found.open) and not (of_unmade and self.organization.is_complete)
        if found.certain or is_open or (text if form == "kind" else word) in KINDS:
            return None
        if form == "tag" and text:
            return f"no account has the tag `{text}`", None
        return f"no account, kind or unit is called `{word}`", self._meant(word)

    def _meant(self, word: str) -> str | None:
        if has_wildcards(word):
            return None
        plain = [*self.platform.accounts, *self.kinds, *self.organization.names]
        form, colon, text = word.partition(":")
        if colon and form in FORMS:
            suggested = did_you_mean(text, plain, "there are ")
            return suggested.replace("mean `", f"mean `{form}:") if suggested is not None else None
        return did_you_mean(word, plain, "there are ")


def _fits(pattern: str, name: str) -> bool:
    return match(pattern, name) is True
