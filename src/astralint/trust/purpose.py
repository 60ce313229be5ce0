"""What a resource serves: told from who refers to it, whom it lets in, and what it grants.

A bucket, a role, a key or a topic is as good or bad in an account as what it is there for. The
graph of references is gone through from a resource to whatever uses it, until something tells:
a type that belongs into the account as it is, a service of AWS, or a workload.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cached_property

import msgspec

from astralint.aws.policy import Policy
from astralint.aws.principals import trust_principals
from astralint.aws.text import known
from astralint.estate.estate import Estate
from astralint.estate.model import Resource
from astralint.estate.origins import nearest_resources
from astralint.estate.views import Undecided
from astralint.source.evidence import Evidence
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.values.value import Reason, Value
from astralint.trust.documents import document

BUCKETS = frozenset({"bucket", "s3_bucket", "s3_bucket_name", "bucket_name", "target_bucket", "logging_bucket"})


class Belonging(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What belongs into an account.

    Resources of the types in `allowed` do as they are, those in `serving` by what they serve; all
    others are workloads. `parents` names, for a type that is a part of another resource, the
    arguments that say of which. `services` are the service principals that act for what
    belongs here, `neutral` those that say nothing; `sources` and `namespaces` are those of events
    and metrics that do. A `*` stands for anything.
    """

    allowed: tuple[str, ...]
    serving: tuple[str, ...]
    parents: dict[str, tuple[str, ...]]
    services: tuple[str, ...]
    neutral: tuple[str, ...]
    sources: tuple[str, ...]
    namespaces: tuple[str, ...]


class Purpose(msgspec.Struct, frozen=True, eq=False):
    """What a resource serves: True for what belongs where it is, False for something else, None for nothing that is seen."""

    belongs: bool | None
    evidence: tuple[Evidence, ...] = ()


YES, NOTHING = Purpose(belongs=True), Purpose(belongs=None)


