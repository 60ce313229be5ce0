"""Who may ask: the principals that statements tell apart, one of each sort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.inclusion.languages import Clause
from astralint.aws.inclusion.patterns import Pattern, glob
from astralint.aws.kleene import Truth, any_of
from astralint.aws.policy import Effect, PrincipalElement, PrincipalEntry
from astralint.aws.principals import EntryForm, Principal, entry_form
from astralint.aws.session_keys import absent_keys
from astralint.aws.text import Text, is_partial, known
from astralint.aws.wildcard import Wild, equal, has_wildcards, literal_tokens, match

NAMED: tuple[EntryForm, ...] = ("user", "role", "session", "federated-user", "unknown", "other", "deleted")


class Caller(msgspec.Struct, frozen=True):
    """A sort of principals: one that is named, any other of an account, or anybody else.

    `kind` is that of the entry that names it. `alone`: it has no policy of its own that allows what it asks for, so
    that a trust in its account is not enough. `fixed` is what its condition keys are known to hold, `absent` are those
    that it never has, and beginnings of them with a `*`.
    """

    kind: str
    text: Text
    account: Text | None = None
    alone: bool = False
    fixed: tuple[tuple[str, tuple[Clause, ...]], ...] = ()
    absent: tuple[str, ...] = ()

    def lacks(self, key: str) -> bool:
        """Say whether a key, in lower case, is never part of its requests."""
        return any(match(pattern.lower(), key) for pattern in self.absent)

    @property
    def keys(self) -> dict[str, tuple[Clause, ...]]:
        return dict(self.fixed)

    def __str__(self) -> str:
        return str(self.text)


def callers(elements: Iterable[PrincipalElement], owner: Text | None) -> list[Caller]:
    """Return one caller of each sort; `owner` is the account that the policy belongs to, None where that is not known."""
    entries = [entry for element in elements for entry in element.entries]
    named: dict[tuple[str, str], PrincipalEntry] = {}
    accounts: dict[str, Text] = {}
    for entry in entries:
        form = entry_form(entry)
        account = account_of(entry)
        if account is not None:
            accounts.setdefault(str(account), account)
        if form not in ("anyone", "account") and not _never(entry, form):
            named.setdefault((entry.kind, str(entry.text)), entry)
    found: list[Caller] = []
    for entry in named.values():
        found.extend(_of_entry(entry, owner))
    names = [entry.text for entry in named.values() if entry.kind == "AWS"]
    for account in accounts.values():
        found.extend(_others(account, names, owner))
    found.append(_anybody(tuple(accounts.values()), names))
    return found


def names(element: PrincipalElement | None, caller: Caller | None, effect: Effect) -> Truth:
    """Return whether a statement's principals include a caller."""
    if element is None or caller is None:
        return True
    truth = any_of(
        [*(_names(entry, caller, effect) for entry in element.entries), *([None] if element.unknown else [])]
    )
    if not element.negated:
        return truth
    # Which entries spare somebody, AWS's guide says by example only: see `resource_side`.
    return True if truth is False else None


def account_of(entry: PrincipalEntry) -> Text | None:
    """Return the account that an entry speaks of, wholly or in part."""
    if entry.kind != "AWS" or entry.text == "*":
        return None
    form = entry_form(entry)
    arn = Arn.parse(entry.text)
    if form == "account":
        return arn.account if arn is not None else entry.text
    return arn.account if arn is not None and form in NAMED else None


def _never(entry: PrincipalEntry, form: EntryForm) -> bool:
    """Say whether an entry matches nobody."""
    return form in ("deleted", "other") or (entry.kind == "AWS" and entry.text != "*" and has_wildcards(entry.text))


