"""What there is: all accounts, workspaces and resources, and the questions that rules ask of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

import msgspec

from astralint.config.settings import Settings
from astralint.estate.account_names import OF_WORKSPACE, SYMBOL, named_in
from astralint.estate.model import Account, Resource, Workspace
from astralint.estate.views import Undecided
from astralint.source.partial import Text, identity_of
from astralint.source.span import Span
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.requests import RemoteStateRequest
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.state.model import PlacedState, State
from astralint.terraform.values.value import Reason, Value
from astralint.terraform.workspace import WorkspaceSpec

SourceLookup = Callable[[str], SourceFile | None]


class Contents(msgspec.Struct, frozen=True, eq=False):
    """All that a platform is made of, as assembly found it.

    `own_accounts` says by workspace which account it is for, `certain` for which workspaces that
    is more than a guess, `producers` which workspace answered each remote-state read.
    """

    settings: Settings
    accounts: tuple[Account, ...]
    evaluated: tuple[tuple[WorkspaceSpec, WorkspaceResult], ...]
    source: SourceLookup
    own_accounts: Mapping[str, str] = {}
    certain: frozenset[str] = frozenset()
    producers: Mapping[RemoteStateRequest, str] = {}
    unseen: tuple[Reason, ...] = ()
    """What is known to be there beside all workspaces, and was not evaluated."""
    states: Mapping[str, PlacedState] = {}
    """The states that were given, by the workspaces that they are of."""
    other_states: tuple[State, ...] = ()
    """Those that are of none, for all that is known."""


class Estate:
    """What there is: accounts, workspaces and resources, in stable order. Immutable once it is built."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.settings = contents.settings
        self.accounts: dict[str, Account] = {account.name: account for account in contents.accounts}
        self.producers = contents.producers
        """The workspace that answered each remote-state read."""
        self.places: dict[tuple[object, ...], Span] = {}
        """Where parts of documents stand, as far as somebody asked."""
        self._by_number = {account.number: account for account in self.accounts.values() if account.number}

    @cached_property
    def workspaces(self) -> dict[str, Workspace]:
        """All workspaces by their names."""
        found: dict[str, Workspace] = {}
        for spec, result in self.contents.evaluated:
            account = self.accounts.get(self.contents.own_accounts.get(spec.name, ""))
            found[spec.name] = Workspace(self, spec, result, account, certain=spec.name in self.contents.certain)
        return found

    def source(self, file: str) -> SourceFile | None:
        """Return a parsed file by its path; None where it could not be read."""
        return self.contents.source(file)

    def producer(self, request: RemoteStateRequest) -> str:
        """Return the workspace that answered a read of remote state, "" where none did."""
        return self.producers.get(request, "")

    # --- accounts ----------------------------------------------------------------------

    def account_of(self, value: Value | Text | None) -> Account | None:
        """Return the account that a number or a symbol stands for; None where it stands for none of ours.

        Where an account is known as that of a workspace only, it is the one that the workspace is found to be for.
        """
        if isinstance(value, Value):
            value = text_of(value)
        if value is None:
            return None
        if isinstance(value, str):
            return self._by_number.get(value)
        only = value.parts[0] if len(value.parts) == 1 else None
        symbol = only.symbol if only is not None and not isinstance(only, str) else None
        if symbol is None:
            return None
        if symbol.startswith(OF_WORKSPACE):
            own = self.workspaces.get(symbol.removeprefix(OF_WORKSPACE))
            return own.account_or_none if own is not None else None
        return self.accounts.get(symbol.removeprefix(SYMBOL)) if symbol.startswith(SYMBOL) else None

    def account_of_profile(self, profile: str) -> Account | None:
        """Return the account that a profile of AWS's configuration is for: by the configuration, else by its name.

        `acme-users-provision` is for the account `users`, where no other name is in it.
        """
        for settings in self.settings.accounts:
            if profile in settings.profiles:
                return self.accounts.get(settings.name)
        named = named_in(profile, self.accounts)
        return self.accounts[named] if named is not None else None

    def account_key(self, account: Text) -> str | None:
        """Return what is equal for two texts of one account only; None for one that is equal to none, not even itself."""
        own = self.account_of(account)
        return f"{SYMBOL}{own.name}" if own is not None else identity_of(account)

    def of_kind(self, *kinds: str) -> tuple[Account, ...]:
        """Return the accounts of these kinds."""
        return tuple(account for account in self.accounts.values() if account.kind in kinds)

    def account_of_kind(self, kind: str) -> Account | None:
        """Return the first account of a kind; None where there is none."""
        return next(iter(self.of_kind(kind)), None)

    @property
    def environments(self) -> tuple[Account, ...]:
        """The accounts of production, staging and sandbox."""
        return tuple(account for account in self.accounts.values() if account.is_environment)

    def workspaces_of(self, account: Account) -> tuple[Workspace, ...]:
        """Return the workspaces that are for an account."""
        return tuple(w for w in self.workspaces.values() if w.account_or_none is account)

    # --- resources ---------------------------------------------------------------------

    @cached_property
    def _by_type(self) -> dict[tuple[str, str], list[Resource]]:
        index: dict[tuple[str, str], list[Resource]] = {}
        for workspace in self.workspaces.values():
            for resource in (*workspace.resources, *workspace.data_sources):
                index.setdefault((resource.mode, resource.type), []).append(resource)
        return index

    def resources(self, *types: str) -> Iterator[Resource]:
        """Yield all managed resources of these types; `aws_iam_group*` stands for all that begin so."""
        for type_ in self._matching("managed", types):
            yield from self._by_type["managed", type_]

    def data_sources(self, *types: str) -> Iterator[Resource]:
        """Yield all data sources of these types; a `*` at the end as with `resources`."""
        for type_ in self._matching("data", types):
            yield from self._by_type["data", type_]

    def _matching(self, mode: str, types: Iterable[str]) -> list[str]:
        exact = {type_ for type_ in types if not type_.endswith("*")}
        prefixes = tuple(type_[:-1] for type_ in types if type_.endswith("*"))
        return sorted(
            type_
            for found, type_ in self._by_type
            if found == mode and (type_ in exact or (prefixes and type_.startswith(prefixes)))
        )

    @cached_property
    def _by_address(self) -> dict[tuple[str, str], Resource]:
        return {
            (workspace.name, resource.address): resource
            for workspace in self.workspaces.values()
            for resource in (*workspace.resources, *workspace.data_sources)
        }

    def find(self, workspace: str, address: str) -> Resource | None:
        """Return a resource instance or data source by its address; None where there is none."""
        return self._by_address.get((workspace, address))

    def require_complete(self, *types: str, what: str, workspaces: Iterable[Workspace] | None = None) -> None:
        """Raise Undecided where one of the workspaces (all, by default) may hide a resource of these types.

        To be called before a rule concludes that something does not exist. `what`
        names it: "a delegation of `x`".
        """
        for reason in self.contents.unseen:
            raise Undecided(Reason(reason.code, f"{what} may stand in what could not be seen: {reason.message}"))
        for workspace in self.workspaces.values() if workspaces is None else workspaces:
            for spot in workspace.result.blind_spots:
                if not spot.type or not types or spot.type in types:
                    message = (
                        f"{what} may stand where workspace `{workspace.name}` could not be seen: {spot.reason.message}"
                    )
                    raise Undecided(Reason(spot.reason.code, message, spot.reason.span))

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that the configuration allows; none where it says nothing."""
        return self.settings.platform.regions

    @property
    def root_domains(self) -> tuple[str, ...]:
        """The configured root domains, without a dot at the end."""
        own = self.settings.platform
        return tuple(dict.fromkeys(d.rstrip(".").lower() for d in (own.root_domain, *own.root_domains) if d))