class Purposes:
    """Finds what resources serve, by a table of what belongs into their account."""

    def __init__(self, estate: Estate, table: Belonging) -> None:
        self.estate = estate
        self.table = table

    def of(self, resource: Resource) -> Purpose:
        """Return what a resource serves; raises Undecided where something that tells is not known."""
        against: dict[Evidence, None] = {}
        is_against = False
        open_: Undecided | None = None
        seen = {id(resource)}
        pending = deque([(resource, resource.evidence("is a workload"))])
        while pending:
            current, place = pending.popleft()
            if _fits(current.type, self.table.allowed) or self._keeps_state(current):
                return YES
            if not _fits(current.type, self.table.serving):
                is_against = True
                against[place] = None
                continue
            try:
                if self._is_part_of_state(current):
                    return YES
                for vote in self._tells(current):
                    if vote.belongs:
                        return vote
                    is_against = is_against or vote.belongs is False
                    against.update(dict.fromkeys(vote.evidence))
            except Undecided as undecided:
                open_ = undecided
            for other, label in self._served_by(current):
                if id(other) not in seen:
                    seen.add(id(other))
                    pending.append((other, other.evidence(label)))
        if open_ is not None:
            raise open_
        return Purpose(belongs=False, evidence=tuple(against)) if is_against else NOTHING

    def _served_by(self, resource: Resource) -> Iterable[tuple[Resource, str]]:
        """Return what a resource is a part of, else who uses it."""
        parents = self._parents(resource)
        if parents is not None:
            return [(parent, f"`{resource.address}` is a part of this") for parent in parents]
        users = self._users.get((resource.workspace.name, resource.address), ())
        return [*users, *self._measured(resource)]

    def _measured(self, resource: Resource) -> Iterator[tuple[Resource, str]]:
        """Yield the filters of logs that write the metric of an alarm."""
        namespace = resource.text("namespace") if resource.type == "aws_cloudwatch_metric_alarm" else None
        for one in self._filters.get(namespace, ()) if isinstance(namespace, str) else ():
            yield one, f"`{resource.address}` watches this"

    def _tells(self, resource: Resource) -> Iterator[Purpose]:
        """Yield what a resource tells by itself of what it serves."""
        if resource.type not in self.table.parents:
            yield from self._principals(resource)
            yield from self._watched(resource)

    def _parents(self, resource: Resource) -> list[Resource] | None:
        """Return what a resource is a part of; None for what is a thing of its own."""
        names = self.table.parents.get(resource.type)
        if names is None:
            return None
        found = [one for name in names for one in nearest_resources(self.estate, resource.value(name))]
        # What only lends a name (a random one) is no part of AWS.
        return [one for one in found if one.mode == "managed" and one is not resource and one.type.startswith("aws")]

    # --- what tells by itself --------------------------------------------------------------

    def _keeps_state(self, resource: Resource) -> bool:
        """Say whether a bucket or table keeps the state of a workspace here."""
        names = {known(told) for name in ("bucket", "name", "id") if (told := resource.text(name)) is not None}
        return bool((names - {None}) & self._state_places)

    @cached_property
    def _state_places(self) -> set[str]:
        found: set[str] = set()
        for workspace in self.estate.workspaces.values():
            for name in ("bucket", "dynamodb_table"):
                value = workspace.result.state.config.get(name)
                told = text_of(value) if value is not None else None
                if isinstance(told, str) and told:
                    found.add(told)
        return found

    def _is_part_of_state(self, resource: Resource) -> bool:
        """Say so of a part of the bucket of a state that no code makes; raises Undecided for a part of something else."""
        parents = self._parents(resource)
        if parents is None or parents:
            return False
        told = [known(text) for name in self.table.parents[resource.type] if (text := resource.text(name)) is not None]
        if any(name in self._state_places for name in told if name):
            return True
        reason = f"what `{resource.address}` is a part of is made by no code here"
        raise Undecided(Reason("part-not-known", reason, resource.header))

    def _principals(self, resource: Resource) -> Iterator[Purpose]:
        """Yield what the principals tell that a resource's own policy lets in: a role's trust, a bucket's policy."""
        for argument in ("assume_role_policy", "policy", "access_policy"):
            if argument not in resource.arguments:
                continue
            parsed = document(self.estate, resource, resource.value(argument), (argument,), "resource")
            if parsed is None or (argument == "policy" and resource.type == "aws_iam_policy"):
                continue
            for purpose, path in self._of_policy(parsed.policy, is_role=argument == "assume_role_policy"):
                label = f"`{resource}` serves this"
                yield Purpose(purpose, (parsed.evidence(label, path),) if purpose is False else ())
        for part, argument in self._policies_of.get((resource.workspace.name, resource.address), ()):
            parsed = document(self.estate, part, part.value(argument), (argument,), "resource")
            for purpose, path in self._of_policy(parsed.policy, is_role=False) if parsed is not None else ():
                label = f"`{resource}` serves this"
                yield Purpose(purpose, (parsed.evidence(label, path),) if parsed and purpose is False else ())

    def _of_policy(self, policy: Policy, *, is_role: bool) -> Iterator[tuple[bool | None, tuple[str | int, ...]]]:
        for principal in trust_principals(policy):
            if principal.form == "unknown" or (principal.form == "service" and known(principal.entry.text) is None):
                raise Undecided(Reason("policy-not-known", f"whom it serves is not known: {principal.entry.text}"))
            path = principal.entry.path
            if principal.form == "service":
                yield self._of_service(known(principal.entry.text) or ""), path
            elif principal.form == "federated":
                yield True, path
            elif principal.form == "anyone":
                yield (None if principal.statement.conditions else False), path
            else:
                # Whoever administers the account, or is let in from others.
                yield (True if is_role else None), path

    def _of_service(self, name: str) -> bool | None:
        short = name.removesuffix(".cn").removesuffix(".amazonaws.com")
        if _fits(short, self.table.services):
            return True
        return None if not short or _fits(short, self.table.neutral) else False

    def _watched(self, resource: Resource) -> Iterator[Purpose]:
        """Yield what an event rule or an alarm tells by what it watches."""
        if resource.type == "aws_cloudwatch_event_rule":
            pattern = resource.text("event_pattern")
            told = known(pattern) if pattern is not None else ""
            if told is None:
                raise Undecided(Reason("event-not-known", f"which events `{resource}` watches is not known"))
            try:
                decoded = msgspec.json.decode(told) if told else {}
            except msgspec.DecodeError:
                decoded = {}
            sources = decoded.get("source") if isinstance(decoded, dict) else None
            if isinstance(sources, list) and sources:
                fits = all(isinstance(one, str) and _fits(one, self.table.sources) for one in sources)
                yield Purpose(fits, () if fits else (resource.evidence("watches a workload", "event_pattern"),))
        elif resource.type == "aws_cloudwatch_metric_alarm":
            namespace = resource.text("namespace")
            told = known(namespace) if namespace is not None else ""
            if told is None:
                raise Undecided(Reason("metric-not-known", f"which metrics `{resource}` watches is not known"))
            if told and told.startswith("AWS/"):
                fits = _fits(told, self.table.namespaces)
                yield Purpose(fits, () if fits else (resource.evidence("watches a workload", "namespace"),))

    @cached_property
    def _filters(self) -> dict[str, list[Resource]]:
        """The metric filters by the namespace that they write to."""
        found: dict[str, list[Resource]] = {}
        for resource in self.estate.resources("aws_cloudwatch_log_metric_filter"):
            try:
                for block in resource.blocks("metric_transformation"):
                    name = block.text("namespace")
                    if isinstance(name, str):
                        found.setdefault(name, []).append(resource)
            except Undecided:
                continue
        return found

    # --- who uses it -----------------------------------------------------------------------

    @cached_property
    def _policies_of(self) -> dict[tuple[str, str], list[tuple[Resource, str]]]:
        """The policies that are parts of other resources, by what they are of."""
        found: dict[tuple[str, str], list[tuple[Resource, str]]] = {}
        for type_ in self.table.parents:
            if not type_.endswith("_policy") or type_.startswith("aws_iam_"):
                continue
            for resource in self.estate.resources(type_):
                for parent in self._parents(resource) or ():
                    found.setdefault((parent.workspace.name, parent.address), []).append((resource, "policy"))
        return found

    @cached_property
    def _users(self) -> dict[tuple[str, str], list[tuple[Resource, str]]]:
        """Who refers to each resource, by its reference or by its name."""
        found: dict[tuple[str, str], list[tuple[Resource, str]]] = {}
        named = self._named
        for workspace in self.estate.workspaces.values():
            for resource in workspace.resources:
                used: dict[tuple[str, str], Resource] = {}
                for attribute, value in _leaves(resource.instance.values):
                    for target in nearest_resources(self.estate, value):
                        used[target.workspace.name, target.address] = target
                    if isinstance(value.raw, str) and (value.raw.startswith("arn:") or attribute in BUCKETS):
                        for target in named.get(value.raw, ()):
                            used[target.workspace.name, target.address] = target
                for key, target in used.items():
                    if target is not resource and target.mode == "managed":
                        found.setdefault(key, []).append((resource, f"uses `{target.address}`"))
        return found

    @cached_property
    def _named(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.estate.resources(*self.table.serving):
            names = {resource.text("arn")} | ({resource.text("bucket")} if resource.type == "aws_s3_bucket" else set())
            for name in names:
                if isinstance(name, str) and name:
                    found.setdefault(name, []).append(resource)
        return found


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _leaves(value: Value) -> Iterator[tuple[str, Value]]:
    pending = [("", value)]
    while pending:
        name, current = pending.pop()
        if isinstance(current.raw, dict):
            pending.extend(current.raw.items())
        elif isinstance(current.raw, tuple):
            pending.extend((name, item) for item in current.raw)
        else:
            yield name, current
