"""Targets that something runs as: roles handed to a service, and those of resources that exist."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.trust.escalation.finders.hunt import Hit, Hunt, finder, node, resource_goal
from astralint.trust.escalation.holder import Holder
from astralint.trust.escalation.holdings import shown
from astralint.trust.escalation.model import Proof
from astralint.trust.escalation.prerequisites import Case, demanded
from astralint.trust.escalation.table import Path_


@finder("passed")
def passed(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find roles of the account that let the service in."""
    yield from _passed(hunt, holder, path)


def _passed(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    account = hunt.home(holder.identity)
    for assumption in hunt.holdings.passable(account, path.service[0]) if account is not None else ():
        role = assumption.role
        if role is holder.identity:
            continue
        found = hunt.judge.judge(holder, path, {"target": hunt.identity(role)})
        extra = demanded(Case(hunt.judge, hunt.holdings, holder, path, role)) if found is not None else None
        if found is None or extra is None:
            continue
        conditions = (*assumption.conditions, *extra.conditions, *(one.format(target=role) for one in path.conditions))
        trusts = (Proof("trust", trust.evidence) for trust in assumption.trusts)
        yield Hit(role, found.route(path, more=(*trusts, *extra.proofs), conditions=conditions))


@finder("passed-to-thing")
def passed_to_thing(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find roles of the account that something which exists there may be given."""
    account = hunt.home(holder.identity)
    for resource, thing in hunt.things(holder, path) if path.service else ():
        if account is None or hunt.homes.of(resource) is not account:
            continue  # A role is handed on within its account only.
        for assumption in hunt.holdings.passable(account, path.service[0]):
            role = assumption.role
            objects = {"target": hunt.identity(role), "thing": hunt.thing(resource, thing)}
            found = hunt.judge.judge(holder, path, objects) if role is not holder.identity else None
            extra = demanded(Case(hunt.judge, hunt.holdings, holder, path, role, resource)) if found else None
            if found is None or extra is None:
                continue
            said = (text.format(thing=shown(resource), target=role) for text in path.conditions)
            conditions = (*assumption.conditions, *extra.conditions, *said)
            trusts = (Proof("trust", trust.evidence) for trust in assumption.trusts)
            more = (*trusts, *extra.proofs)
            yield Hit(role, found.route(path, more=more, through=(node(resource),), conditions=conditions))


@finder("thing-roles")
def thing_roles(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find roles of resources that exist and that the holder may change."""
    for resource, thing in hunt.things(holder, path):
        roles = list(hunt.holdings.roles_of(resource, thing))
        found = hunt.judge.judge(holder, path, {"thing": hunt.thing(resource, thing)}) if roles else None
        for role, lines in roles if found is not None else ():
            extra = demanded(Case(hunt.judge, hunt.holdings, holder, path, role, resource))
            if found is None or extra is None or role is holder.identity:
                continue
            conditions = (
                *extra.conditions,
                *(one.format(thing=shown(resource), target=role) for one in path.conditions),
            )
            more = (*(Proof("binding", line) for line in lines), *extra.proofs)
            yield Hit(role, found.route(path, more=more, through=(node(resource),), conditions=conditions))


@finder("things")
def things(hunt: Hunt, holder: Holder, path: Path_) -> Iterator[Hit]:
    """Find the resources themselves."""
    if path.demands:
        return
    for resource, thing in hunt.things(holder, path):
        found = hunt.judge.judge(holder, path, {"thing": hunt.thing(resource, thing)})
        if found is not None:
            yield Hit(resource_goal(resource), found.route(path, through=(node(resource),)))
