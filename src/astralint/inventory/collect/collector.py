"""Collects an inventory: all accounts and regions side by side, each written down as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event

import msgspec

from astralint.aws.partitions import partitions
from astralint.inventory.collect.access import Access, own_access
from astralint.inventory.collect.central import Organization, Shown, ask_config, ask_explorer, ask_organization
from astralint.inventory.collect.failures import ExpiredError, Failure, failure_of, failure_or_raise
from astralint.inventory.collect.listing import Lister
from astralint.inventory.collect.parts import Part, Parts, now_text, write_whole
from astralint.inventory.collect.plan import CollectionPlan, Target
from astralint.inventory.model import GLOBAL, Covered, Inventory, InventoryAccount, Live, write_inventory
from astralint.inventory.tables import collected_types

Say = Callable[[str], None]


class Outcome(msgspec.Struct, frozen=True, eq=False):
    """What a collection came to. `ended` says why it did not come to its end: what it has is kept."""

    inventory: Inventory
    messages: tuple[str, ...] = ()
    reused: int = 0
    ended: str = ""

    @property
    def is_complete(self) -> bool:
        """True where everything was seen that was asked for."""
        accounts = all(account.status == "complete" for account in self.inventory.accounts)
        types = all(one.status in ("complete", "off") for one in self.inventory.coverage)
        return accounts and types and not self.ended


class _Entered(msgspec.Struct, frozen=True, eq=False):
    access: Access
    regions: tuple[str, ...]
    off: tuple[str, ...] = ()


class Collector:
    """Collects what a plan asks for into a file."""

    def __init__(
        self,
        plan: CollectionPlan,
        output: Path,
        *,
        threads: int = 8,
        profile: str | None = None,
        say: Say = lambda _: None,
    ) -> None:
        self._plan = plan
        self._output = output
        self._parts = Parts(output, plan.key)
        self._threads = threads
        self._profile = profile
        self._say = say
        self._stop = Event()
        self._home = partitions()[plan.partition].global_region
        self._messages: list[str] = []
        self._accounts: dict[str, InventoryAccount] = {}
        self._found: dict[tuple[str, str], Part] = {}
        self._reused = 0

    def collect(self, *, restart: bool = False) -> Outcome:
        """Collect, and write the inventory; raises ExpiredError where nothing can be begun, OSError for the file."""
        if restart:
            self._parts.remove()
        own = own_access(self._home, self._profile, self._threads)
        try:
            caller = str(own.client("sts").get_caller_identity()["Account"])
        except Exception as error:
            failure = failure_of(error)
            if failure is None:
                raise
            raise ExpiredError(failure.message) from error
        organization = ask_organization(own)
        if organization.message and self._plan.whole_organization:
            self._messages.append(f"the organization's accounts can't be listed: {organization.message}")
        targets = self._targets(organization, caller)
        config = self._shown_by_config(own)
        ended = self._all(own, caller, targets, organization.management, config)
        self._explore(own, {target.id for target in targets})
        inventory = Inventory(
            collected_at=now_text(),
            organization_id=organization.id or self._plan.organization_id,
            partition=self._plan.partition,
            accounts=tuple(self._accounts.values()),
            coverage=tuple(one for part in self._found.values() for one in part.coverage),
            resources=tuple(live for part in self._found.values() for live in part.resources),
        )
        write_whole(self._output, write_inventory(inventory))
        if not ended:
            self._parts.remove()
        return Outcome(inventory, tuple(self._messages), self._reused, ended)

    # --- which accounts ------------------------------------------------------------------

    def _targets(self, organization: Organization, caller: str) -> tuple[Target, ...]:
        found = {target.id: target for target in self._plan.targets}
        if self._plan.whole_organization:
            for target in organization.accounts:
                found.setdefault(target.id, target)
        if not found and not self._plan.without_number:
            found[caller] = Target(caller, "")
        for name in self._plan.without_number:
            self._messages.append(f"account `{name}` has no number in the configuration, so it was not collected")
            self._accounts[name] = InventoryAccount(name, name, "failed", "the configuration has no number for it")
        named = {target.id: target.name for target in organization.accounts}
        return tuple(
            msgspec.structs.replace(target, name=target.name or named.get(target.id, "")) for target in found.values()
        )

    def _shown_by_config(self, own: Access) -> Shown:
        aggregator = self._plan.aggregator
        if aggregator is None:
            return {}
        try:
            access = self._access_to(own, aggregator.account, str(own.client("sts").get_caller_identity()["Account"]))
            return ask_config(access, aggregator, self._plan.types)
        except Exception as error:
            failure = self._failure(error)
            self._messages.append(
                f"the aggregator `{aggregator.name}` can't be asked, so each type is: {failure.message}"
            )
            return {}

    def _explore(self, own: Access, accounts: set[str]) -> None:
        """Add what Resource Explorer shows of types that nothing else could show whole."""
        if not self._plan.explorer or self._stop.is_set():
            return
        open_ = {
            (one.account, one.region, one.type)
            for part in self._found.values()
            for one in part.coverage
            if one.status in ("denied", "failed")
        }
        closed = {account.id for account in self._accounts.values() if account.status != "complete"}
        known = {live.arn for part in self._found.values() for live in part.resources}
        more: dict[tuple[str, str], list[Live]] = {}
        try:
            for live in ask_explorer(own, self._plan.explorer):
                place = live.account, live.region, live.type
                if live.account in accounts and live.arn not in known and (live.account in closed or place in open_):
                    more.setdefault(place[:2], []).append(live)
        except Exception as error:
            self._messages.append(f"Resource Explorer can't be asked: {self._failure(error).message}")
        for (account, region), found in more.items():
            empty = Part(self._plan.key, account, region, now_text(), complete=False)
            part = self._found.get((account, region), empty)
            self._found[account, region] = msgspec.structs.replace(part, resources=(*part.resources, *found))

    # --- all of them ---------------------------------------------------------------------

    def _all(self, own: Access, caller: str, targets: Iterable[Target], management: str, config: Shown) -> str:
        """Collect all accounts; returns why that ended early, "" where it did not."""
        with ThreadPoolExecutor(self._threads, "collect") as pool:
            entering = {pool.submit(self._enter, own, caller, target): target for target in targets}
            pending: set[Future[object]] = set(entering)  # type: ignore[arg-type]
            accounts = dict(entering)
            total = done = 0
            try:
                while pending:
                    ready, pending = wait(pending, return_when=FIRST_COMPLETED)
                    for future in ready:
                        found = future.result()
                        if isinstance(found, Part):
                            self._found[found.account, found.region] = found
                            done += 1
                            self._say(f"{done} of {total} accounts' regions")
                        elif isinstance(found, _Entered):
                            jobs = self._jobs(pool, accounts[future], found, management, config)  # type: ignore[index]
                            total += len(jobs)
                            pending |= jobs
            except ExpiredError as error:
                self._end(pending)
                return error.message
            except BaseException:
                self._end(pending)
                raise
        return ""

    def _end(self, pending: Iterable[Future[object]]) -> None:
        self._stop.set()
        for future in pending:
            future.cancel()

    def _enter(self, own: Access, caller: str, target: Target) -> _Entered | None:
        """Return the access to an account and its regions; None where it can't be entered, which is noted."""
        try:
            access = self._access_to(own, target.id, caller)
            reached = str(access.client("sts").get_caller_identity()["Account"])
        except Exception as error:
            self._note(target, self._failure(error))
            return None
        if reached != target.id:
            self._note(target, Failure("failed", f"the credentials are of account {reached}"))
            return None
        self._note(target, None)
        try:
            told = access.client("ec2").describe_regions(AllRegions=True)["Regions"]
        except Exception as error:
            failure = self._failure(error)
            regions = self._plan.regions or target.regions
            if not regions:
                self._note(target, Failure(failure.status, f"its regions can't be listed: {failure.message}"))
                return None
            if not self._plan.regions:
                self._messages.append(
                    f"the regions of account {target.id} can't be listed: those configured were collected"
                )
            return _Entered(access, (GLOBAL, *regions))
        off = {str(region["RegionName"]) for region in told if region.get("OptInStatus") == "not-opted-in"}
        there = [str(region["RegionName"]) for region in told if region["RegionName"] not in off]
        wanted = self._plan.regions or tuple(there)
        on = tuple(region for region in wanted if region not in off)
        return _Entered(access, (GLOBAL, *on), tuple(region for region in wanted if region in off))

    def _access_to(self, own: Access, account: str, caller: str) -> Access:
        if account == caller:
            return own
        if not self._plan.role:
            raise _NoRoleError(account)
        role = f"arn:{self._plan.partition}:iam::{account}:role/{self._plan.role}"
        return own.assuming(role, self._plan.external_id, self._threads)

    def _note(self, target: Target, failure: Failure | None) -> None:
        status, message = (failure.status, failure.message) if failure is not None else ("complete", "")
        self._accounts[target.id] = InventoryAccount(target.id, target.name, status, message)

    def _failure(self, error: Exception) -> Failure:
        if isinstance(error, _NoRoleError):
            return Failure("failed", str(error))
        return failure_or_raise(error)

    def _jobs(
        self, pool: ThreadPoolExecutor, target: Target, entered: _Entered, management: str, config: Shown
    ) -> set[Future[object]]:
        jobs: set[Future[object]] = set()
        for region in entered.off:
            types = self._types(target, management, region)
            off = tuple(Covered(target.id, region, name, "off", message="the region is off") for name in types)
            self._found[target.id, region] = Part(self._plan.key, target.id, region, now_text(), True, off)
        for region in entered.regions:
            types = self._types(target, management, region)
            kept = self._parts.read(target.id, region)
            if kept is not None:
                self._found[target.id, region] = kept
                self._reused += 1
                continue
            jobs.add(pool.submit(self._region, entered.access, target, region, types, config))
        return jobs

    def _types(self, target: Target, management: str, region: str) -> list[str]:
        """Return the types that are listed in a region of an account."""
        is_management = target.id == management or target.kind == "management"
        table = collected_types()
        return [
            name
            for name in self._plan.types
            if (table[name].scope == "global") == (region == GLOBAL) and (not table[name].only or is_management)
        ]

    def _region(self, access: Access, target: Target, region: str, types: list[str], config: Shown) -> Part:
        known: Mapping[str, tuple[Live, ...]] = {
            name: tuple(config[target.id, region, name]) for name in types if (target.id, region, name) in config
        }
        lister = Lister(access, target.id, region, self._plan.partition, self._home)
        part = lister.list(types, known, self._plan.key, self._stop.is_set)
        self._parts.write(part)
        access.forget(region)
        return part


class _NoRoleError(Exception):
    def __init__(self, account: str) -> None:
        message = f"account {account} is not the caller's own, and no role is named to enter it"
        super().__init__(f"{message}: `inventory {{ role = … }}`, or `--role`")
