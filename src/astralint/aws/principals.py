"""Who asks, whom a statement names, and how well the two fit.

Source: AWS's IAM User Guide, "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, Literal

import msgspec

from astralint.aws.arn import Arn, is_account_id, permission_set
from astralint.aws.kleene import Truth, all_of
from astralint.aws.policy import PrincipalEntry
from astralint.aws.text import Text, is_partial, known, simplified
from astralint.aws.wildcard import equal, has_wildcards
from astralint.source.partial import Hole, PartialText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from astralint.aws.policy import Policy, PrincipalElement, Statement

CallerKind = Literal["user", "role", "session", "account", "federated-user", "service", "federated", "anyone"]
EntryForm = Literal[
    "anyone",
    "account",
    "user",
    "role",
    "session",
    "federated-user",
    "deleted",
    "service",
    "federated",
    "unknown",
    "other",
]
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,124}")
_ONE_ACCOUNT = re.compile(r"(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?")
_ONE_IDENTITY = re.compile(r"arn:[a-z-]+:iam::\d{12}:(?:role|user)/[^*?]+")
_RESERVED = "AWSReservedSSO_"
_SERVICE = re.compile(r"[a-z0-9_.-]+\.amazonaws\.com(\.cn)?|[a-z0-9_.-]+\.aws\.internal")


class Grade(enum.Enum):
    """How a statement names a principal."""

    NAMED = "named"
    ACCOUNT = "account"
    SERVICE = "service"
    FEDERATED = "federated"
    NONE = "none"


class Principal(msgspec.Struct, frozen=True):
    """Who asks.

    `text` is an ARN (user, role, session, federated user; `…:root` for a whole account;
    an identity provider), a service's name, an identity provider's domain, or `*` for anybody
    who has an account of their own. `role` is the ARN of a session's role, where it is known.
    """

    kind: CallerKind
    text: Text
    role: Text | None = None

    @classmethod
    def parse(cls, text: Text) -> Principal | None:
        """Return the principal that a text is; None where that can't be seen."""
        text = simplified(text)
        if text == "*":
            return cls("anyone", text)
        if is_account_id(text):
            return cls("account", Arn("aws", "iam", "", text, "root").text)
        kind = _caller_kind(text)
        return None if kind is None else cls(kind, text)

    @property
    def arn(self) -> Arn | None:
        """The principal's ARN, if it has one."""
        return Arn.parse(self.text)

    @property
    def account(self) -> Text | None:
        """The account that the principal belongs to; None for services, providers and anybody."""
        if self.kind in ("service", "federated", "anyone"):
            return None
        arn = self.arn
        return arn.account if arn else None

    @property
    def is_aws(self) -> bool:
        """Whether it signs its requests with credentials of an AWS account."""
        return self.kind not in ("service", "federated")


class GradeMatch(msgspec.Struct, frozen=True):
    """How a statement's entry fits a principal. `entry` None: not known which."""

    grade: Grade
    truth: Truth
    entry: PrincipalEntry | None = None
    reason: str = ""


class TrustedPrincipal(msgspec.Struct, frozen=True):
    """A principal that a trust policy names, as declared."""

    statement: Statement
    entry: PrincipalEntry
    form: EntryForm
    arn: Arn | None
    account: Text | None
    never_matches: str = ""


NO_MATCH = GradeMatch(Grade.NONE, truth=False)
_IAM_TYPES: dict[str, EntryForm] = {"user": "user", "role": "role"}
_STS_TYPES: dict[str, EntryForm] = {"assumed-role": "session", "federated-user": "federated-user"}


def entry_form(entry: PrincipalEntry) -> EntryForm:
    """Return what an entry of a `Principal` element names."""
    if entry.kind == "Service":
        return "service"
    if entry.kind == "Federated":
        return "federated"
    if entry.kind == "CanonicalUser":
        return "unknown"
    if entry.text == "*":
        return "anyone"
    if is_account_id(entry.text):
        return "account"
    plain = known(entry.text)
    if plain is not None and _UNIQUE_ID.fullmatch(plain):
        return "deleted"
    arn = Arn.parse(entry.text)
    if arn is None:
        return "other" if plain is not None else "unknown"
    return arn_form(arn)