def _names(entry: PrincipalEntry, caller: Caller, effect: Effect) -> Truth:
    if entry.kind == "AWS" and entry.text == "*":
        return True
    form = entry_form(entry)
    if _never(entry, form):
        return False
    if form == "account":
        if caller.account is None:
            return False
        same = equal(account_of(entry) or "", caller.account)
        # To be let in by an account's name takes a policy of one's own; to be refused does not.
        return False if same is False or (caller.alone and effect == "Allow") else same
    if caller.kind == "other":
        return None if form == "unknown" and entry.kind == "AWS" else False
    if caller.kind != entry.kind:
        return False
    whole = equal(entry.text, caller.text)
    if whole or entry.kind != "AWS":
        return whole
    if whole is None and is_partial(entry.text) and str(entry.text) == str(caller.text):
        return True if entry.text == caller.text and _is_named(entry.text) else None
    return _of_role(entry.text, caller.text) if whole is False else whole


def _is_named(text: Text) -> bool:
    return isinstance(text, str) or all(isinstance(part, str) or part.symbol is not None for part in text.parts)


def _of_role(role: Text, session: Text) -> Truth:
    """Return whether a role's entry names a session of it: sessions have no path."""
    first, second = Arn.parse(role), Arn.parse(session)
    if first is None or second is None or known(first.resource_type) != "role":
        return False
    name = second.session_role_name
    if name is None or equal(first.account, second.account) is False or equal(first.name, name) is False:
        return False
    return None


def _of_entry(entry: PrincipalEntry, owner: Text | None) -> Iterator[Caller]:
    account = account_of(entry)
    fixed: list[tuple[str, tuple[Clause, ...]]] = []
    if entry.kind == "AWS" and account is not None:
        fixed.append(("aws:principalaccount", (_is(account),)))
        if entry_form(entry) in ("user", "role"):
            fixed.append(("aws:principalarn", (_is(entry.text),)))
    for alone in _alone(account, owner) if entry.kind == "AWS" else (False,):
        yield Caller(entry.kind, entry.text, account, alone, tuple(fixed), _absent(entry))


def _absent(entry: PrincipalEntry) -> tuple[str, ...]:
    """Return the keys that services and identity providers never send."""
    if entry.kind not in ("Service", "Federated"):
        return ()
    return tuple(absent_keys(Principal("service" if entry.kind == "Service" else "federated", entry.text)))


def _others(account: Text, names: list[Text], owner: Text | None) -> Iterator[Caller]:
    """Yield whoever else an account has."""
    arn = Arn("aws", "iam", "", account, "role/example")
    fixed = (
        ("aws:principalaccount", (_is(account),)),
        ("aws:principalarn", (_of_account(account, wanted=True), *_none_of(names))),
    )
    for alone in _alone(account, owner):
        yield Caller("other", arn.text, account, alone, fixed)


def _anybody(accounts: tuple[Text, ...], names: list[Text]) -> Caller:
    fixed: tuple[tuple[str, tuple[Clause, ...]], ...] = ()
    if all(isinstance(account, str) for account in accounts) and accounts:
        fixed = (
            ("aws:principalaccount", (Clause(tuple(map(_literal, accounts)), wanted=False),)),
            ("aws:principalarn", tuple(_of_account(account, wanted=False) for account in accounts)),
        )
    return Caller("other", "anybody else" if accounts or names else "anybody", None, False, fixed)


def _alone(account: Text | None, owner: Text | None) -> tuple[bool, ...]:
    """Return whether to tell apart who has a policy of their own: across accounts everybody needs one."""
    if account is None:
        return (False,)
    return (False,) if owner is not None and equal(account, owner) is False else (False, True)


def _literal(text: Text) -> Pattern:
    return Pattern(literal_tokens(text))


def _is(text: Text) -> Clause:
    return Clause((_literal(text),), wanted=True)


def _of_account(account: Text, *, wanted: bool) -> Clause:
    before, behind = glob("arn:*:*::").tokens, (":", Wild.ANY)
    return Clause((Pattern((*before, *literal_tokens(account), *behind)),), wanted)


def _none_of(names: list[Text]) -> tuple[Clause, ...]:
    plain = tuple(_literal(name) for name in names if isinstance(name, str))
    return (Clause(plain, wanted=False),) if plain else ()
