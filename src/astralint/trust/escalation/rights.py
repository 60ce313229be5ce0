"""May a holder do something? Identity policies, boundary, control policies, and what resources themselves say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.context import ABSENT, Context, KeyState, Known
from astralint.aws.evaluation import Access, allows, denies
from astralint.aws.kleene import any_of, negate
from astralint.aws.limits import Levels
from astralint.aws.outcome import NO, YES, Combined, Outcome, Remainder, Remaining, both, either, opposite, undecided
from astralint.aws.policy import Unknowable
from astralint.aws.text import Text, known, lower
from astralint.aws.wildcard import match
from astralint.estate.model import Account, Resource
from astralint.estate.nodes import account_node, principal_node, resource_node
from astralint.terraform.evaluation.builtin import text_of
from astralint.trust.access import Access as Admission
from astralint.trust.escalation.holder import Holder
from astralint.trust.escalation.homes import Homes
from astralint.trust.identity import Identity
from astralint.trust.index import TrustIndex

_GUARDED_RESOURCES = frozenset(
    {"s3", "sts", "sqs", "kms", "secretsmanager", "ecr", "dynamodb", "cognito-identity", "cognito-idp", "logs", "aoss"}
)
"""Services that resource control policies are about."""
_GLOBAL = frozenset({"iam", "organizations", "sts", "sso", "identitystore", "sso-directory", "account"})
GLOBAL_REGION = "us-east-1"
_CHOSEN = ("aws:requesttag/", "aws:tagkeys", "aws:resourcetag/")
_EVERYBODY = principal_node("wildcard", "*")
_ORGANIZATION = "principal:organization"


class Ask(msgspec.Struct, frozen=True):
    """An action on a resource. `keys` are condition keys of this request; `is_new` says that the holder chooses it."""

    action: str
    resource: Text
    keys: tuple[tuple[str, KeyState], ...] = ()
    thing: Resource | None = None
    is_new: bool = False


class Granted(msgspec.Struct, frozen=True, eq=False):
    """What the resource's own policy says; `is_named` where it lets the very holder in."""

    outcome: Outcome
    is_named: bool
    admissions: tuple[Admission, ...]