def arn_form(arn: Arn) -> EntryForm:
    """Return what kind of principal an ARN is."""
    if arn.is_root:
        return "account"
    kind = known(arn.resource_type)
    if kind is None or is_partial(arn.service):
        return "unknown"
    forms = {"iam": _IAM_TYPES, "sts": _STS_TYPES}.get(str(arn.service), {})
    return forms.get(kind, "other") if "/" in str(arn.resource) else "other"


def trust_principals(policy: Policy) -> tuple[TrustedPrincipal, ...]:
    """Return the principals that a policy's `Allow` statements name; a `Deny` trusts nobody.

    Where there may be more than are known, one of the form `unknown` stands for them.
    """
    found: list[TrustedPrincipal] = []
    for statement in policy.statements:
        element = statement.principal
        if statement.effect == "Deny" or (element is not None and element.negated):
            continue
        why = statement.unknown if element is None else element.unknown
        if why:
            entry = PrincipalEntry("AWS", PartialText((Hole(why[0]),)), statement.path)
            found.append(TrustedPrincipal(statement, entry, "unknown", None, None))
        for entry in element.entries if element is not None else ():
            form = entry_form(entry)
            arn = Arn.parse(entry.text) if entry.text != "*" else None
            account = entry.text if form == "account" and arn is None else arn.account if arn else None
            found.append(TrustedPrincipal(statement, entry, form, arn, account, _never_matches(entry, form)))
    return tuple(found)


def principal_grades(element: PrincipalElement | None, principal: Principal) -> tuple[GradeMatch, ...]:
    """Return how each entry fits a principal, as far as it may fit."""
    if element is None:
        return ()
    found: list[GradeMatch] = []
    if not element.negated:
        for entry in _candidates(element, principal):
            fit = match_entry(entry, principal)
            if fit.truth is not False:
                found.append(fit)
    found.extend(GradeMatch(Grade.NAMED, None, reason=reason) for reason in element.unknown)
    return tuple(found)


FEW = 8
"""So few entries are compared one by one."""
_KEPT = 256
_indices: dict[int, tuple[PrincipalElement, _Entries]] = {}


class _Entries:
    """The entries of an element: those that name one role or user, by their ARNs, or one account, by its number; all others."""

    def __init__(self, element: PrincipalElement) -> None:
        self.exact: dict[str, list[int]] = {}
        self.others: list[int] = []
        for number, entry in enumerate(element.entries):
            text = known(entry.text)
            if entry.kind == "AWS" and text is not None and _ONE_IDENTITY.fullmatch(text) and _RESERVED not in text:
                self.exact.setdefault(text, []).append(number)
            elif entry.kind == "AWS" and text is not None and (whole := _ONE_ACCOUNT.fullmatch(text)):
                self.exact.setdefault(whole[1], []).append(number)
            else:
                self.others.append(number)


def _candidates(element: PrincipalElement, principal: Principal) -> Iterable[PrincipalEntry]:
    """Return the entries that may fit a principal: of those that name one identity or account only its own.

    Roles whose policies name each other are many times many pairs, each with all entries.
    """
    text = known(principal.text)
    if len(element.entries) <= FEW or principal.kind not in ("role", "user", "account") or text is None:
        return element.entries
    account = known(principal.account or "")
    if not account or _RESERVED in text:
        return element.entries
    kept = _indices.get(id(element))
    if kept is None:
        if len(_indices) >= _KEPT:
            _indices.clear()
        kept = _indices[id(element)] = (element, _Entries(element))
    numbers = [*kept[1].exact.get(text, ()), *kept[1].exact.get(account, ())]
    others = kept[1].others
    if not numbers:
        return [element.entries[number] for number in others]
    return [element.entries[number] for number in sorted((*numbers, *others))]


def principal_grade(statement: Statement, principal: Principal) -> GradeMatch:
    """Return how a statement's principals fit: the surest fit, and of those the most exact."""
    order = (Grade.NAMED, Grade.SERVICE, Grade.FEDERATED, Grade.ACCOUNT)
    fits = principal_grades(statement.principal, principal)
    return min(fits, key=lambda fit: (fit.truth is not True, order.index(fit.grade)), default=NO_MATCH)


