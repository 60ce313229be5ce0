"""What is declared on both sides: whom roles trust, and which roles identity policies name."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.decision import ASSUME_ROLE
from astralint.aws.policy import Entry, Policy, Statement
from astralint.aws.principals import TrustedPrincipal, trust_principals
from astralint.aws.text import is_partial, known, lower
from astralint.aws.wildcard import match
from astralint.estate.estate import Estate
from astralint.estate.model import Account
from astralint.estate.nodes import account_node, named_node
from astralint.source.evidence import Evidence
from astralint.source.partial import Text
from astralint.trust.directory import IdentityDirectory
from astralint.trust.identity import Identity
from astralint.trust.policies import Attached

SHOWN_FORMS = {
    "anyone": "wildcard",
    "deleted": "unknown",
    "other": "unknown",
    "unknown": "unknown",
    "federated-user": "user",
}


class Trust(msgspec.Struct, frozen=True, eq=False):
    """A role's trust policy names a principal.

    `node` is the principal's node in the graph. `account` is the account that it
    belongs to, where that is one of ours; `identity` is the role or user that a
    workspace makes.
    """

    role: Identity
    principal: TrustedPrincipal
    node: str
    account: Account | None
    identity: Identity | None

    def __str__(self) -> str:
        return f"{self.role.resource.address}: {self.principal.entry.text}"

    @property
    def evidence(self) -> Evidence:
        assert self.role.trust is not None
        return self.role.trust.evidence(
            f"`{self.role}` trusts `{self.principal.entry.text}`", self.principal.entry.path
        )


class Grant(msgspec.Struct, frozen=True, eq=False):
    """An identity policy lets its holder assume a role that it names; `role` is ours, or None."""

    identity: Identity
    attached: Attached
    statement: Statement
    entry: Entry
    role: Identity | None

    @property
    def node(self) -> str:
        """The node of the role in the graph."""
        return self.role.node if self.role is not None else named_node("role", self.entry.text, self.identity.node)

    @property
    def evidence(self) -> Evidence:
        label = f"`{self.identity}` may assume `{self.entry.text}`"
        document = self.attached.document
        if document is None:
            return self.attached.resource.evidence(label)
        return document.evidence(label, self.entry.path)


def declared_trusts(estate: Estate, directory: IdentityDirectory, most: int, unread: list[Identity]) -> Iterator[Trust]:
    """Yield every principal that every role names; roles after so many are `unread`."""
    count = 0
    for role in (*directory.roles, *directory.implied):
        if count >= most:
            unread.append(role)
            continue
        for principal in trust_principals(role.trust.policy if role.trust else Policy(())):
            node, account, identity = resolve(estate, directory, principal, role.node)
            count += 1
            yield Trust(role, principal, node, account, identity)


def resolve(
    estate: Estate, directory: IdentityDirectory, principal: TrustedPrincipal, where: str
) -> tuple[str, Account | None, Identity | None]:
    """Return a principal's node, the account that it belongs to and the identity that it is, where these are ours.

    `where` is the node of the resource that names it.
    """
    text = principal.entry.text
    possible = directory.find(text) if principal.form == "unknown" else None
    if possible is not None:
        return possible.node, possible.account, possible
    account = estate.account_of(principal.account) if principal.account is not None else None
    if principal.form == "account":
        if account is not None:
            return account_node(account.name), account, None
        return named_node("root", principal.account or text, where), None, None
    if principal.form in ("role", "user", "session"):
        identity = directory.find(text)
        if identity is not None:
            return identity.node, account, identity
        return named_node("role" if principal.form != "user" else "user", text, where), account, None
    kind = SHOWN_FORMS.get(principal.form, principal.form)
    return named_node(kind, text, where), account, None


def declared_grants(directory: IdentityDirectory) -> Iterator[Grant]:
    """Yield every role that an identity policy names in an `Allow` of sts:AssumeRole, wildcards apart."""
    for identity in directory.identities:
        for attached in identity.policies:
            for statement in attached.policy.statements:
                element = statement.resource
                if statement.effect == "Deny" or element is None or element.negated or not is_about_assuming(statement):
                    continue
                for entry in element.entries:
                    role = directory.find(entry.text)
                    if _names_a_role(entry.text) or (role is not None and role.kind == "role"):
                        yield Grant(identity, attached, statement, entry, role)


def is_about_assuming(statement: Statement) -> bool:
    """Say whether a statement may speak of sts:AssumeRole."""
    action = statement.action
    if action is None:
        return bool(statement.unknown)
    fits = [match(lower(entry.text), ASSUME_ROLE.lower()) for entry in action.entries]
    if action.negated:
        return not any(fits)
    return any(fit is not False for fit in fits) or bool(action.unknown)


def _names_a_role(text: Text) -> bool:
    """Say whether a resource entry is one role's ARN: no wildcard in it, and its name is known."""
    arn = Arn.parse(text)
    if arn is None or is_partial(arn.resource_type) or str(arn.resource_type) != "role":
        return False
    return known(arn.name) is not None and not any(c in str(text) for c in "*?")
