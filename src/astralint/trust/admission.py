"""Who is admitted: whether somebody outside gets in through a principal that a trust policy names.

Conditions are judged by what they admit, not by which keys appear in them, and over the whole
policy: a `Deny` for all others is as good as a condition of the `Allow`. A caller is made up for
it: somebody of an account, an organization or a service of which only that is fixed which the
caller can't choose. What it can choose (a role's name, an external id, a tag) it chooses so that
it gets in; what is not known in the code leaves the answer open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from astralint.aws.arn import Arn, is_account_id
from astralint.aws.condition_keys import Facts, context_for
from astralint.aws.conditions import evaluate
from astralint.aws.context import ABSENT, Context, KeyState, Known, Unknown
from astralint.aws.decision import default_action
from astralint.aws.kleene import Truth, any_of, negate
from astralint.aws.operators import NEGATED
from astralint.aws.policy import Condition, Entry, Policy, PrincipalElement, Statement
from astralint.aws.principals import Principal, match_entry
from astralint.aws.text import Text, holes, is_account_symbol, join, known, lower
from astralint.aws.wildcard import match
from astralint.estate.estate import Estate
from astralint.estate.organization import ORGANIZATION_SYMBOL
from astralint.source.partial import Hole
from astralint.trust.declared import Trust

STRANGER = "stranger0000"
"""Stands for the account of somebody unknown: as long as a number, and equal to none."""

STRANGE_ORGANIZATION = "o-stranger00"
OWN_ORGANIZATION = "o-ours"
CHOSEN = Hole("what the caller chooses")
OWNERS: Mapping[str, Literal["account", "organization", "arn"]] = {
    "aws:principalaccount": "account",
    "aws:principalarn": "arn",
    "aws:principalorgid": "organization",
    "aws:principalorgpaths": "organization",
    "aws:sourceaccount": "account",
    "aws:sourcearn": "arn",
    "aws:sourceorgid": "organization",
    "aws:sourceorgpaths": "organization",
}
"""The condition keys that say whose somebody is, and what their values name."""


class Caller(msgspec.Struct, frozen=True, eq=False):
    """Somebody who asks, and what is fixed of the request."""

    principal: Principal
    context: Context


class Admission(msgspec.Struct, frozen=True):
    """Whether somebody gets in: None where the code leaves that open, and `reason` says why."""

    truth: Truth
    reason: str = ""


class Owner(msgspec.Struct, frozen=True):
    """An account or an organization that a condition names."""

    kind: Literal["account", "organization"]
    id: str
    path: tuple[str | int, ...]


def admission(estate: Estate, trust: Trust, caller: Caller) -> Admission:
    """Say whether a caller whom the principal of a trust covers gets in, by all statements of the policy."""
    assert trust.role.trust is not None
    own = estate.settings.platform.organization_id or OWN_ORGANIZATION
    action = default_action(caller.principal)
    return admitted(trust.role.trust.policy, trust.principal.statement, caller, action, own)


def admitted(policy: Policy, statement: Statement, caller: Caller, action: str, own: str) -> Admission:
    """Say whether a caller whom a statement names may do what it allows, by all statements of its policy.

    `own` is the organization's id, or what stands for it.
    """
    open_ = list(statement.unknown) if statement.effect == "Allow" else ["whether the statement allows is not known"]
    for condition in _settled(statement.conditions, own):
        truth = evaluate(condition, caller.context, variables=policy.variables)
        if truth is False:
            return Admission(truth=False)
        if truth is None and _is_open(condition, caller.context):
            open_.append(_why(condition))
    for other in policy.statements:
        if other.effect == "Allow":
            continue
        refused = _refused(policy, other, caller, action, own)
        if refused.truth:
            return Admission(truth=False)
        if refused.truth is None:
            open_.append(refused.reason)
    return Admission(None, open_[0]) if open_ else Admission(truth=True)


def admissions(estate: Estate, trust: Trust, callers: Iterable[Caller]) -> Admission:
    """Say whether one of some callers gets in."""
    found = [admission(estate, trust, caller) for caller in callers]
    reason = next((one.reason for one in found if one.reason), "")
    return Admission(any_of(one.truth for one in found), reason)


def _refused(policy: Policy, statement: Statement, caller: Caller, action: str, own: str) -> Admission:
    """Say whether a `Deny` surely hits a caller; one that it can keep clear of does not."""
    open_ = list(statement.unknown)
    if statement.effect is None and not open_:
        open_.append("whether a statement allows or denies is not known")
    covers = [_names(statement.principal, caller.principal), is_about(statement, action)]
    if False in covers:
        return Admission(truth=False)
    if None in covers:
        open_.append("whom or what a `Deny` is about is not known")
    for condition in _settled(statement.conditions, own):
        truth = evaluate(condition, caller.context, variables=policy.variables)
        if truth is False or (truth is None and not _is_open(condition, caller.context)):
            return Admission(truth=False)
        if truth is None:
            open_.append(_why(condition))
    return Admission(None, open_[0]) if open_ else Admission(truth=True)


def _names(element: PrincipalElement | None, principal: Principal) -> Truth:
    if element is None:
        return None
    fits: list[Truth] = [match_entry(entry, principal).truth for entry in element.entries]
    found = any_of([*fits, *([None] if element.unknown else [])])
    return negate(found) if element.negated else found


def is_about(statement: Statement, action: str) -> Truth:
    """Say whether a statement is about an action."""
    element = statement.action
    if element is None:
        return None
    found = any_of(
        [*(match(lower(e.text), action.lower()) for e in element.entries), *([None] if element.unknown else [])]
    )
    return negate(found) if element.negated else found


def _is_open(condition: Condition, context: Context) -> bool:
    """Say whether it is the code that leaves a condition open, not what the caller chooses.

    Of a key that the caller chooses, whatever the value is, it chooses it.
    """
    if not condition.operator or not known(condition.key):
        return True
    state = context.get(condition.key)
    if isinstance(state, Unknown):
        return False
    values = state.values if isinstance(state, Known) else ()
    is_account = OWNERS.get((known(condition.key) or "").lower()) == "account"
    if is_account and any(is_account_symbol(hole) for value in values for hole in holes(value)):
        # The account of a caller is what it is: where its number is not in the code, nobody knows whether it is meant.
        return True
    return bool(condition.unknown) or any(_has_open_hole(entry.text) for entry in condition.values)


def _has_open_hole(text: Text) -> bool:
    return any(not is_account_symbol(hole) for hole in holes(text))


def _why(condition: Condition) -> str:
    if condition.unknown:
        return condition.unknown[0]
    found = [hole.reason for text in (condition.key, *(e.text for e in condition.values)) for hole in holes(text)]
    return next(iter(found), f"what `{condition.written}` means is not known")


def _settled(conditions: Iterable[Condition], own: str) -> Iterator[Condition]:
    """Yield conditions with the organization's own id in place of the symbol that stands for it."""
    for condition in conditions:
        values = tuple(Entry(_with_organization(entry.text, own), entry.path) for entry in condition.values)
        yield msgspec.structs.replace(condition, values=values)


