"""Targets of IAM's own actions: users, roles, groups, policies, and principals that one makes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.aws.context import ABSENT, KeyState, Known
from astralint.aws.policy import Policy
from astralint.aws.text import Text, known
from astralint.terraform.values.value import string
from astralint.trust.escalation.finders.hunt import Hit, Hunt, finder, resource_goal
from astralint.trust.escalation.holder import Holder, is_about_everything
from astralint.trust.escalation.holdings import HeldPolicy
from astralint.trust.escalation.judge import ADMINISTRATOR, Judgement, Keys, Objects
from astralint.trust.escalation.model import administrator, created
from astralint.trust.escalation.prerequisites import Case, demanded
from astralint.trust.escalation.table import Path_
from astralint.trust.identity import Identity

_POWERFUL = ("arn:aws:iam::aws:policy/IAMFullAccess",)
MAXIMUM_VARIANTS = 6


@finder("users")
def users(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find users of the account."""
    account = hunt.home(holder.identity)
    for user in hunt.holdings.users(account) if account is not None else ():
        yield from _on(hunt, holder, path, user)


@finder("roles")
def roles(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find roles of the account."""
    account = hunt.home(holder.identity)
    for role in hunt.holdings.roles(account) if account is not None else ():
        yield from _on(hunt, holder, path, role)


def _on(hunt: Hunt, holder: Holder, path: Path_, target: Identity) -> Iterator[Hit]:
    is_self = target is holder.identity
    if is_self and path.how != "widens":
        return
    found = _widest(hunt, holder, path, {"target": hunt.identity(target)})
    if found is None:
        return
    extra = demanded(Case(hunt.judge, hunt.holdings, holder, path, target))
    if extra is None:
        return
    conditions = (*extra.conditions, *(text.format(target=target) for text in path.conditions))
    yield Hit(target, found.route(path, more=extra.proofs, conditions=conditions))


def _widest(hunt: Hunt, holder: Holder, path: Path_, objects: Objects) -> Judgement | None:
    """Judge with whatever policy would be attached: an administrator's, else the powerful ones that a condition lets."""
    if not any("iam:Attach" in choice.action for need in path.needs for choice in need):
        return hunt.judge.judge(holder, path, objects)
    best: Judgement | None = None
    for keys in _attachable(hunt, holder):
        found = hunt.judge.judge(holder, path, objects, keys)
        if found is not None and found.outcome.truth:
            return found
        best = best or found
    return best


def _attachable(hunt: Hunt, holder: Holder) -> Iterator[Keys]:
    yield {"iam:PolicyARN": Known((ADMINISTRATOR,))}
    if not _asks_for(holder, "iam:policyarn"):
        return
    account = hunt.home(holder.identity)
    own = [p.arn for p in hunt.holdings.policies(account) if _is_full(p)] if account is not None else []
    for arn in (*_POWERFUL, *own)[:MAXIMUM_VARIANTS]:
        yield {"iam:PolicyARN": Known((arn,))}


def _asks_for(holder: Holder, key: str) -> bool:
    return any(
        (known(condition.key) or "").lower() == key
        for policy in holder.denying
        for statement in policy.statements
        for condition in statement.conditions
    )


def _is_full(policy: HeldPolicy) -> bool:
    attached = next((a for one in policy.holders for a in one.policies if a.resource is policy.resource), None)
    return attached is not None and allows_all(attached.policy)


def allows_all(policy: Policy) -> bool:
    """Say whether a policy allows everything."""
    return any(
        s.effect == "Allow" and not s.conditions and is_about_everything(s.action) and is_about_everything(s.resource)
        for s in policy.statements
    )


@finder("group-members")
def group_members(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find members of groups of the account: what a group may, they may."""
    account = hunt.home(holder.identity)
    for group in hunt.holdings.groups(account) if account is not None else ():
        found = _widest(hunt, holder, path, {"group": hunt.group(group)})
        for member in group.members if found is not None else ():
            if found is not None:
                yield Hit(member, found.route(path, through=(group.node,)))


@finder("groups")
def groups(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find groups that may anything at all: a user that joins one may it, and whoever else may put users into one."""
    account = hunt.home(holder.identity)
    if account is None:
        return
    for group in hunt.holdings.groups(account):
        policies = hunt.index.directory.policies.of("group", group.resource)
        if holder.identity in group.members or not policies:
            continue
        found = hunt.judge.judge(holder, path, {"group": hunt.group(group)})
        if found is None:
            continue
        is_full = any(allows_all(attached.policy) for attached in policies) and not hunt.is_capped(holder.identity)
        if holder.identity.kind != "user":
            for user in hunt.holdings.users(account):
                if user not in group.members:
                    yield Hit(user, found.route(path, through=(group.node,)))
            continue
        target = administrator(account) if is_full else resource_goal(group.resource)
        yield Hit(target, found.route(path, through=(group.node,)))


@finder("holders")
def holders(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find whoever has a managed policy of the account."""
    account = hunt.home(holder.identity)
    for policy in hunt.holdings.policies(account) if account is not None else ():
        if not policy.holders:
            continue
        found = hunt.judge.judge(holder, path, {"policy": hunt.policy(policy)})
        if found is None:
            continue
        conditions = tuple(text.format(policy=policy.name) for text in path.conditions)
        for target in policy.holders:
            yield Hit(target, found.route(path, through=(resource_goal(policy.resource).node,), conditions=conditions))


@finder("created")
def created_principals(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find a principal of the holder's own: an administrator, unless a boundary is demanded that holds."""
    account = hunt.home(holder.identity)
    if account is None:
        return
    for boundary in (None, *_boundaries(holder)):
        state: KeyState = ABSENT if boundary is None else Known((boundary,))
        for keys in _attachable(hunt, holder):
            found = hunt.judge.judge(holder, path, {}, {**keys, "iam:PermissionsBoundary": state})
            if found is None:
                continue
            capped = boundary is not None and not _escapes(hunt, holder, boundary)
            target = created(account, _name(boundary)) if capped and boundary is not None else administrator(account)
            yield Hit(target, found.route(path))
            return


def _boundaries(holder: Holder) -> tuple[Text, ...]:
    """Return the boundaries that a holder's own policies ask for."""
    return tuple(
        dict.fromkeys(
            value.text
            for policy in holder.denying
            for statement in policy.statements
            for condition in statement.conditions
            if (known(condition.key) or "").lower() == "iam:permissionsboundary"
            for value in condition.values
            if "*" not in str(value.text)
        )
    )


def _escapes(hunt: Hunt, holder: Holder, boundary: Text) -> bool:
    if not isinstance(boundary, str):
        return False
    attached = hunt.index.directory.policies.by_arn(string(boundary), holder.identity.resource)
    bound = msgspec.structs.replace(holder.identity, boundary=attached.policy)
    return hunt.escapes(bound)


def _name(boundary: Text) -> str:
    return str(boundary).rpartition("/")[2]
