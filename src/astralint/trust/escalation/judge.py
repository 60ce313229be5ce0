"""Whether a holder is allowed all that a path needs, and the lines that say so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.context import KeyState, Known
from astralint.aws.outcome import NO, Outcome, Source, both, conjuncts
from astralint.aws.text import Text
from astralint.estate.model import Resource
from astralint.source.evidence import Evidence
from astralint.trust.assumption import policy_place
from astralint.trust.escalation import witness
from astralint.trust.escalation.holder import Holder, holder_of
from astralint.trust.escalation.holdings import Holdings
from astralint.trust.escalation.model import Proof, Route, Verdict
from astralint.trust.escalation.rights import Ask, Rights
from astralint.trust.escalation.table import Choice, How, Need, Path_, templates
from astralint.trust.identity import Identity

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
Keys = Mapping[str, KeyState]


class Object(msgspec.Struct, frozen=True, eq=False):
    """What a scope stands for: an ARN, what it is called, its resource if policies of that count, keys of its own."""

    arn: Text
    name: str
    thing: Resource | None = None
    keys: tuple[tuple[str, KeyState], ...] = ()


Objects = Mapping[str, Object]


class Judgement(msgspec.Struct, frozen=True, eq=False):
    """What came of it: an outcome that is true or open, and a line for each action at least."""

    outcome: Outcome
    proofs: tuple[Proof, ...]
    named: tuple[Text, ...] = ()

    def route(
        self,
        path: Path_,
        *,
        more: Iterable[Proof] = (),
        through: Iterable[str] = (),
        conditions: Iterable[str] = (),
        how: How | None = None,
    ) -> Route:
        """Return it as a route of a path, with what else is needed."""
        left = [str(one) for one in conjuncts(self.outcome.remainder)]
        every = tuple(dict.fromkeys((*left, *conditions)))
        verdict: Verdict = "conditional" if every else "allowed"
        proofs = tuple(dict.fromkeys((*self.proofs, *more)))
        return Route(path.id, how or path.how, verdict, every, tuple(dict.fromkeys(through)), proofs)


class Judge:
    """Asks for each need of a path whether one of its alternatives is allowed."""

    def __init__(self, rights: Rights, holdings: Holdings, organization: Text | None) -> None:
        self._organization = organization
        self._holders: dict[str, Holder] = {}
        self.rights = rights
        self.holdings = holdings
        self._places: dict[tuple[str, Source], Evidence | None] = {}
        self._names: dict[tuple[str, str, str], tuple[Text, ...]] = {}

    def judge(self, holder: Holder, path: Path_, objects: Objects, keys: Keys | None = None) -> Judgement | None:
        """Return whether all needs of a path are met; None where one surely is not.

        `objects` are what the scopes stand for; `keys` condition keys of all requests.
        """
        if not self._may_at_all(holder, path, objects):
            return None
        made = path.made
        first = self._named(holder, path, made[0]) if made else ()
        best: Judgement | None = None
        for name in first or ("",):
            found = self._with(holder, path, objects, dict(keys or {}), made[0] if made else "", name)
            if found is None:
                continue
            if found.outcome.truth:
                return found
            best = best or found
        return best

    def holder_of(self, identity: Identity) -> Holder:
        """Return an identity as a holder; each is made once."""
        found = self._holders.get(identity.node)
        if found is None:
            found = self._holders[identity.node] = holder_of(identity, self._organization)
        return found

    def allowed(self, holder: Holder, action: str, target: Object, keys: Keys | None = None) -> Outcome:
        """Return whether a holder may do one thing."""
        every = {**dict(target.keys), **(keys or {})}
        return self.rights.decide(holder, Ask(action, target.arn, tuple(every.items()), target.thing))

    def proofs(self, holder: Holder, action: str, target: Object, outcome: Outcome) -> tuple[Proof, ...]:
        """Return the lines that let a holder do something."""
        identity = holder.identity
        label = f"`{identity}` may {action} on {target.name}"
        found = [
            Proof("identity", place)
            for source in outcome.sources
            if source.side == "identity" and source.effect != "Deny"
            if (place := self._place(identity, source, label)) is not None
        ]
        if target.thing is not None:
            granted = self.rights.granted(holder, Ask(action, target.arn, (), target.thing))
            is_needed = not found or self.holdings.homes.of(target.thing) is not self.holdings.homes.of_identity(
                identity
            )
            if is_needed:
                found += [
                    Proof(
                        "resource",
                        Evidence(
                            item.span, f"the policy of {target.name} lets `{identity}` do {action}", item.workspace
                        ),
                    )
                    for admission in granted.admissions
                    for item in admission.evidence
                ]
        return tuple(found) or (Proof("identity", identity.resource.evidence(label)),)

    # --- one choice of names --------------------------------------------------------------------

    def _with(
        self, holder: Holder, path: Path_, objects: Objects, keys: dict[str, KeyState], kind: str, name: Text
    ) -> Judgement | None:
        if path.passes and name:
            keys = {"iam:AssociatedResourceArn": Known((name,)), **keys}
        outcomes: list[Outcome] = []
        proofs: list[Proof] = []
        named: list[Text] = [name] if name else []
        for need in path.needs:
            outcome, choice, target = self._need(holder, path, need, objects, keys, kind, name)
            if outcome.truth is False or choice is None or target is None:
                return None
            outcomes.append(outcome)
            proofs += self.proofs(holder, choice.action, target, outcome)
        return Judgement(both(outcomes), tuple(dict.fromkeys(proofs)), tuple(named))

    def _need(
        self, holder: Holder, path: Path_, need: Need, objects: Objects, keys: Keys, kind: str, name: Text
    ) -> tuple[Outcome, Choice | None, Object | None]:
        best: tuple[Outcome, Choice | None, Object | None] = (NO, None, None)
        for choice in need:
            if not holder.may_at_all(choice.action) and not self._is_let_in(holder, objects, choice):
                continue
            for target in self._targets(holder, path, choice, objects, kind, name):
                outcome = self._ask(holder, path, choice, target, keys)
                if outcome.truth:
                    return outcome, choice, target
                if outcome.truth is None and best[0].truth is False:
                    best = (outcome, choice, target)
        return best

    def _ask(self, holder: Holder, path: Path_, choice: Choice, target: Object, keys: Keys) -> Outcome:
        own: dict[str, KeyState] = {name: state for name, state in keys.items() if _is_for(name, choice.action)}
        own.update((name, state) for name, state in target.keys if _is_for_target(name, choice.action))
        if choice.action == "iam:PassRole" and path.service:
            own["iam:PassedToService"] = Known((path.service[0],))
        ask = Ask(choice.action, target.arn, tuple(own.items()), target.thing, choice.is_new)
        return self.rights.decide(holder, ask)

    def _targets(
        self, holder: Holder, path: Path_, choice: Choice, objects: Objects, kind: str, name: Text
    ) -> Sequence[Object]:
        if choice.scope == "any":
            return (Object("*", "everything"),)
        if not choice.is_new:
            found = objects.get(choice.scope)
            return (found,) if found is not None else ()
        told = (name,) if choice.made == kind else self._named(holder, path, choice.made)
        return tuple(Object(arn, f"`{_short(arn)}`") for arn in told)

    def _named(self, holder: Holder, path: Path_, kind: str) -> tuple[Text, ...]:
        key = (holder.identity.node, path.id, kind)
        found = self._names.get(key)
        account = self.holdings.homes.of_identity(holder.identity)
        if found is None and account is not None:
            arn = Arn.parse(holder.identity.arn)
            number = arn.account if arn is not None else "*"
            wanted = [choice.action for need in path.needs for choice in need if choice.made == kind]
            found = self._names[key] = witness.names(
                templates(kind), wanted, holder.allowing, number, self.holdings.region(account), holder.context
            )
        return found or ()

    def _may_at_all(self, holder: Holder, path: Path_, objects: Objects) -> bool:
        return all(
            any(holder.may_at_all(choice.action) or self._is_let_in(holder, objects, choice) for choice in need)
            for need in path.needs
        )

    def _is_let_in(self, holder: Holder, objects: Objects, choice: Choice) -> bool:
        found = objects.get(choice.scope)
        return found is not None and found.thing is not None and self.rights.lets_in(found.thing, holder.identity)

    def _place(self, identity: Identity, source: Source, label: str) -> Evidence | None:
        key = (identity.node, source)
        if key not in self._places:
            self._places[key] = policy_place(identity, source, label)
        found = self._places[key]
        return Evidence(found.span, label, found.workspace) if found is not None else None


def _is_for(key: str, action: str) -> bool:
    """Say whether a request for an action may carry a key that is said for a whole path."""
    if key.startswith("iam:"):
        return action.startswith("iam:")
    return True


_WITH_BOUNDARY = re.compile(
    r"iam:(Create(Role|User)|(Put|Attach|Detach|Delete)(Role|User)Policy|(Put|Delete)(Role|User)PermissionsBoundary"
    r"|UpdateAssumeRolePolicy|UpdateRole)"
)
"""The actions whose requests carry iam:PermissionsBoundary."""


def _is_for_target(key: str, action: str) -> bool:
    if key == "iam:PermissionsBoundary":
        return _WITH_BOUNDARY.fullmatch(action) is not None
    # AWS says that the tags of a passed role can't be relied on.
    return action != "iam:PassRole" or "ResourceTag/" not in key


def _short(arn: Text) -> str:
    parsed = Arn.parse(arn)
    return str(parsed.resource) if parsed is not None else str(arn)
