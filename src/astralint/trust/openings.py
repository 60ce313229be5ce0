"""Which accounts of the platform a resource's policy lets in to do something, by all its statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from astralint.aws.condition_keys import Facts, context_for
from astralint.aws.context import Known
from astralint.aws.kleene import any_of
from astralint.aws.principals import Principal, TrustedPrincipal, trust_principals
from astralint.aws.text import Text, join, known
from astralint.estate.estate import Estate
from astralint.estate.model import Account, Resource
from astralint.source.evidence import Evidence
from astralint.trust.admission import (
    CHOSEN,
    OWN_ORGANIZATION,
    STRANGE_ORGANIZATION,
    STRANGER,
    Admission,
    Caller,
    admitted,
    is_about,
    owners_in,
)
from astralint.trust.documents import Document, document
from astralint.trust.policies import account_text, account_text_of


class Opening(msgspec.Struct, frozen=True, eq=False):
    """A statement of a resource's policy lets somebody of an account do something.

    `admission` is never surely false: where it is open, its reason says why.
    """

    resource: Resource
    account: Account
    action: str
    principal: TrustedPrincipal
    admission: Admission
    evidence: Evidence

    def __str__(self) -> str:
        return self.resource.address


def policy_of(estate: Estate, resource: Resource, argument: str) -> Document | None:
    """Return the policy that an argument of a resource holds; None where it is not set."""
    if argument not in resource.arguments:
        return None
    return document(estate, resource, resource.value(argument), (argument,), "resource")


def openings(
    estate: Estate, resource: Resource, argument: str, accounts: Iterable[Account], actions: Iterable[str]
) -> Iterator[Opening]:
    """Yield what a resource's policy lets some accounts do of some actions, the first of these for each statement.

    A policy that is not known as a whole yields nothing: ask for it with `policy_of`.
    """
    parsed = policy_of(estate, resource, argument)
    wanted, others = tuple(actions), tuple(accounts)
    own = estate.settings.platform.organization_id or OWN_ORGANIZATION
    for named in trust_principals(parsed.policy) if parsed is not None else ():
        covered = [(action, is_about(named.statement, action)) for action in wanted]
        action = next((a for a, truth in covered if truth), next((a for a, truth in covered if truth is None), None))
        for account, caller in _callers(estate, resource, named, others) if action is not None else ():
            assert parsed is not None
            assert action is not None
            found = admitted(parsed.policy, named.statement, caller, action, own)
            if dict(covered)[action] is None and found.truth:
                found = Admission(None, "which actions the statement is about is not known")
            if found.truth is not False:
                place = parsed.evidence(f"lets `{named.entry.text}` in", named.entry.path)
                yield Opening(resource, account, action, named, found, place)


def _callers(
    estate: Estate, resource: Resource, named: TrustedPrincipal, accounts: tuple[Account, ...]
) -> Iterator[tuple[Account, Caller]]:
    """Yield who of some accounts is meant by a principal: itself, or anybody whom everybody's account includes."""
    own = estate.settings.platform.organization_id or OWN_ORGANIZATION
    facts = Facts(organization=own, resource_account=account_text(resource), resource_organization=own)
    if named.form == "anyone":
        for account in accounts:
            text = join("arn:aws:iam::", account_text_of(account), ":role/", CHOSEN)
            principal = Principal("role", text)
            yield (
                account,
                Caller(principal, context_for(principal, facts).with_keys({"aws:PrincipalArn": Known((text,))})),
            )
        return
    found = estate.account_of(named.account) if named.account is not None else None
    asking = Principal.parse(named.entry.text)
    if found in accounts and found is not None and asking is not None:
        yield found, Caller(asking, context_for(asking, facts))


class Outsider(msgspec.Struct, frozen=True, eq=False):
    """A statement of a resource's policy lets somebody in who is none of ours.

    `number` or `organization` is whose they are, where the statement names an account or an organization.
    """

    principal: TrustedPrincipal
    admission: Admission
    evidence: Evidence
    number: str = ""
    organization: str = ""


def outsiders(estate: Estate, resource: Resource, argument: str) -> Iterator[Outsider]:
    """Yield whom a resource's policy lets in that may be no principal of the platform, in stable order.

    Everybody counts where somebody of no account of ours gets in; whether a number that is named is
    one of ours, is for the caller to say.
    """
    parsed = policy_of(estate, resource, argument)
    for named in trust_principals(parsed.policy) if parsed is not None else ():
        assert parsed is not None
        place = parsed.evidence(f"lets `{named.entry.text}` in", named.entry.path)
        if named.form == "anyone":
            found = _for(estate, resource, parsed, named, STRANGER, (STRANGE_ORGANIZATION, ""))
            if found.truth is not False:
                yield Outsider(named, found, place)
            else:
                yield from _named_in_conditions(estate, resource, parsed, named)
        elif named.form == "unknown":
            yield Outsider(named, Admission(None, f"whom `{named.entry.text}` means is not known"), place)
        elif named.account is not None and estate.account_of(named.account) is None:
            number = known(named.account)
            admission = Admission(truth=True) if number else Admission(None, f"whose `{named.entry.text}` is")
            yield Outsider(named, admission, place, number or "")


def _named_in_conditions(
    estate: Estate, resource: Resource, parsed: Document, named: TrustedPrincipal
) -> Iterator[Outsider]:
    """Yield what a statement for everybody narrows down to: accounts and organizations that are none of ours."""
    own = estate.settings.platform.organization_id
    for owner in owners_in(named.statement.conditions):
        place = parsed.evidence(f"lets `{owner.id}` in", owner.path)
        if owner.kind == "organization" and not own:
            yield Outsider(named, Admission(None, f"whether `{owner.id}` is the platform's organization"), place)
        elif owner.kind == "organization" and owner.id != own:
            found = _for(estate, resource, parsed, named, STRANGER, (owner.id,))
            if found.truth is not False:
                yield Outsider(named, found, place, organization=owner.id)
        elif owner.kind == "account" and estate.account_of(owner.id) is None:
            found = _for(estate, resource, parsed, named, owner.id, (STRANGE_ORGANIZATION, ""))
            if found.truth is not False:
                yield Outsider(named, found, place, owner.id)


def _for(
    estate: Estate,
    resource: Resource,
    parsed: Document,
    named: TrustedPrincipal,
    account: Text,
    organizations: Iterable[str],
) -> Admission:
    """Say whether somebody of an account, in one of some organizations, may do what a statement for everybody allows.

    "" is no organization.
    """
    own = estate.settings.platform.organization_id or OWN_ORGANIZATION
    element = named.statement.action
    entries = element.entries if element is not None else ()
    action = next((told for entry in entries if (told := known(entry.text)) is not None), "")
    if not action and element is not None and (entries or element.unknown):
        return Admission(None, "which actions the statement is about is not known")
    action = action or "*"
    text = join("arn:aws:iam::", account, ":role/", CHOSEN)
    principal = Principal("role", text)
    found = []
    for organization in organizations:
        paths = (f"{organization}/r-strange/ou-strange/",) if organization else None
        facts = Facts(
            organization=organization,
            organization_paths=paths,
            resource_account=account_text(resource),
            resource_organization=own,
        )
        context = context_for(principal, facts).with_keys({"aws:PrincipalArn": Known((text,))})
        found.append(admitted(parsed.policy, named.statement, Caller(principal, context), action, own))
    reason = next((one.reason for one in found if one.reason), "")
    return Admission(any_of(one.truth for one in found), reason)
