"""All identities of a platform, found by their ARNs."""

from __future__ import annotations

from astralint.aws.arn import Arn
from astralint.aws.text import known
from astralint.estate.estate import Estate
from astralint.estate.model import Resource
from astralint.estate.nodes import resource_node
from astralint.estate.origins import possible_resource
from astralint.source.partial import Text, identity_of, same
from astralint.trust.identities import roles_and_users
from astralint.trust.identity import Identity
from astralint.trust.implied import implied_roles, service_linked_roles
from astralint.trust.permission_sets import PermissionSets
from astralint.trust.policies import PolicyDirectory


class IdentityDirectory:
    """Roles, users and permission sets.

    `roles` are those that a workspace makes with a trust policy, `implied` those that AWS
    makes with one; all of them, users and the roles of permission sets are `identities`.
    `groups_of` are the groups that each user is in, by the user's node.
    """

    def __init__(self, estate: Estate) -> None:
        policies = PolicyDirectory(estate)
        self.permission_sets = PermissionSets(estate, policies)
        self.policies = policies
        self.groups_of: dict[str, list[Resource]] = {}
        made = roles_and_users(estate, policies, self.groups_of)
        self.roles = [identity for identity in made if identity.trust is not None]
        arns = {identity_of(identity.arn) for identity in made}
        implied = (*implied_roles(estate), *service_linked_roles(estate))
        self.implied = [role for role in implied if (own := identity_of(role.arn)) is None or own not in arns]
        sets = self.permission_sets.roles
        self.identities = [*made, *(sets[node] for node in sorted(sets)), *self.implied]
        self.by_node = {identity.node: identity for identity in self.identities}
        self._estate = estate
        self._exact: dict[tuple[str, str], Identity] = {}
        self._vague: list[Identity] = []
        for identity in self.identities:
            arn = Arn.parse(identity.arn)
            key = self._key(arn.account, f"{arn.resource_type}/{arn.name}") if arn is not None else None
            if (
                key is not None
                and arn is not None
                and known(arn.name) is not None
                and identity.kind != "permission-set"
            ):
                self._exact.setdefault(key, identity)
            else:
                self._vague.append(identity)

    def find(self, arn: Text) -> Identity | None:
        """Return the role or user that an ARN names for sure (paths do not tell roles of one account apart)."""
        possible = possible_resource(self._estate, arn)
        if possible is not None:
            return self.by_node.get(resource_node(possible.workspace.name, possible.address))
        parsed = Arn.parse(arn)
        if parsed is None:
            return None
        kind, name = str(parsed.resource_type), parsed.name
        if kind == "assumed-role":
            session = parsed.session_role_name
            kind, name = "role", session if session is not None else name
        key = self._key(parsed.account, f"{kind}/{name}") if known(name) is not None else None
        found = self._exact.get(key) if key is not None else None
        if found is not None:
            return found
        return next((identity for identity in self._vague if same(identity.arn, arn)), None)

    def _key(self, account: Text, name: str) -> tuple[str, str] | None:
        """Return what is the same for two names of one role or user alone; None where nothing can tell it for sure."""
        known_as = self._estate.account_key(account)
        return (known_as, name) if known_as is not None else None

    def may_exist(self, arn: Text) -> bool:
        """Say whether an ARN could be one of the identities whose name is not known."""
        return any(same(identity.arn, arn) is not False for identity in self._vague)