class Rights:
    """Answers what holders may do; asks policies of resources as well."""

    def __init__(self, index: TrustIndex, homes: Homes) -> None:
        self.index = index
        self.homes = homes
        self._admitting: dict[str, list[Admission]] = {}
        self._admitted: dict[str, list[Admission]] = {}
        for admission in index.accesses:
            if admission.kind == "can-access":
                self._admitting.setdefault(admission.node, []).append(admission)
                self._admitted.setdefault(admission.principal, []).append(admission)

    def decide(self, holder: Holder, ask: Ask) -> Outcome:
        """Return whether a holder may do something, what it hangs on, and the statements that say so."""
        context = self._context(holder, ask)
        own = self._own(holder, ask, context)
        if ask.thing is None:
            return own
        granted = self.granted(holder, ask)
        account = self.homes.of(ask.thing)
        if account is None or account is not self.homes.of_identity(holder.identity):
            identity = self._identity(holder, ask, context) if granted.outcome.truth is not False else NO
            if identity.truth is False:
                return NO
            return both((identity, self._limits(holder, ask, context), granted.outcome))
        if ask.thing.type == "aws_kms_key" and self._admitting.get(node_of(ask.thing)):
            delegated = self._delegated(ask)
            named = both((granted.outcome, self._limits(holder, ask, context))) if granted.is_named else NO
            return either((both((own, delegated)), named))
        if granted.is_named and own.truth is not True:
            refused = opposite(
                denies(holder.about(ask.action)[1], Access(ask.action, ask.resource, context), "identity")
            )
            return either((own, both((granted.outcome, refused, self._limits(holder, ask, context)))))
        return own

    def granted(self, holder: Holder, ask: Ask) -> Granted:
        """Return what a resource's policy and grants let a holder do."""
        found: list[Outcome] = []
        named = False
        admissions: list[Admission] = []
        for admission in self._admitting.get(node_of(ask.thing), ()) if ask.thing is not None else ():
            grade = self._grade(admission, holder.identity)
            fits = _about(admission, ask.action)
            if grade == "" or fits is False:
                continue
            outcome = YES if admission.verdict == "allowed" and fits else undecided("; ".join(admission.conditions))
            found.append(outcome)
            named = named or grade == "named"
            admissions.append(admission)
        return Granted(either(found), named, tuple(admissions))

    def admitting(self, resource: Resource) -> tuple[Admission, ...]:
        """Return whom a resource lets in."""
        return tuple(self._admitting.get(node_of(resource), ()))

    def lets_in(self, resource: Resource, identity: Identity) -> bool:
        """Say whether the policy of a resource may let an identity do anything."""
        return any(self._grade(admission, identity) for admission in self._admitting.get(node_of(resource), ()))

    def admissions_of(self, identity: Identity) -> Iterator[Admission]:
        """Yield what the policies of resources let an identity do: by name, as one of its account, as anybody."""
        account = identity.account
        whole = (account_node(account.name),) if account is not None else ()
        for principal in (identity.node, *whole, *self._everybody):
            yield from self._admitted.get(principal, ())

    def letting_in(self, identity: Identity) -> tuple[Resource, ...]:
        """Return the resources whose policies let an identity in, each once."""
        found = {admission.node: admission.resource for admission in self.admissions_of(identity)}
        return tuple(found.values())

    @cached_property
    def _everybody(self) -> tuple[str, ...]:
        return tuple(node for node in self._admitted if node == _EVERYBODY or node.startswith(_ORGANIZATION))

    # --- the parts --------------------------------------------------------------------------

    def _own(self, holder: Holder, ask: Ask, context: Context) -> Outcome:
        identity = self._identity(holder, ask, context)
        return identity if identity.truth is False else both((identity, self._limits(holder, ask, context)))

    def _identity(self, holder: Holder, ask: Ask, context: Context) -> Outcome:
        access = Access(ask.action, ask.resource, context)
        allowing, denying = holder.about(ask.action)
        allowed = _left(allows(allowing, access, "identity"), ask)
        if allowed.truth is False:
            return NO
        refused = denies(denying, access, "identity")
        if refused.truth:
            return NO
        return allowed if refused.truth is False else both((allowed, _left(opposite(refused), ask)))

    def _limits(self, holder: Holder, ask: Ask, context: Context) -> Outcome:
        access = Access(ask.action, ask.resource, context)
        parts: list[Outcome] = []
        if holder.boundary is not None:
            parts.append(_without_sources(allows((holder.boundary,), access, "boundary")))
            parts.append(_without_sources(opposite(denies((holder.boundary,), access, "boundary"))))
        account = holder.identity.account
        if holder.is_guarded and (account is None or account.kind != "management"):
            parts.append(self._control("SERVICE_CONTROL_POLICY", account, ask, context))
        service = ask.action.partition(":")[0]
        target = ask.thing.account_or_none if ask.thing is not None else account
        if service in _GUARDED_RESOURCES and (target is None or target.kind != "management"):
            parts.append(self._control("RESOURCE_CONTROL_POLICY", target, ask, context))
        return _left(both(parts), ask)

    def _control(self, kind: str, account: Account | None, ask: Ask, context: Context) -> Outcome:
        levels: Levels | Unknowable | None = self.index.guardrails.levels(
            "SERVICE_CONTROL_POLICY" if kind == "SERVICE_CONTROL_POLICY" else "RESOURCE_CONTROL_POLICY",
            account, ask.action, ask.resource, context,
        )  # fmt: skip
        if levels is None:
            return YES
        side = "scp" if kind == "SERVICE_CONTROL_POLICY" else "rcp"
        if isinstance(levels, Unknowable):
            return undecided(levels.reason)
        access = Access(ask.action, ask.resource, context)
        return _without_sources(opposite(either(denies(level, access, side) for level in levels)))

    @staticmethod
    def _context(holder: Holder, ask: Ask) -> Context:
        arn = Arn.parse(ask.resource)
        service = ask.action.partition(":")[0]
        keys: dict[str, KeyState | Text | Iterable[Text]] = {}
        if service in _GLOBAL:
            keys["aws:RequestedRegion"] = GLOBAL_REGION
        elif arn is not None and known(arn.region):
            keys["aws:RequestedRegion"] = arn.region
        elif ask.thing is not None and ask.thing.instance.provider is not None:
            region = text_of(ask.thing.instance.provider.region)
            if region is not None:
                keys["aws:RequestedRegion"] = region
        if arn is not None and known(arn.account) != "":
            keys["aws:ResourceAccount"] = arn.account
        if ask.thing is not None:
            for name, state in tag_states(ask.thing).items():
                keys[f"aws:ResourceTag/{name}"] = keys[f"{service}:ResourceTag/{name}"] = state
        keys.update(ask.keys)
        return holder.context.with_keys(keys) if keys else holder.context

    def _delegated(self, ask: Ask) -> Outcome:
        """Return whether the policy of a key leaves it to the account's own policies."""
        assert ask.thing is not None
        account = ask.thing.account_or_none
        return either(
            YES if admission.verdict == "allowed" else undecided("; ".join(admission.conditions))
            for admission in self._admitting.get(node_of(ask.thing), ())
            if account is not None
            and admission.principal == account_node(account.name)
            and _about(admission, ask.action) is not False
        )

    @staticmethod
    def _grade(admission: Admission, identity: Identity) -> str:
        if admission.principal == identity.node:
            return "named"
        if admission.principal == _EVERYBODY or admission.principal.startswith(_ORGANIZATION):
            return "named"
        account = identity.account
        return "account" if account is not None and admission.principal == account_node(account.name) else ""