def _with_organization(text: Text, own: str) -> Text:
    if isinstance(text, str):
        return text
    return join(
        *(own if isinstance(part, Hole) and part.symbol == ORGANIZATION_SYMBOL else part for part in text.parts)
    )


# --- who may ask ------------------------------------------------------------------------------


def somebody(
    estate: Estate,
    trust: Trust,
    account: Text = STRANGER,
    organization: str = STRANGE_ORGANIZATION,
    *,
    named: Literal["role", "user", ""] = "",
    keys: Mapping[str, KeyState] | None = None,
) -> Caller:
    """Return somebody of an account in an organization.

    Its name is what the caller chooses, or, as a `named` role or user, one that nothing speaks of.
    """
    arn = Arn.parse(trust.role.arn)
    partition = arn.partition if arn is not None and known(arn.partition) else "aws"
    kind: Literal["role", "user"] = named or "role"
    name: str | Hole = f"{STRANGER}-{kind}" if named else CHOSEN
    text = join("arn:", partition, ":iam::", account, f":{kind}/", name)
    prefix = "AROASTRANGER" if kind == "role" else "AIDASTRANGER"
    fixed: dict[str, KeyState] = {
        "aws:userid": Known((prefix if named else join(prefix, CHOSEN),)),
        **({"aws:PrincipalTag/*": ABSENT} if named else {}),
        **(keys or {}),
    }
    principal = Principal(kind, text)
    facts = _of_organization(organization)
    if not named:
        # Whoever it is, it may be a user as well as a role.
        fixed["aws:PrincipalArn"] = Known((join("arn:", partition, ":iam::", account, ":", CHOSEN),))
        fixed["aws:username"] = fixed["aws:PrincipalType"] = Known((join(CHOSEN),))
    return Caller(principal, context_for(principal, _ours(estate, trust, facts)).with_keys(fixed))


def strangers(estate: Estate, trust: Trust, account: Text = STRANGER) -> tuple[Caller, ...]:
    """Return somebody of another organization, and somebody of none."""
    return tuple(somebody(estate, trust, account, organization) for organization in (STRANGE_ORGANIZATION, ""))


def principal_itself(estate: Estate, trust: Trust, keys: Mapping[str, KeyState] | None = None) -> tuple[Caller, ...]:
    """Return the principal that a trust names: of another organization, and of none."""
    return tuple(_itself(estate, trust, organization, keys) for organization in (STRANGE_ORGANIZATION, ""))


