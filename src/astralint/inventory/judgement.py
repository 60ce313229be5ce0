"""What exists, against all states and all code: managed, left out, a child of something, open, or unmanaged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.wildcard import equal
from astralint.estate.estate import Estate
from astralint.estate.model import Account, Resource, Workspace
from astralint.inventory.model import GLOBAL, TAGS, Inventory, Live
from astralint.inventory.tables import children, collected_types, exclusions
from astralint.source.partial import Text
from astralint.terraform.state.addresses import without_keys
from astralint.terraform.state.model import State
from astralint.terraform.values.value import Reason

Verdict = Literal["managed", "excluded", "child", "undecided", "unmanaged"]


TELLING = (TAGS, "aws_cloudformation_stack", "cloudformation_stack_resource")
"""What tells of what other tools made."""


class Judged(msgspec.Struct, frozen=True, eq=False):
    """What became of something that exists.

    `by` says what manages it, which group of the tables it is in, or what it belongs to; `reason` why it is open.
    `account` is the platform's account that it is in, None for one that the platform does not know.
    """

    live: Live
    verdict: Verdict
    account: Account | None
    by: str = ""
    reason: Reason | None = None

    def __str__(self) -> str:
        place = self.account.name if self.account is not None else self.live.account
        return f"{place}/{self.live.region}/{self.live.type}/{self.live.id}"


class _Pattern(msgspec.Struct, frozen=True):
    resource: Resource
    arn: Text | None
    id: Text | None


class Judge:
    """Judges an inventory over an estate."""

    def __init__(self, estate: Estate, inventory: Inventory) -> None:
        self._estate = estate
        self._inventory = inventory
        self._arns: dict[str, str] = {}
        self._ids: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        self._patterns: dict[str, list[_Pattern]] = {}
        self._live = {(live.account, live.type, name) for live in inventory.resources for name in (live.id, live.name)}
        self._defaults = {
            (live.account, live.id) for live in inventory.resources if live.attributes.get("default") == "true"
        }
        self._not_seen = {
            (one.account, one.region, one.type) for one in inventory.coverage if one.status in ("denied", "failed")
        }
        self._closed = {account.id for account in inventory.accounts if account.status != "complete"}
        self._groups = {also: name for name, row in collected_types().items() for also in row.also}
        self._types = collected_types().keys() | {live.type for live in inventory.resources}
        for workspace in estate.workspaces.values():
            placed = estate.contents.states.get(workspace.name)
            if placed is not None:
                self._of_state(placed.state, workspace.name)
            self._of_code(workspace)
        for state in estate.contents.other_states:
            self._of_state(state, state.file)
        self._open = [
            (self._accounts_of(workspace), reason)
            for workspace in estate.workspaces.values()
            if (reason := self._blind(workspace)) is not None
        ]

    def judged(self) -> Iterator[Judged]:
        """Yield everything that exists, judged, in the order of the inventory."""
        for live in self._inventory.resources:
            yield self._judge(live)

    def _judge(self, live: Live) -> Judged:
        account = self._estate.account_of(live.account)
        by = self._manager(live)
        if by is not None:
            return Judged(live, "managed", account, by)
        excluded = next((row for row in exclusions() if row.fits(live)), None)
        if excluded is not None:
            return Judged(live, "excluded", account, excluded.title)
        parent = self._parent(live)
        if parent is not None:
            return Judged(live, "child", account, parent)
        reason = self._possible(live) or self._unseen(live)
        return Judged(live, "undecided" if reason else "unmanaged", account, reason=reason)

    # --- what manages it --------------------------------------------------------------------

    def _type(self, type_: str) -> str:
        return self._groups.get(type_, type_)

    def _of_state(self, state: State, name: str) -> None:
        for instance in state.managed:
            values = instance.values()
            title = f"`{instance.address}` of `{name}`"
            arn, id_ = values.get("arn"), values.get("id")
            account = region = ""
            if isinstance(arn, str) and arn.startswith("arn:"):
                self._arns.setdefault(arn, title)
                parsed = Arn.parse(arn)
                account = str(parsed.account) if parsed is not None else ""
                region = str(parsed.region) if parsed is not None else ""
            if isinstance(id_, str):
                key = (self._type(instance.type), id_)
                self._ids.setdefault(key, []).append((account, region, title))

    def _of_code(self, workspace: Workspace) -> None:
        placed = self._estate.contents.states.get(workspace.name)
        imported = {without_keys(address) for address in placed.imported} if placed is not None else set()
        for resource in workspace.resources:
            type_ = self._type(resource.type)
            if type_ not in self._types:
                continue
            if placed is not None and without_keys(resource.address) not in imported:
                # Its state says what it has. Only what an `import` block brings in is managed before it is there.
                continue
            arn, id_ = resource.text("arn"), resource.text("id")
            account = resource.account_or_none
            certain = not resource.instance.uncertain
            title = f"`{resource.address}` of `{workspace.name}`"
            if isinstance(arn, str) and certain:
                self._arns.setdefault(arn, title)
            if isinstance(id_, str) and account is not None and account.number and certain:
                self._ids.setdefault((type_, id_), []).append((account.number, "", title))
            if placed is None and not (certain and (isinstance(arn, str) or isinstance(id_, str))):
                self._patterns.setdefault(type_, []).append(_Pattern(resource, arn, id_))

    def _manager(self, live: Live) -> str | None:
        if live.arn and live.arn in self._arns:
            return self._arns[live.arn]
        for account, region, title in self._ids.get((live.type, live.id), ()):
            if account in ("", live.account) and (region in ("", live.region) or live.region == GLOBAL):
                return title
        return None

    def _possible(self, live: Live) -> Reason | None:
        """Return why something may be what code describes whose name is not known."""
        for pattern in self._patterns.get(live.type, ()):
            account = pattern.resource.account_or_none
            if account is not None and account.number and account.number != live.account:
                continue
            if pattern.arn is not None and live.arn and equal(pattern.arn, live.arn) is False:
                continue
            row = collected_types().get(live.type)
            by_id = row is not None and row.match == "id"
            if by_id and pattern.id is not None and equal(pattern.id, live.id) is False:
                continue
            message = f"it may be `{pattern.resource.address}` of `{pattern.resource.workspace.name}`"
            return Reason("state-not-given", f"{message}: give its state", pattern.resource.header)
        return None

    # --- what else it may be -----------------------------------------------------------------

    def _parent(self, live: Live) -> str | None:
        for row in children():
            for name in row.parents(live):
                if row.default and (live.account, name) not in self._defaults:
                    continue
                for type_ in row.of:
                    if (live.account, type_, name) in self._live or (type_, name) in self._ids:
                        return f"{type_} `{name}`"
        return None

    def _parent_not_seen(self, live: Live) -> Reason | None:
        """Return why something may belong to what was not seen."""
        for row in children():
            names = row.parents(live)
            for type_ in row.of if names else ():
                places = ((live.account, region, type_) for region in (live.region, GLOBAL))
                if live.account in self._closed or any(place in self._not_seen for place in places):
                    return Reason("parent-not-seen", f"it may belong to {type_} `{names[0]}`, which was not seen")
        return None

    def _blind(self, workspace: Workspace) -> Reason | None:
        """Return why something that nothing is known of may be a workspace's all the same."""
        if workspace.name in self._estate.contents.states:
            return None
        if self._estate.contents.states:
            return Reason("state-not-given", f"the state of workspace `{workspace.name}` was not given")
        spot = next(iter(workspace.result.blind_spots), None)
        if spot is None:
            return None
        message = f"workspace `{workspace.name}` could not be seen whole: {spot.reason.message}"
        return Reason(spot.reason.code, message, spot.reason.span)

    def _accounts_of(self, workspace: Workspace) -> frozenset[str] | None:
        """Return the numbers of the accounts that a workspace may reach; None where they are not known."""
        accounts = [workspace.account_or_none]
        accounts += [self._estate.account_of(p.account) for p in workspace.result.providers if p.type == "aws"]
        numbers = {account.number for account in accounts if account is not None and account.number}
        return frozenset(numbers) if all(a is not None and a.number for a in accounts) else None

    def _unseen(self, live: Live) -> Reason | None:
        for reason in self._estate.contents.unseen:
            return reason
        parent = self._parent_not_seen(live)
        if parent is not None:
            return parent
        if not live.tags and any((live.account, live.region, type_) in self._not_seen for type_ in TELLING):
            return Reason(
                "tags-not-seen",
                f"the tags in `{live.account}`, `{live.region}` were not seen: it may be of another tool",
            )
        for accounts, reason in self._open:
            if accounts is None or live.account in accounts:
                return reason
        return None


def unmanaged(judged: Iterable[Judged]) -> tuple[Judged, ...]:
    """Return what no code manages, for sure or perhaps."""
    return tuple(one for one in judged if one.verdict in ("unmanaged", "undecided"))