def match_entry(entry: PrincipalEntry, principal: Principal) -> GradeMatch:
    """Return how one entry fits a principal."""
    if entry.kind == "Service":
        truth = equal(entry.text, principal.text) if principal.kind == "service" else False
        return GradeMatch(Grade.SERVICE, truth, entry)
    if entry.kind == "Federated":
        truth = equal(entry.text, principal.text) if principal.kind == "federated" else False
        return GradeMatch(Grade.FEDERATED, truth, entry)
    if entry.kind == "CanonicalUser":
        return GradeMatch(Grade.NAMED, None if principal.account is not None else False, entry, "a canonical user")
    anyone = equal(entry.text, "*")
    if anyone:
        return GradeMatch(Grade.NAMED, truth=True, entry=entry)
    named = _named(entry.text, principal)
    if named is True:
        return GradeMatch(Grade.NAMED, truth=True, entry=entry)
    account = _account(entry.text, principal)
    if account is True:
        return GradeMatch(Grade.ACCOUNT, truth=True, entry=entry)
    if named is None or anyone is None:
        return GradeMatch(Grade.NAMED, None, entry)
    return GradeMatch(Grade.ACCOUNT, account, entry) if account is None else NO_MATCH


def _account(text: Text, principal: Principal) -> Truth:
    account, arn = principal.account, principal.arn
    if account is None or arn is None:
        return False
    number = equal(text, account)
    if number is True:
        return True
    root = Arn(arn.partition, "iam", "", account, "root").text
    whole = equal(text, root)
    return whole if whole is not False else number


def _named(text: Text, principal: Principal) -> Truth:
    arn = principal.arn
    if principal.kind in ("service", "federated", "anyone", "account") or arn is None:
        return False
    whole = equal(text, principal.text)
    if whole is True:
        return True
    other = Arn.parse(text)
    if other is None:
        return whole
    if principal.kind == "role" and known(other.service) == "sts":
        # The caller chooses the session's name.
        same = all_of((equal(other.partition, arn.partition), equal(other.account, arn.account)))
        role_name = other.session_role_name
        if role_name is None or same is False or equal(role_name, arn.name) is False:
            return False
        return None
    if principal.kind == "role" and _same_permission_set(other, arn):
        return True
    if principal.kind == "federated-user" and arn_form(other) == "user":
        # The session's name is not that of the user who asked for it.
        same = all_of((equal(other.partition, arn.partition), equal(other.account, arn.account)))
        return False if same is False or has_wildcards(text) else None
    if principal.kind == "session" and known(other.service) == "iam":
        return _role_of_session(other, arn, principal)
    return whole


def _same_permission_set(other: Arn, arn: Arn) -> bool:
    first, second = permission_set(other), permission_set(arn)
    if first is None or second is None:
        return False
    return all_of((equal(first, second), equal(other.account, arn.account))) is True


def _role_of_session(other: Arn, arn: Arn, principal: Principal) -> Truth:
    if principal.role is not None:
        return equal(other.text, principal.role)
    role_name = arn.session_role_name
    if role_name is None:
        return None
    return all_of(
        (
            equal(other.partition, arn.partition),
            equal(other.account, arn.account),
            equal(other.resource_type, "role"),
            equal(other.name, role_name),
        )
    )


def _caller_kind(text: Text) -> CallerKind | None:
    plain = known(text)
    arn = Arn.parse(text)
    if arn is None:
        if plain is None:
            return None
        return "service" if _SERVICE.fullmatch(plain) and plain != "cognito-identity.amazonaws.com" else "federated"
    form = arn_form(arn)
    kinds: dict[EntryForm, CallerKind] = {
        "account": "account",
        "user": "user",
        "role": "role",
        "session": "session",
        "federated-user": "federated-user",
    }
    if form in kinds:
        return kinds[form]
    return "federated" if known(arn.resource_type) in ("oidc-provider", "saml-provider") else None


def _never_matches(entry: PrincipalEntry, form: EntryForm) -> str:
    if form == "deleted":
        return "it is the id of a principal that was deleted"
    if entry.text != "*" and has_wildcards(entry.text):
        return "a wildcard within a principal matches nothing"
    return "it is no principal that AWS knows" if form == "other" else ""