def _itself(estate: Estate, trust: Trust, organization: str, keys: Mapping[str, KeyState] | None) -> Caller:
    principal = Principal.parse(trust.principal.entry.text)
    account = trust.principal.account
    if principal is None or principal.kind in ("account", "anyone"):
        return somebody(estate, trust, account if account is not None else STRANGER, organization, keys=keys)
    facts = _ours(estate, trust, _of_organization(organization))
    return Caller(principal, context_for(principal, facts).with_keys(keys or {}))


def _of_organization(organization: str) -> Facts:
    """Return the facts of somebody of an organization; "" for none."""
    paths = (f"{organization}/r-strange/ou-strange/",) if organization else None
    return Facts(organization=organization, organization_paths=paths)


def service_for(estate: Estate, trust: Trust, owner: Owner | None = None) -> tuple[Caller, ...]:
    """Return the service that a trust names, on behalf of a stranger or of somebody whom a condition names."""
    account = owner.id if owner is not None and owner.kind == "account" else STRANGER
    organization = owner.id if owner is not None and owner.kind == "organization" else STRANGE_ORGANIZATION
    principal = Principal("service", trust.principal.entry.text)
    context = context_for(principal, _ours(estate, trust, Facts()))
    keys: dict[str, KeyState] = {
        "aws:SourceAccount": Known((account,)),
        "aws:SourceOrgID": Known((organization,)),
        "aws:SourceOrgPaths": Known((f"{organization}/r-strange/ou-strange/",)),
    }
    arns = [join("arn:aws:", CHOSEN, ":", CHOSEN, ":", account, ":", CHOSEN)]
    if owner is None:
        arns.append(f"arn:aws:s3:::{STRANGER}")
    states = [{**keys, "aws:SourceArn": Known((arn,))} for arn in arns]
    if owner is None:
        # It may also ask without a word about whom it is for.
        states.append(dict.fromkeys((*keys, "aws:SourceArn"), ABSENT))
    return tuple(Caller(principal, context.with_keys(state)) for state in states)


def token_for(trust: Trust, issuer: str, claims: Mapping[str, str]) -> Caller:
    """Return the holder of a token with these claims; what else is in it the caller chooses."""
    principal = Principal("federated", trust.principal.entry.text)
    facts = Facts(claims={f"{issuer}:{name}": value for name, value in claims.items()})
    return Caller(principal, context_for(principal, facts))


def _ours(estate: Estate, trust: Trust, facts: Facts) -> Facts:
    """Return facts with those of the role's side: its account and organization are ours."""
    arn = Arn.parse(trust.role.arn)
    own = estate.settings.platform.organization_id or OWN_ORGANIZATION
    account = arn.account if arn is not None else None
    return msgspec.structs.replace(facts, resource_account=account, resource_organization=own)


# --- what conditions say ----------------------------------------------------------------------


def named_owners(trust: Trust) -> tuple[Owner, ...]:
    """Return the accounts and organizations that conditions of an `Allow` name by their whole id."""
    return owners_in(trust.principal.statement.conditions)


def owners_in(conditions: Iterable[Condition]) -> tuple[Owner, ...]:
    """Return the accounts and organizations that conditions name by their whole id."""
    found: dict[Owner, None] = {}
    for condition in conditions:
        kind = OWNERS.get((known(condition.key) or "").lower())
        if kind is None or condition.operator in NEGATED or condition.operator == "Null":
            continue
        for entry in condition.values:
            text = known(entry.text) or ""
            if kind == "organization":
                id_ = text.partition("/")[0]
                if id_.startswith("o-") and "*" not in id_ and "?" not in id_:
                    found[Owner("organization", id_, entry.path)] = None
                continue
            arn = Arn.parse(text) if kind == "arn" else None
            number = (known(arn.account) if arn is not None else "") if kind == "arn" else text
            if number and is_account_id(number):
                found[Owner("account", number, entry.path)] = None
    return tuple(found)


def demands(trust: Trust) -> tuple[Condition, ...]:
    """Return the conditions that have to hold: those of the `Allow`, and what every `Deny` leaves.

    A `Deny` of whatever is unlike something demands that it is like that.
    """
    assert trust.role.trust is not None
    statement = trust.principal.statement
    found = list(statement.conditions)
    principal = Principal.parse(trust.principal.entry.text)
    for other in trust.role.trust.policy.statements:
        if other.effect != "Deny" or other.unknown or len(other.conditions) != 1 or principal is None:
            continue
        condition = other.conditions[0]
        positive = NEGATED.get(condition.operator)
        covers = _names(other.principal, principal) and is_about(other, default_action(principal))
        if positive is not None and condition.quantifier is None and covers:
            found.append(msgspec.structs.replace(condition, operator=positive, if_exists=False))
    return tuple(found)