def node_of(resource: Resource) -> str:
    """Return a resource's node in the graph."""
    return resource_node(resource.workspace.name, resource.address)


def tag_states(resource: Resource) -> dict[str, KeyState]:
    """Return the tags of a resource as condition keys, `*` for all that it has not."""
    value = resource.value("tags_all") or resource.value("tags")
    if value is None or value.raw is None:
        return {"*": ABSENT}
    if not isinstance(value.raw, dict):
        return {}
    found: dict[str, KeyState] = {"*": ABSENT}
    for name, item in value.raw.items():
        told = text_of(item)
        if told is not None:
            found[name] = Known((told,))
    return found


def _about(admission: Admission, action: str) -> bool | None:
    wanted = action.lower()
    fits = any_of([match(lower(pattern), wanted) for pattern in admission.actions])
    return negate(fits) if admission.all_but else fits


def _without_sources(outcome: Outcome) -> Outcome:
    return Outcome(outcome.truth, outcome.remainder)


def _left(outcome: Outcome, ask: Ask) -> Outcome:
    """Return an outcome less the conditions that the holder meets by what it chooses for something new."""
    if outcome.remainder is None or not ask.is_new:
        return outcome
    left = _unmet(outcome.remainder)
    return Outcome(True if left is None else None, left, outcome.sources)


def _unmet(remainder: Remainder) -> Remainder | None:
    if isinstance(remainder, Remaining):
        condition = remainder.condition
        key = (known(condition.key) or "").lower() if condition is not None else ""
        return None if key.startswith(_CHOSEN) else remainder
    assert isinstance(remainder, Combined)
    parts = [_unmet(part) for part in remainder.parts]
    left = tuple(part for part in parts if part is not None)
    if not left or (remainder.operator == "or" and len(left) < len(parts)):
        return None
    return left[0] if len(left) == 1 else Combined(remainder.operator, left)
