"""A role, user or other principal with policies of its own."""

from __future__ import annotations

from typing import Literal

import msgspec

from astralint.aws.policy import Policy
from astralint.aws.text import known
from astralint.estate.model import Account, Resource
from astralint.source.partial import Text
from astralint.trust.documents import Document
from astralint.trust.policies import Attached

Kind = Literal["role", "user", "permission-set", "group", "root"]


class Identity(msgspec.Struct, frozen=True, eq=False):
    """A role or user that a workspace makes, or one that AWS makes of what a workspace declares.

    AWS makes the role of a permission set in an account and (`is_implied`) the role by which a
    new member of an organization is administered, and that of a service. A `group` is one of Identity Center, with
    the roles that its members may sign in as; a `root` is the root user of a member account.
    """

    node: str
    kind: Kind
    name: Text
    arn: Text
    account: Account | None
    resource: Resource
    trust: Document | None
    policies: tuple[Attached, ...]
    boundary: Policy | None
    is_implied: bool = False

    def __str__(self) -> str:
        return known(self.name) or self.resource.address

    @property
    def title(self) -> str:
        """Its name and account for messages, in backticks; the workspace where the account is not known."""
        if self.account is None:
            return f"`{self}` of the workspace `{self.resource.workspace}`"
        return f"`{self}` of `{self.account}`"
